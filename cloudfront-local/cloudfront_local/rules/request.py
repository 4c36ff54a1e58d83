"""Rules for the request that a function passes on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from cloudfront_local.rules import facts, headers
from cloudfront_local.rules.body import request_body
from cloudfront_local.rules.headers import STRUCTURE
from cloudfront_local.rules.origin import origin
from cloudfront_local.rules.rule import Violation, kind, rule, shown

READ_ONLY_FIELD = rule(
    "read-only-field",
    "A function does not change `method` or `clientIp`",
    source=STRUCTURE,
    allowed="the event's value",
    advice="Return the event's request, and leave this field as it is.",
)
URI = rule(
    "uri",
    "`uri` is a string that starts with /",
    source="https://github.com/marksteele/edge-rewrite/issues/6",
    allowed="a path that starts with /",
    advice="Give the path alone. The host belongs in the origin's domainName, the query in `querystring`.",
    sentence=facts.SENTENCE_URI,
)
URI_CHARACTER = rule(
    "uri-character",
    "`uri` has no spaces, control characters, ? or #",
    source="https://github.com/sanfrancesco/prerendercloud-lambda-edge/issues/13",
    allowed="no spaces, control characters, ? or #",
    advice="Percent-encode the character. A query belongs in `querystring`.",
    sentence=facts.SENTENCE_URI,
    unverified=True,
)
QUERYSTRING = rule(
    "querystring",
    "`querystring` is a string",
    source=STRUCTURE,
    allowed='a string, "" for no query',
    advice="Encode the query with urllib.parse.urlencode.",
)
QUERYSTRING_CHARACTER = rule(
    "querystring-character",
    "`querystring` has no spaces, control characters or #",
    source=STRUCTURE,
    allowed="no spaces, control characters or #",
    advice="Encode the query with urllib.parse.urlencode.",
)
URL_LENGTH = rule(
    "url-length",
    f"`uri` and `querystring` together are shorter than {facts.URI_AND_QUERYSTRING_BELOW:,} characters",
    source="CloudFront Developer Guide, cloudfront-limits",
    allowed=f"fewer than {facts.URI_AND_QUERYSTRING_BELOW:,} characters together",
    advice="Shorten the path or the query.",
)

URI_REFUSED = re.compile(r"[\x00-\x20\x7f?#]")
QUERYSTRING_REFUSED = re.compile(r"[\x00-\x20\x7f#]")


def request(event_type: str, original: dict[str, Any], returned: dict[str, Any]) -> Iterator[Violation]:
    """The violations in the request that a function returned. `original` is the event's request."""
    yield from _read_only_fields(original, returned)
    yield from _uri(returned.get("uri"))
    if "querystring" in original or "querystring" in returned:  # events written by hand may have none
        yield from _querystring(returned.get("querystring"))
    yield from _url_length(returned.get("uri"), returned.get("querystring"))
    before, after = original.get("headers"), returned.get("headers")
    yield from headers.shape(before, after, "headers")
    yield from headers.disallowed(event_type, before, after, "headers")
    yield from headers.read_only(event_type, before, after)
    if "body" in returned:
        yield from request_body(event_type, returned["body"])
    yield from origin(event_type, original, returned)


def _read_only_fields(original: dict[str, Any], returned: dict[str, Any]) -> Iterator[Violation]:
    for field in facts.READ_ONLY_REQUEST_FIELDS:
        if original.get(field) != returned.get(field):
            found = shown(returned[field]) if field in returned else "nothing"
            yield READ_ONLY_FIELD.broken(field, found, shown(original.get(field)))


def _uri(uri: object) -> Iterator[Violation]:
    if not isinstance(uri, str):
        yield URI.broken("uri", kind(uri))
        return
    if not uri.startswith("/"):
        yield URI.broken("uri", f"a string that starts with {uri[:1]!r}")
    if refused := URI_REFUSED.search(uri):
        yield URI_CHARACTER.broken("uri", f"{refused[0]!r} at character {refused.start()}")


def _querystring(querystring: object) -> Iterator[Violation]:
    if not isinstance(querystring, str):
        yield QUERYSTRING.broken("querystring", kind(querystring))
    elif refused := QUERYSTRING_REFUSED.search(querystring):
        yield QUERYSTRING_CHARACTER.broken("querystring", f"{refused[0]!r} at character {refused.start()}")


def _url_length(uri: object, querystring: object) -> Iterator[Violation]:
    length = sum(len(part) for part in (uri, querystring) if isinstance(part, str))
    if length >= facts.URI_AND_QUERYSTRING_BELOW:
        yield URL_LENGTH.broken("uri", f"{length:,} characters")
