"""Policies allow and deny requests as IAM evaluates them."""

from typing import Any

import pytest

from cloudfront_local.iam.policies import Access, Principal, denial

DISTRIBUTION = "arn:aws:cloudfront::123456789012:distribution/EDFDVBD6EXAMPLE"
OTHER = "arn:aws:cloudfront::123456789012:distribution/EOTHER"
CLOUDFRONT = Principal("Service", "cloudfront.amazonaws.com")
IDENTITY = Principal("AWS", "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E2QWRUHEXAMPLE")
CONTEXT = {
    "aws:securetransport": "true",
    "aws:sourcearn": DISTRIBUTION,
    "aws:sourceaccount": "123456789012",
}
ALLOW: dict[str, Any] = {
    "Sid": "ThisDistribution",
    "Effect": "Allow",
    "Principal": {"Service": "cloudfront.amazonaws.com"},
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::site/*",
}
DENY = {**ALLOW, "Sid": "Not", "Effect": "Deny", "Principal": "*"}
DENIED = "statement Not denies the request"
FROM_HERE = {"StringEquals": {"AWS:SourceArn": DISTRIBUTION}}


def access(**parts: Any) -> Access:
    return Access(
        **{
            "principal": CLOUDFRONT,
            "action": "s3:GetObject",
            "resource": "arn:aws:s3:::site/index.html",
            "context": CONTEXT,
            **parts,
        }
    )


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


@pytest.mark.parametrize(
    "statement",
    [
        ALLOW,
        {**ALLOW, "Condition": FROM_HERE},
        {**ALLOW, "Principal": {"Service": ["logs.amazonaws.com", "cloudfront.amazonaws.com"]}},
        {**ALLOW, "Principal": "*"},
        {**ALLOW, "Principal": {"AWS": "*"}},
        {**ALLOW, "Principal": {"AWS": ["arn:aws:iam::123456789012:root", "*"]}},
        {**ALLOW, "Action": ["s3:PutObject", "s3:getobject"]},
        {**ALLOW, "Action": "s3:Get*"},
        {**ALLOW, "Action": "*"},
        {**ALLOW, "Resource": ["arn:aws:s3:::site", "arn:aws:s3:::site/*"]},
        {**ALLOW, "Resource": "arn:aws:s3:::site/index.????"},
        {**ALLOW, "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:cloudfront::123456789012:distribution/*"}}},
        {**ALLOW, "Condition": {"StringEquals": {"AWS:SourceAccount": ["999999999999", "123456789012"]}}},
        {**ALLOW, "Condition": {"StringLike": {"aws:SourceArn": "*EDFDVBD6EXAMPLE"}}},
        {**ALLOW, "Condition": {"StringEqualsIgnoreCase": {"aws:SourceArn": DISTRIBUTION.upper()}}},
        {**ALLOW, "Condition": {"StringNotEquals": {"aws:SourceArn": OTHER}}},
        {**ALLOW, "Condition": {"ArnNotLike": {"aws:SourceArn": [OTHER, OTHER + "*"]}}},
        {**ALLOW, "Condition": {"Bool": {"aws:SecureTransport": True}}},
        {**ALLOW, "Condition": {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}},
        {**ALLOW, "Condition": {"Null": {"aws:SourceArn": "false", "aws:SourceVpc": "true"}}},
        {**ALLOW, "Condition": {**FROM_HERE, "Bool": {"aws:SecureTransport": "true"}}},
    ],
)
def test_admits(statement: dict[str, Any]) -> None:
    """One statement that allows is enough."""
    assert denial([policy(statement)], access()) is None
    assert denial([{"Statement": statement}], access()) is None


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ({**ALLOW, "Principal": {"Service": "logs.amazonaws.com"}}, "no statement allows"),
        ({**ALLOW, "Principal": {"AWS": "cloudfront.amazonaws.com"}}, "no statement allows"),
        ({**ALLOW, "Principal": {"CanonicalUser": "79a59df900b949e5"}}, "no statement allows"),
        ({**ALLOW, "Action": "s3:PutObject"}, "no statement allows"),
        ({**ALLOW, "Action": "s3:ListBucket"}, "no statement allows"),
        ({**ALLOW, "NotAction": "s3:Get*", "Action": None}, "no statement allows"),
        ({**ALLOW, "Resource": "arn:aws:s3:::site"}, "no statement allows"),
        ({**ALLOW, "Resource": "arn:aws:s3:::other/*"}, "no statement allows"),
        ({**ALLOW, "Resource": "arn:aws:s3:::site/[a-z]*"}, "no statement allows"),
        ({**ALLOW, "NotResource": "arn:aws:s3:::site/*"}, "no statement allows"),
        ({**ALLOW, "NotPrincipal": {"Service": "cloudfront.amazonaws.com"}}, "no statement allows"),
        (
            {**ALLOW, "Condition": {"StringEquals": {"AWS:SourceArn": OTHER}}},
            "statement ThisDistribution does not apply, because its condition StringEquals AWS:SourceArn "
            f"{OTHER} is not met: AWS:SourceArn is {DISTRIBUTION}",
        ),
        (
            {**ALLOW, "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}},
            "statement ThisDistribution does not apply, because its condition StringEquals aws:PrincipalOrgID "
            "o-1 is not met: aws:PrincipalOrgID is absent",
        ),
        ({**ALLOW, "Condition": {"StringEquals": {"aws:SourceArn": [OTHER, OTHER + "2"]}}}, "statement ThisDist"),
        ({**ALLOW, "Condition": {"StringNotEquals": {"aws:SourceArn": [OTHER, DISTRIBUTION]}}}, "statement ThisDist"),
        ({**ALLOW, "Condition": {"Bool": {"aws:SecureTransport": False}}}, "statement ThisDistribution"),
        ({**ALLOW, "Condition": {"Null": {"aws:SourceArn": "true"}}}, "statement ThisDistribution"),
        ({**ALLOW, "Condition": {**FROM_HERE, "Bool": {"aws:SecureTransport": "false"}}}, "statement ThisDist"),
        (
            {**ALLOW, "Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}},
            "statement ThisDistribution does not apply, because its condition IpAddress is not emulated",
        ),
    ],
)
def test_refuses(statement: dict[str, Any], reason: str) -> None:
    """A request that no statement allows is denied; the reason names the request or the condition that is not met."""
    assert str(denial([policy(statement)], access())).startswith(reason)


@pytest.mark.parametrize(
    ("deny", "reason"),
    [
        (DENY, DENIED),
        ({**DENY, "Sid": ""}, "statement without a Sid denies the request"),
        ({**DENY, "Principal": {"Service": "cloudfront.amazonaws.com"}}, DENIED),
        ({**DENY, "NotAction": "s3:PutObject", "Action": None}, DENIED),
        ({k: v for k, v in DENY.items() if k != "Principal"} | {"NotPrincipal": {"AWS": "x"}}, DENIED),
        ({**DENY, "Condition": {"StringNotEquals": {"aws:SourceArn": OTHER}}}, DENIED),
        ({**DENY, "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}}, DENIED),
        ({**DENY, "Condition": {"StringNotLikeIfExists": {"aws:SourceVpc": "vpc-1"}}}, DENIED),
        ({**DENY, "Condition": {"StringLikeIfExists": {"aws:SourceArn": OTHER}}}, None),
        ({**DENY, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}, None),
        ({**DENY, "Principal": {"AWS": "arn:aws:iam::123456789012:root"}}, None),
        ({**DENY, "Resource": "arn:aws:s3:::site/private/*"}, None),
        ({**DENY, "Action": "s3:PutObject"}, None),
        (
            {**DENY, "Condition": {"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}}},
            "statement Not denies the request, because its condition NotIpAddress is not emulated",
        ),
    ],
)
def test_deny(deny: dict[str, Any], reason: str | None) -> None:
    """A Deny statement wins in any order; it also denies if its condition is not emulated."""
    for statements in ((ALLOW, deny), (deny, ALLOW)):
        assert denial([policy(*statements)], access()) == reason


def test_statements_of_the_same_name() -> None:
    """Of two statements without a Sid, the one that does not apply does not affect the other."""
    nameless = {key: value for key, value in ALLOW.items() if key != "Sid"}
    elsewhere = {**nameless, "Condition": {"StringEquals": {"AWS:SourceArn": OTHER}}}
    for statements in ((nameless, elsewhere), (elsewhere, nameless)):
        assert denial([policy(*statements)], access()) is None


@pytest.mark.parametrize(
    ("principal", "named", "admitted"),
    [
        (IDENTITY, {"AWS": IDENTITY.name}, True),
        (IDENTITY, {"Service": "cloudfront.amazonaws.com"}, False),
        (IDENTITY, {"AWS": IDENTITY.name + "2"}, False),
        (Principal(), {"Service": "cloudfront.amazonaws.com"}, False),
        (Principal(), "*", True),
        (Principal(), {"AWS": ""}, True),
    ],
)
def test_principals(principal: Principal, named: Any, admitted: bool) -> None:
    """An origin access identity is a user; a request without a signature is allowed if everyone is."""
    assert (denial([policy({**ALLOW, "Principal": named})], access(principal=principal)) is None) is admitted


def test_no_policy() -> None:
    """Without a policy, or with an empty one, every request is denied."""
    assert denial([], access()) == "there is no policy"
    assert denial([policy()], access(principal=Principal())) == (
        "no statement allows s3:GetObject on arn:aws:s3:::site/index.html to everyone"
    )


OWN = {key: value for key, value in ALLOW.items() if key != "Principal"}


def test_policies_of_a_role() -> None:
    """The policies of a role have no principal; one Allow statement is enough, and a Deny statement wins."""
    elsewhere = {**OWN, "Resource": "arn:aws:s3:::other/*"}
    denies = {**OWN, "Sid": "Never", "Effect": "Deny"}
    asked = access(principal=None)
    assert denial([policy(elsewhere), policy(OWN)], asked) is None
    assert denial([policy(OWN), policy(denies)], asked) == "statement Never denies the request"
    assert denial([policy(elsewhere)], asked) == (
        "no statement allows s3:GetObject on arn:aws:s3:::site/index.html to the role"
    )
