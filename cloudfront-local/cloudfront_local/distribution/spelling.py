"""The spelling in which CloudFront sends a header that a function returned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def spelling(name: str, item: Mapping[str, Any]) -> str:
    """The item's `key`; empty without one. `name` is in lower case, and the item stands under it.

    A key that is another header's name has no effect: an example of the Developer Guide copies such an item under a new
    name, and means the new name [UNVERIFIED].
    """
    key: str = item.get("key", "")
    return key if key.lower() == name else ""
