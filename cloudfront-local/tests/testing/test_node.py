"""Functions in Node.js under a test: the test answers in the place of each host that they call."""

import shutil
from pathlib import Path

import pytest

from cloudfront_local.testing.template_alone.session import template_alone

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Asking:
    Type: AWS::Serverless::Function
    Properties:
      Handler: asking.handler
      Runtime: nodejs22.x
      CodeUri: src/
      AutoPublishAlias: live
      Timeout: 30
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Principal: { Service: [lambda.amazonaws.com, edgelambda.amazonaws.com] }
            Action: sts:AssumeRole
  Distribution:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins:
          - { Id: site, DomainName: site.example.org, CustomOriginConfig: { OriginProtocolPolicy: https-only } }
        DefaultCacheBehavior:
          TargetOriginId: site
          ViewerProtocolPolicy: https-only
          CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad
          LambdaFunctionAssociations: [{ EventType: origin-request, LambdaFunctionARN: !Ref Asking.Version }]
"""
CODE = """
const http = require("node:http");
const https = require("node:https");
const net = require("node:net");
const tls = require("node:tls");

const got = (client, url) => new Promise((resolve, reject) => {
  client.get(url, (answer) => answer.on("data", (data) => resolve(String(data)))).on("error", reject);
});
const spoken = (socket) => new Promise((resolve, reject) => {
  socket.on("error", reject);
  socket.on("data", (data) => resolve(String(data).split("\\r\\n\\r\\n")[1]));
  socket.write("GET /raw HTTP/1.1\\r\\nHost: users.example.net\\r\\nConnection: close\\r\\n\\r\\n");
});

exports.handler = async () => ({
  status: "200",
  body: JSON.stringify([
    await got(https, "https://users.example.net/https"),
    await got(http, "http://users.example.net/http"),
    await got(http, "http://users.example.net:8000/port"),
    await (await fetch("https://users.example.net/fetch")).text(),
    await spoken(net.connect(80, "users.example.net")),
    await spoken(tls.connect({ host: "users.example.net", port: 443, servername: "users.example.net" })),
    await got(https, "https://refused.example.net/").catch((error) => error.code),
    await got(http, "http://127.0.0.1:1/").catch((error) => error.code),
  ]),
});
"""


@pytest.mark.skipif(not shutil.which("node"), reason="there is no Node.js")
def test_hosts_that_a_function_calls(tmp_path: Path) -> None:
    """By http, https, fetch, net and tls. This machine is this machine."""
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "asking.js").write_text(CODE)
    with template_alone(tmp_path / "template.yaml", tmp_path) as session, session.test() as distribution:
        users = distribution.origin("users.example.net")
        for name in ("https", "http", "port", "fetch", "net", "tls"):
            users.reply(200, name)
        distribution.origin("refused.example.net").refuse()
        answer = distribution.get("/")
    assert answer.json == ["https", "http", "port", "fetch", "net", "tls", "ECONNRESET", "ECONNREFUSED"]
    paths = [request.path for request in users.requests]
    assert paths == ["/https", "/http", "/port", "/fetch", "/raw", "/raw"]
