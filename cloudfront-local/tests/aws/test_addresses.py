"""AWS addresses in origin custom headers are replaced by addresses of the embedded AWS."""

import pytest

from cloudfront_local.aws.addresses import default_stages, localized
from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.distribution.behaviors import CacheBehavior
from cloudfront_local.distribution.config import DistributionConfig
from cloudfront_local.distribution.origin import CustomOrigin, Origin, S3Origin
from cloudfront_local.distribution.policies import CachePolicy

AWS = Endpoint("http://127.0.0.1:4566")
LOOKUP = "https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com"
LOCAL = "http://127.0.0.1:4566/_aws/execute-api/a1b2c3d4e5"
TOKENS = "https://files-123456789012.auth.us-east-1.amazoncognito.com"


def distribution(**origins: Origin) -> DistributionConfig:
    behavior = CacheBehavior("*", "main", cache_policy=CachePolicy(0, 0, 0))
    arn = "arn:aws:cloudfront::123456789012:distribution/EDFDVBD6EXAMPLE"
    return DistributionConfig("EDFDVBD6EXAMPLE", arn, "d111111abcdef8.cloudfront.net", "", (behavior,), origins)


@pytest.mark.parametrize(
    ("value", "has_default_stage", "expected"),
    [
        (f"{LOOKUP}/files/", True, f"{LOCAL}/$default/files/"),
        (f"{LOOKUP}/prod/files/", False, f"{LOCAL}/prod/files/"),
        (LOOKUP, True, f"{LOCAL}/$default/"),
        (LOOKUP, False, f"{LOCAL}/"),
        (f"{LOOKUP}/files/?a=b", True, f"{LOCAL}/$default/files/?a=b"),
        (f"{TOKENS}/oauth2/token", True, "http://127.0.0.1:4566/oauth2/token"),
        (TOKENS, True, "http://127.0.0.1:4566/"),
    ],
)
def test_address(value: str, has_default_stage: bool, expected: str) -> None:
    """Addresses of an API and of a token endpoint lead to the embedded AWS; there, the stage $default is named."""
    asked = []

    def stages(api: str) -> bool:
        asked.append(api)
        return has_default_stage

    given = distribution(
        main=S3Origin(domain_name="b.s3.amazonaws.com", region="us-east-1", custom_headers=(("X", value),))
    )
    assert localized(given, AWS, stages).origins["main"].custom_headers == (("X", expected),)
    assert asked == (["a1b2c3d4e5"] if value.startswith(LOOKUP) else [])


@pytest.mark.parametrize(
    "value",
    [
        "",
        "/api",
        "files/read",
        "https://example.org/execute-api",
        "http://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/files/",
        f"see {LOOKUP}/files/",
        f"{LOOKUP}.example.org/files/",
        f"{TOKENS}.example.org/oauth2/token",
        "https://abc.lambda-url.us-east-1.on.aws/",
        "arn:aws:secretsmanager:us-east-1:123456789012:secret:router-a1b2c3",
    ],
)
def test_other_values(value: str) -> None:
    """Other values stay unchanged."""
    given = distribution(main=CustomOrigin(domain_name="example.org", custom_headers=(("X", value),)))
    assert localized(given, AWS, lambda _: True) == given


def test_distribution() -> None:
    """Values of every origin's custom headers are replaced; their names and order and the rest stay unchanged."""
    router = S3Origin(
        domain_name="b.s3.amazonaws.com",
        region="us-east-1",
        access_identity="E2QWRUHEXAMPLE",
        custom_headers=(("X-Token-Url", f"{TOKENS}/oauth2/token"), ("X-Scope", "files/read")),
    )
    other = CustomOrigin(domain_name=LOOKUP.removeprefix("https://"), custom_headers=(("X-Api", f"{LOOKUP}/v1"),))
    expected = distribution(
        router=S3Origin(
            domain_name="b.s3.amazonaws.com",
            region="us-east-1",
            access_identity="E2QWRUHEXAMPLE",
            custom_headers=(("X-Token-Url", "http://127.0.0.1:4566/oauth2/token"), ("X-Scope", "files/read")),
        ),
        other=CustomOrigin(domain_name=other.domain_name, custom_headers=(("X-Api", f"{LOCAL}/v1"),)),
    )
    assert localized(distribution(router=router, other=other), AWS, lambda _: False) == expected


def test_default_stages(endpoint: Endpoint) -> None:
    """An HTTP API has the stage $default or not; other APIs do not have it."""
    client = endpoint.client("apigatewayv2")
    plain, staged = (client.create_api(Name=name, ProtocolType="HTTP")["ApiId"] for name in ("plain", "staged"))
    client.create_stage(ApiId=plain, StageName="$default")
    client.create_stage(ApiId=staged, StageName="prod")
    has_default_stage = default_stages(endpoint)
    assert [has_default_stage(api) for api in (plain, staged, "a1b2c3d4e5")] == [True, False, False]
