"""The handler's complete results and log lines, with a token endpoint and a lookup API that work."""

import hashlib
import json
from urllib.parse import quote

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

import router.handler
from router.handler import handler

EVERYWHERE = [{"bucket": f"b-{region}", "region": region, "key": "k"} for region in ("us-east-1", "eu-west-1")]


def problem(status: int, phrase: str, detail: str, **headers: str) -> dict[str, object]:
    """An answer in place of the file."""
    headers = {"Content-Type": "application/problem+json", **{n.replace("_", "-"): v for n, v in headers.items()}}
    return {
        "status": str(status),
        "statusDescription": phrase,
        "headers": {name.lower(): [{"key": name, "value": value}] for name, value in headers.items()},
        "body": json.dumps({"status": status, "detail": detail}),
        "bodyEncoding": "text",
    }


UNAVAILABLE = problem(
    503,
    "Service Unavailable",
    "Files cannot be found right now. Try again in a moment.",
    Cache_Control="no-store",
    Retry_After="5",
)


def rejected(status: int, cause: str, uri: str = "/files/lighthouse") -> dict[str, object]:
    """The log line of an answer in place of the file."""
    return {"decision": "rejected", "status": status, "cause": cause, "request_id": "request-id", "uri": uri}


def test_routed(call, origin_request):
    """The request goes to the file's bucket with the origin access identity. The log names the bucket."""
    answer, line = call(origin_request())
    assert answer == {
        "clientIp": "203.0.113.178",
        "method": "GET",
        "uri": "/lighthouse.svg",
        "querystring": "",
        "headers": {
            "host": [{"key": "host", "value": "files-eu-west-1.s3.eu-west-1.amazonaws.com"}],
            "via": [{"key": "Via", "value": "2.0 cloudfront"}],
        },
        "origin": {
            "s3": {
                "authMethod": "origin-access-identity",
                "customHeaders": {},
                "domainName": "files-eu-west-1.s3.eu-west-1.amazonaws.com",
                "path": "",
                "readTimeout": 20,
                "region": "eu-west-1",
            }
        },
    }
    assert line == {
        "decision": "routed",
        "bucket": "files-eu-west-1",
        "region": "eu-west-1",
        "request_id": "request-id",
        "uri": "/files/lighthouse",
    }


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("key", ["lighthouse.svg", "a b/ü~+%2F'()&=:@/日本", "/a//b/", "c=1?x#y", "...", "-._~"])
def test_signed(api, settings, call, origin_request, key: str, method: str):
    """With sigv4 the request has botocore's signature, for any key."""
    settings["access"] = "sigv4"
    api.put("file", {"bucket": "files", "region": "ap-southeast-2", "key": key})
    answer, _ = call(origin_request("/files/file", method=method))
    origin = answer["origin"]["s3"]
    assert (origin["authMethod"], origin["region"]) == ("none", "ap-southeast-2")
    assert answer["uri"] == "/" + quote(key, safe="/~")
    headers = {name: item["value"] for name, (item,) in answer["headers"].items()}
    date = headers["x-amz-date"]
    theirs = AWSRequest(method, f"https://{origin['domainName']}{answer['uri']}", headers={"host": headers["host"]})
    theirs.headers["X-Amz-Security-Token"] = "session"
    theirs.headers["X-Amz-Content-SHA256"] = headers["x-amz-content-sha256"]
    theirs.headers["X-Amz-Date"] = theirs.context["timestamp"] = date
    auth = S3SigV4Auth(Credentials("AKIDEXAMPLE", "key", "session"), "s3", "ap-southeast-2")
    signature = auth.signature(auth.string_to_sign(theirs, auth.canonical_request(theirs)), theirs)
    assert headers["x-amz-content-sha256"] == hashlib.sha256().hexdigest()
    assert headers["x-amz-security-token"] == "session"
    assert headers["authorization"] == (
        f"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/{date[:8]}/ap-southeast-2/s3/aws4_request, "
        f"SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token, Signature={signature}"
    )


def test_other_custom_headers(call, origin_request):
    """Custom headers that are not the router's settings remain."""
    event = origin_request()
    own = [{"key": "X-Own", "value": "1"}]
    event["Records"][0]["cf"]["request"]["origin"]["s3"]["customHeaders"]["x-own"] = own
    assert call(event)[0]["origin"]["s3"]["customHeaders"] == {"x-own": own}


@pytest.mark.parametrize("access", ["oai", "sigv4"])
def test_headers(settings, call, origin_request, access: str):
    """Conditional and range headers and CloudFront's own remain. AWS's and those named like settings are removed."""
    settings["access"] = access
    kept = {
        "Accept-Encoding": "gzip",
        "If-Match": '"a"',
        "If-Modified-Since": "Sat, 21 Nov 2026 00:00:00 GMT",
        "If-None-Match": '"b"',
        "If-Range": '"c"',
        "If-Unmodified-Since": "Sun, 22 Nov 2026 00:00:00 GMT",
        "Range": "bytes=0-99",
        "X-Forwarded-For": "203.0.113.178",
    }
    dropped = {"Authorization": "Basic x", "X-Amz-Acl": "public-read", "X-Amz-Date": "now", "X-Router-Access": "x"}
    event = origin_request(headers=kept | dropped, querystring="acl&versionId=1")
    answer, _ = call(event)
    given = event["Records"][0]["cf"]["request"]["headers"]
    signature = ("authorization", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token")
    assert answer["headers"].keys() == {
        *(name.lower() for name in kept), "host", "via", *(signature if access == "sigv4" else ())
    }  # fmt: skip
    assert {name: answer["headers"][name.lower()] for name in kept} == {name: given[name.lower()] for name in kept}
    assert answer["headers"].get("authorization") != given["authorization"]
    assert answer["headers"].get("x-amz-date") != given["x-amz-date"]
    assert answer["querystring"] == ""


@pytest.mark.parametrize(
    ("here", "bucket"),
    [
        ("us-east-1", "b-us-east-1"),
        ("eu-west-1", "b-eu-west-1"),
        ("eu-central-1", "b-eu-west-1"),
        ("us-west-2", "b-us-east-1"),
        ("ca-central-1", "b-us-east-1"),
        ("ap-south-1", "b-eu-west-1"),
        ("xx-nowhere-1", "b-us-east-1"),
    ],
)
def test_nearest(api, call, origin_request, monkeypatch, here: str, bucket: str):
    """The nearest copy is chosen, or the first one in an unknown Region."""
    monkeypatch.setenv("AWS_REGION", here)
    api.put("file", *EVERYWHERE)
    assert call(origin_request("/files/file"))[1]["bucket"] == bucket


@pytest.mark.parametrize("uri", ["/files/lighthous%65", "/files/%6C%69ghthouse", "/other/lighthouse"])
def test_other_spellings(api, call, origin_request, uri: str):
    """An escaped letter is the letter. The folder may have any name."""
    assert call(origin_request(uri))[1]["bucket"] == "files-eu-west-1"
    assert api.asked == ["token", "/files/lighthouse"]


@pytest.mark.parametrize(
    "uri",
    [
        "/",
        "/files/",
        "/files",
        "/lighthouse",
        "//lighthouse",
        "/files/a/lighthouse",
        "/files/a%2Flighthouse",
        "/files/..",
        "/files/%2e%2e",
        "/files/light%20house",
        "/files/light%00house",
        "/files/light%",
        "/files/lighthouse.svg",
        "/files/%C3%A9",
        "/files/é",
        "/files/" + "a" * 65,
    ],
)
def test_malformed_id(api, call, origin_request, uri: str):
    """A malformed id is a 400 without a call of the API."""
    detail = "A file's id is 1 to 64 letters, digits, hyphens and underscores."
    answer = problem(400, "Bad Request", detail, Cache_Control="max-age=60")
    assert call(origin_request(uri)) == (answer, rejected(400, "malformed id", uri))
    assert api.asked == []


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_method(api, call, origin_request, method: str):
    """Another method than GET and HEAD is a 405 without a call of the API."""
    detail = "Files can only be read."
    answer = problem(405, "Method Not Allowed", detail, Cache_Control="no-store", Allow="GET, HEAD")
    assert call(origin_request(method=method)) == (answer, rejected(405, f"method {method}"))
    assert api.asked == []


def test_unknown_file(call, origin_request):
    """A file that the API does not know is a 404, which CloudFront caches for seconds."""
    answer = problem(404, "Not Found", "There is no file with this id.", Cache_Control="max-age=5")
    assert call(origin_request("/files/none")) == (answer, rejected(404, "unknown file", "/files/none"))


NO_SECRET = (
    "x-router-client-secret-arn is not the ARN of a Secrets Manager secret: "
    "arn:aws:secretsmanager:<Region>:<account>:secret:<name>"
)
NO_SECRETS = (
    "router",
    "arn:aws:secretsmanager",
    "arn:aws:secretsmanager:us-east-1",
    "arn:aws:secretsmanager:us-east-1:123456789012",
    "arn:aws:secretsmanager:us-east-1:123456789012:secret:",
    "arn:aws:secretsmanager::123456789012:secret:router-AbCdEf",
    "arn:aws:secretsmanager:us-east-1.example.org/:123456789012:secret:router-AbCdEf",
    "arn:aws:ssm:us-east-1:123456789012:parameter/router",
    "arn:aws:s3:::bucket",
)


@pytest.mark.parametrize(
    ("changed", "cause"),
    [
        ({"lookup-url": None}, "the origin custom header x-router-lookup-url is missing"),
        ({"token-url": ""}, "the origin custom header x-router-token-url is missing"),
        ({"client-id": None}, "the origin custom header x-router-client-id is missing"),
        ({"scope": None}, "the origin custom header x-router-scope is missing"),
        ({"lookup-url": "http://example.org/"}, "x-router-lookup-url has to be an https:// URL"),
        ({"lookup-url": "http://127.0.0.1.example.org/"}, "x-router-lookup-url has to be an https:// URL"),
        ({"token-url": "ftp://127.0.0.1/"}, "x-router-token-url has to be an https:// URL"),
        ({"token-url": "https://user@example.org/"}, "x-router-token-url has to be an https:// URL"),
        (
            {"lookup-url": "https://example.org/files"},
            "x-router-lookup-url has to end with / or =: the router appends the file's id",
        ),
        ({"client-secret": None}, "set either x-router-client-secret or x-router-client-secret-arn"),
        ({"client-secret-arn": "arn"}, "set either x-router-client-secret or x-router-client-secret-arn"),
        (
            {"lookup-url": "https://example.org/#/files/"},
            "x-router-lookup-url contains a #: remove it, because no server sees the part after it",
        ),
        (
            {"token-url": "https://example.org/token#"},
            "x-router-token-url contains a #: remove it, because no server sees the part after it",
        ),
        *[({"client-secret": None, "client-secret-arn": arn}, NO_SECRET) for arn in NO_SECRETS],
        ({"access": "public"}, "x-router-access is 'public': set it to oai or sigv4"),
        (
            {"acess": "oai"},
            "the router has no setting x-router-acess; its settings are x-router-lookup-url, x-router-token-url, "
            "x-router-client-id, x-router-client-secret, x-router-client-secret-arn, x-router-scope, x-router-access",
        ),
    ],
)
def test_misconfigured(settings, call, origin_request, changed: dict[str, str | None], cause: str):
    """A missing or wrong setting is a 503, and the log names the origin custom header."""
    settings.update({name: value for name, value in changed.items() if value is not None})
    for name, value in changed.items():
        if value is None:
            del settings[name]
    assert call(origin_request()) == (UNAVAILABLE, rejected(503, cause))


@pytest.mark.parametrize(
    ("access", "origin"),
    [("oai", {"origin": "custom"}), ("oai", {"authMethod": "none"}), ("sigv4", {"origin": "custom"})],
)
def test_no_bucket_to_begin_with(settings, call, origin_request, access: str, origin: dict[str, str]):
    """An origin that a function cannot change as needed is a 503, and the log says what to change."""
    settings["access"] = access
    cause = (
        "the origin in the distribution has to be an S3 bucket, and with x-router-access oai it has to have an "
        "origin access identity: no function can add one"
    )
    assert call(origin_request(**origin)) == (UNAVAILABLE, rejected(503, cause))


def test_signed_without_identity(settings, call, origin_request):
    """With sigv4 the origin needs no identity."""
    settings["access"] = "sigv4"
    assert call(origin_request(authMethod="none"))[1]["decision"] == "routed"


def test_access_by_default(settings, call, origin_request):
    """By default the router signs, and removes an origin access identity."""
    del settings["access"]
    answer, _ = call(origin_request())
    assert answer["origin"]["s3"]["authMethod"] == "none"
    assert answer["headers"]["authorization"][0]["value"].startswith("AWS4-HMAC-SHA256 ")


def test_no_origin_request(origin_request):
    """An event of another type raises an error that says so."""
    event = origin_request()
    event["Records"][0]["cf"]["config"]["eventType"] = "viewer-request"
    with pytest.raises(ValueError, match="type is viewer-request, but this function is for origin-request"):
        handler(event, None)


ANSWERS = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=2))


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    status=st.sampled_from([200, 200, 203, 204, 302, 304, 400, 404, 409, 410]),
    field=st.sampled_from(["bucket", "region", "key", "domain"]),
    odd=ANSWERS | st.sampled_from(["169.254.169.254", "files.s3.eu-west-1.amazonaws.com.example.org", "/../a"]),
    cache_control=st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E)),
)
def test_odd_answers(api, call, origin_request, status: int, field: str, odd: object, cache_control: str):
    """For any status and body of the API, the result keeps CloudFront's rules (see `call`)."""
    location = {"bucket": "files", "region": "eu-west-1", "key": "k", field: odd}
    api.files["odd"] = status, {"locations": [location]}, {"Cache-Control": cache_control}
    router.handler.files.cache_clear()
    answer, _ = call(origin_request("/files/odd"))
    if "origin" in answer:
        assert answer["origin"]["s3"]["domainName"].endswith(".amazonaws.com")
    else:
        assert answer["headers"]["cache-control"]
