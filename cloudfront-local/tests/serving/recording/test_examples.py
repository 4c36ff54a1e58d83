"""Example values replace a stack's own values, and the stack's own values replace example values."""

import pytest

from cloudfront_local.aws.addresses import localized
from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.distribution.behaviors import CacheBehavior
from cloudfront_local.distribution.config import DistributionConfig
from cloudfront_local.distribution.origin import CustomOrigin, Origin, S3Origin
from cloudfront_local.distribution.policies import CachePolicy
from cloudfront_local.serving.recording.examples import Examples

AWS = Endpoint("http://127.0.0.1:4566")
LOCAL = "http://127.0.0.1:4566/_aws/execute-api"


def examples(**origins: Origin) -> Examples:
    """The example values of a distribution with these origins, served with an embedded AWS."""
    behavior = CacheBehavior("*", "main", cache_policy=CachePolicy(0, 0, 0))
    deployed = DistributionConfig("E2QWRUHAPOMQZL", "arn", "d2x.cloudfront.net", "", (behavior,), origins)
    return Examples.of(deployed, localized(deployed, AWS, lambda _: True))


def bucket(*custom_headers: tuple[str, str]) -> S3Origin:
    return S3Origin(
        domain_name="shop-sitebucket-1a2b.s3.eu-west-1.amazonaws.com", region="eu-west-1", custom_headers=custom_headers
    )


@pytest.mark.parametrize(
    ("real", "example"),
    [
        ("d2x.cloudfront.net", "d111111abcdef8.cloudfront.net"),
        ("E2QWRUHAPOMQZL", "EDFDVBD6EXAMPLE"),
        (
            "https://d2x.cloudfront.net/demo?of=E2QWRUHAPOMQZL",
            "https://d111111abcdef8.cloudfront.net/demo?of=EDFDVBD6EXAMPLE",
        ),
        ("shop-sitebucket-1a2b.s3.eu-west-1.amazonaws.com", "amzn-s3-demo-site.s3.eu-west-1.amazonaws.com"),
        ("q9w8e7.lambda-url.us-east-1.on.aws", "apiexample.lambda-url.us-east-1.on.aws"),
        ("shop-contentbucket.s3.us-east-1.amazonaws.com", "shop-contentbucket.s3.us-east-1.amazonaws.com"),
    ],
)
def test_domain_names_and_ids(real: str, example: str) -> None:
    """Ids and addresses of the distribution and its origins are replaced anywhere in a text; others stay."""
    found = examples(site=bucket(), Api=CustomOrigin(domain_name="q9w8e7.lambda-url.us-east-1.on.aws"))
    assert found.example(real) == example
    assert found.real(example) == real


@pytest.mark.parametrize(
    ("real", "example"),
    [
        ("q9w8e7.execute-api.eu-west-1.amazonaws.com", "mainexample.execute-api.eu-west-1.amazonaws.com"),
        ("Shop-Balan-1A2B-42.eu-west-1.elb.amazonaws.com", "mainexample.eu-west-1.elb.amazonaws.com"),
        ("shop-net-1a2b.elb.eu-west-1.amazonaws.com", "mainexample.elb.eu-west-1.amazonaws.com"),
        ("shop-site-1a2b.s3-website-eu-west-1.amazonaws.com", "amzn-s3-demo-main.s3-website-eu-west-1.amazonaws.com"),
        ("api.example.org", "api.example.org"),
    ],
)
def test_domain_names_of_services(real: str, example: str) -> None:
    """The generated part of the name of an API, a load balancer or a website is replaced, and no name of one's own."""
    found = examples(Main=CustomOrigin(domain_name=real))
    assert (found.example(real), found.real(example)) == (example, real)


@pytest.mark.parametrize(
    ("deployed", "seen", "example"),
    [
        (
            "https://q9w8.execute-api.us-east-1.amazonaws.com/files/",
            f"{LOCAL}/q9w8/$default/files/",
            "https://a1b2c3d4e1.execute-api.us-east-1.amazonaws.com/files/",
        ),
        (
            "https://shop.auth.us-east-1.amazoncognito.com/oauth2/token",
            "http://127.0.0.1:4566/oauth2/token",
            "https://shop.auth.us-east-1.amazoncognito.com/oauth2/token",
        ),
        ("T39ompQSL1vythGdkLpHVvB0wm", "T39ompQSL1vythGdkLpHVvB0wm", "1example23456789"),
        (
            "arn:aws:secretsmanager:us-east-1:123456789012:secret:shop-Secret-2C-c3c296",
            "arn:aws:secretsmanager:us-east-1:123456789012:secret:shop-Secret-2C-c3c296",
            "arn:aws:secretsmanager:us-east-1:123456789012:secret:example1-AbCdEf",
        ),
        ("/api", "/api", "/api"),
    ],
)
def test_custom_headers(deployed: str, seen: str, example: str) -> None:
    """In custom headers, generated ids are replaced, and local addresses by AWS's; the template's own text stays."""
    found = examples(site=bucket(("x-setting", deployed)))
    assert found.example({"x-setting": [{"value": seen}]}) == {"x-setting": [{"value": example}]}
    assert found.real([example, 1, None]) == [seen, 1, None]


def test_each_has_its_own() -> None:
    """Two secrets have two examples; the same secret in two headers has one."""
    first, second = (f"arn:aws:secretsmanager:us-east-1:123456789012:secret:{name}-c3c296" for name in "ab")
    found = examples(site=bucket(("x-1", first), ("x-2", second), ("x-3", first)))
    shown = found.example([first, second])
    assert shown == [f"arn:aws:secretsmanager:us-east-1:123456789012:secret:example{n}-AbCdEf" for n in (1, 2)]
    assert found.real(shown) == [first, second]
