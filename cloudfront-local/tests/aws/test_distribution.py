"""A distribution is read from the embedded AWS as it was deployed."""

import re
import uuid
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from multidict import CIMultiDict

from cloudfront_local.aws import distribution
from cloudfront_local.aws.configuration import ConfigurationError
from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.distribution.behaviors import CacheBehavior, FunctionAssociation
from cloudfront_local.distribution.config import DistributionConfig
from cloudfront_local.distribution.cors import Cors
from cloudfront_local.distribution.error_responses import ErrorResponse
from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.distribution.origin import AccessControl, CustomOrigin, S3Origin
from cloudfront_local.distribution.origin_groups import OriginGroup
from cloudfront_local.distribution.policies import CachePolicy, OriginRequestPolicy, Selection
from cloudfront_local.distribution.response_headers_policy import AddedHeader, ResponseHeadersPolicy
from cloudfront_local.distribution.signatures.keys import TrustedKeys
from cloudfront_local.distribution.viewer_headers.added import selected
from cloudfront_local.distribution.viewer_headers.values import USUAL_NAMES
from cloudfront_local.rules import facts

OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
AMPLIFY = "2e54312d-136d-493c-8eb9-b001f22f67d2"
ALL_VIEWER_AND_CLOUDFRONT_HEADERS = "33f36d7e-f396-46d9-90e0-52428a34d9dc"
ALL_VIEWER_EXCEPT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:authorizer:3"
ALL_METHODS = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]


def items(*values: Any) -> dict[str, Any]:
    return {"Quantity": len(values), "Items": list(values)}


S3_ORIGIN = {
    "Id": "site",
    "DomainName": "site.s3.eu-west-1.amazonaws.com",
    "S3OriginConfig": {"OriginAccessIdentity": ""},
}
BEHAVIOR = {"TargetOriginId": "site", "ViewerProtocolPolicy": "redirect-to-https", "CachePolicyId": OPTIMIZED}


def read(aws: Endpoint, **parts: Any) -> DistributionConfig:
    """Creates a distribution with these parts of its configuration, and reads it."""
    client = aws.client("cloudfront")
    made = client.create_distribution(
        DistributionConfig={
            "CallerReference": uuid.uuid4().hex,
            "Comment": "",
            "Enabled": True,
            "Origins": items(S3_ORIGIN),
            "DefaultCacheBehavior": BEHAVIOR,
            **parts,
        }
    )
    return distribution.read(client, made["Distribution"]["Id"])


def access_control(aws: Endpoint, origin_type: str) -> str:
    made = aws.client("cloudfront").create_origin_access_control(
        OriginAccessControlConfig={
            "Name": uuid.uuid4().hex,
            "SigningProtocol": "sigv4",
            "SigningBehavior": "no-override",
            "OriginAccessControlOriginType": origin_type,
        }
    )
    return made["OriginAccessControl"]["Id"]


def test_defaults(aws: Endpoint) -> None:
    """Parts that the configuration leaves out have CloudFront's defaults."""
    found = read(aws)
    assert found == DistributionConfig(
        id=found.id,
        arn=f"arn:aws:cloudfront::123456789012:distribution/{found.id}",
        domain_name=found.domain_name,
        default_root_object="",
        behaviors=(
            CacheBehavior(
                "*",
                "site",
                CachePolicy(1, 86400, 31536000, gzip=True, brotli=True),
                viewer_protocol_policy="redirect-to-https",
            ),
        ),
        origins={"site": S3Origin(domain_name="site.s3.eu-west-1.amazonaws.com", region="eu-west-1")},
        not_emulated=(),
    )
    assert found.domain_name.endswith(".cloudfront.net")


def test_configured_parts(aws: Endpoint) -> None:
    """Behaviors keep their order, and functions, methods, policies and origins are read as configured."""
    found = read(
        aws,
        DefaultRootObject="index.html",
        Aliases=items("www.example.org", "*.example.org"),
        Origins=items(
            {
                **S3_ORIGIN,
                "OriginPath": "/v2",
                "OriginAccessControlId": access_control(aws, "s3"),
                "ConnectionAttempts": 2,
                "ConnectionTimeout": 4,
                "CustomHeaders": items({"HeaderName": "X-Table", "HeaderValue": "users"}),
            },
            {
                "Id": "old",
                "DomainName": "old.s3.amazonaws.com",
                "S3OriginConfig": {"OriginAccessIdentity": "origin-access-identity/cloudfront/E2QWRUHEXAMPLE"},
            },
            {
                "Id": "api",
                "DomainName": "api.example.org",
                "CustomOriginConfig": {
                    "HTTPPort": 8080,
                    "HTTPSPort": 8443,
                    "OriginProtocolPolicy": "https-only",
                    "OriginSslProtocols": items("TLSv1.1", "TLSv1.2"),
                    "OriginReadTimeout": 20,
                    "OriginKeepaliveTimeout": 7,
                },
            },
            {
                "Id": "plain",
                "DomainName": "plain.example.org",
                "CustomOriginConfig": {"HTTPPort": 8080, "HTTPSPort": 443, "OriginProtocolPolicy": "http-only"},
            },
            {
                "Id": "either",
                "DomainName": "either.example.org",
                "CustomOriginConfig": {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "match-viewer"},
            },
        ),
        DefaultCacheBehavior={
            **BEHAVIOR,
            "LambdaFunctionAssociations": items({"LambdaFunctionARN": FUNCTION, "EventType": "viewer-request"}),
        },
        CacheBehaviors=items(
            {
                **BEHAVIOR,
                "PathPattern": "/api/*",
                "TargetOriginId": "api",
                "CachePolicyId": DISABLED,
                "OriginRequestPolicyId": ALL_VIEWER_EXCEPT_HOST,
                "Compress": True,
                "AllowedMethods": {**items(*ALL_METHODS), "CachedMethods": items("GET", "HEAD", "OPTIONS")},
                "LambdaFunctionAssociations": items(
                    {"LambdaFunctionARN": FUNCTION, "EventType": "origin-request", "IncludeBody": True},
                    {"LambdaFunctionARN": FUNCTION, "EventType": "viewer-response"},
                ),
            },
            {**BEHAVIOR, "PathPattern": "/a?c", "ViewerProtocolPolicy": "https-only"},
        ),
    )
    redirected = "redirect-to-https"
    optimized = CachePolicy(1, 86400, 31536000, gzip=True, brotli=True)
    assert found.default_root_object == "index.html"
    assert found.aliases == ("www.example.org", "*.example.org")
    assert found.behaviors == (
        CacheBehavior(
            path_pattern="/api/*",
            origin_id="api",
            cache_policy=CachePolicy(0, 0, 0),
            origin_request_policy=OriginRequestPolicy(
                Selection("allExcept", frozenset({"host"})), Selection("all"), Selection("all")
            ),
            allowed_methods=frozenset(ALL_METHODS),
            cached_methods=frozenset({"GET", "HEAD", "OPTIONS"}),
            compress=True,
            functions={
                "origin-request": FunctionAssociation(FUNCTION, include_body=True),
                "viewer-response": FunctionAssociation(FUNCTION),
            },
            viewer_protocol_policy=redirected,
        ),
        CacheBehavior("/a?c", "site", optimized, viewer_protocol_policy="https-only"),
        CacheBehavior(
            "*",
            "site",
            optimized,
            functions={"viewer-request": FunctionAssociation(FUNCTION)},
            viewer_protocol_policy=redirected,
        ),
    )
    assert found.origins == {
        "site": S3Origin(
            domain_name="site.s3.eu-west-1.amazonaws.com",
            region="eu-west-1",
            path="/v2",
            custom_headers=(("X-Table", "users"),),
            access_control=AccessControl("s3", "no-override"),
            connection_attempts=2,
            connection_timeout=4,
        ),
        "old": S3Origin(
            domain_name="old.s3.amazonaws.com",
            region="us-east-1",
            access_identity="E2QWRUHEXAMPLE",
            canonical_user="a5ea9b1367b52a342f1bef53f997cbbd7031ff2a7f4e99c76159bcf7c6c85b9e",
        ),
        "api": CustomOrigin(
            domain_name="api.example.org",
            protocol="https",
            port=8443,
            read_timeout=20,
            keepalive_timeout=7,
            ssl_protocols=("TLSv1.1", "TLSv1.2"),
        ),
        "plain": CustomOrigin(domain_name="plain.example.org", protocol="http", port=8080),
        "either": CustomOrigin(domain_name="either.example.org", protocol="https", port=443, viewers_http_port=80),
    }


def test_managed_policies(aws: Endpoint) -> None:
    """The managed cache policies have the settings that the Developer Guide gives."""
    client = aws.client("cloudfront")
    overriding = frozenset({"host", "origin", "x-http-method-override", "x-http-method", "x-method-override"})
    named, everything = Selection("whitelist", overriding), Selection("all")
    expected = {
        OPTIMIZED: CachePolicy(1, 86400, 31536000, gzip=True, brotli=True),
        "b2884449-e4de-46a7-ac36-70bc7f1ddd6d": CachePolicy(1, 86400, 31536000),
        DISABLED: CachePolicy(0, 0, 0),
        "83da9c7e-98b4-4e11-a168-04f0df8e2c65": CachePolicy(0, 0, 31536000, True, True, named, everything),
        "4cc15a8a-d715-48a4-82b8-cc0b614638fe": CachePolicy(0, 0, 31536000, True, True, named, everything, everything),
    }
    for policy_id, policy in expected.items():
        stored = client.get_cache_policy(Id=policy_id)["CachePolicy"]["CachePolicyConfig"]
        assert distribution.policies.cache_policy(stored) == policy


def test_legacy_settings(aws: Endpoint) -> None:
    """A behavior with ForwardedValues has policies that do the same; a warning names it."""
    legacy = {
        "TargetOriginId": "site",
        "ViewerProtocolPolicy": "allow-all",
        "Compress": True,
        "MinTTL": 0,
        "DefaultTTL": 60,
        "MaxTTL": 600,
        "ForwardedValues": {
            "QueryString": True,
            "QueryStringCacheKeys": items("page"),
            "Headers": items("Origin"),
            "Cookies": {"Forward": "whitelist", "WhitelistedNames": items("session-*")},
        },
    }
    found = read(aws, CacheBehaviors=items({**legacy, "PathPattern": "/old/*"}))
    assert found.behaviors[0] == CacheBehavior(
        "/old/*",
        "site",
        CachePolicy(
            0,
            60,
            600,
            gzip=True,
            headers=Selection("whitelist", frozenset({"origin"})),
            cookies=Selection("wildcards", frozenset({"session-*"})),
            query_strings=Selection("whitelist", frozenset({"page"})),
        ),
        OriginRequestPolicy(query_strings=Selection("all")),
        compress=True,
    )
    (warning,) = found.warnings
    assert warning.startswith("Legacy ForwardedValues in the behaviors /old/*: they work here and on AWS, but")


NOTHING = {"QueryString": False, "Cookies": {"Forward": "none"}}


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"CachePolicyId": OPTIMIZED}, "ForwardedValues cannot be used with a CachePolicyId"),
        ({"ForwardedValues": {**NOTHING, "Headers": items("Host")}}, "Headers may not have host for an S3"),
    ],
)
def test_wrong_legacy_settings(aws: Endpoint, changes: dict[str, Any], wrong: str) -> None:
    """Legacy settings that AWS refuses are refused, with the behavior's path."""
    legacy = {
        "TargetOriginId": "site",
        "ViewerProtocolPolicy": "allow-all",
        "MinTTL": 0,
        "ForwardedValues": NOTHING,
    }
    with pytest.raises(ConfigurationError, match=rf"The behavior /old/\*: {wrong}"):
        read(aws, CacheBehaviors=items({**legacy, **changes, "PathPattern": "/old/*"}))


def test_unknown_policy(aws: Endpoint) -> None:
    """A policy that AWS does not know is refused with its id."""
    unknown = str(uuid.uuid4())
    with pytest.raises(ConfigurationError, match=f"The distribution names {unknown}, and .* cannot read it: .*NoSuch"):
        read(aws, DefaultCacheBehavior={**BEHAVIOR, "CachePolicyId": unknown})


def test_origin_group(aws: Endpoint) -> None:
    """A behavior may name an origin group: two origins and the statuses that make CloudFront ask the second."""
    group = {
        "Id": "both",
        "FailoverCriteria": {"StatusCodes": items(500, 404)},
        "Members": items({"OriginId": "second"}, {"OriginId": "site"}),
        "SelectionCriteria": "media-quality-based",
    }
    second = {**S3_ORIGIN, "Id": "second", "DomainName": "second.s3.us-east-1.amazonaws.com"}
    found = read(
        aws,
        Origins=items(S3_ORIGIN, second),
        OriginGroups=items(group),
        DefaultCacheBehavior={**BEHAVIOR, "TargetOriginId": "both"},
    )
    assert found.origin_groups == {"both": OriginGroup("second", "site", frozenset({404, 500}))}
    assert (list(found.origins), found.behaviors[-1].origin_id) == (["site", "second"], "both")
    assert found.not_emulated == (
        "origin group both: SelectionCriteria: the primary origin is asked first, as by default",
    )


SECURITY = {
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "X-XSS-Protection": "1; mode=block",
}
ANY_ORIGIN = {"Access-Control-Allow-Origin": "*"}
EXPOSED = {**ANY_ORIGIN, "Access-Control-Expose-Headers": "*"}
PREFLIGHT = {**EXPOSED, "Access-Control-Allow-Methods": "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"}


@pytest.mark.parametrize(
    ("policy_id", "without_origin", "simple", "preflight"),
    [
        ("60669652-455b-4ae9-85a4-c4c02393f86c", {}, ANY_ORIGIN, ANY_ORIGIN),
        ("5cc3b908-e619-4b99-88e5-2cf7f45965bd", {}, EXPOSED, PREFLIGHT),
        ("67f7725c-6f97-4210-82d7-5512b31e9d03", SECURITY, SECURITY, SECURITY),
        (
            "e61eb60c-9c35-4d20-a928-2b84e02af89c",
            SECURITY,
            {**ANY_ORIGIN, **SECURITY},
            {**ANY_ORIGIN, **SECURITY},
        ),
        (
            "eaab4381-ed33-4a86-88ca-d9558dc6cd63",
            SECURITY,
            {**EXPOSED, **SECURITY},
            {**PREFLIGHT, **SECURITY},
        ),
    ],
    ids=["SimpleCORS", "CORS-With-Preflight", "Security", "CORS-and-Security", "CORS-with-preflight-and-Security"],
)
def test_managed_response_headers_policies(
    aws: Endpoint, policy_id: str, without_origin: dict[str, str], simple: dict[str, str], preflight: dict[str, str]
) -> None:
    """Each managed policy adds the guide's headers. Only X-Content-Type-Options replaces the origin's header."""
    found = read(aws, DefaultCacheBehavior={**BEHAVIOR, "ResponseHeadersPolicyId": policy_id})
    policy = found.behaviors[-1].response_headers_policy
    assert policy is not None

    def headers(method: str, origin: dict[str, str], own: dict[str, str] | None = None) -> dict[str, str]:
        asked = Request(method, "/", headers=CIMultiDict(origin))
        return dict(policy.applied(Response(200, CIMultiDict(own or {})), asked).headers)

    cross = {"Origin": "https://www.example.org"}
    assert headers("GET", {}) == without_origin
    assert headers("GET", cross) == simple
    assert headers("OPTIONS", {**cross, "Access-Control-Request-Method": "PUT"}) == preflight
    own = dict.fromkeys(simple, "own")
    overriding = {"X-Content-Type-Options": "nosniff"} if "X-Content-Type-Options" in simple else {}
    assert headers("GET", cross, own) == own | overriding
    assert found.not_emulated == ()


def test_every_managed_policy_is_known(aws: Endpoint) -> None:
    """The embedded AWS knows every managed policy of the guide."""
    client = aws.client("cloudfront")
    listed = {
        item["CachePolicy"]["Id"] for item in client.list_cache_policies(Type="managed")["CachePolicyList"]["Items"]
    } | {
        item["OriginRequestPolicy"]["Id"]
        for item in client.list_origin_request_policies(Type="managed")["OriginRequestPolicyList"]["Items"]
    }
    assert listed >= facts.MANAGED_CACHE_POLICY_HEADERS.keys() | facts.MANAGED_ORIGIN_REQUEST_POLICY_HEADERS.keys()


def test_custom_response_headers_policy(aws: Endpoint) -> None:
    """A custom policy is read whole. One that names a header that may not be removed is refused by name."""

    def made(removed: str) -> dict[str, Any]:
        config = {
            "Name": uuid.uuid4().hex,
            "CorsConfig": {
                "AccessControlAllowOrigins": items("https://*.example.org"),
                "AccessControlAllowHeaders": items("x-amz-*"),
                "AccessControlAllowMethods": items("GET", "PUT"),
                "AccessControlAllowCredentials": True,
                "AccessControlExposeHeaders": items("ETag"),
                "AccessControlMaxAgeSec": 60,
                "OriginOverride": True,
            },
            "CustomHeadersConfig": items({"Header": "X-Empty", "Value": "", "Override": True}),
            "RemoveHeadersConfig": items({"Header": removed}),
            "ServerTimingHeadersConfig": {"Enabled": True, "SamplingRate": 12.5},
        }
        created = aws.client("cloudfront").create_response_headers_policy(ResponseHeadersPolicyConfig=config)
        return {**BEHAVIOR, "ResponseHeadersPolicyId": created["ResponseHeadersPolicy"]["Id"]}

    assert read(aws, DefaultCacheBehavior=made("X-Cache")).behaviors[-1].response_headers_policy == (
        ResponseHeadersPolicy(
            removed=frozenset({"x-cache"}),
            cors=Cors(
                origins=re.compile(r"https://[^/:]+\.example\.org", re.IGNORECASE),
                allow_headers=("x-amz-*",),
                allow_methods=("GET", "PUT"),
                allow_credentials=True,
                expose_headers=("ETag",),
                max_age=60,
                override=True,
            ),
            added=(AddedHeader("X-Empty", "", override=True),),
            server_timing=12.5,
        )
    )
    with pytest.raises(ConfigurationError, match=r"policy of the behavior \*: .* does not remove the header via"):
        read(aws, DefaultCacheBehavior=made("Via"))


def test_custom_error_responses(aws: Endpoint) -> None:
    """The custom error responses are read, with and without a page. What CloudFront refuses is refused."""
    page = {"ErrorCode": 403, "ResponsePagePath": "/index.html", "ResponseCode": "200", "ErrorCachingMinTTL": 0}
    function = {"LambdaFunctionARN": FUNCTION, "EventType": "viewer-request"}
    found = read(
        aws,
        CustomErrorResponses=items(page, {"ErrorCode": 500, "ErrorCachingMinTTL": 30}),
        DefaultCacheBehavior={**BEHAVIOR, "LambdaFunctionAssociations": items(function)},
    )
    assert found.error_responses == {403: ErrorResponse(0, "/index.html", 200), 500: ErrorResponse(30)}
    assert found.not_emulated == ()
    (warning,) = found.warnings
    assert warning.startswith("The custom error page for 403, /index.html, is open to all")
    with pytest.raises(ConfigurationError, match="CustomErrorResponses, ErrorCode 401: CloudFront has custom error"):
        read(aws, CustomErrorResponses=items({"ErrorCode": 401, "ErrorCachingMinTTL": 30}))


def test_trusted_keys(aws: Endpoint) -> None:
    """The keys of a behavior's key groups are read. Trusted signers have no keys here; without either, nothing is
    checked. A key that is no key is refused."""
    cloudfront = aws.client("cloudfront")

    def made(pem: str) -> str:
        config = {"CallerReference": uuid.uuid4().hex, "Name": uuid.uuid4().hex, "EncodedKey": pem}
        key = cloudfront.create_public_key(PublicKeyConfig=config)["PublicKey"]["Id"]
        group = {"Name": uuid.uuid4().hex, "Items": [key]}
        return str(cloudfront.create_key_group(KeyGroupConfig=group)["KeyGroup"]["Id"])

    def keys(**trusted: Any) -> TrustedKeys | None:
        return read(aws, DefaultCacheBehavior={**BEHAVIOR, **trusted}).behaviors[-1].trusted_keys

    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    group = made(pem)
    (id_,) = cloudfront.get_key_group(Id=group)["KeyGroup"]["KeyGroupConfig"]["Items"]
    assert keys(TrustedKeyGroups={"Enabled": True, **items(group)}) == TrustedKeys({id_: public})
    assert keys(TrustedSigners={"Enabled": True, **items("self")}) == TrustedKeys()
    assert keys(TrustedKeyGroups={"Enabled": False, "Quantity": 0}) is None
    with pytest.raises(ConfigurationError, match=r"The public key .*: it is no public key in PEM"):
        keys(TrustedKeyGroups={"Enabled": True, **items(made("none"))})


def test_unknown_origin(aws: Endpoint) -> None:
    """A behavior or an origin group that names no origin of the distribution is refused with the name."""
    with pytest.raises(ConfigurationError) as caught:
        read(aws, CacheBehaviors=items({**BEHAVIOR, "PathPattern": "/a", "TargetOriginId": "sight"}))
    assert str(caught.value) == (
        "The behavior /a has the TargetOriginId sight, but the distribution's origins are site. Correct the id."
    )
    group = {"Id": "both", "FailoverCriteria": {"StatusCodes": items(500)}}
    members = items({"OriginId": "gone"}, {"OriginId": "site"})
    with pytest.raises(ConfigurationError, match="The origin group both names gone, which is no origin of the distr"):
        read(aws, OriginGroups=items({**group, "Members": members}))


def test_vpc_origin(aws: Endpoint) -> None:
    """A VPC origin is no bucket: a machine is reached by its name and its endpoint's port: `not_emulated`."""
    machine = aws.client("ec2").run_instances(ImageId="ami-12345678", MinCount=1, MaxCount=1)["Instances"][0]
    made = aws.client("cloudfront").create_vpc_origin(
        VpcOriginEndpointConfig={
            "Name": uuid.uuid4().hex,
            "Arn": f"arn:aws:ec2:us-east-1:123456789012:instance/{machine['InstanceId']}",
            "HTTPPort": 8080,
            "HTTPSPort": 443,
            "OriginProtocolPolicy": "http-only",
        }
    )
    vpc = {"VpcOriginId": made["VpcOrigin"]["Id"], "OriginReadTimeout": 20, "OriginKeepaliveTimeout": 7}
    origin = {"Id": "private", "DomainName": "internal.example.org", "VpcOriginConfig": vpc}
    found = read(aws, Origins=items(S3_ORIGIN, origin))
    assert found.origins["private"] == CustomOrigin(
        domain_name="internal.example.org",
        protocol="http",
        port=8080,
        read_timeout=20,
        keepalive_timeout=7,
        ssl_protocols=("TLSv1", "TLSv1.1", "TLSv1.2"),
        vpc_endpoint=made["VpcOrigin"]["VpcOriginEndpointConfig"]["Arn"],
    )
    assert found.not_emulated == (
        "origin private: VpcOriginConfig: internal.example.org is reached from this machine, outside the VPC",
    )


@pytest.mark.parametrize(
    ("parts", "line"),
    [
        ({"Enabled": False}, "Enabled: the distribution is disabled, but this tool serves it"),
        (
            {"WebACLId": "arn:aws:wafv2:us-east-1:123456789012:global/webacl/a/b"},
            "WebACLId: AWS WAF inspects no request",
        ),
        (
            {"Origins": items({**S3_ORIGIN, "OriginShield": {"Enabled": True, "OriginShieldRegion": "eu-west-1"}})},
            "origin site: OriginShield: there is one cache only",
        ),
    ],
)
def test_not_emulated(aws: Endpoint, parts: dict[str, Any], line: str) -> None:
    """`not_emulated` names each part without effect here: where it is, its name, and the consequence."""
    assert read(aws, **parts).not_emulated == (line,)


@pytest.mark.parametrize(
    ("policies", "names"),
    [
        ({"CachePolicyId": AMPLIFY}, {"cloudfront-viewer-country"}),
        ({"OriginRequestPolicyId": ALL_VIEWER_EXCEPT_HOST}, USUAL_NAMES),
        ({"OriginRequestPolicyId": ALL_VIEWER_AND_CLOUDFRONT_HEADERS}, USUAL_NAMES),
    ],
)
def test_headers_that_cloudfront_adds(aws: Endpoint, policies: dict[str, str], names: set[str]) -> None:
    """A managed policy names the headers about viewers that CloudFront adds."""
    (behavior,) = read(aws, DefaultCacheBehavior={**BEHAVIOR, **policies}).behaviors
    assert selected(behavior) == names


def test_headers_that_no_cache_policy_may_name(aws: Endpoint) -> None:
    """A cache policy with a header that only origin request policies may name is refused, with the way out."""
    parameters = {
        "EnableAcceptEncodingGzip": False,
        "HeadersConfig": {"HeaderBehavior": "whitelist", "Headers": items("CloudFront-Viewer-Address", "Accept")},
        "CookiesConfig": {"CookieBehavior": "none"},
        "QueryStringsConfig": {"QueryStringBehavior": "none"},
    }
    config = {"Name": "address", "MinTTL": 1, "ParametersInCacheKeyAndForwardedToOrigin": parameters}
    policy = aws.client("cloudfront").create_cache_policy(CachePolicyConfig=config)["CachePolicy"]["Id"]
    with pytest.raises(ConfigurationError) as refused:
        read(aws, DefaultCacheBehavior={**BEHAVIOR, "CachePolicyId": policy})
    assert str(refused.value) == (
        "The behavior *: its cache policy: Headers may not have cloudfront-viewer-address. "
        "Name them in an origin request policy instead."
    )


def test_unused_parts_are_not_named(aws: Endpoint) -> None:
    """Parts that are switched off are not named."""
    found = read(
        aws,
        Logging={"Enabled": False, "IncludeCookies": False, "Bucket": "", "Prefix": ""},
        Restrictions={"GeoRestriction": {"RestrictionType": "none", "Quantity": 0}},
        CustomErrorResponses={"Quantity": 0},
        WebACLId="",
        DefaultCacheBehavior={
            **BEHAVIOR,
            "TrustedSigners": {"Enabled": False, "Quantity": 0},
            "FieldLevelEncryptionId": "",
            "SmoothStreaming": False,
        },
    )
    assert found.not_emulated == ()
