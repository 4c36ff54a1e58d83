"""The pages that this function answers with. They say what happened and what to do; no cache stores them."""

from __future__ import annotations

import json
from binascii import b2a_base64
from hashlib import sha256

from edge.cloudfront import generated_response

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from edge.cloudfront import Response

_STYLE = (
    ":root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:15vh auto;"
    "padding:0 1rem;overflow-wrap:anywhere}h1{font-size:1.5rem}"
)
_HASH = b2a_base64(sha256(_STYLE.encode()).digest(), newline=False).decode()
_HEADERS = {
    "Cache-Control": "no-store",
    # The security headers function does not see generated responses.
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_ESCAPES = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord('"'): "&quot;", ord("'"): "&#39;"}


def page(
    status: int, title: str, text: str, link: tuple[str, str] | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """A page with a title, a sentence or two, and a link: its address on this host and its text. All is plain text."""
    anchor = f'<p><a href="{_escaped(link[0])}">{_escaped(link[1])}</a></p>' if link else ""
    html = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{_escaped(title)}</title><style>{_STYLE}</style>"
        f"<main><h1>{_escaped(title)}</h1><p>{_escaped(text)}</p>{anchor}</main></html>\n"
    )
    return generated_response(status, {**_HEADERS, "Content-Type": "text/html; charset=utf-8", **(headers or {})}, html)


def problem(status: int, title: str, detail: str, headers: dict[str, str], **members: str) -> Response:
    """The answer to a program: a problem document (RFC 9457)."""
    document = {"type": "about:blank", "title": title, "status": status, "detail": detail, **members}
    return answer_json(status, document, {"Content-Type": "application/problem+json", **headers})


def answer_json(status: int, document: object, headers: Mapping[str, str] | None = None) -> Response:
    """An answer to a program or to a page's script."""
    headers = {"Cache-Control": "no-store", "Content-Type": "application/json", **(headers or {})}
    return generated_response(status, headers, json.dumps(document) + "\n")


def redirect(location: str, *cookies: str) -> Response:
    """A 302 that sets cookies."""
    answer = generated_response(302, {"Location": location, "Cache-Control": "no-store"})
    return with_cookies(answer, *cookies)


def with_cookies(response: Response, *cookies: str) -> Response:
    """The response with these `Set-Cookie` values."""
    if cookies:
        response["headers"]["set-cookie"] = [{"key": "Set-Cookie", "value": cookie} for cookie in cookies]
    return response


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)
