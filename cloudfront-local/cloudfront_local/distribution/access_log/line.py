"""Access logs: a line for each request, in CloudFront's standard format (version 1.0).

Source: Developer Guide, "Standard logging reference".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from cloudfront_local.distribution import pages
from cloudfront_local.distribution.config import DistributionConfig
from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.distribution.pages import OriginUnconnected, Refusal
from cloudfront_local.distribution.visit import Answer
from cloudfront_local.rules import facts
from cloudfront_local.rules.cloudfront_functions import facts as functions

FIELDS = """
date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent)
cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes time-taken
x-forwarded-for ssl-protocol ssl-cipher x-edge-response-result-type cs-protocol-version fle-status
fle-encrypted-fields c-port time-to-first-byte x-edge-detailed-result-type sc-content-type sc-content-len
sc-range-start sc-range-end
""".split()  # noqa: SIM905 - as the reference writes them
HEAD = f"#Version: 1.0\n#Fields: {' '.join(FIELDS)}\n"

# These characters are percent-encoded: so is the % of what the viewer has encoded.
_ENCODED = re.compile(r"[^!$&()*+,\-./0-9:;=?@A-Z_a-z]+")

# CloudFront logs these values. Here they are secrets: who has a signed URL may open it.
_SECRETS = re.compile(r"(?<![\w-])((?:CloudFront-)?(?:Signature|Policy)=)[^&;]*")

_RESULTS = {
    facts.X_CACHE_HIT: "Hit",
    facts.X_CACHE_REFRESH_HIT: "RefreshHit",
    facts.X_CACHE_MISS: "Miss",
    facts.X_CACHE_GENERATED: "Miss",
    facts.X_CACHE_REDIRECT: "Redirect",
    facts.X_CACHE_EXECUTION: "LambdaExecutionError",
    facts.X_CACHE_VALIDATION: "LambdaExecutionError",
    functions.X_CACHE_GENERATED: "FunctionGeneratedResponse",
    functions.X_CACHE_EXECUTION: "FunctionExecutionError",
    functions.X_CACHE_VALIDATION: "FunctionValidationError",
}
# By the status and the sentence of CloudFront's own errors. Others are `Error`.
_DETAILS = {
    pages.BAD_REQUEST: "InvalidRequest",
    pages.URL_TOO_LONG: "InvalidRequest",
    pages.REQUEST_TOO_LARGE: "InvalidRequestHeader",
    pages.METHOD_NOT_ALLOWED: "InvalidRequestMethod",
    pages.ONLY_CACHABLE: "InvalidRequestMethod",
    pages.COUNTRY_BLOCKED: "ClientGeoBlocked",
    pages.REQUEST_TIMEOUT: "ClientCommError",
    pages.ORIGIN_UNRESOLVED: "OriginDnsError",
    pages.ORIGIN_TIMEOUT: "OriginCommError",
}


@dataclass(frozen=True)
class Visited:
    """A request with its answer. `response` is the answer as it was sent. Times are in Unix seconds."""

    request: Request
    answer: Answer
    response: Response
    request_id: str
    started_at: float
    ended_at: float


def line(visited: Visited, config: DistributionConfig, pop: str) -> str:
    """The line, with its end. `pop` is the edge location. Cookies are in it if the distribution's logging has them."""
    request, response = visited.request, visited.response
    moment = datetime.fromtimestamp(visited.ended_at, UTC)
    took = f"{visited.ended_at - visited.started_at:.3f}"
    result = _RESULTS.get(visited.answer.x_cache, "Error")
    protocol, _, cipher = request.tls.partition(":")
    start, end = _range(response)
    is_secure = request.scheme == "https"
    logs_cookies = config.logging is not None and config.logging.include_cookies
    values = (
        f"{moment:%Y-%m-%d}",
        f"{moment:%H:%M:%S}",
        pop,
        str(_size(response, 0 if request.method == "HEAD" else len(response.body))),
        request.client_ip,
        request.method,
        config.domain_name,
        _encoded(request.uri),
        str(response.status),
        _header(request, "Referer"),
        _header(request, "User-Agent"),
        _encoded(_SECRETS.sub(r"\1", request.querystring)),
        _encoded(_SECRETS.sub(r"\1", "; ".join(request.headers.getall("Cookie", ())))) if logs_cookies else "",
        result,
        visited.request_id,
        _header(request, "Host"),
        request.scheme,
        str(_size(request, _body_size(request))),
        took,
        _header(request, "X-Forwarded-For"),
        protocol if is_secure else "",
        cipher.partition(":")[0] if is_secure else "",
        result,
        f"HTTP/{request.http_version}",
        "",
        "",
        str(request.client_port),
        took,
        _detail(visited.answer, result),
        _encoded(response.headers.get("Content-Type", "").partition(";")[0]),
        response.headers.get("Content-Length", str(len(response.body))),
        start,
        end,
    )
    return "\t".join(value or "-" for value in values) + "\n"


def _detail(answer: Answer, result: str) -> str:
    if answer.x_cache == facts.X_CACHE_GENERATED:
        return "MissGeneratedResponse"
    refusal: Refusal | None = answer.refusal
    if result != "Error" or refusal is None:
        return result
    if isinstance(refusal, OriginUnconnected):
        return "OriginConnectError"
    return _DETAILS.get((refusal.status, refusal.sentence), "Error")


def _header(request: Request, name: str) -> str:
    return _encoded(", ".join(request.headers.getall(name, ())))


def _encoded(text: str) -> str:
    return _ENCODED.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode(errors="replace")), text)


def _size(message: Request | Response, body: int) -> int:
    """The bytes of a message: its first line, its headers and its body."""
    if isinstance(message, Request):
        first = f"{message.method} {message.target} HTTP/{message.http_version}\r\n"
    else:
        first = f"HTTP/1.1 {message.status} {message.reason}\r\n"
    lines = [first, *(f"{name}: {value}\r\n" for name, value in message.headers.items()), "\r\n"]
    return sum(len(each.encode(errors="replace")) for each in lines) + body


def _body_size(request: Request) -> int:
    announced = request.headers.get("Content-Length", "")
    return int(announced) if re.fullmatch("[0-9]{1,15}", announced) else len(request.body)


def _range(response: Response) -> tuple[str, str]:
    found = re.match(r"bytes (\d{1,19})-(\d{1,19})/", response.headers.get("Content-Range", ""))
    return (found[1], found[2]) if found else ("", "")
