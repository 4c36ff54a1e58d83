"""The door of the embedded AWS: ASGI middleware that sees each request before ministack does.

ministack trusts everybody who reaches its port: it answers any web page, it runs its administration without a
signature, and it takes several access keys for root without a look at their signature. So the door refuses

- what a browser sends: a web page of any site can send requests to this machine. Cognito's hosted sign-in pages are for
  browsers, so a browser may open them, and they may send their own form;
- ministack's administration, other than its health and the answers of custom resources;
- each access key other than the root key, whose signature the door verifies, and temporary keys, whose signature
  ministack verifies.

Requests without a signature go on to ministack. It refuses them for AWS's APIs, and serves what needs no signature on
AWS, either: token endpoints, keys of user pools, APIs in API Gateway, function URLs with the AuthType NONE.
"""

import hmac
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import unquote_plus
from xml.sax.saxutils import escape

from cloudfront_local.aws.embedded import signature
from cloudfront_local.aws.embedded.signature import Key, Request

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[dict[str, Any], Receive, Send], Awaitable[None]]

# The header by which the door knows the requests of cloudfront-local itself: those pass on a viewer's own headers.
PASS = "x-cloudfront-local-pass"  # noqa: S105 - a header's name
# Signed bodies are in memory as a whole. A function's zip is at most 250 MB.
MAX_BYTES = 512 * 1024 * 1024

_ERROR = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>{message}</Message></Error></ErrorResponse>"

_OWN_HOST = re.compile(
    r"(127\.0\.0\.1|localhost|\[::1\]|host\.docker\.internal|[a-z0-9.-]+\.localhost"
    r"|[a-z0-9._-]+\.(amazonaws\.com|on\.aws|amazoncognito\.com))(:[0-9]{1,5})?"
)
# Cognito's hosted sign-in pages: what a browser opens in a window of its own, and the form that the page sends.
_SIGN_IN_PAGES = ("/oauth2/authorize", "/logout")
_SIGN_IN_FORM = "/login"
# Browsers ask for it beside each page. Nobody has to be told that there is none.
_ICON = "/favicon.ico"
_ADMINISTRATION = re.compile(r"/*(_ministack|_localstack|_cloudfront-local)(/|$)", re.IGNORECASE)
_OPEN = re.compile(r"/_ministack/(health|cfn-response/[^/]+|cfn-signal/[^/]+)")
# The hosts and paths whose requests may carry an Authorization header that is not AWS's.
_OTHER_AUTHORIZATION_HOST = re.compile(
    r"([a-z0-9-]+\.(execute-api|lambda-url|auth)\.[a-z0-9.-]+|[a-z0-9.-]+\.elb\.([a-z0-9-]+\.)?amazonaws\.com)(:[0-9]+)?"
)
_OTHER_AUTHORIZATION_PATH = re.compile(r"/_aws/execute-api/.+|/oauth2/(token|userInfo|userinfo|revoke)")


Purpose = Literal["forward", "administer"]


def pass_of(secret: str, purpose: Purpose) -> str:
    """The value of the header PASS for a root key's secret: to forward a viewer's request, or for administration."""
    return hmac.digest(secret.encode(), purpose.encode(), "sha256").hex()


class Refused(Exception):  # noqa: N818 - an answer for the client, not a fault of the program
    """The door refuses the request. The text says why, and shows nothing of the request that may be secret."""


class Door:
    """Refuses requests, or hands them to `app`. `report(line)` gets a line for each refusal."""

    def __init__(self, app: App, key: Key, report: Callable[[str], None]) -> None:
        self._app = app
        self._key = key
        self._forwards, self._administers = pass_of(key.secret, "forward"), pass_of(key.secret, "administer")
        self._report = report

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        try:
            passed, receive = await self._checked(scope, receive)
        except Refused as refusal:
            if scope["path"] != _ICON:
                self._report(f"refused {_shown(scope)}: {refusal}.")
            await _refuse(scope, str(refusal), send)
        else:
            await self._app(passed, receive, send)

    async def _checked(self, scope: dict[str, Any], receive: Receive) -> tuple[dict[str, Any], Receive]:
        """The request for ministack, and its body. Raises Refused."""
        if scope["type"] != "http":
            raise Refused("the embedded AWS has no WebSockets here")
        headers = _headers(scope)
        given = headers.pop(PASS, "")
        passed = {
            **scope,
            "headers": [(name, value) for name, value in scope["headers"] if name.lower() != PASS.encode()],
        }
        if _is(given, self._administers):
            return passed, receive
        if not _is(given, self._forwards):
            _refuse_foreign_host(headers)
            if not _is_hosted_sign_in(scope, headers):
                _refuse_browser(headers)
        _refuse_administration(scope)
        signed = _signature(scope, headers)
        if signed and signed.key_id == self._key.id:
            body = await _read(receive) if signed.covers_body(headers) else None
            raw = scope.get("raw_path", b"").decode("latin-1").partition("?")[0]
            request = Request(scope["method"], raw, scope["query_string"].decode("latin-1"), headers, body)
            if fault := signature.fault(signed, request, self._key, datetime.now(UTC)):
                raise Refused(f"it has the root key's id, but {fault}")
            receive = receive if body is None else _again(body, receive)
        elif signed and not signed.key_id.startswith("ASIA"):
            raise Refused("its access key is neither the root key nor a function's temporary key")
        elif signed and signed.algorithm != signature.HMAC:
            # ministack would not look at such a signature.
            raise Refused("a temporary key signed it with Signature Version 4A: only the root key can do so here")
        return passed, receive


def _is(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())


def _headers(scope: Scope) -> dict[str, str]:
    headers: dict[str, str] = {}
    for raw, value in scope["headers"]:
        name, text = raw.decode("latin-1").lower(), value.decode("latin-1")
        headers[name] = f"{headers[name]},{text}" if name in headers else text
    return headers


def _refuse_browser(headers: Mapping[str, str]) -> None:
    if "origin" in headers:
        raise Refused("a web page sent it (it has the header Origin)")
    if headers.get("sec-fetch-site", "none") != "none":
        raise Refused("a web page sent it (by the header Sec-Fetch-Site)")


def _refuse_foreign_host(headers: Mapping[str, str]) -> None:
    if not _OWN_HOST.fullmatch(headers.get("host", "").lower()):
        raise Refused("its Host is neither this machine nor a host of AWS")


def _is_hosted_sign_in(scope: Scope, headers: Mapping[str, str]) -> bool:
    """Whether a browser opens one of Cognito's hosted sign-in pages, or sends the form of such a page.

    A page may be opened from any site, as on AWS, but neither in a frame nor by a script. The form may come from a page
    of the embedded AWS alone: another site could sign a person in as somebody else.
    """
    if (scope["method"], scope["path"]) == ("POST", _SIGN_IN_FORM):
        own = f"http://{headers.get('host', '').lower()}"
        return headers.get("origin") == own and headers.get("sec-fetch-site", "same-origin") == "same-origin"
    opened = (headers.get("sec-fetch-mode", "navigate"), headers.get("sec-fetch-dest", "document"))
    return (
        scope["method"] == "GET"
        and scope["path"] in _SIGN_IN_PAGES
        and opened == ("navigate", "document")
        and "origin" not in headers
    )


def _refuse_administration(scope: Scope) -> None:
    # ASGI's path is decoded: ministack reads it so, too.
    path = scope["path"]
    if _ADMINISTRATION.match(path) and not _OPEN.fullmatch(path):
        raise Refused("ministack's administration is closed")


def _signature(scope: Scope, headers: Mapping[str, str]) -> signature.Signature | None:
    """The request's AWS signature, or None. Raises Refused for anything else that ministack might read as one."""
    query = scope["query_string"].decode("latin-1")
    authorization = headers.get("authorization")
    names = {unquote_plus(part.partition("=")[0]).lower() for part in query.split("&")}
    in_query = names & {"x-amz-credential", "x-amz-signature", "awsaccesskeyid"}
    if authorization is None:
        if not in_query:
            return None
        if not (found := signature.from_query(query)):
            raise Refused("its query string has an AWS signature that cannot be read")
        return found
    found = signature.from_header(authorization, headers)
    if found and not in_query:
        return found
    if found:
        raise Refused("it is signed twice, in its header and in its query string")
    if authorization.strip().upper().startswith("AWS") or not _takes_other(scope, headers):
        raise Refused("its header Authorization is not Signature Version 4")
    return None


def _takes_other(scope: Scope, headers: Mapping[str, str]) -> bool:
    host = headers.get("host", "").lower()
    return bool(_OTHER_AUTHORIZATION_HOST.fullmatch(host) or _OTHER_AUTHORIZATION_PATH.fullmatch(scope["path"]))


async def _read(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise Refused("the client closed the connection in the middle of the body")
        body += message.get("body", b"")
        if len(body) > MAX_BYTES:
            raise Refused(f"its body is larger than {MAX_BYTES // 1024**2} MB")
        if not message.get("more_body"):
            return bytes(body)


def _again(body: bytes, receive: Receive) -> Receive:
    """`receive` for a body that was read: gives the body once, then the later messages."""
    messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def received() -> dict[str, Any]:
        return messages.pop() if messages else await receive()

    return received


async def _refuse(scope: Scope, reason: str, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    message = f"cloudfront-local refuses this request: {reason}."
    names = {name.lower(): value for name, value in scope["headers"]}
    if b"json" in names.get(b"content-type", b"") or b"x-amz-target" in names:
        kind, body = b"application/json", json.dumps({"__type": "AccessDeniedException", "message": message})
    else:
        kind, body = b"text/xml", _ERROR.format(message=escape(message))
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode()), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": body.encode()})


def _shown(scope: Scope) -> str:
    """The method and the path, in printable characters, without the query string."""
    path = scope["path"].encode("ascii", "backslashreplace").decode()[:200]
    return f"{scope.get('method', 'WebSocket')} {re.sub(r'[^ -~]', '?', path)}"
