"""What a person can do with a request in the window: copy it as a curl command, send it again."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cloudfront_local.distribution.messages import Request
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
    """The request as a command for a shell. `url` is the distribution's address, if the request has none."""
    address = (request.visited or url).rstrip("/")
    words = ["curl", "-i", *_method(request), shlex.quote(f"{address}{mask.target(request.target)}")]
    headers = [(name, value) for name, value in request.headers.items() if name.lower() not in _OF_CURL]
    for name, value in [*headers, *_chosen(request)]:
        # curl drops a header without a value, unless a semicolon ends its name.
        words += ["-H", shlex.quote(f"{name}: {mask.header(name, value)}" if value else f"{name};")]
    if request.body:
        words += ["--data-binary", shlex.quote(mask.text(_text(request)))]
    return " ".join(words)


def again(request: Request, viewer: Mapping[str, Any]) -> Request:
    """The request once more, from a viewer in another `country`, with another `device`, without `cookies`.

    Raises CannotError.
    """
    if len(request.body) >= kept.REQUEST_BODY:
        raise CannotError("The request's body is too long: the window did not keep all of it. Send the request again.")
    unknown = viewer.keys() - {"country", "device", "cookies"}
    if unknown:
        raise CannotError(f"A replay has no setting {sorted(unknown)[0][:40]!a}. It has country, device and cookies.")
    headers = request.headers.copy()
    if viewer.get("cookies") is False:
        headers.popall("Cookie", None)
    chosen = request.viewer
    try:
        if country := viewer.get("country"):
            chosen = replace(chosen, place=places.place(str(country)))
        if device := viewer.get("device"):
            chosen = replace(chosen, device=devices.named(str(device)))
    except ValueError as error:
        raise CannotError(str(error)) from None
    return replace(request, headers=headers, viewer=chosen)


def _method(request: Request) -> list[str]:
    if request.method == "HEAD":
        return ["--head"]
    return [] if request.method == "GET" and not request.body else ["-X", shlex.quote(request.method)]


def _chosen(request: Request) -> list[tuple[str, str]]:
    """The headers by which the request chose its viewer."""
    place, device = request.viewer.place, request.viewer.device
    headers = [(VIEWER_COUNTRY, place.country)] if place != viewers.DEFAULT.place else []
    return [*headers, (VIEWER_DEVICE, ",".join(sorted(device)))] if device else headers


def _text(request: Request) -> str:
    try:
        return request.body.decode()
    except UnicodeDecodeError:
        raise CannotError(
            "The request's body is no text, so no curl command can show it. Replay the request."
        ) from None
