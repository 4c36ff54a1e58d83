"""The form of ministack's handlers of resource types. ministack's own Python runs this module."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Handler = dict[str, Any]
Properties = dict[str, Any]
# The physical id, and the attributes for Fn::GetAtt.
Made = tuple[str, dict[str, str]]


def checking(known: Handler, check: Callable[[Properties], None]) -> Handler:
    """A handler that checks the properties first. `check` raises ValueError with AWS's words, and the stack fails."""

    def create(logical_id: str, properties: Properties, *others: Any) -> Made:
        check(properties)
        made: Made = known["create"](logical_id, properties, *others)
        return made

    def update(physical_id: str, old: Properties, new: Properties, *others: Any, **more: Any) -> Made:
        check(new)
        made: Made = known["update"](physical_id, old, new, *others, **more)
        return made

    return {**known, "create": create, "update": update}
