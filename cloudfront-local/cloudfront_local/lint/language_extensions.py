"""`Fn::ForEach` of AWS::LanguageExtensions, written out.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from cfnlint.decode.node import str_node

TRANSFORM = "AWS::LanguageExtensions"
LOOP = "Fn::ForEach::"

# How many copies are made in all. CloudFormation takes templates of 500 resources.
COPIES = 2_000

Path = tuple[str | int, ...]


class Loops:
    """Writes the loops of a template out. `unread` has the place of each that could not be, and why."""

    def __init__(self, parameter: Callable[[str], Any]) -> None:
        """`parameter` gives the value of a parameter, None if it is not known."""
        self._parameter = parameter
        self._copies = 0
        self.unread: list[tuple[Path, str]] = []

    def written_out(self, value: Any, path: Path = ()) -> Any:
        """The value without loops, down to its last item."""
        if isinstance(value, list):
            return _like(value, [self.written_out(item, (*path, index)) for index, item in enumerate(value)])
        if not isinstance(value, dict):
            return value
        return _like(value, dict(self._entries(value, path)))

    def _entries(self, mapping: dict[str, Any], path: Path) -> Iterator[tuple[str, Any]]:
        for key, value in mapping.items():
            if not str(key).startswith(LOOP):
                yield key, self.written_out(value, (*path, key))
                continue
            copies = self._loop(value)
            if isinstance(copies, str):
                self.unread.append(((*path, key), f"{key} {copies}"))
                continue
            for copy in copies:
                yield from self._entries(copy, (*path, key))

    def _loop(self, loop: Any) -> list[dict[str, Any]] | str:
        """A loop's copies, or why there are none."""
        match loop:
            case [str(identifier), collection, dict(body)]:
                items = self._items(collection)
            case _:
                return "is not a loop: it needs a name, a list and a mapping"
        if items is None:
            return "runs over a list that only the deployment knows"
        self._copies += len(items)
        if self._copies > COPIES:
            return f"makes more than {COPIES:,} copies in all"
        return [_substituted(body, identifier, item) for item in items]

    def _items(self, collection: Any) -> list[str] | None:
        if isinstance(collection, list):
            found = [self._items(item) if isinstance(item, dict | list) else [str(item)] for item in collection]
            return None if None in found else [text for items in found for text in items or ()]
        if isinstance(collection, dict) and isinstance(name := collection.get("Ref"), str):
            value = self._parameter(name)
            return None if value is None else [str(item) for item in value] if isinstance(value, list) else [str(value)]
        return None


def _substituted(value: Any, identifier: str, item: str) -> Any:
    """A copy with an item in the place of the identifier: in texts, in keys, and where `Ref` names it."""
    match value:
        case {"Ref": name} if name == identifier:
            return item
        case dict():
            changed = {_text(key, identifier, item): _substituted(value[key], identifier, item) for key in value}
            return _like(value, changed)
        case list():
            return _like(value, [_substituted(inner, identifier, item) for inner in value])
        case str():
            return _text(value, identifier, item)
    return value


def _text(text: str, identifier: str, item: str) -> str:
    plain = re.sub(r"[^A-Za-z0-9]", "", item)
    changed = text.replace(f"${{{identifier}}}", item).replace(f"&{{{identifier}}}", plain)
    return _like(text, changed) if changed != text else text


def _like(written: Any, value: Any) -> Any:
    """The value, with the place in the file of `written`, from which it is made."""
    if not hasattr(written, "start_mark"):
        return value
    kind = type(written) if not isinstance(value, str) else str_node
    return kind(value, written.start_mark, written.end_mark) if isinstance(value, dict | str | list) else value
