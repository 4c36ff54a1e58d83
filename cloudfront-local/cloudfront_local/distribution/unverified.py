"""Statements about CloudFront that no source confirms, or that sources contradict: what this tool does instead.

The terminal shows each statement once, when a request first depends on it.
"""

from __future__ import annotations

from cloudfront_local.distribution import journal

ROOT_OBJECT = (
    "the default root object replaces / before the behavior is matched (as in a published experiment), so the "
    "viewer-request function sees the object's path"
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
