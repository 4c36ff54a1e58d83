"""Rules for the request that a CloudFront Function passes on."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from cloudfront_local.rules import facts as shared
from cloudfront_local.rules.cloudfront_functions import facts
from cloudfront_local.rules.cloudfront_functions.shape import STRUCTURE, entries, headers
from cloudfront_local.rules.request import QUERYSTRING_REFUSED, URI_REFUSED
from cloudfront_local.rules.rule import Violation, kind, rule, shown

request_rule = partial(rule, sentence=facts.SENTENCE_VALIDATION)

METHOD = request_rule(
    "function-method",
    "A CloudFront Function does not change `method`",
    source=STRUCTURE,
    allowed="the event's method",
    advice="Leave the method as it is.",
)
URI = request_rule(
    "function-uri",
    "`uri` is a string that starts with / and has no query",
    source=STRUCTURE,
    allowed="a path that starts with /, without spaces, control characters, ? and #",
    advice="Percent-encode other characters. A query belongs in `querystring`, another host in a redirect.",
)
QUERYSTRING = request_rule(
    "function-querystring-character",
    "A query string has no spaces, control characters or #",
    source=STRUCTURE,
    allowed="names and values as they are sent: percent-encoded",
    advice="Encode names and values with encodeURIComponent.",
    unverified=True,
)
URL_LENGTH = request_rule(
    "function-url-length",
    f"`uri` and `querystring` together are shorter than {shared.URI_AND_QUERYSTRING_BELOW:,} characters",
    source="CloudFront Developer Guide, cloudfront-limits",
    allowed=f"fewer than {shared.URI_AND_QUERYSTRING_BELOW:,} characters together",
    advice="Shorten the path or the query.",
)


def request(original: dict[str, Any], returned: dict[str, Any]) -> Iterator[Violation]:
    """The violations in a returned request. `original` is the event's."""
    if returned.get("method", original["method"]) != original["method"]:
        yield METHOD.broken("method", shown(returned["method"]), shown(original["method"]))
    yield from _uri(returned.get("uri"))
    yield from _query(original.get("querystring"), returned.get("querystring", {}))
    yield from headers("request", "viewer-request", original.get("headers"), returned.get("headers"))
    yield from entries("cookies", original.get("cookies"), returned.get("cookies", {}))
    if len(f"{returned.get('uri')}{query_text(returned.get('querystring', {}))}") >= shared.URI_AND_QUERYSTRING_BELOW:
        yield URL_LENGTH.broken("uri", "a longer URL")


def _uri(uri: object) -> Iterator[Violation]:
    if not isinstance(uri, str):
        yield URI.broken("uri", kind(uri))
    elif not uri.startswith("/") or URI_REFUSED.search(uri):
        yield URI.broken("uri", shown(uri))


def _query(original: object, returned: object) -> Iterator[Violation]:
    if not isinstance(returned, str):
        yield from entries("querystring", original, returned)
    if returned != original and QUERYSTRING_REFUSED.search(query_text(returned)):
        yield QUERYSTRING.broken("querystring", "another character")


def query_text(query: object) -> str:
    """The query string of a returned `querystring`, without `?`. Names and values are sent on as they are.

    Source: https://github.com/KensioSoftware/yulin/issues/1024.
    """
    if isinstance(query, str):
        return query.removeprefix("?")
    if not isinstance(query, dict):
        return ""
    return "&".join(f"{name}={value}" for name, entry in query.items() for value in values(entry))


def values(entry: object) -> list[str]:
    """The values of an entry: those of `multiValue` if there is one."""
    if not isinstance(entry, dict):
        return []
    items = entry.get("multiValue") or [entry]
    return [str(item.get("value", "")) for item in items if isinstance(item, dict)]
