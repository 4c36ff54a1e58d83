"""A stack with several distributions: each on a port of its own, found by its Host on every port."""

import json
import re
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from cloudfront_local.testing.workplace import Workplace

FUNCTION = """
  %(name)sFunction:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      AutoPublishAlias: live
      AutoPublishAliasAllProperties: true
      Role: !GetAtt Role.Arn
      InlineCode: "def handler(event, context): return {'status': '200', 'body': '%(name)s'}"
  %(name)s:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Aliases: [%(alias)s]
        ViewerCertificate: { AcmCertificateArn: !Ref Certificate, SslSupportMethod: sni-only }
        Origins: [{ Id: o, DomainName: example.org, CustomOriginConfig: { OriginProtocolPolicy: https-only } }]
        DefaultCacheBehavior:
          TargetOriginId: o
          ViewerProtocolPolicy: allow-all
          CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6
          LambdaFunctionAssociations:
            - { EventType: origin-request, LambdaFunctionARN: !Ref %(name)sFunction.Version }
"""
TEMPLATE = (
    """
Transform: AWS::Serverless-2016-10-31
Parameters:
  Certificate:
    Type: String
    Default: arn:aws:acm:us-east-1:123456789012:certificate/a1b2c3d4-5678-90ab-cdef-000000000002
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Action: sts:AssumeRole
            Principal: { Service: [lambda.amazonaws.com, edgelambda.amazonaws.com] }
"""
    + FUNCTION % {"name": "Shop", "alias": '"*.example.org"'}
    + FUNCTION % {"name": "Blog", "alias": "blog.example.org"}
)
COMMAND = (sys.executable, "-m", "cloudfront_local")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Workplace]:
    place = Workplace(tmp_path)
    (place.folder / "template.yaml").write_text(TEMPLATE)
    yield place
    place.end()


def body(url: str, host: str = "") -> str:
    request = urllib.request.Request(url, headers={"Host": host} if host else {})  # noqa: S310 - the address is http
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        return str(answer.read().decode())


def test_each_is_served(place: Workplace) -> None:
    """Each distribution has an address of its own; a Host picks the distribution on every address."""
    process = place.start(*COMMAND)
    place.await_ready(process)
    urls = dict(reversed(found) for found in re.findall(r"(http://\S+)/ +the distribution (\w+)", place.output))
    assert {name: body(url) for name, url in urls.items()} == {"Shop": "Shop", "Blog": "Blog"}
    hosts = {"blog.example.org": "Blog", "shop.example.org": "Shop", "a.example.org:80": "Shop"}
    for url in urls.values():
        assert {host: body(url, host) for host in hosts} == hosts
    assert re.search(r"the distribution Blog \(\w+, blog\.example\.org\)", place.output)
    # Each has a cache of its own.
    gone = place.run(*COMMAND, "invalidate", "/*", "--distribution", "Blog")
    assert gone.returncode == 0, gone.stderr
    place.await_output(process, "1 cached objects are removed.")
    unknown = place.run(*COMMAND, "invalidate", "/*", "--distribution", "News")
    assert (unknown.returncode, unknown.stderr) == (1, "News is not served. Served are: Shop, Blog.\n")
    described = json.loads((place.folder / ".aws-sam/local/running.json").read_text())
    assert list(described["distributions"]) == ["Shop", "Blog"]


def test_one_of_them(place: Workplace) -> None:
    """`--distribution` serves one alone. A name that is none is one line, with the names."""
    stack = place.await_ready(place.start(*COMMAND, "--distribution", "Blog"))
    assert body(stack.url) == "Blog"
    assert len(re.findall("/ +the distribution ", place.output)) == 1
    place.end()
    unknown = place.run(*COMMAND, "--distribution", "News")
    assert (unknown.returncode, unknown.stderr.splitlines()[-1]) == (
        1,
        "The stack local has no distribution News. Its distributions: Shop, Blog.",
    )
