"""How requests reach the functions, APIs and load balancers of the stack. ministack's own Python runs this module.

ministack knows an API by a host name of its own only. It encodes the query string of a function URL anew. It reads + in
the path of an S3 object as itself. And it finds a load balancer by the header Host, which belongs to the viewer.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, MutableMapping
from contextvars import ContextVar
from typing import Any
from urllib.parse import parse_qsl, unquote

Event = dict[str, Any]
Dispatch = Callable[..., Awaitable[Any]]

# The header that has the viewer's own Host, in a request that has a load balancer's name as Host.
VIEWER_HOST = "x-cloudfront-local-host"
# Functions see an address of CloudFront as the sender, not the viewer's: https://ip-ranges.amazonaws.com/ip-ranges.json
CLOUDFRONT_ADDRESS = "130.176.0.1"

_API = re.compile(r"^([a-z0-9]+)\.execute-api\.(?:[a-z0-9-]+\.amazonaws\.com|localhost)(?::\d+)?$")
_BUCKET = re.compile(rb"[a-z0-9.-]+\.s3[.-]([a-z0-9.-]+\.)?amazonaws\.com")
_FUNCTION_URL_PATH = re.compile("/_aws/lambda-url/[^/]*")

# The path and the query string of the current request, as they were sent.
_target: ContextVar[tuple[str, str]] = ContextVar("target")


def install() -> None:
    """Changes ministack. `noting` must wrap its application, too."""
    import ministack.app  # type: ignore[import-not-found]
    from ministack.services import alb, lambda_svc  # type: ignore[import-not-found]

    ministack.app._EXECUTE_API_RE = _API
    alb.dispatch_request = for_viewer(alb.dispatch_request)
    known = lambda_svc._build_function_url_event
    lambda_svc._build_function_url_event = lambda *parts, **more: as_sent(known(*parts, **more), *_target.get())


def noting(app: Dispatch) -> Dispatch:
    """The ASGI application, which notes the target of each request, and reads the path of an object as S3 does."""

    async def noted(scope: MutableMapping[str, Any], *others: Any) -> None:
        if scope["type"] == "http":
            path = scope["raw_path"].decode("latin-1").partition("?")[0]
            _target.set((path, scope["query_string"].decode("latin-1")))
            if "+" in path and any(name == b"host" and _BUCKET.fullmatch(value) for name, value in scope["headers"]):
                scope = {**scope, "path": unquote(path.replace("+", "%20"))}  # dnbert/prm#46
        await app(scope, *others)

    return noted


def for_viewer(dispatch: Dispatch) -> Dispatch:
    """ministack's dispatcher of a load balancer, for which the viewer's own Host counts."""

    async def dispatched(
        balancer: Any, method: str, path: str, headers: dict[str, str], *others: Any, **more: Any
    ) -> Any:
        sent = {name: value for name, value in headers.items() if name != VIEWER_HOST}
        if VIEWER_HOST in headers:
            sent["host"] = headers[VIEWER_HOST]
        return await dispatch(balancer, method, path, sent, *others, **more)

    return dispatched


def as_sent(event: Event, path: str, query: str) -> Event:
    """The event of a function URL with the target as it was sent, and with cookies and addresses as Lambda has them.

    Sources: Lambda Developer Guide, "Request payload format"; that the path stays encoded: hotsock/voker#8.
    """
    made: Event = {**event, "rawPath": _FUNCTION_URL_PATH.sub("", path) or "/", "rawQueryString": query}
    headers = dict(event["headers"])
    cookies = headers.pop("cookie", "")
    http = {**event["requestContext"]["http"], "path": made["rawPath"]}
    if "x-amz-cf-id" in headers:
        http["sourceIp"] = CLOUDFRONT_ADDRESS
    made |= {"headers": headers, "requestContext": {**event["requestContext"], "http": http}}
    made.pop("queryStringParameters", None)
    if parameters := _parameters(query):
        made["queryStringParameters"] = parameters
    if cookies:
        made["cookies"] = [cookie.strip() for cookie in cookies.split(";") if cookie.strip()]
    return made


def _parameters(query: str) -> dict[str, str]:
    """The parameters, decoded. The values of a repeated one are joined by commas."""
    parameters: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        parameters[name] = f"{parameters[name]},{value}" if name in parameters else value
    return parameters
