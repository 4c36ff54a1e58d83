"""Custom error responses: the distribution's settings for each error status.

Source: CloudFront Developer Guide, "Create a custom error page for specific HTTP status codes" and "Control how long
CloudFront caches errors".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cloudfront_local.distribution.behaviors import CacheBehavior, match
from cloudfront_local.rules import facts


@dataclass(frozen=True)
class ErrorResponse:
    """The settings for one error status. `page_path` is empty if the status has no page; else viewers get the page with
    the status `response_code`. `caching_min_ttl` is in seconds."""

    caching_min_ttl: float = facts.ERROR_CACHING_SECONDS_DEFAULT
    page_path: str = ""
    response_code: int = 0


def error_responses(items: Sequence[Mapping[str, Any]]) -> dict[int, ErrorResponse]:
    """The settings by error status, from the items of `CustomErrorResponses` of the CloudFront API.

    Raises ValueError, with what is wrong and what to do, for settings that CloudFront refuses.
    """
    return {int(item["ErrorCode"]): _error_response(item) for item in items}


def _error_response(item: Mapping[str, Any]) -> ErrorResponse:
    status, path, code = int(item["ErrorCode"]), item.get("ResponsePagePath", ""), item.get("ResponseCode", "")
    where, allowed = f"CustomErrorResponses, ErrorCode {status}", sorted(facts.ERROR_PAGE_STATUSES)
    if status not in facts.ERROR_PAGE_STATUSES:
        raise ValueError(f"{where}: CloudFront has custom error responses for {_listed(allowed)} only.")
    if bool(path) != bool(code):
        raise ValueError(f"{where}: ResponsePagePath and ResponseCode come together. Give both, or neither.")
    if path and not path.startswith("/"):
        raise ValueError(f"{where}: the ResponsePagePath {path} must begin with a slash, such as /{path}.")
    if code and code not in map(str, [200, *allowed]):
        raise ValueError(f"{where}: the ResponseCode {code} must be one of 200, {_listed(allowed)}.")
    ttl = item.get("ErrorCachingMinTTL")
    return ErrorResponse(facts.ERROR_CACHING_SECONDS_DEFAULT if ttl is None else float(ttl), path, int(code or 0))


def _listed(statuses: list[int]) -> str:
    return ", ".join(map(str, statuses))


def exposed_pages(responses: Mapping[int, ErrorResponse], behaviors: tuple[CacheBehavior, ...]) -> Iterator[str]:
    """A line for a page for 403 that viewers get past the viewer-request function of its behavior.

    CloudFront answers 403 to a method that is not allowed, and serves the page without viewer functions. If the page is
    the site's own page, it is then open to all. Source: aws-samples/cloudfront-authorization-at-edge, issue 25.
    """
    page = responses.get(403, ErrorResponse()).page_path
    if page and "viewer-request" in (behavior := match(behaviors, page)).functions:
        yield (
            f"The custom error page for 403, {page}, is open to all: a request with a method that is not allowed gets "
            f"the page, and the viewer-request function of the behavior {behavior.path_pattern} does not run. "
            "Use a page that may be public"
        )
