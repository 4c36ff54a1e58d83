"""Lines of the access log, field by field."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cloudfront_local.distribution.access_log.line import FIELDS, HEAD
from cloudfront_local.distribution.access_log.settings import Logging, logging
from cloudfront_local.distribution.geo_restriction import GeoRestriction
from cloudfront_local.distribution.pages import ORIGIN_TIMEOUT, ORIGIN_UNREACHABLE, OriginFailed, OriginUnconnected
from cloudfront_local.distribution.policies import CachePolicy
from cloudfront_local.distribution.signatures.keys import TrustedKeys


class Log(list[str]):
    """The lines of a distribution."""

    def __init__(self, at: Any) -> None:
        super().__init__()
        at.distribution.write = self.append

    @property
    def last(self) -> dict[str, str]:
        values = self[-1].removesuffix("\n").split("\t")
        assert len(values) == len(FIELDS) == 33
        return dict(zip(FIELDS, values, strict=True))


def test_head() -> None:
    """The two lines at the beginning of each file."""
    assert HEAD.startswith("#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) ")
    assert HEAD.endswith(" sc-content-type sc-content-len sc-range-start sc-range-end\n")


async def test_line(edge) -> None:
    """All 33 fields of a request."""
    at = edge()
    log = Log(at)
    at.origin.reply(200, b"hello", {"Content-Type": "text/plain; charset=utf-8", "Content-Length": "5"})
    at.origin.takes = lambda: at.clock.advance(0.25)
    at.clock.now = 1_576_276_587.0
    headers = {"Referer": "http://example.org/", "User-Agent": "curl/7 (a b)", "Cookie": "a=1"}
    answer = await at.get("/a%20b?x=1&y", {**headers, "X-Forwarded-For": "192.0.2.1"}, client_port=25260)
    sent = "".join(f"{name}: {value}\r\n" for name, value in answer.headers.items())
    assert log.last == {
        "date": "2019-12-13",
        "time": "22:36:27",
        "x-edge-location": "IAD1-P1",
        "sc-bytes": str(len(f"HTTP/1.1 200 \r\n{sent}\r\nhello")),
        "c-ip": "203.0.113.178",
        "cs-method": "GET",
        "cs(Host)": "d111111abcdef8.cloudfront.net",
        "cs-uri-stem": "/a%2520b",
        "sc-status": "200",
        "cs(Referer)": "http://example.org/",
        "cs(User-Agent)": "curl/7%20(a%20b)",
        "cs-uri-query": "x=1&y",
        "cs(Cookie)": "-",
        "x-edge-result-type": "Miss",
        "x-edge-request-id": answer.headers["X-Amz-Cf-Id"].replace("~", "%7E"),
        "x-host-header": "d111111abcdef8.cloudfront.net",
        "cs-protocol": "https",
        "cs-bytes": "163",
        "time-taken": "0.250",
        "x-forwarded-for": "192.0.2.1",
        "ssl-protocol": "TLSv1.3",
        "ssl-cipher": "TLS_AES_128_GCM_SHA256",
        "x-edge-response-result-type": "Miss",
        "cs-protocol-version": "HTTP/1.1",
        "fle-status": "-",
        "fle-encrypted-fields": "-",
        "c-port": "25260",
        "time-to-first-byte": "0.250",
        "x-edge-detailed-result-type": "Miss",
        "sc-content-type": "text/plain",
        "sc-content-len": "5",
        "sc-range-start": "-",
        "sc-range-end": "-",
    }


async def test_results(edge) -> None:
    """Misses, hits, redirects, parts and what functions generate."""
    generated = {"status": "204"}
    at = edge(viewer_protocol_policy="redirect-to-https")
    log = Log(at)
    at.origin.reply(200, b"hello", {"Content-Length": "5", "Content-Type": "text/plain"})
    await at.get()
    await at.get()
    assert (log.last["x-edge-result-type"], log.last["x-edge-detailed-result-type"]) == ("Hit", "Hit")
    await at.get(headers={"Range": "bytes=1-3"})
    assert (log.last["sc-status"], log.last["sc-range-start"], log.last["sc-range-end"]) == ("206", "1", "3")
    await at.get(scheme="http")
    assert (log.last["x-edge-result-type"], log.last["cs-protocol"]) == ("Redirect", "http")
    assert (log.last["ssl-protocol"], log.last["ssl-cipher"]) == ("-", "-")
    at = edge(functions={"viewer-request": lambda _: generated})
    log = Log(at)
    await at.get()
    assert log.last["x-edge-result-type"] == "Miss"
    assert log.last["x-edge-detailed-result-type"] == "MissGeneratedResponse"


@pytest.mark.parametrize(
    ("part", "request_", "failure", "result", "detail"),
    [
        ({}, {"method": "POST"}, None, "Error", "InvalidRequestMethod"),
        ({}, {"target": "/" + "a" * 9000}, None, "Error", "InvalidRequest"),
        ({"config": {"geo_restriction": GeoRestriction(frozenset({"US"}))}}, {}, None, "Error", "ClientGeoBlocked"),
        ({"trusted_keys": TrustedKeys()}, {}, None, "Error", "Error"),
        ({}, {}, OriginFailed(*ORIGIN_TIMEOUT), "Error", "OriginCommError"),
        ({}, {}, OriginUnconnected(*ORIGIN_UNREACHABLE), "Error", "OriginConnectError"),
        ({"functions": {"viewer-request": lambda _: 7}}, {}, None, "LambdaExecutionError", "LambdaExecutionError"),
    ],
)
async def test_errors(edge, part: Any, request_: Any, failure: Exception | None, result: str, detail: str) -> None:
    """What went wrong is in the result types."""
    at = edge(**part)
    log = Log(at)
    at.origin.fail(failure) if failure else at.origin.reply()
    await at.get(**request_)
    assert (log.last["x-edge-result-type"], log.last["x-edge-detailed-result-type"]) == (result, detail)


async def test_secrets(edge) -> None:
    """Cookies are there if the distribution logs them. Signatures and policies of private content never are."""
    at = edge(config={"logging": Logging("logs", include_cookies=True)}, cache_policy=CachePolicy(0, 0, 0))
    log = Log(at)
    at.origin.reply()
    cookies = {"Cookie": "a=1; CloudFront-Signature=secret3"}
    await at.get("/a?Signature=secret1&x=1&Policy=secret2&My-Signature=2", cookies)
    assert log.last["cs(Cookie)"] == "a=1;%20CloudFront-Signature="
    assert log.last["cs-uri-query"] == "Signature=&x=1&Policy=&My-Signature=2"
    assert "secret" not in log[-1]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(), st.text(), st.text())
async def test_any_text(edge, path: str, query: str, value: str) -> None:
    """No text of a viewer breaks a line, or raises."""
    at = edge()
    log = Log(at)
    at.origin.reply()
    await at.get(f"/{path}?{query}", {"User-Agent": value, "Content-Length": value})
    assert log.last["sc-status"] != ""
    assert log[-1].isascii()


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({}, None),
        ({"Enabled": False, "Bucket": "logs.s3.amazonaws.com"}, None),
        ({"Enabled": True, "Bucket": "", "Prefix": ""}, None),
        ({"Enabled": True, "Bucket": "logs.s3.amazonaws.com", "Prefix": ""}, Logging("logs")),
        ({"Enabled": True, "Bucket": "a.b.s3.eu-west-1.amazonaws.com", "Prefix": "x"}, Logging("a.b", "x/")),
        (
            {"Enabled": True, "Bucket": "logs.s3.amazonaws.com", "Prefix": "x/", "IncludeCookies": True},
            Logging("logs", "x/", include_cookies=True),
        ),
    ],
)
def test_settings(config: Any, expected: Logging | None) -> None:
    assert logging(config) == expected
