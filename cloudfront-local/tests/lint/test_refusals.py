"""What the CloudFront API refuses, with the API's error, beyond the examples of the rules; and what it does not."""

import json
from typing import Any

import pytest

from cloudfront_local.lint.findings import found_by
from cloudfront_local.lint.template import Template

CUSTOM = {"OriginProtocolPolicy": "https-only"}
SITE = {"Id": "site", "DomainName": "www.example.org", "CustomOriginConfig": CUSTOM}
BUCKET = "b.s3.eu-west-1.amazonaws.com"
BEHAVIOR = {"TargetOriginId": "site", "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6"}
CERTIFICATE = {
    "AcmCertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/a1b2",
    "SslSupportMethod": "sni-only",
}
IF = {"Fn::If": ["Prod", "other", "site"]}
COOKIES = {"CookiesConfig": {"CookieBehavior": "all"}}
ENCODING = {"HeaderBehavior": "whitelist", "Headers": ["accept-encoding"]}
NOWHERE = {"Ref": "AWS::NoValue"}
ALL_BUT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
CSP = {"ContentSecurityPolicy": 1784 * "a"}
SSL3 = {"MinimumProtocolVersion": "SSLv3"}
CONDITIONS = {"Prod": {"Fn::Equals": [{"Ref": "AWS::AccountId"}, "1"]}}


def legacy(**settings: Any) -> dict[str, Any]:
    """A behavior with legacy cache settings; TTLs are the behavior's, all others those of ForwardedValues."""
    ttls = {key: settings.pop(key) for key in ("MinTTL", "MaxTTL") if key in settings}
    forwarded = {"QueryString": False, **settings}
    return {"DefaultCacheBehavior": {"TargetOriginId": "site", "ForwardedValues": forwarded, **ttls}}


def group(statuses: list[int]) -> dict[str, Any]:
    members = {"Quantity": 2, "Items": [{"OriginId": "site"}, {"OriginId": "site"}]}
    return {"Id": "g", "Members": members, "FailoverCriteria": {"StatusCodes": {"Items": statuses}}}


@pytest.fixture
def messages(rules):
    """The messages about a distribution's configuration, or about other resources."""

    def run(resources: dict[str, Any], conditions: Any = None) -> list[str]:
        read = {"Resources": resources, "Conditions": conditions or {}}
        found = found_by(rules.values(), Template(json.loads(json.dumps(read))))
        return [message for _, rule, message in found if rule not in ("I9001", "W9003", "W9004")]

    return run


def distribution(**config: Any) -> dict[str, Any]:
    whole = {"Enabled": True, "Origins": [SITE], "DefaultCacheBehavior": BEHAVIOR, **config}
    return {"Type": "AWS::CloudFront::Distribution", "Properties": {"DistributionConfig": whole}}


def policy(kind: str, **config: Any) -> dict[str, Any]:
    return {"Type": f"AWS::CloudFront::{kind}", "Properties": {f"{kind}Config": config}}


@pytest.mark.parametrize(
    ("config", "error"),
    [
        ({"Origins": [{**SITE, "OriginPath": "v1"}]}, "InvalidRelativePath: the OriginPath of D's origin site is 'v1'"),
        ({"Origins": [{**SITE, "OriginPath": "/v1/"}]}, "InvalidRelativePath: the OriginPath"),
        (
            {"Origins": [{**SITE, "DomainName": "localhost:9000"}]},
            "InvalidArgument: The parameter origin name must be a",
        ),
        ({"Origins": [{**SITE, "CustomOriginConfig": NOWHERE}]}, "InvalidOrigin: D's origin site has none of"),
        (
            {"Origins": [{**SITE, "VpcOriginConfig": {}}]},
            "InvalidOrigin: D's origin site has CustomOriginConfig and Vpc",
        ),
        (
            {
                "Origins": [
                    {
                        "Id": "site",
                        "DomainName": BUCKET,
                        "S3OriginConfig": {"OriginAccessIdentity": "origin-access-identity/cloudfront/E1"},
                        "OriginAccessControlId": "E2",
                    }
                ]
            },
            "IllegalOriginAccessConfiguration: D's origin site has an origin access control and",
        ),
        (
            {"Origins": [{"Id": "site", "DomainName": "a.org", "S3OriginConfig": {}}]},
            "InvalidArgument: The parameter Or",
        ),
        (
            {"Origins": [{**SITE, "CustomOriginConfig": {**CUSTOM, "OriginKeepaliveTimeout": 0}}]},
            "InvalidOriginKeepaliveTimeout: the OriginKeepaliveTimeout of D is 0. CloudFront takes 1 to 300.",
        ),
        (
            {"OriginGroups": {"Items": [{"Id": "g", "Members": {"Items": [{"OriginId": "site"}]}}]}},
            "InvalidArgument: a group of D has 1 members, not two.",
        ),
        (
            {"OriginGroups": {"Items": [{"Id": "g", "Members": {"Items": [{"OriginId": "site"}, {"OriginId": "x"}]}}]}},
            "NoSuchOrigin: D has no origin x. Its origins are site: name one of them.",
        ),
        (
            {"DefaultCacheBehavior": {**BEHAVIOR, "CachedMethods": ["GET", "HEAD", "POST"]}},
            "InvalidArgument: CachedMethods",
        ),
        (
            {"DefaultCacheBehavior": {**BEHAVIOR, "ForwardedValues": {}}},
            "InvalidArgument: The parameter ForwardedValues",
        ),
        (
            {"Aliases": [f"a{n}.example.org" for n in range(101)], "ViewerCertificate": CERTIFICATE},
            "TooManyDistributionCN",
        ),
        ({"Origins": [{**SITE, "Id": str(n)} for n in range(100)] + [SITE]}, "TooManyOrigins: D has 101 Origins."),
        (
            {"CacheBehaviors": [{**BEHAVIOR, "PathPattern": f"/{n}"} for n in range(76)]},
            "TooManyCacheBehaviors: D has 76 CacheBehaviors. The quota is 75.",
        ),
        (
            {"CustomErrorResponses": [{"ErrorCode": 404, "ResponseCode": 200}]},
            "IllegalUpdate: ResponsePagePath is missing",
        ),
        (
            {"CustomErrorResponses": [{"ErrorCode": 404, "ResponsePagePath": "/a"}]},
            "IllegalUpdate: ResponseCode is missing",
        ),
        (
            {"CustomErrorResponses": [{"ErrorCode": 404, "ResponseCode": 418, "ResponsePagePath": "/a"}]},
            "InvalidResponseCode: 418 is neither 200 nor one of 400",
        ),
        (
            {"CustomErrorResponses": [{"ErrorCode": 404, "ResponseCode": 200, "ResponsePagePath": "a"}]},
            "InvalidArgument: the ResponsePagePath 'a' must begin with a slash.",
        ),
        (
            {
                "Aliases": ["www.example.org"],
                "ViewerCertificate": {
                    **CERTIFICATE,
                    "AcmCertificateArn": "arn:aws:acm:eu-west-1:123456789012:certificate/a1b2",
                },
            },
            "InvalidViewerCertificate: the certificate of D is in eu-west-1.",
        ),
        (
            {"Aliases": ["https://a.org"], "ViewerCertificate": CERTIFICATE},
            "InvalidArgument: the alias 'https://a.org' is",
        ),
        (
            {"DefaultCacheBehavior": {**BEHAVIOR, "CachePolicyId": "67f7725c-6f97-4210-82d7-5512b31e9d03"}},
            "NoSuchCachePolicy: the CachePolicyId of D's DefaultCacheBehavior is 67f7725c-6f97-4210-82d7-5512b31e9d03, "
            "the id of a managed ResponseHeadersPolicy. Name a CachePolicy by its id.",
        ),
        (
            {"DefaultCacheBehavior": {**BEHAVIOR, "ResponseHeadersPolicyId": "SimpleCORS"}},
            "NoSuchResponseHeadersPolicy: the ResponseHeadersPolicyId of D's DefaultCacheBehavior is 'SimpleCORS'",
        ),
        (
            {"DefaultCacheBehavior": {"TargetOriginId": "site"}},
            "InvalidArgument: The parameter ForwardedValues is requ",
        ),
        (
            {"DefaultCacheBehavior": {"TargetOriginId": "site", "OriginRequestPolicyId": ALL_BUT_HOST}},
            "InvalidArgument: D's DefaultCacheBehavior has an origin request policy without a cache policy.",
        ),
        (
            legacy(Headers=["*"], MinTTL=1),
            "InvalidArgument: D's DefaultCacheBehavior forwards all headers and has a Mi",
        ),
        (legacy(Headers=["Upgrade"]), "InvalidArgument: D's DefaultCacheBehavior forwards Upgrade"),
        (
            legacy(Headers=[f"X-{n}" for n in range(11)]),
            "TooManyHeadersInForwardedValues: D's DefaultCacheBehavior has 11",
        ),
        (
            legacy(QueryStringCacheKeys=["q"]),
            "InvalidArgument: The parameter QueryString cannot be false if query strings",
        ),
        (
            legacy(MinTTL=60, MaxTTL=5),
            "InvalidTTLOrder: D's DefaultCacheBehavior has a MinTTL of 60 s and a MaxTTL of 5",
        ),
        (
            {"Origins": [{**SITE, "ConnectionAttempts": 4}]},
            "InvalidArgument: the ConnectionAttempts of D is 4. CloudFront takes 1 to 3.",
        ),
        (
            {"Origins": [{**SITE, "CustomOriginConfig": {"OriginProtocolPolicy": "https"}}]},
            "InvalidArgument: the OriginProtocolPolicy of D is 'https'. CloudFront takes http-only, https-only",
        ),
        (
            {"Origins": [{**SITE, "OriginPath": "/" + 255 * "a"}]},
            "InvalidRelativePath: the OriginPath of D has 256 char",
        ),
        ({"DefaultRootObject": 256 * "a"}, "InvalidDefaultRootObject: the DefaultRootObject of D has 256 characters."),
        (
            {
                "DefaultCacheBehavior": {
                    **BEHAVIOR,
                    "TrustedKeyGroups": [f"a1b2c3d4-0000-4000-8000-00000000000{n}" for n in range(5)],
                }
            },
            "TooManyKeyGroupsAssociatedToDistribution: D has 5 TrustedKeyGroups. The quota is 4.",
        ),
        (
            {"ViewerCertificate": {"IamCertificateId": "ABC", "SslSupportMethod": "sni-only", **SSL3}},
            "InvalidProtocolSettings: D has SSLv3 with sni-only.",
        ),
        (
            {"ViewerCertificate": {**CERTIFICATE, "CloudFrontDefaultCertificate": True}},
            "InvalidViewerCertificate: D has AcmCertificateArn and CloudFrontDefaultCertificate. Keep one of them.",
        ),
        (
            {"Origins": [{"Id": "site", "DomainName": BUCKET, "S3OriginConfig": {"OriginAccessIdentity": "E1"}}]},
            "InvalidOriginAccessIdentity: the OriginAccessIdentity of D's origin site does not begin with origin",
        ),
        (
            {"DefaultCacheBehavior": {**BEHAVIOR, "FunctionAssociations": [{"FunctionARN": "arn"}]}},
            "InvalidFunctionAssociation: D's DefaultCacheBehavior has a CloudFront Function without an EventType.",
        ),
        (
            {"DefaultRootObject": "index page.html"},
            "InvalidDefaultRootObject, perhaps: the DefaultRootObject of D has ' '",
        ),
        (
            {"OriginGroups": {"Items": [group([])]}},
            "InvalidArgument: a group of D has no status that fails over. Name one.",
        ),
        (
            {"OriginGroups": {"Items": [group([500])], "Quantity": 2}},
            "InconsistentQuantities: a Quantity in OriginGroups of D is 2, and the Items are 1.",
        ),
        (
            {"Origins": [{**SITE, "Id": IF}], "DefaultCacheBehavior": BEHAVIOR},
            "NoSuchOrigin: D has no origin site under some conditions: name one of them.",
        ),
        (
            {"Restrictions": {"GeoRestriction": {"RestrictionType": "blacklist"}}},
            "InvalidGeoRestrictionParameter: the blacklist of D has no Locations.",
        ),
    ],
)
def test_refused(messages, config: Any, error: str) -> None:
    """The message begins with the API's error. Nothing else is found."""
    (message,) = messages({"D": distribution(**config)}, CONDITIONS)
    assert message.startswith(error)


@pytest.mark.parametrize(
    ("resource", "error"),
    [
        (
            policy(
                "CachePolicy",
                MaxTTL=0,
                ParametersInCacheKeyAndForwardedToOrigin={"CookiesConfig": {"CookieBehavior": "all"}},
            ),
            "InvalidArgument: The parameter CookieBehavior is invalid for policy with caching disabled.",
        ),
        (policy("CachePolicy", MinTTL=10, DefaultTTL=10, MaxTTL=5), "InvalidTTLOrder: P has a DefaultTTL of 10 s"),
        (
            policy(
                "OriginRequestPolicy",
                HeadersConfig={"HeaderBehavior": "whitelist", "Headers": [f"X-{n}" for n in range(11)]},
            ),
            "TooManyHeadersInOriginRequestPolicy: P has 11 Headers. The quota is 10.",
        ),
        (
            policy("OriginRequestPolicy", HeadersConfig={"HeaderBehavior": "all"}),
            "InvalidArgument: the HeaderBehavior of P",
        ),
        (
            policy(
                "OriginRequestPolicy", HeadersConfig={"HeaderBehavior": "whitelist", "Headers": ["accept-encoding"]}
            ),
            "P sends Accept-Encoding to the origin",
        ),
        (
            policy("OriginRequestPolicy", CookiesConfig={"CookieBehavior": "some"}),
            "InvalidArgument: the CookieBehavior of P is 'some'. CloudFront takes none, whitelist, allExcept, all.",
        ),
        (
            policy(
                "OriginRequestPolicy", QueryStringsConfig={"QueryStrings": [300 * "a", 300 * "b", 300 * "c", 125 * "d"]}
            ),
            "InvalidArgument: the QueryStrings of P have 1025 characters together. CloudFront takes 1024.",
        ),
        (
            policy(
                "ResponseHeadersPolicy", CorsConfig={"AccessControlAllowOrigins": {"Items": ["https://*.a.org", "a.*"]}}
            ),
            "InvalidArgument: P allows the origin 'a.*'.",
        ),
        (
            policy("ResponseHeadersPolicy", CustomHeadersConfig={"Items": [{"Header": f"X-{n}"} for n in range(11)]}),
            "TooManyCustomHeadersInResponseHeadersPolicy: P has 11 Items of CustomHeadersConfig. The quota is 10.",
        ),
        (
            policy("ResponseHeadersPolicy", SecurityHeadersConfig={"ContentSecurityPolicy": CSP}),
            "TooLongCSPInResponseHeadersPolicy: the ContentSecurityPolicy of P has 1784 characters.",
        ),
        (
            policy("ResponseHeadersPolicy", ServerTimingHeadersConfig={"SamplingRate": 101}),
            "InvalidArgument: the SamplingRate of P is 101. CloudFront takes 0 to 100.",
        ),
        (
            policy("ResponseHeadersPolicy", CorsConfig={"AccessControlAllowHeaders": {"Items": []}}),
            "InvalidArgument: P allows no header.",
        ),
        (
            policy(
                "ResponseHeadersPolicy",
                SecurityHeadersConfig={"XSSProtection": {"ModeBlock": True, "ReportUri": "https://a.org"}},
            ),
            "InvalidArgument: the XSSProtection of P has ModeBlock and ReportUri. Keep one.",
        ),
    ],
)
def test_refused_policies(messages, resource: Any, error: str) -> None:
    found = messages({"P": resource})
    assert found[0].startswith(error)
    assert len({message.partition(":")[0] for message in found}) == 1


@pytest.mark.parametrize(
    "config",
    [
        {"DefaultCacheBehavior": {**BEHAVIOR, "TargetOriginId": {"Ref": "Id"}}},
        {"Origins": [{**SITE, "Id": {"Ref": "Id"}}], "DefaultCacheBehavior": {**BEHAVIOR, "TargetOriginId": "x"}},
        {"Origins": [{**SITE, "DomainName": {"Fn::GetAtt": ["Bucket", "RegionalDomainName"]}}]},
        {"Origins": [{**SITE, "DomainName": {"Fn::ImportValue": "name"}}]},
        {"Origins": [{"Id": "site", "DomainName": BUCKET, "S3OriginConfig": {}, "OriginAccessControlId": "E2"}]},
        {
            "Origins": [
                {
                    "Id": "site",
                    "DomainName": "b.s3.amazonaws.com",
                    "S3OriginConfig": {"OriginAccessIdentity": ""},
                    "OriginAccessControlId": {"Fn::GetAtt": ["Control", "Id"]},
                }
            ]
        },
        {"Origins": [{**SITE, "Id": IF}], "DefaultCacheBehavior": {**BEHAVIOR, "TargetOriginId": IF}},
        {"Aliases": {"Fn::If": ["Prod", ["www.example.org"], NOWHERE]}, "ViewerCertificate": CERTIFICATE},
        {
            "Aliases": ["*.example.org", "example.org"],
            "ViewerCertificate": {**CERTIFICATE, "AcmCertificateArn": {"Ref": "Certificate"}},
        },
        {"Aliases": [], "Comment": "", "DefaultRootObject": ""},
        {"CustomErrorResponses": [{"ErrorCode": 403, "ErrorCachingMinTTL": 0}]},
        {"Restrictions": {"GeoRestriction": {"RestrictionType": "none"}}},
        {"DefaultCacheBehavior": {**BEHAVIOR, "CachePolicyId": {"Ref": "Policy"}}},
        {"DefaultCacheBehavior": {**BEHAVIOR, "CachePolicyId": {"Fn::GetAtt": ["Stack", "Outputs.Policy"]}}},
        {"DefaultCacheBehavior": {**BEHAVIOR, "CachePolicyId": "00000000-0000-4000-8000-000000000000"}},
        legacy(Headers=["*"], MinTTL=0),
        legacy(Headers=["Origin"], QueryString=True, QueryStringCacheKeys=["q"], MinTTL=1, MaxTTL=1),
        {"Origins": [{**SITE, "Id": IF}, {**SITE, "Id": {"Fn::If": ["Prod", "site", "other"]}}]},
        {"Origins": [SITE, *({"Fn::If": ["Prod", {**SITE, "Id": f"{n}"}, NOWHERE]} for n in range(99))]},
        {"OriginGroups": {"Items": [{"Fn::If": ["Prod", group([500]), NOWHERE]}], "Quantity": 0}},
        {"ViewerCertificate": {"Fn::If": ["Prod", CERTIFICATE, {"CloudFrontDefaultCertificate": True}]}},
        {
            "ViewerCertificate": {
                "AcmCertificateArn": {"Fn::If": ["Prod", CERTIFICATE["AcmCertificateArn"], NOWHERE]},
                "CloudFrontDefaultCertificate": {"Fn::If": ["Prod", NOWHERE, True]},
                "SslSupportMethod": {"Fn::If": ["Prod", "sni-only", NOWHERE]},
            }
        },
        {
            "Origins": [
                {
                    "Id": "site",
                    "DomainName": BUCKET,
                    "S3OriginConfig": {"OriginAccessIdentity": {"Fn::Sub": "origin-access-identity/cloudfront/${I}"}},
                }
            ]
        },
        {"DefaultCacheBehavior": {**BEHAVIOR, "AllowedMethods": {"Ref": "Methods"}}},
        {"DefaultCacheBehavior": {**BEHAVIOR, "AllowedMethods": ["HEAD", "GET"], "CachedMethods": ["GET", "HEAD"]}},
    ],
)
def test_taken(messages, config: Any) -> None:
    """What CloudFront takes, and what only the deployment knows, is accused of nothing."""
    assert messages({"D": distribution(**config)}, CONDITIONS) == []


def test_alias_of_two_under_conditions(messages) -> None:
    """An alias that moves with a condition from one distribution to another is no alias of both."""
    mine = {"Fn::If": ["Prod", ["www.example.org"], ["a.example.org"]]}
    theirs = {"Fn::If": ["Prod", ["b.example.org"], ["www.example.org"]]}
    found = messages(
        {
            "D": distribution(Aliases=mine, ViewerCertificate=CERTIFICATE),
            "E": distribution(Aliases=theirs, ViewerCertificate=CERTIFICATE),
        },
        CONDITIONS,
    )
    assert found == []


@pytest.mark.parametrize(
    ("other", "setting", "error"),
    [
        ("OriginRequestPolicy", "CachePolicyId", "NoSuchCachePolicy"),
        ("CachePolicy", "OriginRequestPolicyId", "NoSuchOriginRequestPolicy"),
        ("PublicKey", "TrustedKeyGroups", "TrustedKeyGroupDoesNotExist"),
    ],
)
def test_another_kind_of_resource(messages, other: str, setting: str, error: str) -> None:
    """A reference to a resource of another kind is refused."""
    named: Any = {"Ref": "P"} if setting.endswith("Id") else [{"Ref": "P"}]
    found = messages({"P": policy(other), "D": distribution(DefaultCacheBehavior={**BEHAVIOR, setting: named})})
    assert [message.partition(":")[0] for message in found] == [error]


@pytest.mark.parametrize(
    ("kind", "domain", "refused"),
    [
        ("s3", BUCKET, False),
        ("s3", {"Fn::GetAtt": ["Bucket", "RegionalDomainName"]}, False),
        ("s3", {"Ref": "Domain"}, False),
        ("s3", "b.s3-website-eu-west-1.amazonaws.com", True),
        ("s3", "a1.lambda-url.eu-west-1.on.aws", True),
        ("lambda", "a1.lambda-url.eu-west-1.on.aws", False),
        ("lambda", "www.example.org", True),
        ("mediapackagev2", "a1.egress.b2.mediapackagev2.eu-west-1.amazonaws.com", False),
    ],
)
def test_access_control(messages, kind: str, domain: Any, refused: bool) -> None:
    """An origin access control is for the domains of its type."""
    control = policy("OriginAccessControl", OriginAccessControlOriginType=kind)
    origin = {**SITE, "DomainName": domain, "OriginAccessControlId": {"Fn::GetAtt": ["C", "Id"]}}
    found = messages({"C": control, "D": distribution(Origins=[origin])})
    assert [message.partition(":")[0] for message in found] == refused * ["InvalidDomainNameForOriginAccessControl"]


def test_functions_of_a_distribution(messages) -> None:
    """A distribution has at most 100 Lambda@Edge functions."""
    arn = "arn:aws:lambda:us-east-1:123456789012:function:f{}:1"
    behaviors = [
        {
            **BEHAVIOR,
            "PathPattern": f"/{n}",
            "LambdaFunctionAssociations": [
                {"EventType": event, "LambdaFunctionARN": arn.format(f"{n}{event}")}
                for event in ("viewer-request", "origin-request")
            ],
        }
        for n in range(51)
    ]
    (message,) = messages({"D": distribution(CacheBehaviors=behaviors)})
    assert message.startswith("TooManyLambdaFunctionAssociations: D has 102 Lambda@Edge functions.")
    assert messages({"D": distribution(CacheBehaviors=behaviors[1:])}) == []


def test_media_quality(messages) -> None:
    """An origin group that chooses by media quality has no functions at origin events."""
    arn = "arn:aws:lambda:us-east-1:123456789012:function:f:1"
    chosen = {**group([500]), "SelectionCriteria": "media-quality-based"}

    def found(event: str) -> list[str]:
        functions = [{"EventType": event, "LambdaFunctionARN": arn}]
        behavior = {**BEHAVIOR, "TargetOriginId": "g", "LambdaFunctionAssociations": functions}
        return messages({"D": distribution(DefaultCacheBehavior=behavior, OriginGroups={"Items": [chosen]})})

    assert found("viewer-request") == []
    (message,) = found("origin-request")
    assert "does not run on its origin group, which chooses by media quality" in message
