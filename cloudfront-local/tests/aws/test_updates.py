"""Edited code of functions that do not run at the edge reaches the embedded AWS."""

import json
import time
from pathlib import Path

import pytest

from cloudfront_local.aws.functions import Functions
from cloudfront_local.aws.project import Project
from cloudfront_local.aws.sam import Sam
from cloudfront_local.aws.updates import Updates

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Globals: { Function: { Runtime: python3.13, Timeout: 5, CodeUri: source/ } }
Resources:
  Plain:
    Type: AWS::Serverless::Function
    Metadata: { BuildMethod: makefile }
    Properties: { Handler: plain.handler }
  Published:
    Type: AWS::Serverless::Function
    Metadata: { BuildMethod: makefile }
    Properties: { Handler: published.handler, AutoPublishAlias: live }
  AtEdge:
    Type: AWS::Serverless::Function
    Metadata: { BuildMethod: makefile }
    Properties: { Handler: edge.handler, AutoPublishAlias: live }
Outputs:
  Plain: { Value: !Ref Plain }
  Published: { Value: !Ref Published }
  AtEdge: { Value: !Ref AtEdge.Version }
"""
MAKEFILE = """
build-Plain:
	cp plain.py $(ARTIFACTS_DIR)
build-Published:
	cp published.py $(ARTIFACTS_DIR)
build-AtEdge:
	cp edge.py $(ARTIFACTS_DIR)
"""
CODE = "def handler(event, context): return '{}'\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    source = tmp_path / "source"
    source.mkdir()
    (source / "Makefile").write_text(MAKEFILE)
    for name in ("plain", "published", "edge"):
        (source / f"{name}.py").write_text(CODE.format("old"))
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "samconfig.toml").write_text('[default.global.parameters]\nstack_name = "updates"\n')
    return Project(tmp_path / "template.yaml")


async def test_edited_code_is_deployed(endpoint, project, caplog):
    """An edit updates the function's code, and the newest version's alias; other functions stay as they are."""
    sam = Sam(project, endpoint)
    time.sleep(0.01)  # noqa: ASYNC251 - so that the source is older than the build on every file system
    built_at = time.time_ns()
    await sam.build()
    await sam.deploy(print)
    (stack,) = endpoint.client("cloudformation").describe_stacks(StackName="updates")["Stacks"]
    names = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    client = endpoint.client("lambda")

    def invoke(name: str, **qualifier: str) -> str:
        return json.loads(client.invoke(FunctionName=names[name], **qualifier)["Payload"].read())

    def versions(name: str) -> list[str]:
        found = client.list_versions_by_function(FunctionName=names[name])["Versions"]
        return [each["Version"] for each in found]

    changes = []
    functions = Functions(project, sam, endpoint, built_at)
    updates = Updates(functions, endpoint, "updates", [names["AtEdge"]], lambda: changes.append(None))
    await updates.everything()
    assert (invoke("Plain"), invoke("Published", Qualifier="live"), changes) == ("old", "old", [])

    source = project.template.parent / "source"
    (source / "plain.py").write_text(CODE.format("new"))
    await updates.regional()
    assert (invoke("Plain"), invoke("Published", Qualifier="live")) == ("new", "old")
    assert (versions("Plain"), versions("Published")) == (["$LATEST"], ["$LATEST", "1"])

    (source / "published.py").write_text(CODE.format("new"))
    await updates.regional()
    assert (invoke("Published", Qualifier="live"), invoke("Published", Qualifier="1")) == ("new", "old")
    assert versions("Published") == ["$LATEST", "1", "2"]
    assert updates.updated == {"Plain", "Published"}
    assert len(changes) == 2

    # A function at the edge is built, and not updated: the edge runtime runs the build.
    (source / "edge.py").write_text(CODE.format("new"))
    await updates.everything()
    assert len(changes) == 3
    assert versions("AtEdge") == ["$LATEST", "1"]

    # A failure is told once; the code stays.
    (source / "plain.py").rename(source / "other.py")
    for _ in range(2):
        await updates.everything()
    (told,) = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert told.startswith("Plain: the edited code does not run:\n")
    assert "plain.py" in told
    assert invoke("Plain") == "new"
