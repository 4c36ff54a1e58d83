"""Our signatures compared with those of botocore and awscrt (AWS's C library), on generated requests."""

import hashlib

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from hypothesis import given
from hypothesis import strategies as st

from edge.sigv4 import (
    Credentials,
    canonical_headers,
    canonical_path,
    canonical_query,
    canonical_request,
    encode_path,
    encode_query,
    signed_headers,
)

TIMES = st.integers(1356998400, 2114380800)  # 2013 to 2037
# Characters that some encoder treats in its own way, or any. Drawn as a whole, which is quicker than one by one.
SPECIAL = st.text("%+&=/.;~*[]()' é日0aAfF2bB-_!$,:@?#", max_size=10)
ANY = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=10)
TEXT = st.lists(SPECIAL | ANY | st.sampled_from(["%", "%%2", "%2f", "&&", "=", "..", "/../"]), max_size=4).map("".join)
VISIBLE = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=30)
NAMES = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=10)


def is_free(name):
    """Whether awscrt signs a request that already has a header or query parameter of this name."""
    return not name.lower().startswith("x-amz") or name.lower().startswith("x-amz-meta-")


HEADERS = st.dictionaries(
    st.builds("{}{}".format, st.sampled_from(["x-amz-meta-", "X-Custom-", "x-"]), NAMES).filter(is_free),
    VISIBLE,
    max_size=4,
).filter(lambda headers: len({name.lower() for name in headers}) == len(headers))
QUERIES = TEXT.filter(lambda query: all(is_free(part) for part in encode_query(query).split("&")))

REQUESTS = st.fixed_dictionaries(
    {
        "method": st.sampled_from(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]),
        "host": st.sampled_from(
            ["abc.lambda-url.eu-west-1.on.aws", "b.s3.amazonaws.com", "127.0.0.1:4566", "x.y:8443"]
        ),
        "path": TEXT.map("/{}".format),
        "query": QUERIES,
        "headers": HEADERS,
        "payload": st.binary(max_size=200),
        "service": st.sampled_from(["lambda", "execute-api", "dynamodb", "sts", "iam", "s3"]),
        "region": st.sampled_from(["us-east-1", "eu-west-1", "ap-southeast-2", "us-gov-west-1"]),
        "credentials": st.builds(
            Credentials,
            st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", min_size=16, max_size=20),
            st.text("ABCDEFabcdef0123456789/+", min_size=1, max_size=40),
            st.none() | st.text("ABCDEFabcdef0123456789/+=", min_size=1, max_size=300),
        ),
        "now": TIMES,
    }
)


def as_sent(request):
    """The request with path and query as the signer sends them."""
    return {
        **request,
        "path": encode_path(request["path"], request["service"]),
        "query": encode_query(request["query"]),
    }


def signed_by_us(request):
    """All headers of the request with our signature. The names are in lower case."""
    headers = {**request["headers"], "host": request["host"], **signed_headers(**request)}
    return {name.lower(): value.strip() for name, value in headers.items()}


@given(REQUESTS.map(as_sent))
def test_as_awscrt_signs(signed_by_awscrt, request_):
    """AWS's C library adds the same headers to the request that is sent, including the signature."""
    assert signed_by_us(request_) == signed_by_awscrt(request_)


@given(REQUESTS.map(as_sent))
def test_as_botocore_signs(authorized_by_botocore, request_):
    """botocore makes the same signature for the request that is sent."""
    headers = signed_by_us(request_)
    assert headers.pop("authorization") == authorized_by_botocore(request_, headers)


@given(REQUESTS)
def test_canonical_request_as_botocore_makes_it(request_):
    """botocore makes the same canonical request."""
    sent = as_sent(request_)
    headers = {"host": sent["host"], **{name.lower(): value for name, value in sent["headers"].items()}}
    payload_hash = hashlib.sha256(sent["payload"]).hexdigest()
    ours = canonical_request(
        sent["method"],
        canonical_path(sent["path"], sent["service"]),
        canonical_query(request_["query"]),
        *canonical_headers(headers),
        payload_hash,
    )
    target = f"{sent['path']}?{sent['query']}" if sent["query"] else sent["path"]
    theirs = AWSRequest(sent["method"], f"https://{sent['host']}{target}", headers=headers, data=sent["payload"])
    auth = (S3SigV4Auth if sent["service"] == "s3" else SigV4Auth)(sent["credentials"], sent["service"], "r")
    assert ours == auth.canonical_request(theirs)


@given(
    # awscrt takes what stands before a `:/` for the scheme of a URL, and refuses or changes the rest.
    REQUESTS.filter(lambda request: ":/" not in request["path"]).map(
        lambda request: {**as_sent(request), "path": request["path"].partition("?")[0], "service": "lambda"}
    )
)
def test_any_path_is_signed_as_awscrt_signs_it(signed_by_awscrt, request_):
    """A path that is sent unchanged is signed as by AWS's C library, for all services but S3."""
    assert signed_by_us(request_)["authorization"] == signed_by_awscrt(request_)["authorization"]
