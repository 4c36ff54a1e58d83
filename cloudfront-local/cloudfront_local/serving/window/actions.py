"""What a person can do with a request in the window: copy it as a curl command, send it again."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cloudfront_local.distribution.messages import Request
from cloudfront_local.distribution.trace import Trace
from cloudfront_local.distribution.viewer import VIEWER_COUNTRY, VIEWER_DEVICE
from cloudfront_local.distribution.viewer_headers import devices, places
from cloudfront_local.distribution.viewer_headers import viewer as viewers
from cloudfront_local.serving.window import kept
from cloudfront_local.serving.window.masking import Masking

# Headers that curl makes itself.
_OF_CURL = frozenset({"host", "content-length", "connection", "transfer-encoding"})


class CannotError(Exception):
    """The action is not possible. The text says why, and what to do."""


def curl(request: Request, url: str, mask: Masking) -> str:
    """The request as a command for a shell. `url` is the distribution's address, if the request has none.

    Raises CannotError.
    """
    _refuse_cut(request)
    address = (request.visited or url).rstrip("/")
    body = _text(request)
    words = ["curl", "-i", *_method(request), *_as_it_is(request)]
    words.append(shlex.quote(f"{address}{mask.target(request.target)}"))
    headers = [(name, value) for name, value in request.headers.items() if name.lower() not in _OF_CURL]
    for name, value in [*headers, *_chosen(request)]:
        # curl drops a header without a value, unless a semicolon ends its name.
        words += ["-H", shlex.quote(f"{name}: {mask.header(name, value)}" if value else f"{name};")]
    for name in ("Accept", "User-Agent", *(["Content-Type"] if body else [])):
        if name not in request.headers:
            words += ["-H", f"{name}:"]  # curl would add its own.
    if body:
        # --data and --data-binary would read a file whose name follows an @.
        words += ["--data-raw", shlex.quote(mask.text(body))]
    return " ".join(words)


def again(trace: Trace, viewer: Mapping[str, Any]) -> Request:
    """A request once more, from a viewer in another `country`, with another `device`, without `cookies`.

    Raises CannotError.
    """
    request = trace.request
    _refuse_cut(request)
    unknown = viewer.keys() - {"country", "device", "cookies"}
    if unknown:
        raise CannotError(f"A replay has no setting {sorted(unknown)[0][:40]!a}. It has country, device and cookies.")
    country, device, cookies = _text_of(viewer, "country"), _text_of(viewer, "device"), viewer.get("cookies", True)
    if not isinstance(cookies, bool):
        raise CannotError("In a replay, `cookies` is true or false.")
    headers = request.headers.copy()
    if not cookies:
        headers.popall("Cookie", None)
    chosen = request.viewer
    try:
        if country:
            chosen = replace(chosen, place=places.place(country))
        if device:
            chosen = replace(chosen, device=devices.named(device))
    except ValueError as error:
        raise CannotError(str(error)) from None
    return replace(request, headers=headers, viewer=chosen, replay_of=trace.id)


def _text_of(viewer: Mapping[str, Any], name: str) -> str:
    if not isinstance(text := viewer.get(name) or "", str):
        raise CannotError(f"In a replay, `{name}` is a text, or null.")
    return text


def _refuse_cut(request: Request) -> None:
    """Raises CannotError if the window has not the whole body."""
    if len(request.body) >= kept.REQUEST_BODY:
        raise CannotError("The request's body is too long: the window did not keep all of it. Send the request again.")
    length = request.headers.get("Content-Length", "0")
    if not request.body and (length != "0" or "Transfer-Encoding" in request.headers):
        raise CannotError("CloudFront refused the request before it read the body, so the window has no body to send.")


def _method(request: Request) -> list[str]:
    if request.method == "HEAD":
        return ["--head"]
    return [] if request.method == "GET" and not request.body else ["-X", shlex.quote(request.method)]


def _as_it_is(request: Request) -> list[str]:
    """curl would read brackets as patterns, and shorten paths with dots."""
    globs = ["--globoff"] if set(request.target) & set("[]{}") else []
    return [*globs, "--path-as-is"] if "/." in request.uri else globs


def _chosen(request: Request) -> list[tuple[str, str]]:
    """The headers by which the request chose its viewer."""
    place, device = request.viewer.place, request.viewer.device
    headers = [(VIEWER_COUNTRY, place.country)] if place != viewers.DEFAULT.place else []
    return [*headers, (VIEWER_DEVICE, ",".join(sorted(device)))] if device else headers


def _text(request: Request) -> str:
    try:
        text = request.body.decode()
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise CannotError("The request's body is no text, so no curl command can show it. Replay the request.")
    return text
