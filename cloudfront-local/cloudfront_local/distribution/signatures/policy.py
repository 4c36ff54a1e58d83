"""The policy that a signature is made of: which URL, until when, from when on, and from which addresses.

Source: Developer Guide, "Create a signed URL using a canned policy" and "... using a custom policy".
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping, Set
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Network, NetmaskValueError, ip_address
from typing import Any

# The end of the year 9999, in Unix time.
LAST = 253_402_300_799

_SECONDS = re.compile(r"[0-9]{1,19}", re.ASCII)
_IN_URLS = str.maketrans("-_~", "+=/")


class Malformed(Exception):  # noqa: N818 - the viewer's fault, which a refusal answers
    """The policy cannot be read. The text says why, for the developer."""


class TooLate(Malformed):
    """A time after LAST."""


@dataclass(frozen=True)
class Policy:
    """`resource` is a URL, in a custom policy with wildcards; empty means any URL. Times are in Unix seconds."""

    resource: str
    until: int
    after: int | None = None
    addresses: IPv4Network | None = None

    def refusal(self, now: float, address: str) -> str | None:
        """Why the policy does not allow a request at a time from an IP address; None if it allows the request."""
        if now >= self.until:
            return f"it has expired: DateLessThan is {self.until}, and now is {now:.0f}"
        if self.after is not None and now <= self.after:
            return f"it is too early: DateGreaterThan is {self.after}, and now is {now:.0f}"
        if self.addresses and not _is_in(address, self.addresses):
            return f"it is for viewers from {self.addresses}, and the viewer's address is {address}"
        return None


def canned_text(url: str, expires: str) -> str:
    """The canned policy that CloudFront makes of a URL and of the parameter Expires. Raises Malformed."""
    if not _SECONDS.fullmatch(expires):
        raise Malformed("Expires is no Unix time in whole seconds")
    return f'{{"Statement":[{{"Resource":"{url}","Condition":{{"DateLessThan":{{"AWS:EpochTime":{int(expires)}}}}}}}]}}'


def canned(url: str, expires: str) -> Policy:
    """Raises Malformed."""
    if not _SECONDS.fullmatch(expires):
        raise Malformed("Expires is no Unix time in whole seconds")
    return Policy(url, _time(int(expires), "Expires"))


def decoded(text: str) -> bytes:
    """The bytes of CloudFront's base64, which has - for +, _ for = and ~ for /. Raises Malformed."""
    try:
        return base64.b64decode(text.translate(_IN_URLS), validate=True)
    except (binascii.Error, ValueError):
        raise Malformed("it is not in base64 with - for +, _ for = and ~ for /") from None


def custom(text: bytes) -> Policy:
    """The custom policy that a JSON text holds. Raises Malformed."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise Malformed("it is no JSON text") from None
    statements = _members(document, "the policy", {"Statement"})["Statement"]
    if not isinstance(statements, list) or len(statements) != 1:
        raise Malformed("Statement is no list of one statement")
    statement = _members(statements[0], "the statement", {"Condition"}, {"Resource"})
    conditions = _members(statement["Condition"], "Condition", {"DateLessThan"}, {"DateGreaterThan", "IpAddress"})
    resource = statement.get("Resource", "")
    if not isinstance(resource, str):
        raise Malformed("Resource is no text")
    after, address = conditions.get("DateGreaterThan"), conditions.get("IpAddress")
    return Policy(
        resource,
        _epoch(conditions["DateLessThan"], "DateLessThan"),
        None if after is None else _epoch(after, "DateGreaterThan"),
        None if address is None else _network(_members(address, "IpAddress", {"AWS:SourceIp"})["AWS:SourceIp"]),
    )


def _members(value: Any, what: str, required: Set[str], optional: Set[str] = frozenset()) -> Mapping[str, Any]:
    if not isinstance(value, dict) or not required <= value.keys() <= required | optional:
        names = ", ".join(sorted(required)) + "".join(f", or also {name}" for name in sorted(optional))
        raise Malformed(f"{what} is no object with {names}")
    return value


def _epoch(condition: Any, name: str) -> int:
    return _time(_members(condition, name, {"AWS:EpochTime"})["AWS:EpochTime"], name)


def _time(seconds: Any, name: str) -> int:
    if type(seconds) is not int or seconds < 0:
        raise Malformed(f"{name} is no Unix time in whole seconds")
    if seconds > LAST:
        raise TooLate(f"{name} is after the year 9999. A Unix time is in seconds, not in milliseconds")
    return seconds


def _network(text: Any) -> IPv4Network:
    try:
        return IPv4Network(text if isinstance(text, str) else "", strict=False)
    except (AddressValueError, NetmaskValueError, ValueError):
        raise Malformed("AWS:SourceIp is no IPv4 address or range, such as 192.0.2.0/24") from None


def _is_in(address: str, network: IPv4Network) -> bool:
    try:
        return ip_address(address) in network
    except ValueError:
        return False
