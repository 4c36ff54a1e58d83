"""The origin's path, the complete signed request, and the requests that the handler refuses."""

import json

import pytest

EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
S3 = {"domainName": "bucket.s3.eu-west-1.amazonaws.com"}


def test_signed_request(origin_request, sign):
    """The signed request is the event's, with encoded path and query, Host, and the signature's headers."""
    event = origin_request("GET", "/api/a b", "b=2&a=%7e", settings={"strip-prefix": "/api"}, path="/v1")
    expected = origin_request("GET", "/a%20b", "b=2&a=~", path="/v1")["Records"][0]["cf"]["request"]
    request = sign(event)
    timed = {name: request["headers"].pop(name)[0]["value"] for name in ("x-amz-date", "authorization")}
    expected["headers"] |= {
        "host": [{"key": "host", "value": "abc123.lambda-url.eu-west-1.on.aws"}],
        "x-amz-content-sha256": [{"key": "x-amz-content-sha256", "value": EMPTY_SHA256}],
        "x-amz-security-token": [
            {"key": "x-amz-security-token", "value": "IQoJb3JpZ2luX2VjEXAMPLE//////////wEaCXVzLWVhc3QtMSJHMEUCIQ=="}
        ],
    }
    assert request == expected
    assert timed["authorization"].startswith(
        f"AWS4-HMAC-SHA256 Credential=ASIAIOSFODNN7EXAMPLE/{timed['x-amz-date'][:8]}/eu-west-1/lambda/aws4_request, "
        "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token, Signature="
    )


@pytest.mark.parametrize(
    ("prefix", "uri", "sent"),
    [
        ("/api", "/api/books", "/books"),
        ("/api", "/api", "/"),
        ("/api", "/api/", "/"),
        ("/api", "/apiary", "/apiary"),
        ("/api", "/v1/api/books", "/v1/api/books"),
        ("/api", "/API/books", "/API/books"),
        ("/api", "/api/api/books", "/api/books"),
        ("/api/", "/api/books/", "/books/"),
        ("api", "/api/books", "/books"),
        ("/api/v1", "/api/v1/books", "/books"),
        ("/api/v1", "/api/v10/books", "/api/v10/books"),
        ("", "/api/books", "/api/books"),
        ("/", "/api/books", "/api/books"),
        # However the viewer spells it; CloudFront matches the behavior on the normalized path.
        ("/api", "/%61pi/books", "/books"),
        ("/api", "//api//books", "/books"),
        ("/api", "/x/../api/books", "/books"),
        ("/api", "/api/../api/books", "/books"),
        ("/api", "/api/../books", "/books"),
        ("/api", "/api%2Fbooks", "/api%2Fbooks"),
    ],
)
def test_prefix(origin_request, sign, prefix, uri, sent):
    """The prefix is removed once, if it is a whole number of segments."""
    assert sign(origin_request(uri=uri, settings={"strip-prefix": prefix}))["uri"] == sent


@pytest.mark.parametrize(
    ("uri", "sent"),
    [("/api/a//b/../c", "/a//b/../c"), ("/api//a", "//a"), ("/api/a+b%20c%2fd", "/a%2Bb%20c%2Fd"), ("/api", "/")],
)
def test_prefix_before_a_key(origin_request, sign, uri, sent):
    """After the prefix, an S3 key is unchanged, with its dots and empty segments."""
    assert sign(origin_request(uri=uri, settings={"strip-prefix": "/api"}, **S3))["uri"] == sent


@pytest.mark.parametrize("domain", [{}, S3])
@pytest.mark.parametrize(
    "uri", ["/api/a%7Eb", "/api", "/apiary", "/%61pi/b", "//api/./a//b/../c", "/api/../x y", "/api%2fb"]
)
def test_hashed_body_has_the_same_address(origin_request, sign, uri, domain):
    """In the mode body-hash, path, query and the origin's path are those of a signed request."""
    hashed, signed = (
        sign(
            origin_request(
                "GET", uri, "b=+&a", settings={"mode": m, "strip-prefix": "/api"}, path="/v1/./%7e", **domain
            )
        )
        for m in ("body-hash", "sign")
    )
    address = {"uri": signed["uri"], "querystring": signed["querystring"], "origin": signed["origin"]}
    assert {name: hashed[name] for name in address} == address


@pytest.mark.parametrize(
    ("path", "domain", "sent"),
    [
        ("", {}, ""),
        ("/v1", {}, "/v1"),
        ("/v1/(a)", {}, "/v1/%28a%29"),
        ("/%7Ea", {}, "/~a"),
        ("/v1//a/./b", {}, "/v1/a/b"),
        ("/v1//a/./b", S3, "/v1//a/./b"),
    ],
)
def test_origin_path(origin_request, sign, path, domain, sent):
    """The origin's path is sent as it is signed, and the viewer's dot segments do not leave it."""
    request = sign(origin_request(uri="/../books", path=path, **domain))
    assert request["origin"]["custom"]["path"] == sent
    assert request["uri"] == ("/../books" if domain else "/books")


@pytest.mark.parametrize(
    ("query", "sent"),
    [
        ("", ""),
        ("a=2&a=1&a", "a=2&a=1&a"),
        ("empty=&flag", "empty=&flag"),
        ("q=a+b%2Bc", "q=a%20b%2Bc"),
        ("q=%7E%2a", "q=~%2A"),
        ("list[]=1&list[]=2", "list%5B%5D=1&list%5B%5D=2"),
        ("path=%2Fa%2fb/c", "path=%2Fa%2Fb%2Fc"),
        ("name=Zürich&name=Z%c3%bcrich", "name=Z%C3%BCrich&name=Z%C3%BCrich"),
    ],
)
def test_query(origin_request, sign, query, sent):
    """The query is sent as it is signed."""
    assert sign(origin_request(query=query))["querystring"] == sent


def test_url_that_grows_too_long(origin_request, sign, capsys):
    """If the encoded URL exceeds CloudFront's limit, the answer is 414 instead of a 502 without a reason."""
    query = "q=" + "[" * 2729
    assert sign(origin_request(uri="/a", query=query))["querystring"] == "q=" + "%5B" * 2729
    response = sign(origin_request(uri="/aa", query=query))
    detail = "Path and query, percent-encoded, have 8192 characters or more."
    assert (response["status"], json.loads(response["body"])) == ("414", {"status": 414, "detail": detail})
    assert json.loads(capsys.readouterr().out)["cause"] == detail


def test_permanent_credentials(origin_request, sign, monkeypatch):
    """Credentials without a session token sign without one."""
    monkeypatch.delenv("AWS_SESSION_TOKEN")
    headers = sign(origin_request(headers={"X-Amz-Security-Token": "viewer's"}))["headers"]
    assert "x-amz-security-token" not in headers
    assert "SignedHeaders=host;x-amz-content-sha256;x-amz-date, " in headers["authorization"][0]["value"]


def test_another_event(origin_request, sign):
    """An event of another type raises an error that says so."""
    event = origin_request()
    event["Records"][0]["cf"]["config"]["eventType"] = "viewer-request"
    with pytest.raises(ValueError, match="type is viewer-request, but this function is for origin-request"):
        sign(event)


def test_nothing_is_logged_of_a_signed_request(origin_request, sign, capsys):
    """A signed request writes nothing to the log."""
    sign(origin_request("POST", body=b"{}", headers={"Authorization": "Bearer viewer"}))
    assert capsys.readouterr() == ("", "")
