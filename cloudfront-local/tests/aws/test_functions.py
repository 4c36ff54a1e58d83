import time
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from cloudfront_local.aws import deployment
from cloudfront_local.aws.functions import Functions
from cloudfront_local.aws.project import Project
from cloudfront_local.aws.sam import Sam

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Globals: { Function: { Handler: app.handler, Runtime: python3.13, AutoPublishAlias: live, Timeout: 5 } }
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: { Effect: Allow, Action: sts:AssumeRole, Principal: { Service: lambda.amazonaws.com } }
  Built:
    Type: AWS::Serverless::Function
    Metadata: { BuildMethod: makefile }
    Properties: { CodeUri: source/, Role: !GetAtt Role.Arn }
  Inline:
    Type: AWS::Serverless::Function
    Properties: { Handler: index.handler, InlineCode: "def handler(e, c): return e", Role: !GetAtt Role.Arn }
Outputs:
  Role: { Value: !GetAtt Role.Arn }
  Built: { Value: !Ref Built.Version }
  Inline: { Value: !Ref Inline.Version }
"""

CODE = "def handler(event, context): ...\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    source = tmp_path / "source"
    source.mkdir()
    (source / "app.py").write_text(CODE)
    (source / "Makefile").write_text("build-Built:\n\tcp app.py $(ARTIFACTS_DIR)\n")
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "samconfig.toml").write_text('[default.global.parameters]\nstack_name = "functions"\n')
    return Project(tmp_path / "template.yaml")


async def test_functions(endpoint, project):
    """A version has its configuration, a build that is up to date, and its role's own credentials."""
    sam = Sam(project, endpoint)
    time.sleep(0.01)  # noqa: ASYNC251 - so that the source is older than the build on every file system
    built_at = time.time_ns()
    await sam.build()
    await sam.deploy(print)
    outputs = _outputs(endpoint, project)

    functions = Functions(project, sam, endpoint, built_at)
    built = await functions.resolve(outputs["Built"])
    assert (built.arn, built.handler, built.runtime, built.timeout, built.memory_size, built.role, built.version) == (
        (outputs["Built"], "app.handler", "python3.13", 5, 128, outputs["Role"], "1")
    )
    assert (await built.artifact.current()).folder == project.build_dir / "Built"

    # The source was edited after the build: a new build, in another folder.
    (project.template.parent / "source" / "app.py").write_text(CODE + "edited = True\n")
    edited = (await built.artifact.current()).folder
    assert edited != project.build_dir / "Built"
    assert (edited / "app.py").read_text() == CODE + "edited = True\n"
    built.artifact.close()

    # The source was edited during the build: the build may hold the old or the new source, so it is built again.
    unsure = await Functions(project, sam, endpoint, built_at=0).resolve(outputs["Built"])
    assert (await unsure.artifact.current()).folder != project.build_dir / "Built"
    unsure.artifact.close()

    # The template itself holds the code.
    inline = await functions.resolve(outputs["Inline"])
    assert (await inline.artifact.current()).folder.joinpath("index.py").read_text() == "def handler(e, c): return e"

    credentials = await functions.assume_role(outputs["Role"])
    assert credentials["AccessKeyId"].startswith("ASIA")
    with pytest.raises(ClientError, match=r"NoSuchEntity|AccessDenied"):
        await functions.assume_role(outputs["Role"] + "-none")

    assert deployment.read(endpoint, project.stack_name).distributions == {}


def _outputs(endpoint, project):
    (stack,) = endpoint.client("cloudformation").describe_stacks(StackName=project.stack_name)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
