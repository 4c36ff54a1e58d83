"""Which cached objects an invalidation removes.

Source: Developer Guide, "Invalidate files to remove content", "What you need to know when invalidating files".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Invalidation:
    """The paths of an invalidation, as `CreateInvalidation` takes them.

    A `*` at the end of a path stands for anything; elsewhere it is a character like another. Case counts. If the cache
    key has parameters of the query string, the path must name them, or end in `*`. Objects that differ in headers and
    cookies only are removed together.
    """

    paths: tuple[str, ...]

    def concerns(self, target: str) -> bool:
        """Whether the invalidation removes the object with this path and query string, as the cache key has them."""
        return any(
            target.startswith(path.removesuffix("*")) if path.endswith("*") else target == path for path in self.paths
        )


def invalidation(paths: Iterable[str]) -> Invalidation:
    """The invalidation of these paths. Raises ValueError for one that CloudFront refuses."""
    given = tuple(paths)
    if wrong := [path for path in given if not path.startswith("/")]:
        raise ValueError(f"A path of an invalidation begins with /, such as /images/*. {', '.join(wrong)} does not.")
    return Invalidation(given)
