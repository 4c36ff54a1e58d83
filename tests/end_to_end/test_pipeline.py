"""The deployment from the repository: pipeline.yaml's roles, and the steps of deploy.yml, in the embedded AWS."""

import asyncio
import base64
import itertools
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from botocore.exceptions import ClientError
from cfnlint.decode import decode

from cloudfront_local.aws import ministack
from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.iam.policies import Access, denial
from stack.target import EDGE_REGION

pytestmark = pytest.mark.long

REPOSITORY = Path(__file__).parents[2]
ISSUER = "https://token.actions.githubusercontent.com"
BRANCH = "repo:ada/edge:ref:refs/heads/main"
ENVIRONMENT = "repo:ada/edge:environment:production"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    with asyncio.Runner() as runner:
        running = ministack.running()
        aws = runner.run(running.__aenter__())
        yield aws.endpoint
        runner.run(running.__aexit__(None, None, None))


@pytest.fixture(scope="module")
def variables(endpoint) -> dict[str, str]:
    """The repository's variables: the outputs of pipeline.yaml, deployed for the repository ada/edge."""
    cloudformation = endpoint.client("cloudformation")
    cloudformation.create_stack(
        StackName="pipeline",
        TemplateBody=(REPOSITORY / "pipeline.yaml").read_text(),
        Capabilities=["CAPABILITY_IAM"],
        Parameters=[{"ParameterKey": "Repository", "ParameterValue": "ada/edge"}],
    )
    cloudformation.get_waiter("stack_create_complete").wait(StackName="pipeline", WaiterConfig={"Delay": 1})
    outputs = cloudformation.describe_stacks(StackName="pipeline")["Stacks"][0]["Outputs"]
    return {re.sub(r"(?<!^)(?=[A-Z])", "_", each["OutputKey"]).upper(): each["OutputValue"] for each in outputs}


def allow_plain_http(s3: Any) -> None:
    """Removes the policies of all buckets: they deny requests without TLS, as those to the embedded AWS are."""
    for bucket in s3.list_buckets()["Buckets"]:
        s3.delete_bucket_policy(Bucket=bucket["Name"])


def token(subject: str, audience: str = "sts.amazonaws.com") -> str:
    """A token as a job of GitHub's gets it. The embedded AWS reads its claims and does not check its signature."""
    claims = {"iss": ISSUER, "sub": subject, "aud": audience}
    parts = [json.dumps(part).encode() for part in ({"alg": "RS256"}, claims)]
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (*parts, b"signature"))


def assumed(endpoint: Endpoint, role: str, *claims: str) -> dict[str, str]:
    """The environment of a job that has assumed a role with its token."""
    answer = endpoint.client("sts").assume_role_with_web_identity(
        RoleArn=role, RoleSessionName="job", WebIdentityToken=token(*claims)
    )
    found = answer["Credentials"]
    return {
        "AWS_ACCESS_KEY_ID": found["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": found["SecretAccessKey"],
        "AWS_SESSION_TOKEN": found["SessionToken"],
    }


@pytest.mark.parametrize(
    "claims",
    [
        (BRANCH.replace("main", "other"),),
        (BRANCH.replace("ada/edge", "ada/edge-fork"),),
        (BRANCH.replace("ref:refs/heads/main", "pull_request"),),
        (ENVIRONMENT.replace("production", "staging"),),
        (BRANCH, "somebody-else"),
    ],
)
def test_other_jobs(endpoint, variables, claims):
    """Jobs of other branches, pull requests, environments and repositories get no role, and no other audience does."""
    for role in ("CHANGE_SET_ROLE", "DEPLOY_ROLE", "CLOUD_FORMATION_ROLE"):
        with pytest.raises(ClientError, match="AccessDenied"):
            assumed(endpoint, variables[role], *claims)


def test_each_job_has_its_role(endpoint, variables):
    """A job of the branch cannot deploy, and a job of the environment makes no change sets."""
    for role, subject in (("CHANGE_SET_ROLE", ENVIRONMENT), ("DEPLOY_ROLE", BRANCH)):
        with pytest.raises(ClientError, match="AccessDenied"):
            assumed(endpoint, variables[role], subject)


class Workflow:
    """Runs the jobs of deploy.yml in a copy of the repository, with the credentials of their roles."""

    def __init__(self, project: Any, endpoint: Endpoint, variables: Mapping[str, str]) -> None:
        self.project, self.endpoint, self.variables = project, endpoint, variables
        self.jobs = yaml.safe_load((project.folder / ".github/workflows/deploy.yml").read_text())["jobs"]
        sam = project.folder / ".venv" / "bin" / "sam"
        sam.write_text(f'#!/bin/sh\nexec {Path(sys.executable).with_name("sam")} "$@"\n')
        sam.chmod(0o755)

    def run(self, job: str, subject: str, arn: str = "") -> dict[str, str]:
        """Returns the outputs of the job's steps. `arn` is the change set's, an output of the job before."""
        output, summary = self.project.folder / "output", self.project.folder / "summary"
        output.write_text("")
        environment = {name: value for name, value in self.endpoint.environment().items() if name not in os.environ}
        environment |= {"AWS_REGION": EDGE_REGION, "SAM_CLI_TELEMETRY": "0", "SAM_CLI_POLL_DELAY": "0.3"}
        environment |= {"GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(summary)}
        for step in self.jobs[job]["steps"]:
            if "role-to-assume" in step.get("with", {}):
                role = self.expanded(step["with"]["role-to-assume"], arn)
                environment |= assumed(self.endpoint, role, subject)
            if "run" in step and not ("if" in step and not arn):
                allow_plain_http(self.endpoint.client("s3"))
                own = {name: self.expanded(value, arn) for name, value in step.get("env", {}).items()}
                done = self.project.run("bash", "-e", "-c", step["run"], **environment, **own)
                assert done.returncode == 0, f"{step['run']}\n{done.stdout}{done.stderr}"
        return dict(line.split("=", 1) for line in output.read_text().splitlines())

    def expanded(self, text: str, arn: str) -> str:
        known = {f"vars.{name}": value for name, value in self.variables.items()} | {
            "needs.change-set.outputs.arn": arn
        }
        return re.sub(r"\$\{\{ (\S+) \}\}", lambda found: known[found[1]], text)


def test_deployment(project, endpoint, variables):
    """The first deployment, one without changes, and one of an edit: each by the workflow's steps, with its roles."""
    workflow = Workflow(project, endpoint, variables)
    arn = workflow.run("change-set", BRANCH)["arn"]
    assert "AWS::CloudFront::Distribution" in (project.folder / "summary").read_text()
    cloudformation = endpoint.client("cloudformation")
    (stack,) = cloudformation.describe_stacks(StackName="lambda-at-edge")["Stacks"]
    assert stack["StackStatus"] == "REVIEW_IN_PROGRESS"

    workflow.run("deploy", ENVIRONMENT, arn)
    (stack,) = cloudformation.describe_stacks(StackName="lambda-at-edge")["Stacks"]
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    outputs = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
    endpoint.client("s3").head_object(Bucket=outputs["SiteBucketName"], Key="index.html")

    assert workflow.run("change-set", BRANCH) == {"arn": ""}
    workflow.run("deploy", ENVIRONMENT)

    source = next(project.folder.glob("src/*/handler.py"))
    source.write_text(f"{source.read_text()}\nEDITED = True\n")
    arn = workflow.run("change-set", BRANCH)["arn"]
    workflow.run("deploy", ENVIRONMENT, arn)
    (stack,) = cloudformation.describe_stacks(StackName="lambda-at-edge")["Stacks"]
    assert stack["StackStatus"] == "UPDATE_COMPLETE"


@pytest.mark.parametrize(
    ("service", "operation", "arguments"),
    [
        ("cloudformation", "execute_change_set", {"StackName": "lambda-at-edge", "ChangeSetName": "any"}),
        ("cloudformation", "delete_stack", {"StackName": "lambda-at-edge"}),
        (
            "cloudformation",
            "create_change_set",
            {"StackName": "other", "ChangeSetName": "any", "TemplateBody": "{}"},
        ),
        ("s3", "put_object", {"Bucket": "lambda-at-edge-sitebucket-any", "Key": "index.html"}),
        ("dynamodb", "scan", {"TableName": "lambda-at-edge-UsersTable-any"}),
        ("iam", "create_user", {"UserName": "any"}),
    ],
)
def test_job_on_the_branch_changes_nothing(endpoint, variables, service, operation, arguments):
    """The role of the branch may not execute a change set, make one of another stack, write a page or read a table."""
    if service == "s3":
        endpoint.client("s3").create_bucket(Bucket=arguments["Bucket"])
    names = {name.lower(): value for name, value in assumed(endpoint, variables["CHANGE_SET_ROLE"], BRANCH).items()}
    client = boto3.client(service, EDGE_REGION, endpoint_url=endpoint.url, **names)
    with pytest.raises(ClientError, match="AccessDenied"):
        getattr(client, operation)(**arguments)


ACCOUNT = "123456789012"
NAMED = "lambda-at-edge-Any-1A2B"
FUNCTION = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:{NAMED}"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/{NAMED}"
BUCKET = "arn:aws:s3:::lambda-at-edge-any-1a2b"
TABLE = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/{NAMED}"
APIS = "arn:aws:apigateway:us-east-1::/apis"
# CloudFormation names a secret after its logical id alone.
SECRET = f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:LOGICAL_ID-1A2B"
POOL = f"arn:aws:cognito-idp:us-east-1:{ACCOUNT}:userpool/us-east-1_1A2B"
# The calls by which CloudFormation creates, changes and deletes each type. Not verified on AWS: they follow the
# handlers' permissions in the schemas of the types, as far as template.yaml's properties need them.
CALLS = {
    "AWS::ApiGatewayV2::Api": [("apigateway:POST", APIS), ("apigateway:DELETE", f"{APIS}/1")],
    "AWS::ApiGatewayV2::Authorizer": [("apigateway:POST", f"{APIS}/1/authorizers")],
    "AWS::ApiGatewayV2::Integration": [("apigateway:POST", f"{APIS}/1/integrations")],
    "AWS::ApiGatewayV2::Route": [("apigateway:PATCH", f"{APIS}/1/routes/1")],
    "AWS::ApiGatewayV2::Stage": [("apigateway:POST", f"{APIS}/1/stages")],
    "AWS::CloudFront::CloudFrontOriginAccessIdentity": [("cloudfront:CreateCloudFrontOriginAccessIdentity", "any")],
    "AWS::CloudFront::Distribution": [
        *((f"cloudfront:{verb}Distribution", "any") for verb in ("Create", "Get", "Update", "Delete")),
        ("cloudfront:TagResource", "any"),
        *((f"lambda:{action}", f"{FUNCTION}:1") for action in ("GetFunction", "EnableReplication*")),
        ("lambda:DisableReplication*", f"{FUNCTION}:1"),
    ],
    "AWS::CloudFront::Function": [(f"cloudfront:{verb}Function", "any") for verb in ("Create", "Publish", "Update")],
    "AWS::CloudFront::OriginAccessControl": [("cloudfront:CreateOriginAccessControl", "any")],
    "AWS::Cognito::UserPool": [("cognito-idp:CreateUserPool", "any"), ("cognito-idp:UpdateUserPool", POOL)],
    "AWS::Cognito::UserPoolClient": [("cognito-idp:CreateUserPoolClient", POOL)],
    "AWS::Cognito::UserPoolDomain": [("cognito-idp:CreateUserPoolDomain", POOL)],
    "AWS::Cognito::UserPoolResourceServer": [("cognito-idp:CreateResourceServer", POOL)],
    "AWS::DynamoDB::Table": [
        *((f"dynamodb:{verb}Table", TABLE) for verb in ("Create", "Describe", "Update", "Delete")),
        ("dynamodb:UpdateContinuousBackups", TABLE),
    ],
    "AWS::IAM::Role": [
        *((f"iam:{verb}Role", ROLE) for verb in ("Create", "Get", "Delete")),
        ("iam:PutRolePolicy", ROLE),
        ("iam:AttachRolePolicy", ROLE),
    ],
    "AWS::Lambda::Permission": [("lambda:AddPermission", FUNCTION), ("lambda:RemovePermission", FUNCTION)],
    "AWS::S3::Bucket": [
        ("s3:CreateBucket", BUCKET),
        ("s3:PutBucketPublicAccessBlock", BUCKET),
        ("s3:PutEncryptionConfiguration", BUCKET),
        ("s3:PutBucketOwnershipControls", BUCKET),
        ("s3:DeleteBucket", BUCKET),
    ],
    "AWS::S3::BucketPolicy": [("s3:PutBucketPolicy", BUCKET), ("s3:GetBucketPolicy", BUCKET)],
    "AWS::SecretsManager::Secret": [
        *((f"secretsmanager:{verb}Secret", SECRET) for verb in ("Create", "Describe", "Delete")),
        ("secretsmanager:TagResource", SECRET),
        # It makes a password, and has no resource: https://docs.aws.amazon.com/service-authorization/latest/reference
        ("secretsmanager:GetRandomPassword", "*"),
    ],
    "AWS::Serverless::Function": [
        *((f"lambda:{verb}Function", FUNCTION) for verb in ("Create", "Get", "Delete")),
        *((f"lambda:UpdateFunction{what}", FUNCTION) for what in ("Code", "Configuration")),
        *((f"lambda:{action}", FUNCTION) for action in ("PublishVersion", "CreateAlias", "UpdateAlias", "TagResource")),
        ("lambda:CreateFunctionUrlConfig", FUNCTION),
        ("iam:PassRole", ROLE),
    ],
}


def pipelines_policy(endpoint: Endpoint, variables: Mapping[str, str]) -> dict[str, Any]:
    """The policy of CloudFormation's role."""
    name = variables["CLOUD_FORMATION_ROLE"].rpartition("/")[2]
    found: dict[str, Any] = endpoint.client("iam").get_role_policy(RoleName=name, PolicyName="resources")
    return dict(found["PolicyDocument"])


def documents_policy(*_: object) -> dict[str, Any]:
    """The policy to paste in docs/deployment.md, with the statements of single functions."""
    text = (REPOSITORY / "docs" / "deployment.md").read_text().replace("ACCOUNT", ACCOUNT)
    fences = re.findall(r"^```json\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    policy, *more = map(json.loads, fences)
    return {**policy, "Statement": [*policy["Statement"], *itertools.chain(*more)]}


@pytest.fixture(params=[pipelines_policy, documents_policy])
def denied(request, endpoint, variables) -> Callable[[str, str], str | None]:
    """Why a policy does not allow an action on a resource, or None."""
    policy = request.param(endpoint, variables)
    context = {"iam:passedtoservice": "lambda.amazonaws.com"}
    return lambda action, resource: denial([policy], Access(None, action, resource, context))


def test_every_resource_may_be_made(denied):
    """CloudFormation's role, and who has the document's policy, may make all resources of template.yaml."""
    template, _ = decode(str(REPOSITORY / "template.yaml"))
    refused = {
        reason
        for name, resource in template["Resources"].items()
        for action, arn in CALLS[resource["Type"]]
        if (reason := denied(action, arn.replace("LOGICAL_ID", name)))
    }
    assert refused == set()


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("lambda:UpdateFunctionCode", FUNCTION.replace("lambda-at-edge", "other")),
        ("iam:CreateRole", ROLE.replace("lambda-at-edge", "pipeline")),
        ("iam:CreateUser", f"arn:aws:iam::{ACCOUNT}:user/any"),
        ("s3:GetObject", f"{BUCKET.replace('lambda-at-edge', 'other')}/any"),
        ("dynamodb:DeleteTable", TABLE.replace("lambda-at-edge", "other")),
    ],
)
def test_other_stacks_are_out_of_reach(denied, action, resource):
    """Neither policy reaches another stack."""
    assert denied(action, resource) is not None


@pytest.mark.parametrize(("action", "resource"), [("s3:GetObject", f"{BUCKET}/any"), ("dynamodb:Scan", TABLE)])
def test_cloudformation_reads_no_data(endpoint, variables, action, resource):
    """CloudFormation's role makes buckets and tables, and reads neither files nor items."""
    assert denial([pipelines_policy(endpoint, variables)], Access(None, action, resource)) is not None
