"""An edge stack on ministack's AWS, behind a proxy that can give the answers that ministack does not."""

import asyncio
import http.client
import io
import itertools
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, NamedTuple
from urllib.parse import parse_qs

import pytest

from cloudfront_local.aws import ministack
from cloudfront_local.aws.endpoint import Endpoint
from stack.__main__ import main

TRUST = {
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": ["lambda.amazonaws.com", "edgelambda.amazonaws.com"]},
        }
    ]
}
FUNCTION = {
    "Type": "AWS::Lambda::Function",
    "Properties": {
        "Runtime": "python3.13",
        "Handler": "index.handler",
        "Role": {"Fn::GetAtt": ["Role", "Arn"]},
        "Code": {"ZipFile": "def handler(event, context): ..."},
    },
}


def version(function: str) -> dict[str, Any]:
    # As SAM's AutoPublishAlias has it.
    return {
        "Type": "AWS::Lambda::Version",
        "DeletionPolicy": "Retain",
        "Properties": {"FunctionName": {"Ref": function}},
    }


def behavior(**functions: str) -> dict[str, Any]:
    associations = [
        {"EventType": event_type.replace("_", "-"), "LambdaFunctionARN": {"Ref": name}}
        for event_type, name in functions.items()
    ]
    return {
        "TargetOriginId": "site",
        "ViewerProtocolPolicy": "https-only",
        "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
        "LambdaFunctionAssociations": associations,
    }


TEMPLATE = {
    "Resources": {
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST}},
        "AuthorizerFunction": FUNCTION,
        "AuthorizerVersion": version("AuthorizerFunction"),
        "SignerFunction": FUNCTION,
        "SignerVersion": version("SignerFunction"),
        "GateFunction": FUNCTION,
        "GateVersion": version("GateFunction"),
        "BooksFunction": FUNCTION,
        "BlogRewrite": {
            "Type": "AWS::CloudFront::Function",
            "Properties": {
                "Name": {"Fn::Sub": "${AWS::StackName}-rewrite"},
                "AutoPublish": True,
                "FunctionConfig": {"Comment": "", "Runtime": "cloudfront-js-2.0"},
                "FunctionCode": "function handler(event) { return event.request; }",
            },
        },
        "Pages": {"Type": "AWS::S3::Bucket"},
        "Users": {
            "Type": "AWS::DynamoDB::Table",
            "DeletionPolicy": "Retain",
            "Properties": {
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": "username", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "username", "KeyType": "HASH"}],
            },
        },
        "Distribution": {
            "Type": "AWS::CloudFront::Distribution",
            "Properties": {
                "DistributionConfig": {
                    "Comment": "",
                    "Enabled": True,
                    "Origins": [
                        {
                            "Id": "site",
                            "DomainName": {"Fn::GetAtt": ["Pages", "RegionalDomainName"]},
                            "S3OriginConfig": {"OriginAccessIdentity": ""},
                        }
                    ],
                    "DefaultCacheBehavior": behavior(viewer_request="AuthorizerVersion"),
                    "CacheBehaviors": [
                        {
                            "PathPattern": "/api/*",
                            **behavior(viewer_request="AuthorizerVersion", origin_request="SignerVersion"),
                        }
                    ],
                }
            },
        },
    },
    "Outputs": {
        "Url": {"Value": {"Fn::Sub": "https://${Distribution.DomainName}"}},
        "SiteBucketName": {"Value": {"Ref": "Pages"}},
        "UsersTableName": {"Value": {"Ref": "Users"}},
        "ContentIdentityId": {"Value": "E2QWRUHAPOMQZL"},
        "RouterRoleArn": {"Value": {"Fn::GetAtt": ["Role", "Arn"]}},
        "AuthorizerFunctionVersion": {"Value": {"Ref": "AuthorizerVersion"}},
        "AuthorizerFunctionAssociation": {"Value": '{"EventType": "viewer-request"}'},
        "GateFunctionVersion": {"Value": {"Ref": "GateVersion"}},
        "GateFunctionAssociation": {
            "Value": json.dumps(
                {
                    "EventType": "viewer-request",
                    "NotAttachable": "It sends browsers back to the stack's own distribution. Add a behavior there.",
                }
            )
        },
        "SignerFunctionVersion": {"Value": {"Ref": "SignerVersion"}},
        "SignerFunctionAssociation": {
            "Value": json.dumps(
                {
                    "EventType": "origin-request",
                    "IncludeBody": True,
                    "OriginCustomHeaders": {"x-signer-strip-prefix": "/api", "x-signer-service": "lambda"},
                }
            )
        },
    },
}


@dataclass(frozen=True)
class Request:
    """A request to the proxy. Header names are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def action(self) -> str:
        """The operation, in the Query protocol."""
        return parse_qs(self.body.decode("latin-1")).get("Action", [""])[0]

    @property
    def region(self) -> str:
        """The Region in the signature."""
        scope = re.search(r"Credential=[^/]+/\d+/([^/]+)/", self.headers.get("authorization", ""))
        return scope[1] if scope else ""


class Proxy:
    """A proxy for ministack, on a port of 127.0.0.1.

    Each function in `instead` may answer a request with status, headers and body (None: it does not). Each in `after`
    may change the body of an answer.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self.instead: list[Callable[[Request], tuple[int, Mapping[str, str], bytes] | None]] = []
        self.after: list[Callable[[Request, str], str]] = []
        self._target = endpoint.url.removeprefix("http://")
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _serve(self) -> None:
                proxy._serve(self)

            do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _serve  # noqa: N815 - http.server's names

            def log_message(self, *_: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        request = Request(handler.command, handler.path, headers, body)
        answers = (instead(request) for instead in self.instead)
        status, headers, body = next(filter(None, answers), None) or self._forward(request)
        handler.send_response(status)
        for name, value in headers.items():
            if name.lower() not in ("content-length", "transfer-encoding", "connection", "date", "server"):
                handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        if request.method != "HEAD":
            handler.wfile.write(body)

    def _forward(self, request: Request) -> tuple[int, Mapping[str, str], bytes]:
        connection = http.client.HTTPConnection(self._target)
        connection.request(request.method, request.path, request.body, dict(request.headers))
        response = connection.getresponse()
        body = response.read()
        connection.close()
        if self.after:
            text = body.decode()
            for after in self.after:
                text = after(request, text)
            body = text.encode()
        return response.status, dict(response.getheaders()), body


@pytest.fixture(scope="session")
def endpoint() -> Iterator[Endpoint]:
    with asyncio.Runner() as runner:
        running = ministack.running()
        aws = runner.run(running.__aenter__())
        yield aws.endpoint
        runner.run(running.__aexit__(None, None, None))


@pytest.fixture
def proxy(endpoint) -> Iterator[Proxy]:
    proxy = Proxy(endpoint)
    yield proxy
    proxy.close()


class Aws:
    """The stack, deployed in us-east-1."""

    def __init__(self, endpoint: Endpoint, name: str) -> None:
        self.client = endpoint.client
        self.name = name
        self.cloudformation = self.client("cloudformation")
        self.cloudfront = self.client("cloudfront")
        created = self.cloudformation.create_stack(
            StackName=name, TemplateBody=json.dumps(TEMPLATE), Capabilities=["CAPABILITY_IAM"]
        )
        self.id = created["StackId"]
        self.cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 0})
        (stack,) = self.cloudformation.describe_stacks(StackName=name)["Stacks"]
        self.outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
        resources = self.cloudformation.list_stack_resources(StackName=name)["StackResourceSummaries"]
        self.physical_ids = {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in resources}

    @property
    def distribution(self) -> str:
        return self.physical_ids["Distribution"]

    def status(self) -> str:
        return str(self.cloudformation.describe_stacks(StackName=self.id)["Stacks"][0]["StackStatus"])

    def functions(self) -> set[str]:
        """The logical ids of the stack's functions that still exist."""
        there = {function["FunctionName"] for function in self.client("lambda").list_functions()["Functions"]}
        return {name for name, physical_id in self.physical_ids.items() if physical_id in there}


NUMBERS = itertools.count(1)


@pytest.fixture
def aws(endpoint, proxy, monkeypatch, tmp_path) -> Aws:
    """A new stack for the test. The environment is set up for its AWS, through the proxy."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in endpoint.environment().items():
        if name.startswith("AWS_"):
            monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.url)
    monkeypatch.chdir(tmp_path)
    found = Aws(endpoint, f"shop{next(NUMBERS)}")
    settings = (
        f'[default.global.parameters]\nstack_name = "{found.name}"\n[prod.deploy.parameters]\nstack_name = "prod"\n'
    )
    (tmp_path / "samconfig.toml").write_text(settings)
    return found


class Result(NamedTuple):
    status: int
    stdout: str
    stderr: str


@pytest.fixture
def stack(aws, monkeypatch, capsys) -> Callable[..., Result]:  # noqa: ARG001 - they find it by the shell's variables
    """Runs `python -m stack ...`, with `stdin` from a pipe."""

    def run(*arguments: str, stdin: str = "") -> Result:
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        status = main(list(arguments))
        return Result(status, *capsys.readouterr())

    return run
