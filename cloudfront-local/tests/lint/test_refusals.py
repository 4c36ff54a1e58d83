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
CERTIFICATE = {"AcmCertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/a1b2"}
IF = {"Fn::If": ["Prod", "other", "site"]}
COOKIES = {"CookiesConfig": {"CookieBehavior": "all"}}
ENCODING = {"HeaderBehavior": "whitelist", "Headers": ["accept-encoding"]}
NOWHERE = {"Ref": "AWS::NoValue"}


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
            "InvalidOriginKeepaliveTimeout: D's origin site has 0 s. CloudFront takes 1 to 120.",
        ),
        (
            {"OriginGroups": {"Items": [{"Id": "g", "Members": {"Items": [{"OriginId": "site"}]}}]}},
            "InvalidArgument: a group of D has 1 members, not two.",
        ),
        (
            {"OriginGroups": {"Items": [{"Id": "g", "Members": {"Items": [{"OriginId": "site"}, {"OriginId": "x"}]}}]}},
            "NoSuchOrigin: D has no origin x. Its origins are site",
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
                "ViewerCertificate": {"AcmCertificateArn": "arn:aws:acm:eu-west-1:123456789012:certificate/a1b2"},
            },
            "InvalidViewerCertificate: the certificate of D is in eu-west-1.",
        ),
        (
            {"Aliases": ["https://a.org"], "ViewerCertificate": CERTIFICATE},
            "InvalidArgument: the alias 'https://a.org' is",
        ),
        (
            {"Restrictions": {"GeoRestriction": {"RestrictionType": "blacklist"}}},
            "InvalidGeoRestrictionParameter: the blacklist of D has no Locations.",
        ),
    ],
)
def test_refused(messages, config: Any, error: str) -> None:
    """The message begins with the API's error. Nothing else is found."""
    (message,) = messages({"D": distribution(**config)})
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
            "TooManyHeadersInOriginRequestPolicy: P names 11 headers. The quota is 10.",
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


CONDITIONS = {"Prod": {"Fn::Equals": [{"Ref": "AWS::AccountId"}, "1"]}}


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
            "ViewerCertificate": {"AcmCertificateArn": {"Ref": "Certificate"}},
        },
        {"Aliases": [], "Comment": "", "DefaultRootObject": ""},
        {"CustomErrorResponses": [{"ErrorCode": 403, "ErrorCachingMinTTL": 0}]},
        {"Restrictions": {"GeoRestriction": {"RestrictionType": "none"}}},
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
