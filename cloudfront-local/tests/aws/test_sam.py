import asyncio
import json
from pathlib import Path

import pytest

from cloudfront_local.aws import deployment, sam
from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.aws.project import Project
from cloudfront_local.aws.sam import Sam, SamError
from cloudfront_local.errors import LocalError

TOPIC = """
Parameters: { Name: { Type: String, Default: plain } }
Resources: { Topic: { Type: AWS::SNS::Topic, Properties: { TopicName: !Ref Name } } }
"""

FUNCTION = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Greeter:
    Type: AWS::Serverless::Function
    Metadata: { BuildMethod: makefile }
    Properties: { CodeUri: source/, Handler: app.handler, Runtime: python3.13 }
"""


def project(folder: Path, template: str, samconfig: str = "", makefile: str = "") -> Project:
    (folder / "template.yaml").write_text(template)
    if samconfig:
        (folder / "samconfig.toml").write_text(samconfig)
    if makefile:
        (folder / "source").mkdir()
        (folder / "source" / "app.py").write_text("def handler(event, context): ...\n")
        (folder / "source" / "Makefile").write_text(f"build-Greeter:\n\t{makefile}\n")
    return Project(folder / "template.yaml")


def built(folder: Path, template: str, stack_name: str) -> Project:
    """A project without functions whose build exists already, for tests of the deployment alone."""
    found = project(folder, template, f'[default.global.parameters]\nstack_name = "{stack_name}"\n')
    found.build_dir.mkdir(parents=True)
    (found.build_dir / "template.yaml").write_text(template)
    return found


def topics(endpoint: Endpoint, stack_name: str) -> list[str]:
    resources = endpoint.client("cloudformation").describe_stack_resources(StackName=stack_name)["StackResources"]
    return [resource["PhysicalResourceId"].rpartition(":")[2] for resource in resources]


def stacks(endpoint: Endpoint) -> set[str]:
    found = endpoint.client("cloudformation").describe_stacks()["Stacks"]
    return {stack["StackName"] for stack in found if stack["StackName"] != "aws-sam-cli-managed-default"}


NOWHERE = Endpoint("http://127.0.0.1:9")


async def test_without_samconfig(endpoint, tmp_path):
    """A template alone is deployed as the stack `local`, and the user's own builds stay as they were."""
    users_own = tmp_path / ".aws-sam" / "build" / "template.yaml"
    users_own.parent.mkdir(parents=True)
    users_own.write_text("mine")
    tool = Sam(project(tmp_path, TOPIC), endpoint)
    before = stacks(endpoint)
    await tool.build()
    await tool.deploy(print)
    assert (stacks(endpoint) - before, topics(endpoint, "local")) == ({"local"}, ["plain"])
    assert users_own.read_text() == "mine"


async def test_with_samconfig(endpoint, tmp_path):
    """The stack's name and parameters come from samconfig.toml; its profile and bucket are left out."""
    samconfig = """
version = 0.1
[default.global.parameters]
stack_name = "shop"
profile = "mine"
[default.deploy.parameters]
s3_bucket = "on-aws"
parameter_overrides = "Name=ours"
[prod.deploy.parameters]
stack_name = "prod"
"""
    tool = Sam(project(tmp_path, TOPIC, samconfig), endpoint)
    before = stacks(endpoint)
    await tool.build()
    await tool.deploy(print)
    assert (stacks(endpoint) - before, topics(endpoint, "shop")) == ({"shop"}, ["ours"])


def test_environment_local(tmp_path):
    """An environment `local` in samconfig.toml comes before `default`."""
    samconfig = """
[default.global.parameters]
stack_name = "shop"
region = "us-east-1"
[local.global.parameters]
stack_name = "shop-here"
region = "eu-west-1"
"""
    found = project(tmp_path, TOPIC, samconfig)
    assert (found.stack_name, found.region) == ("shop-here", "eu-west-1")


def test_samconfig_is_not_toml(tmp_path):
    """A samconfig.toml that is not TOML is an error with the file and the line."""
    found = project(tmp_path, TOPIC, "stack_name = shop")
    with pytest.raises(LocalError, match=r"samconfig.toml is not TOML: .*line 1.* Correct it\.$"):
        _ = found.stack_name


async def test_build(tmp_path):
    """`build` builds each function into a folder that is named by its logical id."""
    found = project(tmp_path, FUNCTION, makefile="cp app.py $(ARTIFACTS_DIR)")
    await Sam(found, NOWHERE).build()
    assert [path.name for path in (found.build_dir / "Greeter").iterdir()] == ["app.py"]


async def test_build_for_an_ended_runtime(tmp_path):
    """Functions of runtimes that AWS has ended are built."""
    found = project(tmp_path, FUNCTION.replace("python3.13", "python3.7"), makefile="cp app.py $(ARTIFACTS_DIR)")
    await Sam(found, NOWHERE).build()
    assert [path.name for path in (found.build_dir / "Greeter").iterdir()] == ["app.py"]


async def test_rebuild(tmp_path):
    """`rebuild` builds one function into another folder; the first build stays, because it may be in use."""
    found = project(tmp_path, FUNCTION, makefile="cp app.py $(ARTIFACTS_DIR)")
    tool = Sam(found, NOWHERE)
    await tool.build()
    before = (found.build_dir / "Greeter" / "app.py").read_text()
    (tmp_path / "source" / "app.py").write_text("changed = True\n")
    (tmp_path / "empty").mkdir()
    artifact = await tool.rebuild("Greeter", tmp_path / "empty")
    assert (artifact / "app.py").read_text() == "changed = True\n"
    assert (found.build_dir / "Greeter" / "app.py").read_text() == before


async def test_build_fails(tmp_path):
    """The error shows a line that says what to do, then sam's own error."""
    found = project(tmp_path, "Resources: [1")
    with pytest.raises(SamError) as error:
        await Sam(found, NOWHERE).build()
    first, *rest = str(error.value).splitlines()
    assert first == f"`sam build` of {found.template} failed. Correct the error below and start again:"
    assert rest[0] == "  Error: Failed to parse template: while parsing a flow sequence"


@pytest.mark.parametrize("runtime", ["python3.7", "python3.99"])
async def test_build_without_its_python(tmp_path, runtime):
    """A function with a requirements.txt is built with the Python that is here, if the machine lacks the runtime's."""
    if runtime == "python3.99":
        with pytest.raises(SamError, match=r"python3\.99"):
            await Sam(packaged(tmp_path, runtime), NOWHERE).build()
        return
    found = packaged(tmp_path, runtime)
    await Sam(found, NOWHERE).build()
    assert (found.build_dir / "F" / "app.py").is_file()


def packaged(folder: Path, runtime: str) -> Project:
    function = f"{{ CodeUri: source/, Handler: app.handler, Runtime: {runtime} }}"
    resource = f"{{ Type: AWS::Serverless::Function, Properties: {function} }}"
    found = project(folder, f"{{ Transform: AWS::Serverless-2016-10-31, Resources: {{ F: {resource} }} }}")
    (folder / "source").mkdir()
    (folder / "source" / "app.py").write_text("def handler(event, context): ...\n")
    (folder / "source" / "requirements.txt").write_text("# nothing\n")
    return found


async def test_build_without_npm(tmp_path, monkeypatch):
    """Without npm, the error says that sam needs it."""
    monkeypatch.setenv("PATH", str(tmp_path))
    function = "{ CodeUri: source/, Handler: index.handler, Runtime: nodejs22.x }"
    resource = f"{{ Type: AWS::Serverless::Function, Properties: {function} }}"
    found = project(tmp_path, f"{{ Transform: AWS::Serverless-2016-10-31, Resources: {{ F: {resource} }} }}")
    (tmp_path / "source").mkdir()
    with pytest.raises(SamError, match=r"npm was not successful\n  sam builds .* with the command `npm`\. Install"):
        await Sam(found, NOWHERE).build()


async def test_applications(endpoint, tmp_path):
    """An application of the repository, which only AWS has, is left out; one in a file is deployed."""
    application = "arn:aws:serverlessrepo:us-east-1:123456789012:applications/app"
    template = f"""
Transform: AWS::Serverless-2016-10-31
Resources:
  Far:
    Type: AWS::Serverless::Application
    Properties: {{ Location: {{ ApplicationId: {application}, SemanticVersion: 1.0.0 }} }}
  Near: {{ Type: AWS::Serverless::Application, Properties: {{ Location: near.yaml }} }}
Outputs:
  Far: {{ Value: !GetAtt Far.Outputs.Anything }}
  Near: {{ Value: !GetAtt Near.Outputs.Topic }}
"""
    (tmp_path / "near.yaml").write_text(
        "Resources: { Topic: { Type: AWS::SNS::Topic } }\nOutputs: { Topic: { Value: !GetAtt Topic.TopicName } }\n"
    )
    found = project(
        tmp_path, template, samconfig='version = 0.1\ndefault.deploy.parameters.stack_name = "applications"'
    )
    tool = Sam(found, endpoint)
    await tool.build()
    await tool.deploy(print)
    outputs = deployment.outputs(endpoint, "applications")
    assert outputs["Far"] == "left-out-Far-Outputs.Anything"
    assert outputs["Near"].startswith("applications-Near-")


async def test_build_command_fails(tmp_path):
    """The error shows the output of a Makefile recipe that failed."""
    found = project(tmp_path, FUNCTION, makefile="echo no such compiler >&2; exit 1")
    with pytest.raises(SamError, match="no such compiler"):
        await Sam(found, NOWHERE).build()


async def test_rebuild_fails(tmp_path):
    """While the stack runs, it is enough to save: the error does not say to start again."""
    found = project(tmp_path, FUNCTION, makefile="exit 1")
    with pytest.raises(SamError, match=r"failed\. Correct the error below and save:"):
        await Sam(found, NOWHERE).rebuild("Greeter", tmp_path / "empty")


async def test_template_refused(endpoint, tmp_path):
    """The error shows why CloudFormation refused the template."""
    tool = Sam(built(tmp_path, "Resources: { Thing: { Type: AWS::NoSuch } }", "refused"), endpoint)
    with pytest.raises(SamError, match=r"(?s)^`sam deploy` of .*Unrecognized resource types: \[AWS::NoSuch\]"):
        await tool.deploy(print)


async def test_resource_fails(endpoint, tmp_path):
    """The error shows on one line why CloudFormation could not create a resource."""
    template = (
        "Resources: { Wait: { Type: AWS::CloudFormation::WaitCondition, Properties: { Handle: no, Timeout: 1 } } }"
    )
    tool = Sam(built(tmp_path, template, "failed"), endpoint)
    with pytest.raises(SamError) as error:
        await tool.deploy(print)
    assert str(error.value).splitlines()[1] == (
        "  Wait (AWS::CloudFormation::WaitCondition): WaitCondition 'Wait': Handle must be the Ref of an "
        "AWS::CloudFormation::WaitConditionHandle of this stack"
    )


async def test_deployment_gets_stuck(misbehaving_server, tmp_path, monkeypatch):
    """A deployment that does not end is given up after a time; the error says where to look."""
    monkeypatch.setattr(sam, "DEPLOY_SECONDS", 1)
    misbehaving_server.hang()
    tool = Sam(built(tmp_path, TOPIC, "stuck"), Endpoint(misbehaving_server.url))
    with pytest.raises(SamError, match=r"did not end within 1 s\.\n  .* `cloudfront-local lint`\.$"):
        await tool.deploy(print)


async def test_cancelled(tmp_path, fifo):
    """When a build is cancelled, every process that it started is killed."""
    found = project(tmp_path, FUNCTION, makefile=f"exec 3>{fifo.path}; echo here >&3; sleep 1000")
    building = asyncio.create_task(Sam(found, NOWHERE).build())
    assert await asyncio.to_thread(fifo.read) == b"here\n"
    building.cancel()
    with pytest.raises(asyncio.CancelledError):
        await building
    assert fifo.read() == b""


def test_settings_file(tmp_path):
    """The settings for sam are in a file beside the build; a person can run sam with it."""
    samconfig = (
        "[default.build.parameters]\nparallel = true\nprofile = 'mine'\n[default.deploy.parameters]\ntags = 'a=b'\n"
    )
    path = project(tmp_path, TOPIC, samconfig).write_samconfig()
    assert path == tmp_path / ".aws-sam" / "local" / "samconfig.yaml"
    assert json.loads(path.read_text()) == {
        "version": 0.1,
        "default": {
            "build": {"parameters": {"parallel": True}},
            "deploy": {
                "parameters": {
                    "tags": "a=b",
                    "stack_name": "local",
                    "capabilities": ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
                    "resolve_s3": True,
                    "confirm_changeset": False,
                    "fail_on_empty_changeset": False,
                }
            },
        },
    }
