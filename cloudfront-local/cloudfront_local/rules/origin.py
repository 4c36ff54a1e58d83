"""Rules for the origin that an origin-request function chooses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cloudfront_local.rules import facts
from cloudfront_local.rules.custom_headers import custom_headers
from cloudfront_local.rules.origin_fields import FIELDS, origin_rule
from cloudfront_local.rules.rule import Violation, kind, shown

# No rule compares Host with the new domain name: CloudFront accepts a Host that differs, and the origin refuses it.

ORIGIN_EVENT = origin_rule(
    "origin-event",
    "Only an origin-request function sets `origin`",
    allowed="no origin at viewer-request",
    advice="Choose the origin at origin-request.",
    unverified=True,
)
ONE_ORIGIN = origin_rule(
    "one-origin",
    "`origin` has exactly one of the fields `custom` and `s3`, whose value is an object",
    allowed='an object with either "custom" or "s3", whose value is an object',
    advice="To change the kind of origin, replace the whole `origin`.",
)
ORIGIN_FIELD = origin_rule(
    "origin-field",
    "A new origin has all fields of the guide's samples; a changed origin keeps the fields of the event's origin",
    allowed="a value",
    advice="Set the field, as the guide's samples do.",
    unverified=True,
)
RESPONSE_COMPLETION_TIMEOUT = origin_rule(
    "origin-response-completion-timeout",
    "An origin's response completion timeout is left out, 0, or at least its read timeout",
    allowed="0, or a whole number of seconds, at least readTimeout",
    advice="Delete the field to set no limit.",
)
ACCESS_IDENTITY_REGION = origin_rule(
    "origin-access-identity-region",
    "An s3 origin with an origin access identity has a `region`",
    allowed="the bucket's Region, such as eu-west-1",
    advice="Set the bucket's Region: CloudFront signs the request for that Region.",
)
ACCESS_IDENTITY = origin_rule(
    "origin-access-identity",
    "A function chooses an origin access identity only if the event's origin has one",
    allowed='"origin-access-identity" only if the event\'s origin has it',
    advice='Configure the identity on the distribution\'s origin, or set authMethod to "none".',
)


def origin(event_type: str, original: dict[str, Any], returned: dict[str, Any]) -> Iterator[Violation]:
    """The violations in the origin of the returned request. `original` is the event's request."""
    if event_type != "origin-request":
        if original.get("origin") != returned.get("origin"):
            yield ORIGIN_EVENT.broken("origin", "an origin")
    elif "origin" in original or "origin" in returned:
        yield from _origin(original, returned)


def _origin(original: dict[str, Any], returned: dict[str, Any]) -> Iterator[Violation]:
    before: Any = original.get("origin")
    after: Any = returned.get("origin")
    kinds = [name for name in facts.ORIGIN_KINDS if isinstance(after, dict) and name in after]
    if len(kinds) != 1:
        yield ONE_ORIGIN.broken("origin", " and ".join(kinds) or kind(after))
        return
    (origin_kind,) = kinds
    if not isinstance(after[origin_kind], dict):
        yield ONE_ORIGIN.broken(f"origin.{origin_kind}", kind(after[origin_kind]))
        return
    configured = before.get(origin_kind) if isinstance(before, dict) else None
    yield from _one(origin_kind, configured if isinstance(configured, dict) else {}, after[origin_kind])
    yield from custom_headers(origin_kind, original, returned)


def _one(origin_kind: str, configured: dict[str, Any], chosen: dict[str, Any]) -> Iterator[Violation]:
    """`configured` holds the fields of the event's origin; it is empty if that origin is of the other kind."""
    yield from _missing(origin_kind, configured, chosen)
    yield from _fields(origin_kind, configured, chosen)
    yield from _response_completion_timeout(origin_kind, chosen)
    if origin_kind == "s3" and chosen.get("authMethod") == "origin-access-identity":
        yield from _access_identity(configured, chosen)


def _missing(origin_kind: str, configured: dict[str, Any], chosen: dict[str, Any]) -> Iterator[Violation]:
    for name in facts.ORIGIN_REQUIRED_FIELDS[origin_kind]:
        if name not in chosen and (name in configured or not configured):
            yield ORIGIN_FIELD.broken(f"origin.{origin_kind}.{name}", "nothing")


def _fields(origin_kind: str, configured: dict[str, Any], chosen: dict[str, Any]) -> Iterator[Violation]:
    """An unchanged field may have any value: AWS may have raised its quota."""
    for name, field in FIELDS[origin_kind]:
        if name in chosen and not _same(configured, chosen, name) and not field.valid(chosen[name]):
            yield field.rule.broken(f"origin.{origin_kind}.{name}", shown(chosen[name]))


def _same(configured: dict[str, Any], chosen: dict[str, Any], name: str) -> bool:
    """Whether a field has the event's own value. To Python, 443.0 is 443 and true is 1; to JSON they differ."""
    return name in configured and configured[name] == chosen[name] and type(configured[name]) is type(chosen[name])


def _response_completion_timeout(origin_kind: str, chosen: dict[str, Any]) -> Iterator[Violation]:
    seconds = chosen.get("responseCompletionTimeout", 0)
    read_timeout = chosen.get("readTimeout", facts.ORIGIN_READ_SECONDS_DEFAULT)
    least = read_timeout if type(read_timeout) is int else 0
    if type(seconds) is not int or (seconds != 0 and seconds < least):
        yield RESPONSE_COMPLETION_TIMEOUT.broken(f"origin.{origin_kind}.responseCompletionTimeout", shown(seconds))


def _access_identity(configured: dict[str, Any], chosen: dict[str, Any]) -> Iterator[Violation]:
    if not chosen.get("region"):
        yield ACCESS_IDENTITY_REGION.broken("origin.s3.region", shown(chosen.get("region")))
    if configured.get("authMethod") != "origin-access-identity":
        yield ACCESS_IDENTITY.broken("origin.s3.authMethod", "an identity that the event's origin does not have")
