"""Policies allow and deny requests as IAM evaluates them."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloudfront_local.iam import context
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
NOT_ELSEWHERE = {key: value for key, value in DENY.items() if key != "Resource"}
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
        {**ALLOW, "Resource": "arn:aws:s3:::${aws:PrincipalTag/site, 'site'}/*"},
        {**ALLOW, "Condition": {"StringLike": {"AWS:SourceArn": "arn:aws:cloudfront::${aws:SourceAccount}:*"}}},
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
        ({**ALLOW, "Resource": "arn:aws:s3:::${aws:userid}/*"}, "no statement allows"),
        ({**ALLOW, "Resource": "arn:aws:s3:::site/${*}"}, "no statement allows"),
        ({**ALLOW, "Resource": None, "NotResource": "arn:aws:s3:::${aws:userid}/*"}, "no statement allows"),
        ({**ALLOW, "Condition": {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": "a"}}}, "statement ThisDist"),
        ({**ALLOW, "Condition": ["StringEquals"]}, "a policy is malformed"),
        ({**ALLOW, "Principal": ["*"]}, "a policy is malformed"),
        ({**ALLOW, "Effect": "allow"}, "a policy is malformed"),
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
        ({**DENY, "Resource": "arn:aws:s3:::${aws:SourceAccount}/*"}, None),
        ({**DENY, "Resource": "arn:aws:s3:::${aws:PrincipalTag/x, 'site'}/*"}, DENIED),
        ({**DENY, "Resource": "arn:aws:s3:::${aws:PrincipalTag/x, 'other'}/*"}, None),
        ({**DENY, "Condition": {"StringEquals": {"aws:SourceAccount": "${aws:SourceAccount}"}}}, DENIED),
        (
            {**DENY, "Resource": "arn:aws:s3:::${aws:PrincipalTag/x}/*"},
            f"{DENIED}, because ${{aws:PrincipalTag/x}} is not emulated",
        ),
        (
            {**NOT_ELSEWHERE, "NotResource": "arn:aws:s3:::${aws:PrincipalTag/x}/*"},
            f"{DENIED}, because ${{aws:PrincipalTag/x}} is not emulated",
        ),
        (
            {**DENY, "Condition": {"StringLike": {"aws:SourceArn": "${aws:userid}*"}}},
            f"{DENIED}, because its condition StringLike with ${{aws:userid}} is not emulated",
        ),
        (
            {**DENY, "Condition": {"StringEquals": {"aws:SourceIp": "192.0.2.1"}}},
            f"{DENIED}, because its condition StringEquals aws:SourceIp is not emulated",
        ),
        (
            {**DENY, "Condition": {"ForAnyValue:StringEquals": {"dynamodb:LeadingKeys": "a"}}},
            f"{DENIED}, because its condition ForAnyValue:StringEquals is not emulated",
        ),
        (
            {**DENY, "Condition": {"IpAddress": {"aws:SourceIp": "::/0"}, "Bool": {"aws:SecureTransport": "false"}}},
            None,
        ),
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


ROLE = "arn:aws:iam::123456789012:role/edge"


@pytest.mark.parametrize(
    "condition",
    [
        {"ArnEquals": {"aws:PrincipalArn": ROLE}},
        {"StringEquals": {"aws:PrincipalAccount": "123456789012"}},
        {"StringEquals": {"aws:PrincipalArn": "arn:aws:iam::${aws:PrincipalAccount}:role/edge"}},
        {"Bool": {"aws:SecureTransport": "true"}},
        {"StringLike": {"aws:UserAgent": "Amazon*"}},
    ],
)
def test_keys_of_a_role(condition: dict[str, Any]) -> None:
    """A request that a function signed has its role's ARN and account, came over TLS, and has a User-Agent."""
    asked = access(principal=None, context=context.of_role(ROLE, "Amazon CloudFront"))
    denies = {**OWN, "Sid": "Not", "Effect": "Deny", "Condition": condition}
    assert denial([policy({**OWN, "Condition": condition})], asked) is None
    assert denial([policy(OWN, denies)], asked) == DENIED


def test_service_keys() -> None:
    """CloudFront's own request comes from an AWS service and from no organization."""
    asked = access(context=context.of_cloudfront(DISTRIBUTION))
    outside = {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}, "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}
    assert denial([policy(ALLOW, {**DENY, "Condition": outside})], asked) is None


def test_a_value_is_no_pattern() -> None:
    """Wildcards in the value of a variable are ordinary characters."""
    statement = {**OWN, "Resource": "arn:aws:s3:::site/${aws:UserAgent}"}
    for agent in ("*", "index.htm?", "[i]ndex.html"):
        asked = access(principal=None, context={"aws:useragent": agent})
        assert denial([policy(statement)], asked) is not None
        assert denial([policy(statement)], replace(asked, resource=f"arn:aws:s3:::site/{agent}")) is None


NAMES = [
    "Effect",
    "Principal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
    "Sid",
    "StringLike",
    "AWS",
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(["Allow", "Deny", "*", "s3:*", "${aws:a}"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5),
)


@given(st.lists(JSON | st.fixed_dictionaries({"Statement": JSON}), min_size=1), st.text(), st.text())
def test_any_policy(policies: list[Any], resource: str, agent: str) -> None:
    """Any JSON value is a policy that allows or denies. One that is malformed denies, whatever the others allow."""
    asked = access(principal=None, resource=resource, context=context.of_role(ROLE, agent))
    assert denial(policies, asked) is None or denial(policies, asked)
    assert denial([*policies, {"Statement": [{"Effect": 7}]}, policy({**OWN, "Resource": "*"})], asked)
