"""Viewers that send a signature, a part of one, or settings of the signer."""

import re

import pytest

# What depends on the time of signing.
TIMED = {
    "x-amz-date": r"20(?!15)\d{6}T\d{6}Z",
    "authorization": (
        r"AWS4-HMAC-SHA256 Credential=ASIAIOSFODNN7EXAMPLE/\d{8}/eu-west-1/lambda/aws4_request, "
        r"SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token, Signature=[0-9a-f]{64}"
    ),
}

FORGED = (
    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/eu-west-1/lambda/aws4_request, "
    "SignedHeaders=host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"
)


def values(request, name):
    """Every value of a header."""
    return [item["value"] for item in request["headers"].get(name, [])]


def timeless(request):
    """The request without the parts that depend on the time. Checks their form."""
    for name, form in TIMED.items():
        found = values(request, name)
        assert [value for value in found if not re.fullmatch(form, value)] == []
        request["headers"][name] = len(found)
    return request


@pytest.mark.parametrize("mode", ["sign", "body-hash"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": FORGED},
        {"Authorization": ["Basic ZGVtbzpkZW1v", FORGED]},
        {"X-Amz-Security-Token": "stolen", "X-Amz-Content-Sha256": ["UNSIGNED-PAYLOAD", "e3b0"]},
        {"X-AMZ-DATE": "20150830T123600Z", "x-amz-signedheaders-v4": "host"},
        {"X-Amz-Acl": "public-read", "X-Amz-Meta-Owner": "me", "X-Amz-Copy-Source": "/other/key"},
        {"X-Amz-Invocation-Type": "Event", "X-Amz-Target": "DynamoDB_20120810.DeleteTable"},
        {"X-Forwarded-Authorization": "Bearer forged", "X_Forwarded_Authorization": "Bearer forged"},
        {"X-Signer-Mode": "body-hash", "X-Signer-Region": "us-east-1", "X-Signer-New": "1"},
    ],
)
def test_headers_that_are_not_the_viewers_to_set(origin_request, sign, headers, mode):
    """A viewer's signature headers and settings do not change the result."""
    smuggled = sign(origin_request("POST", body=b"{}", headers=headers, settings={"mode": mode}))
    clean = sign(origin_request("POST", body=b"{}", settings={"mode": mode}))
    assert timeless(smuggled) == timeless(clean)


@pytest.mark.parametrize("mode", ["sign", "body-hash"])
@pytest.mark.parametrize("name", ["X-Amazon-Thing", "Amz-Date", "X-Forwarded-Host", "X-Signers"])
def test_headers_that_only_resemble_these(origin_request, sign, name, mode):
    """The viewer's other headers go on."""
    assert values(sign(origin_request(headers={name: "x-amz-date"}, settings={"mode": mode})), name.lower()) == [
        "x-amz-date"
    ]


@pytest.mark.parametrize("mode", ["sign", "body-hash"])
@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKID%2F20150830&X-Amz-Date=2&X-Amz-Signature=3", ""),
        ("a=1&X-Amz-Signature=2&b=3", "a=1&b=3"),
        ("x-amz-signature=1&X-AMZ-EXPIRES=2&x-Amz-Security-Token", ""),
        ("X%2DAmz%2DSignature=1&%58%2d%41%6d%7a%2dDate=2&X-Am%7A-SignedHeaders=host", ""),
        ("+X-Amz-Signature=1&%20X-Amz-Date=2&%09%0aX-Amz-Expires=3", ""),
        ("X-Amz-=1&&X-Amz-Signature", ""),
        # What AWS decodes once is no such parameter.
        ("X%252DAmz-Signature=1", "X%252DAmz-Signature=1"),
        ("name=X-Amz-Signature&XAmzDate=1&x-am=2", "name=X-Amz-Signature&XAmzDate=1&x-am=2"),
    ],
)
def test_presigned_query(origin_request, sign, query, kept, mode):
    """The parameters of a presigned URL are removed in any spelling. Similar names and values remain."""
    assert sign(origin_request(query=query, settings={"mode": mode}))["querystring"] == kept


def test_parameter_within_a_parameter(origin_request, sign):
    """A semicolon or an escaped ampersand in a value stays escaped, so no server can take it for a separator."""
    query = "a=1;X-Amz-Signature=2&b=3%26X-Amz-Date=4"
    assert sign(origin_request(query=query))["querystring"] == "a=1%3BX-Amz-Signature%3D2&b=3%26X-Amz-Date%3D4"


@pytest.mark.parametrize("mode", ["sign", "body-hash"])
@pytest.mark.parametrize("authorization", ["Bearer viewer", ["Basic ZGVtbzpkZW1v", "Bearer viewer"]])
def test_authorization_is_kept_where_asked(origin_request, sign, authorization, mode):
    """With the setting, the viewer's Authorization goes on under its other name. Forged ones are removed."""
    event = origin_request(
        headers={"Authorization": authorization, "X-Forwarded-Authorization": "Bearer forged"},
        settings={"mode": mode, "keep-authorization": "true"},
    )
    given = [authorization] if isinstance(authorization, str) else authorization
    signed = sign(event)
    assert signed["headers"]["x-forwarded-authorization"] == [
        {"key": "X-Forwarded-Authorization", "value": value} for value in given
    ]
    assert not set(given) & set(values(signed, "authorization"))


@pytest.mark.parametrize("settings", [{}, {"keep-authorization": "false"}, {"keep-authorization": "true"}])
def test_authorization_that_is_not_there(origin_request, sign, settings):
    """Without the setting or without an Authorization, no X-Forwarded-Authorization goes on."""
    headers = {"X-Forwarded-Authorization": "Bearer forged", "X_Forwarded-Authorization": "Bearer forged"}
    if settings.get("keep-authorization") != "true":
        headers["Authorization"] = "Bearer viewer"
    signed = sign(origin_request(headers=headers, settings=settings))["headers"]
    assert [name for name in signed if "authorization" in name] == ["authorization"]


def test_host_is_the_origins(origin_request, sign):
    """Host is the origin's, whatever a policy forwards."""
    signed = sign(origin_request(headers={"Host": "www.example.org"}))
    assert values(signed, "host") == ["abc123.lambda-url.eu-west-1.on.aws"]
