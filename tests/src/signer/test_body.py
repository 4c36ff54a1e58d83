"""The signature covers the raw bytes of the body. An incomplete body is not signed."""

import hashlib
import json
import os
from base64 import b64encode

import pytest

from signer.settings import MisconfiguredError

KB = 1024
MB = 1024 * KB


def signed_hash(request):
    """The hash of the body in the signed request."""
    (item,) = request["headers"]["x-amz-content-sha256"]
    return item["value"]


@pytest.mark.parametrize("mode", ["sign", "body-hash"])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00",
        b'{"title": "Z\xc3\xbcrich"}',
        b"\xff\xfe not \x80 UTF-8 \r\n",
        os.urandom(40 * KB),
        os.urandom(MB - 1),
        os.urandom(MB),
    ],
    ids=["0 B", "1 B", "JSON", "binary", "40 KB", "1 MB - 1 B", "1 MB"],
)
def test_every_byte_counts(origin_request, sign, body, mode):
    """The hash is of the bytes that the origin receives. The body is unchanged."""
    event = origin_request("POST", body=body, settings={"mode": mode})
    data = b64encode(body).decode()
    request = sign(event)
    assert signed_hash(request) == hashlib.sha256(body).hexdigest()
    assert request["body"] == {"inputTruncated": False, "action": "read-only", "encoding": "base64", "data": data}


def test_text(origin_request, sign):
    """A body with the encoding text is hashed as UTF-8."""
    body = {"inputTruncated": False, "action": "read-only", "encoding": "text", "data": "Zürich"}
    assert signed_hash(sign(origin_request("PUT", body=body))) == hashlib.sha256("Zürich".encode()).hexdigest()


@pytest.mark.parametrize("mode", ["sign", "body-hash"])
def test_truncated(origin_request, sign, capsys, mode):
    """A body of more than 1 MB is refused and logged, because the event has its beginning only."""
    body = {"inputTruncated": True, "action": "read-only", "encoding": "base64", "data": b64encode(b"x" * MB).decode()}
    response = sign(origin_request("POST", body=body, settings={"mode": mode}))
    detail = "The body is larger than 1 MB, CloudFront's limit for a body that is signed."
    assert json.loads(response.pop("body")) == {"status": 413, "detail": detail}
    assert response == {
        "status": "413",
        "statusDescription": "Content Too Large",
        "headers": {
            "content-type": [{"key": "Content-Type", "value": "application/problem+json"}],
            "cache-control": [{"key": "Cache-Control", "value": "no-store"}],
        },
        "bodyEncoding": "text",
    }
    assert json.loads(capsys.readouterr().out) == {
        "decision": "rejected",
        "status": 413,
        "cause": detail,
        "request_id": "4TyzHTaYWb1GX1qTfsHhEqV6HUDd_BzoBZnwfnvQc_1oF26ClkoUSEQ==",
    }


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("GET", {}),
        ("HEAD", {}),
        ("OPTIONS", {}),
        ("DELETE", {}),
        ("DELETE", {"Content-Length": "0"}),
        ("POST", {"Content-Length": "0"}),
    ],
)
def test_request_without_a_body(origin_request, sign, method, headers):
    """If the request has no body, the event may have none."""
    request = sign(origin_request(method, headers=headers, body=None))
    assert signed_hash(request) == hashlib.sha256(b"").hexdigest()
    assert "body" not in request


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("POST", {}),
        ("PUT", {"Transfer-Encoding": "chunked"}),
        ("PATCH", {"Content-Length": "17"}),
        ("DELETE", {"Content-Length": "1"}),
    ],
)
def test_body_that_was_not_included(origin_request, sign, method, headers):
    """If the event lacks the request's body, the error names IncludeBody."""
    with pytest.raises(MisconfiguredError) as error:
        sign(origin_request(method, headers=headers, body=None))
    assert str(error.value) == "the event has no body: set IncludeBody on the association of the signer"


@pytest.mark.parametrize(
    ("encoding", "data"),
    [
        ("base64", "{}"),
        ("base64", "aGVsbG8"),
        ("base64", "aGVs\nbG8="),
        ("base64", "aGVsbG8=aGVs"),
        ("base64", "=aGVsbG8"),
        ("base64", "Zürich"),
        ("gzip", ""),
        ("", ""),
    ],
)
def test_body_that_is_not_what_it_claims(origin_request, sign, encoding, data):
    """A malformed body is not signed."""
    body = {"inputTruncated": False, "action": "read-only", "encoding": encoding, "data": data}
    with pytest.raises(ValueError):
        sign(origin_request("POST", body=body))
