"""A stack's life as sam and the stack's commands lead it, by samconfig.toml, in the embedded AWS."""

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from botocore.exceptions import ClientError
from cfnlint.decode import cfn_yaml

from cloudfront_local.aws import ministack, samconfig
from cloudfront_local.aws.endpoint import Endpoint

pytestmark = pytest.mark.long

SAM = str(Path(sys.executable).with_name("sam"))


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    with asyncio.Runner() as runner:
        running = ministack.running()
        aws = runner.run(running.__aenter__())
        yield aws.endpoint
        runner.run(running.__aexit__(None, None, None))


class Function(NamedTuple):
    """A function as Lambda has it: its code, its numbered versions, and the folder under src/ that it is built from."""

    code: str
    versions: frozenset[str]
    package: str


class Shell:
    """A user's shell in a copy of the repository, signed in to the embedded AWS. `stack` is the stack's name."""

    def __init__(self, project: Any, endpoint: Endpoint, stack: str) -> None:
        self.folder: Path = project.folder
        self.client = endpoint.client
        self.stack = stack
        self._project = project
        self._variables = {name: value for name, value in endpoint.environment().items() if name not in os.environ}
        self._variables |= {"SAM_CLI_TELEMETRY": "0", "SAM_CLI_POLL_DELAY": "0.3"}
        settings = self.folder / "samconfig.toml"
        text = settings.read_text()
        name = samconfig.parameters(samconfig.environments(self.folder)["default"], "deploy")["stack_name"]
        settings.write_text(text.replace(f'"{name}', f'"{stack}'))

    def run(self, *command: str, stdin: str = "", **variables: str) -> "subprocess.CompletedProcess[str]":
        run: subprocess.CompletedProcess[str] = self._project.run(*command, stdin=stdin, **self._variables, **variables)
        assert run.returncode == 0, run.stdout + run.stderr
        return run

    def resources(self, resource_type: str, stack: str = "") -> dict[str, str]:
        """Physical ids by logical id."""
        pages = self.client("cloudformation").get_paginator("list_stack_resources")
        return {
            resource["LogicalResourceId"]: resource["PhysicalResourceId"]
            for page in pages.paginate(StackName=stack or self.stack)
            for resource in page["StackResourceSummaries"]
            if resource["ResourceType"] == resource_type
        }

    def functions(self) -> dict[str, Function]:
        """The stack's functions by logical id."""
        lambda_ = self.client("lambda")
        found = {}
        for name, physical_id in self.resources("AWS::Lambda::Function").items():
            configuration = lambda_.get_function_configuration(FunctionName=physical_id)
            versions = lambda_.list_versions_by_function(FunctionName=physical_id)["Versions"]
            numbers = frozenset(each["Version"] for each in versions) - {"$LATEST"}
            found[name] = Function(configuration["CodeSha256"], numbers, configuration["Handler"].partition(".")[0])
        return found

    def distribution(self, stack: str = "") -> Mapping[str, Any]:
        """The configuration of the stack's distribution."""
        (distribution,) = self.resources("AWS::CloudFront::Distribution", stack).values()
        found: Mapping[str, Any] = self.client("cloudfront").get_distribution_config(Id=distribution)
        return dict(found["DistributionConfig"])

    def associated(self) -> set[str]:
        """`name:version` of the functions that are associated with the distribution."""
        config = self.distribution()
        behaviors = [config["DefaultCacheBehavior"], *config.get("CacheBehaviors", {}).get("Items", [])]
        items = [behavior.get("LambdaFunctionAssociations", {}).get("Items", []) for behavior in behaviors]
        associations = [each for found in items for each in found]
        return {each["LambdaFunctionARN"].partition(":function:")[2] for each in associations}


def test_guided(project, endpoint):
    """What `sam deploy --guided` is told holds for `sam deploy` and the commands from then on.

    The same source, built in another folder, publishes nothing; an edit of one function that function alone, for
    CloudFront, too; and a property of all functions publishes all, with the code that they have.
    """
    shell = Shell(project, endpoint, "offered")
    shell.run(SAM, "build")
    shell.run(SAM, "deploy", "--guided", stdin="chosen\n" + "\n" * 40)
    shell.stack = "chosen"
    uploaded = shell.run(sys.executable, "-m", "stack", "site").stderr
    assert uploaded.startswith("The pages of chosen are in the bucket chosen-sitebucket-")
    before, associated = shell.functions(), shell.associated()
    edited = min(name for name, function in before.items() if function.versions)
    source = shell.folder / "src" / before[edited].package / "handler.py"

    shell.run(SAM, "build", "--build-dir", "elsewhere")
    settings = str(shell.folder / "samconfig.toml")
    again = shell.run(SAM, "deploy", "--config-file", settings, "--template-file", "elsewhere/template.yaml")
    assert "No changes to deploy. Stack chosen is up to date" in again.stdout
    assert (shell.functions(), shell.associated()) == (before, associated)

    source.write_text(f"{source.read_text()}\nEDITED = True\n")
    shell.run(SAM, "build")
    shell.run(SAM, "deploy")
    after = shell.functions()
    assert {name for name in before if before[name] != after[name]} == {edited}
    assert (before[edited].versions, after[edited].versions) == ({"1"}, {"1", "2"})
    physical_id = shell.resources("AWS::Lambda::Function")[edited]
    assert shell.associated() == associated - {f"{physical_id}:1"} | {f"{physical_id}:2"}

    template = shell.folder / "template.yaml"
    template.write_text(re.sub(r"Timeout: \d+", "Timeout: 9", template.read_text()))
    shell.run(SAM, "build")
    shell.run(SAM, "deploy")
    for name, function in shell.functions().items():
        assert function.code == after[name].code
        assert len(function.versions) == len(after[name].versions) + (1 if function.versions else 0)
    numbers = {each.rpartition(":")[2] for each in shell.associated() - {f"{physical_id}:3"}}
    assert numbers <= {"2"}


OVERRIDES = {
    "PriceClass": "PriceClass_All",
    "WebAclArn": "arn:aws:wafv2:us-east-1:123456789012:global/webacl/edge/a1b2c3d4-5678-90ab-cdef-000000000001",
    "AccessLogBucket": "my-logs",
    "DomainNames": "www.example.org,example.org",
    "CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/a1b2c3d4-5678-90ab-cdef-000000000002",
}


def test_life(project, endpoint):
    """The environment prod with every optional parameter: deployed, looked at, filled, taken down; all by make."""
    shell = Shell(project, endpoint, "shop")
    overrides = " ".join(f"{name}={value}" for name, value in OVERRIDES.items())
    settings = shell.folder / "samconfig.toml"
    settings.write_text(
        settings.read_text().replace("confirm_changeset = true", f'parameter_overrides = "{overrides}"')
    )
    prod = ("--config-env", "prod")
    shell.run(SAM, "build", *prod)
    shell.run(SAM, "deploy", *prod)
    config = shell.distribution("shop-prod")
    assert (config["PriceClass"], config["WebACLId"]) == (OVERRIDES["PriceClass"], OVERRIDES["WebAclArn"])
    assert config["Aliases"]["Items"] == ["www.example.org", "example.org"]
    assert config["ViewerCertificate"]["ACMCertificateArn"] == OVERRIDES["CertificateArn"]
    assert config["Logging"] == {
        "Enabled": True,
        "IncludeCookies": False,
        "Bucket": "my-logs.s3.amazonaws.com",
        "Prefix": "shop-prod/",
    }

    shell.stack = "shop-prod"
    function = min(name for name, function in shell.functions().items() if function.versions)
    urls = shell.run("make", "urls", "CONFIG_ENV=prod")
    assert urls.stdout.split()[0] == "https://www.example.org/"
    assert function in urls.stdout
    assert "python -m stack --config-env prod site\n" in urls.stderr
    assert "index.html\n" in shell.run("make", "site", "CONFIG_ENV=prod").stdout
    logs = shell.run("make", "logs", "CONFIG_ENV=prod", f"FUNCTION={function}", "ARGS=--since 1h")
    assert logs.stderr.endswith("for older lines, use --since.\n")
    destroyed = shell.run("make", "destroy", "CONFIG_ENV=prod", "ARGS=--yes --empty-buckets")
    resources = cfn_yaml.loads((shell.folder / "template.yaml").read_text())["Resources"]
    retained = {name for name, resource in resources.items() if resource.get("DeletionPolicy", "").startswith("Retain")}
    assert set(re.findall(r"^The template retains (\w+) ", destroyed.stdout, re.MULTILINE)) == retained
    assert destroyed.stderr.endswith("The stack shop-prod is deleted.\n")


def test_existing_site_bucket(project, endpoint):
    """A bucket that has the pages already stays as it is; an output has what its policy needs."""
    shell = Shell(project, endpoint, "shop")
    s3 = endpoint.client("s3")
    s3.create_bucket(Bucket="pages-of-ours")
    shell.run(SAM, "build")
    shell.run(SAM, "deploy", "--parameter-overrides", "ExistingSiteBucket=pages-of-ours")
    config = shell.distribution("shop")
    assert "pages-of-ours.s3.us-east-1.amazonaws.com" in {each["DomainName"] for each in config["Origins"]["Items"]}
    assert "SiteBucket" not in shell.resources("AWS::S3::Bucket")
    (stack,) = endpoint.client("cloudformation").describe_stacks(StackName="shop")["Stacks"]
    outputs = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
    (distribution,) = shell.resources("AWS::CloudFront::Distribution").values()
    statement = json.loads(outputs["SiteBucketStatement"])
    assert (outputs["SiteBucketName"], statement["Resource"]) == (
        "pages-of-ours",
        ["arn:aws:s3:::pages-of-ours", "arn:aws:s3:::pages-of-ours/*"],
    )
    assert statement["Condition"]["StringEquals"]["AWS:SourceArn"].endswith(f":distribution/{distribution}")
    with pytest.raises(ClientError, match="NoSuchBucketPolicy"):
        s3.get_bucket_policy(Bucket="pages-of-ours")
