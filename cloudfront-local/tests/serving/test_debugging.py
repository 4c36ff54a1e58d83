"""A served function stops at `breakpoint()` in the terminal, and under `--debug` in a debugger."""

import re
import socket
import sys
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from cloudfront_local.testing.terminal import Terminal
from cloudfront_local.testing.workplace import READY, Workplace

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Greeter:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: greeter.handler
      CodeUri: greeter/
      AutoPublishAlias: live
      AutoPublishAliasAllProperties: true
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: { Service: [lambda.amazonaws.com, edgelambda.amazonaws.com] }
            Action: sts:AssumeRole
  Distribution:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins: [{ Id: o, DomainName: example.org, CustomOriginConfig: { OriginProtocolPolicy: https-only } }]
        DefaultCacheBehavior:
          TargetOriginId: o
          ViewerProtocolPolicy: allow-all
          CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6
          LambdaFunctionAssociations:
            - { EventType: viewer-request, LambdaFunctionARN: !Ref Greeter.Version }
"""
HANDLER = """
def handler(event, context):
    uri = event["Records"][0]["cf"]["request"]["uri"]
    if uri.startswith("/stop"):
        breakpoint()
    print("answering", uri)
    return {"status": "200", "body": uri}
"""
COMMAND = (sys.executable, "-m", "cloudfront_local")


class Visit:
    """A request on its way. `body` waits for the answer."""

    def __init__(self, url: str) -> None:
        self._body = ""
        self._thread = threading.Thread(target=self._get, args=(url,))
        self._thread.start()

    def _get(self, url: str) -> None:
        with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310 - the address is http
            self._body = answer.read().decode()

    @property
    def body(self) -> str:
        self._thread.join()
        return self._body


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Workplace]:
    place = Workplace(tmp_path)
    (place.folder / "template.yaml").write_text(TEMPLATE)
    (place.folder / "greeter").mkdir()
    (place.folder / "greeter" / "greeter.py").write_text(HANDLER)
    yield place
    place.end()


def test_terminal(place: Workplace) -> None:
    """pdb has the terminal. Lines of other requests wait while a person types, and Ctrl-D lets the function go on."""
    terminal = Terminal(place, *COMMAND)
    try:
        terminal.await_text(READY)
        found = re.search(r"http://127\.0\.0\.1:\d+", terminal.shown)
        assert found is not None
        stopping = Visit(f"{found[0]}/stop/1")
        terminal.await_text("stands at a breakpoint. h lists pdb's commands, c continues.")
        terminal.await_text("> greeter/greeter.py(")  # Python before 3.13 shows the line below.
        terminal.await_text("(Pdb) ")
        assert Visit(f"{found[0]}/other").body == "/other"
        terminal.type("uri = '/changed'")
        terminal.await_text("answering /other")
        terminal.await_text("200 GET /other")
        terminal.await_text("(Pdb) ")
        terminal.type("c")
        assert stopping.body == "/changed"
        terminal.await_text("answering /changed")
        stopping = Visit(f"{found[0]}/stop/2")
        terminal.await_text("(Pdb) ")
        terminal.type("\x04")  # Ctrl-D before the line's end gives the line; on an empty line it is the end.
        terminal.type("c")
        assert stopping.body == "/stop/2"
    finally:
        terminal.end()
    assert place.leftovers() == []


def test_nobody(place: Workplace) -> None:
    """Without a terminal, the function goes on, and the output says where and what to do."""
    stack = place.await_ready(place.start(*COMMAND))
    assert Visit(f"{stack.url}/stop").body == "/stop"
    assert "Skipped the breakpoint at greeter/greeter.py:5: nobody is at a terminal. Start with --debug" in place.output


def test_attach(place: Workplace) -> None:
    """The output says where a debugger attaches; there is one, before the first request. Until then, breakpoints are
    skipped, and the output says so."""
    stack = place.await_ready(place.start(*COMMAND, "--debug"))
    assert Visit(f"{stack.url}/stop").body == "/stop"
    assert "Skipped the breakpoint at greeter/greeter.py:5: no debugger is attached to 127.0.0.1:" in place.output
    found = re.search(r"Greeter: debugpy on 127\.0\.0\.1:(\d+)", place.output)
    assert found is not None
    with socket.create_connection(("127.0.0.1", int(found[1])), 10) as debugger:
        content = b'{"seq": 1, "type": "request", "command": "initialize", "arguments": {"adapterID": "test"}}'
        debugger.sendall(b"Content-Length: %d\r\n\r\n%s" % (len(content), content))
        assert debugger.recv(20).startswith(b"Content-Length: ")
    assert Visit(f"{stack.url}/hello").body == "/hello"
