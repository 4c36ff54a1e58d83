"""Key value stores without I/O: data, limits, the file that an import reads, and what functions read of a store.

Sources: CloudFront Developer Guide, kvs-with-functions-kvp, cloudfront-limits; the service's own messages.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Protocol

KEY_BYTES = 512
"""The API's model admits 1,024 characters; the guide's quota is 512 bytes."""
VALUE_BYTES = 1024
STORE_BYTES = 5 * 1024 * 1024
UPDATE_KEYS = 50
UPDATE_BYTES = 3 * 1024 * 1024


class StoreRefused(Exception):  # noqa: N818 - the service's answer, not a mistake of ours
    """The store refuses data. `status` and `code` are those of the API."""

    def __init__(self, message: str, status: int = 402, code: str = "ServiceQuotaExceededException") -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class Store(Protocol):
    """What a function reads of its store. A store does not change during a call."""

    @property
    def id(self) -> str: ...
    @property
    def items(self) -> Mapping[str, str]: ...
    @property
    def created(self) -> datetime: ...
    @property
    def updated(self) -> datetime: ...


@dataclass(frozen=True)
class KeyValueStore:
    """A store at one time. Changes give another store, with a later `updated`."""

    id: str
    items: Mapping[str, str] = field(default_factory=dict)
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    updated: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __post_init__(self) -> None:
        for key, value in self.items.items():
            _check(key, value)
        if self.size > STORE_BYTES:
            raise StoreRefused(f"Limit exceeded: Maximum size of a key value store ({STORE_BYTES:,} bytes)")

    @property
    def size(self) -> int:
        """Bytes of all keys and values."""
        return sum(len(key.encode()) + len(value.encode()) for key, value in self.items.items())

    def changed(
        self, puts: Mapping[str, str], deletes: tuple[str, ...] = (), now: datetime | None = None
    ) -> KeyValueStore:
        """The store after one UpdateKeys. Deleting a key that does not exist changes nothing. Raises StoreRefused."""
        if len(puts) + len(deletes) > UPDATE_KEYS:
            raise StoreRefused(f"Limit exceeded: Maximum number of keys in one update ({UPDATE_KEYS})")
        if sum(len(key.encode()) + len(value.encode()) for key, value in puts.items()) > UPDATE_BYTES:
            raise StoreRefused(f"Limit exceeded: Maximum size of one update ({UPDATE_BYTES:,} bytes)")
        kept = {key: value for key, value in self.items.items() if key not in deletes}
        return replace(self, items=kept | dict(puts), updated=now or datetime.now(UTC))


def _check(key: str, value: str) -> None:
    if not key:
        raise StoreRefused("The key is empty", 400, "ValidationException")
    if len(key.encode()) > KEY_BYTES:
        raise StoreRefused("Limit exceeded: Maximum size of the key in a key value pair")
    if len(value.encode()) > VALUE_BYTES:
        raise StoreRefused("Limit exceeded: Maximum size of the value in a key value pair")


class ImportFailed(Exception):  # noqa: N818 - the state of an import at AWS: IMPORT FAILED
    """The file of an import source is not in CloudFront's format. The text says where."""


def imported(source: bytes) -> dict[str, str]:
    """The items of an import source: UTF-8 JSON, {"data": [{"key": "...", "value": "..."}, ...]}. Raises ImportFailed.

    Source: CloudFront Developer Guide, kvs-with-functions-create-s3-kvp.
    """
    if len(source) > 2 * STORE_BYTES:
        raise ImportFailed(f"the file has {len(source):,} bytes; a store holds {STORE_BYTES:,}")
    try:
        document = json.loads(source.decode())
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise ImportFailed(f"the file is not JSON in UTF-8: {error}") from None
    items: dict[str, str] = {}
    for key, value in _pairs(document):
        if key in items:
            raise ImportFailed(f"the key {json.dumps(key)} occurs twice")
        items[key] = value
    return items


def _pairs(document: Any) -> Iterator[tuple[str, str]]:
    data = document.get("data") if isinstance(document, dict) else None
    if not isinstance(data, list):
        raise ImportFailed('the file is no object with a list "data"')
    for index, pair in enumerate(data):
        match pair:
            case {"key": str(key), "value": str(value)} if len(pair) == 2:
                yield key, value
            case _:
                raise ImportFailed(f'data[{index}] is not {{"key": "...", "value": "..."}}, two strings')


def answer(store: Store | None, request: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to a function's read: {"value": ...} or {"error": text}.

    `request` has `store` (the id that the function names, or null), `operation` (get, exists, count or meta) and `key`.
    The texts of the errors are unverified: no source shows the service's.
    """
    if store is None:
        return {"error": "KeyValueStore is not associated with the function"}
    if request["store"] not in (None, store.id):
        return {"error": f"KeyValueStore {request['store']} is not associated with the function"}
    key = request["key"]
    match request["operation"]:
        case "get":
            return {"value": store.items[key]} if key in store.items else {"error": "KeyNotFound"}
        case "exists":
            return {"value": key in store.items}
        case "count":
            return {"value": len(store.items)}
        case _:
            return {
                "value": {
                    "creationDateTime": _iso(store.created),
                    "lastUpdatedDateTime": _iso(store.updated),
                    "keyCount": len(store.items),
                }
            }


def _iso(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
