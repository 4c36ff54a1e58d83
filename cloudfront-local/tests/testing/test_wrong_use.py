"""Wrong uses of a distribution in a test: each is an error that says what to write, and none passes in silence."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cloudfront_local.testing.template_alone.session import TemplateDistribution, template_alone

TEMPLATE = """
Resources:
  Distribution:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins:
          - { Id: site, DomainName: site.example.org, CustomOriginConfig: { OriginProtocolPolicy: https-only } }
          - { Id: api, DomainName: api.example.org, CustomOriginConfig: { OriginProtocolPolicy: https-only } }
        DefaultCacheBehavior:
          TargetOriginId: site
          ViewerProtocolPolicy: https-only
          CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad
"""


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    folder: Path = tmp_path_factory.mktemp("template")
    (folder / "template.yaml").write_text(TEMPLATE)
    with template_alone(folder / "template.yaml", folder) as session:
        yield session


@pytest.mark.parametrize(
    ("use", "sentence"),
    [
        (lambda at: at.origin("sitee"), r"'sitee' is neither the Id of an origin \(site, api\) nor the name of a host"),
        (lambda at: at.origin("https://site.example.org"), "nor the name of a host"),
        (lambda at: at.get("page"), "'page' does not begin with /"),
        (lambda at: at.get("https://example.org/x"), "`host` apart"),
        (lambda at: at.get("/", scheme="ftp"), "'ftp' is no scheme of a viewer. Give http or https."),
        (lambda at: at.get("/", user="demo"), "`user` has a name and a password"),
        (lambda at: at.get("/", device="toaster"), "'toaster' is not a device"),
        (lambda at: at.get("/", country="Kiwi"), "Kiwi"),
        (lambda at: at.origin("site").reply(9999), "9999 is no status of an answer"),
        (lambda at: at.origin("site").reply("200"), "'200' is no status of an answer"),
        (lambda at: at.origin("site").reply(200, None), "A body of type NoneType cannot be sent"),
        (lambda at: at.origin("site").reply(200, headers={"X-A": "b\r\nX-C: d"}), "such as a line break"),
        (lambda at: at.origin("site").reply(200, headers={"X A": "b"}), "The header 'X A'"),
        (lambda at: at.clock.advance(-5), "Time does not go back by 5 s"),
    ],
)
def test_wrong_use(session: Any, use: Callable[[TemplateDistribution], object], sentence: str) -> None:
    with session.test() as distribution, pytest.raises(ValueError, match=sentence):
        use(distribution)


def test_right_use(session: Any) -> None:
    """Hosts with several names, and those of an origin in any spelling, are hosts."""
    with session.test() as distribution:
        for host in ("site", "site.example.org", "localhost", "cognito-idp.us-east-1.amazonaws.com", "b_1.s3.aws"):
            distribution.origin(host).reply(204, headers={"X-Any": "\ttext, \u00e9"})
        assert distribution.get("/", device="tablet,ios").status == 204
