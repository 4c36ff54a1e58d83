"""The spelling in which CloudFront sends a header that a function returned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def spelled(name: str, item: Mapping[str, Any], otherwise: str) -> str:
    """The item's `key`; without one, `otherwise`. A key that is another header's name has no effect: an example of the
    Developer Guide copies such an item under a new name, and means the new name [UNVERIFIED]."""
    return otherwise if is_of_another(name, item) else item.get("key", otherwise)


def is_of_another(name: str, item: Mapping[str, Any]) -> bool:
    """Whether the item's `key` is not the name that the item stands under."""
    return bool(item.get("key", name).lower() != name.lower())
