"""Signature Version 4, with AWS's own examples for each stage."""

import calendar
import hmac
import time
from urllib.parse import parse_qsl, unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.percent import percent_decode, percent_encode
from edge.sigv4 import (
    Credentials,
    authorization_header,
    canonical_headers,
    canonical_path,
    canonical_query,
    canonical_request,
    credential_scope,
    credentials_from_environment,
    encode_path,
    encode_query,
    hmac_sha256,
    signature,
    signed_headers,
    signing_key,
    string_to_sign,
)

EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def seconds(timestamp):
    """Seconds since the epoch of a time in the form YYYYMMDDTHHMMSSZ."""
    return calendar.timegm(time.strptime(timestamp, "%Y%m%dT%H%M%SZ"))


class TestListUsers:
    """AWS General Reference, "Signature Version 4 signing process": GET https://iam.amazonaws.com/?Action=ListUsers."""

    credentials = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
    content_type = "application/x-www-form-urlencoded; charset=utf-8"
    canonical = (
        "GET\n"
        "/\n"
        "Action=ListUsers&Version=2010-05-08\n"
        "content-type:application/x-www-form-urlencoded; charset=utf-8\n"
        "host:iam.amazonaws.com\n"
        "x-amz-date:20150830T123600Z\n"
        "\n"
        "content-type;host;x-amz-date\n"
        f"{EMPTY_SHA256}"
    )
    scope = "20150830/us-east-1/iam/aws4_request"
    to_sign = (
        "AWS4-HMAC-SHA256\n"
        "20150830T123600Z\n"
        "20150830/us-east-1/iam/aws4_request\n"
        "f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59"
    )
    key = "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9"
    signature = "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"
    authorization = (
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
        "SignedHeaders=content-type;host;x-amz-date, "
        "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"
    )

    def test_canonical_headers(self):
        """Names are in lower case and sorted, values are trimmed."""
        headers = {
            "X-Amz-Date": "20150830T123600Z",
            "Host": " iam.amazonaws.com ",
            "Content-Type": "application/x-www-form-urlencoded;  charset=utf-8",
        }
        assert canonical_headers(headers) == (
            f"content-type:{self.content_type}\nhost:iam.amazonaws.com\nx-amz-date:20150830T123600Z\n",
            "content-type;host;x-amz-date",
        )

    def test_canonical_request(self):
        """The canonical request has all canonical parts."""
        headers = {"content-type": self.content_type, "host": "iam.amazonaws.com", "x-amz-date": "20150830T123600Z"}
        assert self.canonical == canonical_request(
            "GET",
            canonical_path("/", "iam"),
            canonical_query("Version=2010-05-08&Action=ListUsers"),
            *canonical_headers(headers),
            EMPTY_SHA256,
        )

    def test_string_to_sign(self):
        """The string to sign has the time, the scope and the hash of the canonical request."""
        assert credential_scope("20150830", "us-east-1", "iam") == self.scope
        assert string_to_sign("20150830T123600Z", self.scope, self.canonical) == self.to_sign

    def test_signing_key(self):
        """The key is derived for the day, the Region and the service."""
        assert signing_key(self.credentials.secret_key, "20150830", "us-east-1", "iam").hex() == self.key

    def test_signature(self):
        """The signature and its header are the documented ones."""
        assert signature(bytes.fromhex(self.key), self.to_sign) == self.signature
        header = authorization_header("AKIDEXAMPLE", self.scope, "content-type;host;x-amz-date", self.signature)
        assert header == self.authorization

    def test_signed_headers(self):
        """All stages together return the headers to add."""
        assert signed_headers(
            "GET",
            "iam.amazonaws.com",
            "/",
            "Action=ListUsers&Version=2010-05-08",
            {"Content-Type": self.content_type},
            b"",
            service="iam",
            region="us-east-1",
            credentials=self.credentials,
            now=seconds("20150830T123600Z"),
        ) == {"x-amz-date": "20150830T123600Z", "authorization": self.authorization}


class TestS3:
    """Amazon S3 API Reference, "Examples: Signature Calculations in AWS Signature Version 4"."""

    @pytest.mark.parametrize(
        ("method", "path", "query", "headers", "body", "signed", "expected"),
        [
            (
                "GET",
                "/test.txt",
                "",
                {"Range": "bytes=0-9"},
                b"",
                "host;range;x-amz-content-sha256;x-amz-date",
                "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
            ),
            (
                "PUT",
                "/test$file.text",
                "",
                {"Date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY"},
                b"Welcome to Amazon S3.",
                "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
                "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
            ),
            (
                "GET",
                "/",
                "lifecycle",
                {},
                b"",
                "host;x-amz-content-sha256;x-amz-date",
                "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
            ),
            (
                "GET",
                "/",
                "max-keys=2&prefix=J",
                {},
                b"",
                "host;x-amz-content-sha256;x-amz-date",
                "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
            ),
        ],
    )
    def test_example(self, method, path, query, headers, body, signed, expected):
        """The signatures of get, put, get lifecycle and list are the documented ones."""
        added = signed_headers(
            method,
            "examplebucket.s3.amazonaws.com",
            path,
            query,
            headers,
            body,
            service="s3",
            region="us-east-1",
            credentials=Credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
            now=seconds("20130524T000000Z"),
        )
        assert added["authorization"] == (
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
            f"SignedHeaders={signed}, Signature={expected}"
        )

    def test_body_hash_is_sent(self):
        """For S3 the hash of the body is a header. A text in place of the body is sent instead."""
        arguments = {"service": "s3", "region": "r", "credentials": Credentials("a", "b", "token"), "now": 0}
        hashed = signed_headers("PUT", "h", "/", "", {}, b"", **arguments)
        unsigned = signed_headers("PUT", "h", "/", "", {}, "UNSIGNED-PAYLOAD", **arguments)
        assert [added["x-amz-content-sha256"] for added in (hashed, unsigned)] == [EMPTY_SHA256, "UNSIGNED-PAYLOAD"]
        assert list(hashed) == ["x-amz-date", "x-amz-security-token", "x-amz-content-sha256", "authorization"]

    def test_body_hash_is_sent_where_asked(self):
        """For other services the hash is sent and signed if the caller asks for it."""
        arguments = {"service": "lambda", "region": "r", "credentials": Credentials("a", "b"), "now": 0}
        without, having = (
            signed_headers("PUT", "h", "/", "", {}, b"", **arguments, send_hash=s) for s in (False, True)
        )
        assert "x-amz-content-sha256" not in without
        assert having["x-amz-content-sha256"] == EMPTY_SHA256
        assert "SignedHeaders=host;x-amz-content-sha256;x-amz-date," in having["authorization"]


@pytest.mark.parametrize(
    ("path", "sent", "signed"),
    [
        ("/", "/", "/"),
        ("/api/books/1", "/api/books/1", "/api/books/1"),
        ("/a b", "/a%20b", "/a%2520b"),
        ("/a%20b", "/a%20b", "/a%2520b"),
        ("/a%2fb/c", "/a%2Fb/c", "/a%252Fb/c"),
        ("/%7euser/%2a(1)", "/~user/%2A%281%29", "/~user/%252A%25281%2529"),
        ("/a+b", "/a%2Bb", "/a%252Bb"),
        ("/ü", "/%C3%BC", "/%25C3%25BC"),
        ("/100%", "/100%25", "/100%2525"),
        ("//a///b/", "/a/b/", "/a/b/"),
        ("/a/./b/../c", "/a/c", "/a/c"),
        ("/a/%2e%2E/b", "/b", "/b"),
        ("/../..", "/", "/"),
        ("/.hidden/..x", "/.hidden/..x", "/.hidden/..x"),
    ],
)
def test_path_of_most_services(path, sent, signed):
    """A path is sent without dot segments and encoded once, and signed encoded twice."""
    assert (encode_path(path, "lambda"), canonical_path(sent, "lambda")) == (sent, signed)


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/", "/"),
        ("/a b%20c", "/a%20b%20c"),
        ("/a%2Fb", "/a%2Fb"),
        ("/a//b/./../c", "/a//b/./../c"),
        ("/%7euser(1)", "/~user%281%29"),
    ],
)
def test_path_of_s3(path, sent):
    """A path to S3 keeps dots and empty segments, and is signed as it is sent."""
    assert (encode_path(path, "s3"), canonical_path(sent, "s3"), canonical_path(path, "s3")) == (sent, sent, sent)


@pytest.mark.parametrize(
    ("query", "sent", "signed"),
    [
        ("", "", ""),
        ("b=2&a=1", "b=2&a=1", "a=1&b=2"),
        ("a=2&a=1&a=10", "a=2&a=1&a=10", "a=1&a=10&a=2"),
        ("flag&a=", "flag&a=", "a=&flag="),
        ("&&a=1&", "a=1", "a=1"),
        ("=x", "=x", "=x"),
        ("a=b=c", "a=b%3Dc", "a=b%3Dc"),
        ("q=a+b%2Bc", "q=a%20b%2Bc", "q=a%20b%2Bc"),
        ("q=%7E%2a[1]", "q=~%2A%5B1%5D", "q=~%2A%5B1%5D"),
        ("q=ü%c3%bc", "q=%C3%BC%C3%BC", "q=%C3%BC%C3%BC"),
        ("q=%zz%", "q=%25zz%25", "q=%25zz%25"),
        ("q=%FF", "q=%FF", "q=%FF"),
        # by the encoded name, then by the encoded value: "a" before "a-", though "-" sorts before "="
        ("a-=1&a=2&A=3", "a-=1&a=2&A=3", "A=3&a=2&a-=1"),
    ],
)
def test_query(query, sent, signed):
    """A query is sent encoded in its own order. It is signed sorted and with every equals sign."""
    assert (encode_query(query), canonical_query(query), canonical_query(sent)) == (sent, signed, signed)


# Text with much of what matters to an encoding.
TEXT = st.text(st.sampled_from("%%%+&==/.;~*[]( )'é日0aAfF2bB-_\x7f\n") | st.characters(codec="utf-8"), max_size=30)


@given(TEXT)
def test_sent_query_means_the_same(query):
    """The encoded query has the same names and values in the same order."""
    parse = {"keep_blank_values": True, "errors": "surrogateescape"}
    assert parse_qsl(encode_query(query), **parse) == parse_qsl(query, **parse)


@given(TEXT)
def test_sent_path_means_the_same(path):
    """Every segment of an encoded path to S3 decodes to the same text."""
    segments = [unquote_to_bytes(segment) for segment in f"/{path}".split("/")]
    assert [unquote_to_bytes(segment) for segment in encode_path(f"/{path}", "s3").split("/")] == segments


@given(TEXT, st.sampled_from(["s3", "lambda"]))
def test_encoding_again_changes_nothing(text, service):
    """Encoding an encoded path or query again does not change it."""
    path, query = encode_path(f"/{text}", service), encode_query(text)
    assert (encode_path(path, service), encode_query(query)) == (path, query)


@given(st.binary())
def test_percent_encoding_is_reversible(octets):
    """Any octets can be decoded again, and the text has only unreserved characters and escapes."""
    encoded = percent_encode(octets)
    assert percent_decode(encoded) == octets
    assert set(encoded) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~%")


@given(st.binary(max_size=130), st.binary(max_size=300))
def test_hmac_sha256(key, message):
    """The HMAC equals the standard library's, for keys shorter than a block, of its length, and longer."""
    assert hmac_sha256(key, message) == hmac.digest(key, message, "sha256")


def test_signing_key_is_for_its_arguments():
    """A cached key is not used for another secret, day, Region or service."""
    arguments = [
        ("secret", "20150830", "us-east-1", "iam"),
        ("other", "20150830", "us-east-1", "iam"),
        ("secret", "20150831", "us-east-1", "iam"),
        ("secret", "20150830", "eu-west-1", "iam"),
        ("secret", "20150830", "us-east-1", "sts"),
    ]
    keys = [signing_key(*each) for each in arguments]
    assert len(set(keys)) == len(arguments)
    assert [signing_key(*each) for each in arguments] == keys


def test_callers_header_of_the_same_name_is_replaced():
    """The caller's date or token, in any spelling, is replaced by the right one."""
    arguments = {"service": "s", "region": "r", "credentials": Credentials("a", "b", "token"), "now": 0}
    smuggled = {"X-Amz-Date": "then", "X-AMZ-Security-Token": "another", "HOST": "elsewhere"}
    assert signed_headers("GET", "h", "/", "", smuggled, b"", **arguments) == (
        signed_headers("GET", "h", "/", "", {}, b"", **arguments)
    )


def test_credentials_from_environment(monkeypatch):
    """The credentials are read from Lambda's variables each time."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKID")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hush")
    monkeypatch.delenv("AWS_SESSION_TOKEN", raising=False)
    permanent = credentials_from_environment()
    monkeypatch.setenv("AWS_SESSION_TOKEN", "token")
    temporary = credentials_from_environment()
    assert [(each.access_key, each.secret_key, each.session_token) for each in (permanent, temporary)] == [
        ("AKID", "hush", None),
        ("AKID", "hush", "token"),
    ]


@pytest.mark.parametrize("missing", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
def test_missing_credentials_are_named(monkeypatch, missing):
    """The error names the missing variable."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKID")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hush")
    monkeypatch.delenv(missing)
    with pytest.raises(KeyError, match=missing):
        credentials_from_environment()


def test_credentials_do_not_show_the_secret():
    """The text and the representation of credentials do not contain the secret."""
    credentials = Credentials("AKID", "hush", "token")
    assert "hush" not in f"{credentials} {credentials!r}"
    assert "token" not in f"{credentials} {credentials!r}"
