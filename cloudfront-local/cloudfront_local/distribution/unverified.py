"""Statements about CloudFront that no source confirms, or that sources contradict: what this tool does instead.

The terminal shows each statement once, when a request first depends on it.
"""

from __future__ import annotations

from cloudfront_local.distribution import journal

ROOT_OBJECT = (
    "the default root object replaces / before the behavior is matched (as in a published experiment), so the "
    "viewer-request function sees the object's path"
)
PAGE_FUNCTIONS = "origin-request and origin-response functions run when CloudFront fetches a custom error page"
PAGE_FOR_A_FAILED_FUNCTION = "CloudFront's own errors about Lambda@Edge functions (502, 503) get the custom error page"
PAGE_FOR_ORIGIN_REQUEST = "an error that an origin-request function generates gets the custom error page"
PAGE_FOR_VIEWER_REQUEST = (
    "an error that a viewer-request function generates gets the custom error page. An AWS sample says so "
    "(cloudfront-authorization-at-edge); for CloudFront Functions, the Developer Guide says the opposite"
)


class Unverified:
    """Tells the developer each statement once."""

    def __init__(self) -> None:
        self._told: set[str] = set()

    def tell(self, statement: str) -> None:
        """Adds the statement to the current request's entry, unless an earlier request's entry had it."""
        if statement not in self._told:
            self._told.add(statement)
            journal.remark(f"Not verified of CloudFront, assumed here: {statement}.")
