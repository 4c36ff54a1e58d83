"""`cloudfront-local serve`: how it starts, and that it ends without a trace, whatever it is at."""

import json
import os
import signal
import socket
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cloudfront_local.serving import running
from cloudfront_local.testing.workplace import Workplace

LOCAL = (sys.executable, "-m", "cloudfront_local")

ANY_TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          Effect: Allow
          Action: sts:AssumeRole
          Principal: { Service: [lambda.amazonaws.com, edgelambda.amazonaws.com] }
  Greeter:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.handler
      Runtime: python3.13
      AutoPublishAlias: live
      Role: !GetAtt Role.Arn
      InlineCode: |
        import os
        def handler(event, context):
            return {"status": "200", "body": f"Hello from {os.environ['AWS_REGION']}"}
  Distribution:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins: [{ Id: none, DomainName: example.com, CustomOriginConfig: { OriginProtocolPolicy: https-only } }]
        DefaultCacheBehavior:
          TargetOriginId: none
          ViewerProtocolPolicy: https-only
          CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad
          LambdaFunctionAssociations: [{ EventType: viewer-request, LambdaFunctionARN: !Ref Greeter.Version }]
"""


EVENT = {
    "Records": [
        {
            "cf": {
                "config": {"eventType": "viewer-request", "distributionId": "EDFDVBD6EXAMPLE"},
                "request": {"clientIp": "203.0.113.178", "method": "GET", "uri": "/", "querystring": "", "headers": {}},
            }
        }
    ]
}


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Workplace]:
    """A project that is a template, and nothing else."""
    project = Workplace(tmp_path)
    (project.folder / "template.yaml").write_text(ANY_TEMPLATE)
    (project.folder / "event.json").write_text(json.dumps(EVENT))
    yield project
    project.end()


class TakesAnyStatus(urllib.request.HTTPErrorProcessor):
    def http_response(self, request, response):  # noqa: ARG002 - the library's signature
        return response


get = urllib.request.build_opener(TakesAnyStatus()).open


STEPS = ("Start the embedded AWS", "Lint the template", "sam build", "sam deploy", "Seed")
SLOW_SEED = """
[tool.cloudfront-local]
seed = "sleep 60"
"""


@pytest.mark.parametrize("step", STEPS)
def test_terminated_underway(project, step):
    """Whatever it is at, SIGTERM ends it with status 0 and leaves nothing."""
    (project.folder / "pyproject.toml").write_text(SLOW_SEED)
    process = project.start(*LOCAL)
    project.await_output(process, step)
    time.sleep(0.2)
    process.terminate()
    assert process.wait(30) == 0
    assert "Traceback" not in project.output
    assert project.leftovers() == []


def test_killed(project):
    """Killed, it takes the embedded AWS and the functions along; the next start finds nothing in its way."""
    process = project.start(*LOCAL)
    stack = project.await_ready(process)
    with get(stack.url) as response:  # which starts a function's process
        assert response.status == 200
    process.kill()
    process.wait(30)
    invoked = project.run(*LOCAL, "invoke", "Greeter", "-e", "event.json")
    assert invoked.stderr == "No stack runs on this machine from this folder. Start it with `cloudfront-local`.\n"
    (project.folder / ".aws-sam" / "local" / "running.json").unlink()
    assert project.leftovers() == []
    again = project.start(*LOCAL)
    project.await_output(again, "Lint the template")
    again.terminate()
    assert again.wait(30) == 0


def test_port_in_use(project):
    """Somebody else's port: which one, and how to take another."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = project.run(*LOCAL, PORT=str(port))
    assert (result.returncode, result.stderr) == (
        1,
        f"Port {port} is not available: Address already in use. Choose another port, such as PORT={port + 1}.\n",
    )
    assert project.leftovers() == []


@pytest.mark.parametrize(
    ("arguments", "names"), [((), "PORT and AWS_PORT"), (("--https", "--port", "0"), "HTTPS_PORT and AWS_PORT")]
)
def test_one_port_for_two(project, arguments, names):
    """Two servers cannot have one port."""
    result = project.run(*LOCAL, *arguments, PORT="9000", HTTPS_PORT="9000", AWS_PORT="9000")
    assert (result.returncode, result.stderr) == (
        1,
        f"{names} are both 9000. Choose another port for one of them.\n",
    )


def test_runs_already(project):
    """A second stack would build into the first one's folder."""
    process = project.start(*LOCAL)
    stack = project.await_ready(process)
    result = project.run(*LOCAL)
    assert (result.returncode, result.stderr) == (
        1,
        f"A stack already runs from this folder at {stack.url} (process {stack.pid}). Use that stack, or end it with "
        "Ctrl-C in its terminal.\n",
    )
    process.terminate()
    assert process.wait(30) == 0


def test_no_template(project):
    """A template that is not there is named."""
    result = project.run(*LOCAL, "--template", "none.yaml")
    assert (result.returncode, result.stderr) == (
        1,
        "There is no template none.yaml. Name its path with --template, or run the command in its folder.\n",
    )


def test_broken_template(project):
    """A mistake in the template: what sam says of it, and everything started so far is ended."""
    (project.folder / "broken.yaml").write_text("Resources: [1")
    result = project.run(*LOCAL, "--template", "broken.yaml")
    assert result.returncode == 1
    assert result.stderr.splitlines()[:2] == [
        f"`sam build` of {project.folder}/broken.yaml failed. Correct the error below and start again:",
        "  Error: Failed to parse template: while parsing a flow sequence",
    ]
    assert project.leftovers() == []


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("--port", "http"), "argument --port: 'http' is not a port. Give a number from 0 to 65535."),
        (("--port", "65536"), "argument --port: '65536' is not a port. Give a number from 0 to 65535."),
        (
            ("serve", "--edge-region", "Sydney"),
            "argument --edge-region: 'Sydney' is not a Region. Give a name such as ap-southeast-2.",
        ),
    ],
)
def test_arguments(project, arguments, problem):
    """Arguments that make no sense, with what would."""
    result = project.run(*LOCAL, *arguments)
    assert result.returncode == 2
    assert result.stderr.endswith(f"error: {problem}\n")


def test_any_template(project):
    """Somebody else's template: without samconfig.toml, users or pages, its function elsewhere at the edge, recorded.

    Ctrl-C, which the terminal sends to every process of the job, ends it with status 0; so does impatience.
    """
    folder = project.folder / "elsewhere"
    folder.mkdir()
    (folder / "template.yaml").write_text(ANY_TEMPLATE)
    options = ("--template", "elsewhere/template.yaml", "--edge-region", "ap-southeast-2", "--record", "recorded")
    process = project.start(*LOCAL, *options)
    project.await_output(process, "Press Ctrl-C to stop.")
    assert "(stack local)" in project.output
    assert "curl" not in project.output
    url = next(line.split()[0] for line in project.output.splitlines() if "  the distribution " in line)
    with get(url) as response:
        assert (response.read(), response.headers["X-Amz-Cf-Pop"]) == (b"Hello from ap-southeast-2", "SYD1-P1")
    result = json.loads((project.folder / "recorded" / "index" / "200-1.result.json").read_text())
    assert result == {"status": "200", "body": "Hello from ap-southeast-2"}
    os.killpg(process.pid, signal.SIGINT)
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(30) == 0
    assert "Traceback" not in project.output
    assert project.leftovers() == []


TABLE = """
  Users:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{ AttributeName: name, AttributeType: S }]
      KeySchema: [{ AttributeName: name, KeyType: HASH }]
"""
ITEM = {"name": {"S": "ada"}}


def test_keep(project):
    """--keep takes data along to the next start, even if the process is killed.

    The terminal says how much is kept. A damaged file stops the start.
    """
    (project.folder / "template.yaml").write_text(ANY_TEMPLATE + TABLE)
    kept = project.folder / ".aws-sam" / "local" / "kept-data"

    def items() -> list[object]:
        dynamodb = running.endpoint(running.read(project.folder)).client("dynamodb")
        (name,) = dynamodb.list_tables()["TableNames"]
        found = dynamodb.scan(TableName=name)["Items"]
        dynamodb.put_item(TableName=name, Item=ITEM)
        return found

    process = project.start(*LOCAL, "--keep")
    project.await_ready(process)
    assert f"Nothing is kept yet. From now on, {kept} keeps the data." in project.output
    assert items() == []
    for _ in range(600):
        if kept.exists() and b"ada" in kept.read_bytes():
            break
        time.sleep(0.05)
    process.kill()
    process.wait(30)

    process = project.start(*LOCAL, "--keep")
    project.await_ready(process)
    assert f": 1 item ({kept})." in project.output
    assert items() == [ITEM]
    process.terminate()
    assert process.wait(30) == 0
    assert "\nKept: 1 item.\n" in project.output

    kept.write_bytes(b"\x00")
    refused = project.run(*LOCAL, "--keep")
    assert (refused.returncode, refused.stderr) == (
        1,
        f"{kept} is damaged, or another version of cloudfront-local wrote the file. Start without --keep, or move the "
        "file away to begin with empty tables and buckets.\n",
    )
    assert project.leftovers() == []


REWRITE = """
  BlogRewrite:
    Type: AWS::CloudFront::Function
    Properties:
      Name: !Sub ${AWS::StackName}-rewrite
      AutoPublish: true
      FunctionConfig: { Comment: "", Runtime: cloudfront-js-2.0 }
      FunctionCode: "function handler(event) { return { statusCode: 404 }; }"
"""
BLOG = """
        CacheBehaviors:
          - PathPattern: /blog*
            TargetOriginId: none
            ViewerProtocolPolicy: https-only
            CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad
            FunctionAssociations:
              - { EventType: viewer-request, FunctionARN: !GetAtt BlogRewrite.FunctionMetadata.FunctionARN }
"""


def test_window(project):
    """The window names functions as the template does, and saves their events as --record does. A port that another
    server of the tool has is none for the window."""
    (project.folder / "template.yaml").write_text(f"{ANY_TEMPLATE.rstrip()}{BLOG}{REWRITE}")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    process = project.start(*LOCAL, AWS_PORT=port, WINDOW_PORT=port)
    stack = project.await_ready(process)
    assert f"  {stack.window}" in project.output
    assert stack.window != f"http://127.0.0.1:{port}/"

    def asked(path: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"X-Local-Window": "1", "Content-Type": "application/json"}
        asking = urllib.request.Request(f"{stack.window}{path}", data, headers)  # noqa: S310 - http
        with get(asking) as response:
            text = response.read().decode()
            assert response.status == 200, text
            return json.loads(text)

    for path, status in (("/hello", 200), ("/blog", 404)):
        with get(f"{stack.url}{path}") as response:
            assert response.status == status
    hello, blog = asked("requests")
    assert (hello["functions"], blog["functions"]) == (["Greeter"], ["BlogRewrite"])
    (found,) = asked("distribution")
    assert [each["functions"] for each in found["behaviors"]] == [
        {"viewer-request": "BlogRewrite"},
        {"viewer-request": "Greeter"},
    ]
    for request, folder in ((hello, "index"), (blog, "rewrite")):
        files = asked(f"requests/{request['id']}/events", {"function": 0})["files"]
        assert [file.split("/")[:2] for file in files] == [["events", folder]] * 2
        assert all(json.loads((project.folder / file).read_text()) for file in files)
    process.terminate()
    assert process.wait(30) == 0


def test_no_window(project):
    """Without a window, nothing is said of one, and `requests` says why there are none. Without --keep, kept data is
    neither read nor changed."""
    kept = project.folder / ".aws-sam" / "local" / "kept-data"
    kept.parent.mkdir(parents=True)
    kept.write_text("not read")
    process = project.start(*LOCAL, "--no-window")
    project.await_ready(process)
    assert "the window" not in project.output
    listed = project.run(*LOCAL, "requests")
    assert (listed.returncode, listed.stderr) == (
        1,
        "The stack was started without the window (--no-window), which keeps the requests.\n",
    )
    process.terminate()
    assert process.wait(30) == 0
    assert kept.read_text() == "not read"
