"""The deployment from the repository: pipeline.yaml's roles, and the steps of deploy.yml, in the embedded AWS."""

import asyncio
import base64
import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from botocore.exceptions import ClientError

from cloudfront_local.aws import ministack
from cloudfront_local.aws.endpoint import Endpoint
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
                own = {name: self.expanded(value, arn) for name, value in step.get("env", {}).items()}
                done = self.project.run("bash", "-e", "-c", step["run"], **environment, **own)
                assert done.returncode == 0, f"{step['run']}\n{done.stdout}{done.stderr}"
        return dict(line.split("=", 1) for line in output.read_text().splitlines())

    def expanded(self, text: str, arn: str) -> str:
        known = {f"vars.{name}": value for name, value in self.variables.items()}
        return re.sub(
            r"\$\{\{ (\S+) \}\}", lambda found: {**known, "needs.change-set.outputs.arn": arn}[found[1]], text
        )


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
    with pytest.raises(AssertionError, match="AccessDenied"):
        workflow.run("deploy", BRANCH, arn)
    workflow.run("deploy", ENVIRONMENT, arn)
    (stack,) = cloudformation.describe_stacks(StackName="lambda-at-edge")["Stacks"]
    assert stack["StackStatus"] == "UPDATE_COMPLETE"


def test_change_set_job_changes_nothing(project, endpoint, variables):
    """The role of the branch may not execute a change set, write a page, or read a table."""
    environment = assumed(endpoint, variables["CHANGE_SET_ROLE"], BRANCH)
    program = """
import boto3
calls = [
    ("cloudformation", "execute_change_set", {"ChangeSetName": "any", "StackName": "lambda-at-edge"}),
    ("cloudformation", "delete_stack", {"StackName": "lambda-at-edge"}),
    ("cloudformation", "create_change_set", {"ChangeSetName": "any", "StackName": "pipeline", "TemplateBody": "{}"}),
    ("s3", "put_object", {"Bucket": "lambda-at-edge-sitebucket-any", "Key": "index.html"}),
    ("dynamodb", "scan", {"TableName": "lambda-at-edge-UsersTable-any"}),
    ("iam", "create_user", {"UserName": "any"}),
]
for service, operation, arguments in calls:
    try:
        getattr(boto3.client(service), operation)(**arguments)
        print(operation, "was allowed")
    except Exception as error:
        code = error.response["Error"]["Code"]
        assert "AccessDenied" in code, (operation, code)
"""
    variables = {name: value for name, value in endpoint.environment().items() if name not in os.environ}
    done = project.run(sys.executable, "-c", program, **variables | environment)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
