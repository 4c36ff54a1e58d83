"""The step that adds CloudFront's own headers to a request, on its way to the cache and the origin.

Functions at origin events see these headers, and functions at viewer events do not. Sources: CloudFront Developer
Guide, "Add CloudFront request headers" and "Restrictions on Lambda@Edge" (CloudFront headers).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from multidict import CIMultiDict

from cloudfront_local.distribution import unverified
from cloudfront_local.distribution.behaviors import CacheBehavior
from cloudfront_local.distribution.messages import Request
from cloudfront_local.distribution.policies import Selection
from cloudfront_local.distribution.unverified import Unverified
from cloudfront_local.distribution.viewer_headers.values import (
    DEVICE_NAMES,
    ERROR_VALUES,
    NOT_MADE,
    USUAL_NAMES,
    VALUES,
)
from cloudfront_local.distribution.visit import Visit

_PREFIX = "cloudfront-"
_OWN = frozenset(VALUES.keys() | ERROR_VALUES.keys() | NOT_MADE)


class ViewerHeaders:
    """Adds CloudFront's headers about viewers."""

    def __init__(self, told: Unverified) -> None:
        self._unverified = told

    def added(self, visit: Visit, request: Request) -> Request:
        """The request with the headers that the behavior's policies name. Headers of these names that a viewer sent, or
        a viewer-request function set, are replaced or removed."""
        names = selected(visit.behavior)
        sent = _OWN.intersection([name.lower() for name in request.headers if name[:1] in "cC"])
        if not names and not sent:
            return request
        self._tell(visit, names, sent)
        headers = CIMultiDict((name, value) for name, value in request.headers.items() if name.lower() not in sent)
        headers.extend(_made(visit, names))
        return replace(request, headers=headers)

    def _tell(self, visit: Visit, names: frozenset[str], sent: frozenset[str]) -> None:
        if sent - names:
            self._unverified.tell(unverified.VIEWERS_CLOUDFRONT_HEADERS)
        if names & DEVICE_NAMES and visit.viewer.viewer.device is None:
            self._unverified.tell(unverified.DEVICE_RULES)
        if visit.behavior.origin_request_policy.headers.behavior == "allExcept":
            self._unverified.tell(unverified.ALL_EXCEPT)


def selected(behavior: CacheBehavior) -> frozenset[str]:
    """The names of the CloudFront-* headers that the behavior's policies ask for, in lower case."""
    return _named(behavior.cache_policy.headers) | _named(behavior.origin_request_policy.headers)


@lru_cache
def _named(headers: Selection) -> frozenset[str]:
    match headers.behavior:
        case "whitelist" | "allViewerAndWhitelistCloudFront":
            return frozenset(name for name in headers.names if name.startswith(_PREFIX))
        case "allExcept":  # Developer Guide, managed policy AllViewerExceptHostHeader
            return USUAL_NAMES - headers.names
        case _:
            return frozenset()


def _made(visit: Visit, names: frozenset[str]) -> Iterator[tuple[str, str]]:
    """The headers with their values. An unknown value has no header, and only fetches of error pages have an error."""
    known = VALUES | ERROR_VALUES if visit.is_error_page else VALUES
    for name in sorted(names & known.keys()):
        spelled, value_of = known[name]
        if value := value_of(visit.viewer):
            yield spelled, value
