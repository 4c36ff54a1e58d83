"""Tells the tool of each invalidation that the embedded AWS has taken. ministack's own Python runs this module."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

NOTE = "invalidation"


def install(note: Callable[[str], None]) -> None:
    """Calls `note` with a line for each new invalidation: NOTE, the distribution's id and the invalidation's."""
    from ministack.services import cloudfront  # type: ignore[import-not-found]

    create = cloudfront._create_invalidation

    def noted(distribution_id: str, body: bytes) -> Any:
        known = len(cloudfront._invalidations.get(distribution_id, ()))
        answer = create(distribution_id, body)
        for made in cloudfront._invalidations.get(distribution_id, ())[known:]:
            note(f"{NOTE} {distribution_id} {made['Id']}")
        return answer

    cloudfront._create_invalidation = noted
