"""A template with edge functions in Node.js is deployed and served."""

import json
import shutil
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from cloudfront_local.lambda_edge import interpreter
from cloudfront_local.testing.workplace import Workplace

LOCAL = (sys.executable, "-m", "cloudfront_local")
TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Timeout: 5
    AutoPublishAlias: live
    AssumeRolePolicyDocument:
      Statement:
        Effect: Allow
        Action: sts:AssumeRole
        Principal: { Service: [lambda.amazonaws.com, edgelambda.amazonaws.com] }
Resources:
  Rewrite:
    Type: AWS::Serverless::Function
    Properties: { Runtime: nodejs12.x, Handler: index.handler, CodeUri: rewrite/ }
  Stamp:
    Type: AWS::Serverless::Function
    Properties: { Runtime: nodejs22.x, Handler: src/stamp.handler, CodeUri: stamp/, Architectures: [arm64] }
  Count:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      InlineCode: |
        exports.handler = async (event) => {
          const { response } = event.Records[0].cf;
          response.headers["x-inline"] = [{ value: process.env.AWS_REGION }];
          return response;
        };
  Distribution:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins:
          - Id: site
            DomainName: localhost
            CustomOriginConfig: { OriginProtocolPolicy: http-only, HTTPPort: %d }
        DefaultCacheBehavior:
          TargetOriginId: site
          ViewerProtocolPolicy: allow-all
          CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad
          LambdaFunctionAssociations:
            - { EventType: viewer-request, LambdaFunctionARN: !Ref Rewrite.Version }
            - { EventType: origin-response, LambdaFunctionARN: !Ref Stamp.Version }
            - { EventType: viewer-response, LambdaFunctionARN: !Ref Count.Version }
"""
# A callback handler in CommonJS, and an async one in an ES module with a package.
REWRITE = """
const { index } = require("./lib/index");
exports.handler = (event, context, callback) => {
    const { request } = event.Records[0].cf;
    console.log("asked for", request.uri);
    request.uri = index(request.uri);
    callback(null, request);
};
"""
STAMP = """
import { stamp } from "stamps";
export const handler = async (event) => {
    const { response } = event.Records[0].cf;
    response.headers["x-stamp"] = [{ key: "X-Stamp", value: stamp }];
    return response;
};
"""
FILES = {
    "rewrite/index.js": REWRITE,
    "rewrite/lib/index.js": 'exports.index = (uri) => uri.replace(/\\/$/, "/index.html");\n',
    "stamp/package.json": json.dumps(
        {"name": "stamp", "version": "1.0.0", "type": "module", "dependencies": {"stamps": "file:./stamps"}}
    ),
    "stamp/src/stamp.js": STAMP,
    "stamp/stamps/package.json": '{ "name": "stamps", "version": "1.0.0", "main": "index.js" }',
    "stamp/stamps/index.js": 'exports.stamp = "node";\n',
}

has_node = shutil.which("npm") and interpreter.find("nodejs22.x")
pytestmark = pytest.mark.skipif(not has_node, reason="this machine has no `node` and `npm`")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Workplace]:
    project = Workplace(tmp_path)
    for name, text in FILES.items():
        path = project.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    yield project
    project.end()


def test_node(project, misbehaving_server):
    """Functions with callbacks and async ones, in CommonJS, ES modules and inline, at three events; edits, records."""
    misbehaving_server.reply(200, b"home")
    (project.folder / "template.yaml").write_text(TEMPLATE % misbehaving_server.port)
    process = project.start(*LOCAL, "--record", "recorded")
    url = project.await_ready(process).url

    with urllib.request.urlopen(url, timeout=30) as response:  # noqa: S310 - a URL of this machine
        seen = response.status, response.read(), response.headers["X-Stamp"], response.headers["X-Inline"]
    assert seen == (200, b"home", "node", "us-east-1")
    assert [request.target for request in misbehaving_server.requests] == ["/index.html"]
    recorded = project.folder / "recorded"
    assert json.loads((recorded / "Rewrite" / "request-1.result.json").read_text())["uri"] == "/index.html"

    lib = project.folder / "rewrite" / "lib" / "index.js"
    lib.write_text("exports.index = (uri) => {\n  return uri.path.name;\n};\n")
    with pytest.raises(urllib.error.HTTPError, match="503"):
        urllib.request.urlopen(url, timeout=30)  # noqa: S310

    process.terminate()
    assert process.wait(30) == 0
    version = interpreter.node()[0]
    for line in (
        "E9009: Stamp (at origin-response of Distribution's DefaultCacheBehavior) is for arm64.",
        f"Edge functions run on Node.js {version} here, and on nodejs12.x, nodejs22.x on AWS.",
        ": asked for /\n",
        "error: TypeError: Cannot read properties of undefined (reading 'name')\n",
        "        at exports.index (rewrite/lib/index.js:2:19)\n        at exports.handler (rewrite/index.js:6:19)\n",
    ):
        assert line in project.output
    assert project.leftovers() == []
