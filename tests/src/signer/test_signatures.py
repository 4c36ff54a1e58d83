"""For any request of a viewer, the signature is the one that AWS's C library and botocore make.

The signer's encoding is unambiguous, so botocore reads it correctly.
"""

import calendar
import hashlib
import time
from base64 import b64encode
from urllib.parse import parse_qsl, unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.sigv4 import Credentials

# Characters that some encoder treats in its own way, or any. Drawn as a whole, which is quicker than one by one.
SPECIAL = st.text("%+&=/.;~*[]()' é日0aAfF2bBxXzZmM-_!$,:@?#", max_size=15)
ANY = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=15)
# Whole pieces that matter: parameters of a presigned URL, dots, slashes written out.
PIECES = st.sampled_from(
    [
        "X-Amz-Signature=1",
        "&x-amz-date=2",
        "&%58-amz-Expires",
        "&X%2dAmz-",
        "a=1&a=&a",
        "%",
        "%%2",
        "%7E",
        "%2F",
        "/../",
        "/./",
        "//",
    ]
)
TEXT = st.lists(SPECIAL | ANY | PIECES, max_size=4).map("".join)
VALUES = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=30)
VIEWER_HEADERS = st.dictionaries(
    st.sampled_from(
        [
            "Authorization",
            "X-Forwarded-Authorization",
            "X-Amz-Date",
            "X-Amz-Security-Token",
            "X-Amz-Content-Sha256",
            "x-amz-acl",
            "Content-Type",
            "Cookie",
            "Accept",
            "Date",
            "TE",
            "Range",
            "X-Forwarded-Host",
        ]
    ),
    VALUES | st.lists(VALUES, min_size=1, max_size=3),
    max_size=6,
)
REGIONS = st.sampled_from(["us-east-1", "eu-west-1", "ap-southeast-2", "eusc-de-east-1"])


@st.composite
def endpoints(draw):
    """An origin's domain, its settings, and the service and Region of its signatures."""
    region = draw(REGIONS)
    domain, service = draw(
        st.sampled_from(
            [
                (f"abc.lambda-url.{region}.on.aws", "lambda"),
                (f"abc.execute-api.{region}.amazonaws.com", "execute-api"),
                (f"bucket.s3.{region}.amazonaws.com", "s3"),
                (f"a.bucket.s3.dualstack.{region}.amazonaws.com", "s3"),
                ("search.example.org", "es"),
                ("files.example.org", "s3"),
            ]
        )
    )
    named = domain.endswith("example.org")
    return domain, {"service": service, "region": region} if named else {}, service, region


REQUESTS = st.fixed_dictionaries(
    {
        "method": st.sampled_from(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]),
        "uri": TEXT.map("/{}".format),
        "query": TEXT,
        "headers": VIEWER_HEADERS,
        "body": st.binary(max_size=200),
        "path": st.sampled_from(["", "", "/v1", "/a%20b/(c)~", "/%7e*"]),
        "kind": st.sampled_from(["custom", "s3"]),
    }
)
CUSTOM = st.fixed_dictionaries(
    {"protocol": st.sampled_from(["http", "https"]), "port": st.sampled_from([80, 443, 8443])}
)
CREDENTIALS = st.builds(
    Credentials,
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", min_size=16, max_size=20),
    st.text("ABCDEFabcdef0123456789/+", min_size=1, max_size=40),
    st.none() | st.text("ABCDEFabcdef0123456789/+=", min_size=1, max_size=300),
)
PREFIXES = st.sampled_from([{}, {"strip-prefix": "/api"}])
KEEPING = st.sampled_from([{}, {"keep-authorization": "true"}])


@pytest.fixture(scope="session")
def sent(origin_request, sign):
    """Signs a generated request. Returns the signer's result and the arguments of the expected signature."""

    def sent(request, custom, endpoint, credentials, **options):
        domain, scope, service, region = endpoint
        origin = custom if request["kind"] == "custom" else {}
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("AWS_ACCESS_KEY_ID", credentials.access_key)
            environment.setenv("AWS_SECRET_ACCESS_KEY", credentials.secret_key)
            environment.delenv("AWS_SESSION_TOKEN", raising=False)
            if credentials.session_token:
                environment.setenv("AWS_SESSION_TOKEN", credentials.session_token)
            result = sign(origin_request(**request, **origin, domainName=domain, settings={**scope, **options}))
        port = (
            ""
            if not origin or (origin["protocol"], origin["port"]) in [("https", 443), ("http", 80)]
            else origin["port"]
        )
        path = result["origin"][request["kind"]]["path"]
        return result, {
            "method": request["method"],
            "host": f"{domain}:{port}" if port else domain,
            "path": path + result["uri"],
            "query": result["querystring"],
            "headers": {"x-amz-content-sha256": hashlib.sha256(request["body"]).hexdigest()},
            "payload": request["body"],
            "service": service,
            "region": region,
            "credentials": credentials,
            "now": calendar.timegm(time.strptime(_single(result)["x-amz-date"], "%Y%m%dT%H%M%SZ")),
        }

    return sent


def _single(result):
    """The headers with one value."""
    return {name: items[0]["value"] for name, items in result["headers"].items() if len(items) == 1}


@given(REQUESTS, CUSTOM, endpoints(), CREDENTIALS, PREFIXES, KEEPING)
def test_signed_as_others_sign(
    sent, signed_by_awscrt, authorized_by_botocore, request_, custom, endpoint, credentials, prefix, keeping
):
    """For the request that is sent, AWS's C library adds the same headers, and botocore agrees."""
    result, arguments = sent(request_, custom, endpoint, credentials, **prefix, **keeping)
    expected = signed_by_awscrt(arguments)
    reserved = {name for name in result["headers"] if name.startswith("x-amz-")}
    assert {name: _single(result)[name] for name in reserved | {"host", "authorization"}} == expected
    # These alone: whatever else is sent may change on the way.
    headers = {name: value for name, value in expected.items() if name != "authorization"}
    token = {"x-amz-security-token"} if credentials.session_token else set()
    assert set(headers) == {"host", "x-amz-date", "x-amz-content-sha256"} | token
    assert authorized_by_botocore(arguments, headers) == expected["authorization"]


@given(REQUESTS, CUSTOM, endpoints(), CREDENTIALS)
def test_the_request_means_the_same(sent, request_, custom, endpoint, credentials):
    """Method, body and client are unchanged, and so are the query's parameters, except a presigned URL's."""
    result, arguments = sent(request_, custom, endpoint, credentials)
    data = b64encode(request_["body"]).decode()
    assert result["method"] == request_["method"]
    assert result["clientIp"] == "203.0.113.178"
    assert result["body"] == {"inputTruncated": False, "action": "read-only", "encoding": "base64", "data": data}
    parse = {"keep_blank_values": True, "errors": "surrogateescape"}
    meant = parse_qsl(request_["query"], **parse)
    kept = [(name, value) for name, value in meant if not name.strip().lower().startswith("x-amz-")]
    assert parse_qsl(result["querystring"], **parse) == kept
    if arguments["service"] == "s3":
        assert unquote_to_bytes(result["uri"]) == unquote_to_bytes(request_["uri"])


@given(REQUESTS, CUSTOM, endpoints(), CREDENTIALS, KEEPING)
def test_other_headers_stay(sent, origin_request, request_, custom, endpoint, credentials, keeping):
    """Other headers are unchanged, for signed and unsigned requests."""
    result, _ = sent(request_, custom, endpoint, credentials, **keeping)
    given_headers = origin_request(**request_)["Records"][0]["cf"]["request"]["headers"]
    signers = {"host", "authorization", "x-forwarded-authorization"}

    def others(headers):
        return {name: items for name, items in headers.items() if name not in signers and not name.startswith("x-amz-")}

    assert others(result["headers"]) == others(given_headers)
    assert result["origin"][request_["kind"]]["customHeaders"] == {
        "x-api-version": [{"key": "X-Api-Version", "value": "1"}]
    }
