"""The request that the reference signers sign: that of the event, without the headers that CloudFront changes."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass
from typing import Any

# CloudFront changes these headers on the way to the origin. `host` is replaced by the origin's.
CHANGED_ON_THE_WAY = {"accept-encoding", "content-length", "host", "te", "user-agent", "via", "x-forwarded-for"}


@dataclass(frozen=True)
class Unsigned:
    """A request to a function URL."""

    method: str
    host: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def region(self) -> str:
        return self.host.split(".")[2]


def unsigned(event: dict[str, Any]) -> Unsigned:
    """The request of an origin-request event, with its body decoded."""
    request = event["Records"][0]["cf"]["request"]
    host = request["origin"]["custom"]["domainName"]
    headers = {name: items[0]["value"] for name, items in request["headers"].items() if name not in CHANGED_ON_THE_WAY}
    target = request["uri"] + ("?" + request["querystring"] if request["querystring"] else "")
    return Unsigned(request["method"], host, target, {**headers, "host": host}, b64decode(request["body"]["data"]))


def signed(event: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
    """The event's request with these headers added."""
    request: dict[str, Any] = event["Records"][0]["cf"]["request"]
    request["headers"] |= {name.lower(): [{"key": name, "value": value}] for name, value in headers.items()}
    return request
