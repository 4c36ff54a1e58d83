"""Key value stores: limits, updates, the file of an import."""

import json
from datetime import UTC, datetime

import pytest

from cloudfront_local.functions.key_value_store import ImportFailed, KeyValueStore, StoreRefused, imported


def test_changes():
    """An update gives another store; the first stays as it is."""
    before = KeyValueStore("id", {"a": "1", "b": "2"}, updated=datetime(2026, 1, 1, tzinfo=UTC))
    after = before.changed({"b": "3", "c": "4"}, ("a", "none"), now=datetime(2026, 1, 2, tzinfo=UTC))
    assert after.items == {"b": "3", "c": "4"}
    assert before.items == {"a": "1", "b": "2"}
    assert (after.created, after.updated.day) == (before.created, 2)


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ({"k": "x" * 1025}, "Maximum size of the value in a key value pair"),
        ({"k": "é" * 513}, "Maximum size of the value in a key value pair"),
        ({"k" * 513: "x"}, "Maximum size of the key in a key value pair"),
        ({f"key{n:04}": "x" * 1024 for n in range(5200)}, "Maximum size of a key value store"),
    ],
)
def test_limits(items, message):
    """A key has 512 bytes at most, a value 1 KB, a store 5 MB: more is 402."""
    with pytest.raises(StoreRefused, match=message) as refused:
        KeyValueStore("id", items)
    assert (refused.value.status, refused.value.code) == (402, "ServiceQuotaExceededException")


def test_largest():
    """What is as large as the limits is accepted."""
    assert KeyValueStore("id", {"k" * 512: "x" * 1024}).size == 1536


def test_empty_key():
    """An empty key is no key."""
    with pytest.raises(StoreRefused, match="empty") as refused:
        KeyValueStore("id", {"": "x"})
    assert refused.value.status == 400


def test_limits_of_an_update():
    """One update has 50 keys at most, puts and deletes together."""
    store = KeyValueStore("id")
    assert len(store.changed({f"k{n}": "" for n in range(49)}, ("x",)).items) == 49
    with pytest.raises(StoreRefused, match="Maximum number of keys in one update"):
        store.changed({f"k{n}": "" for n in range(50)}, ("x",))


def test_import():
    """An import source is JSON with a list of keys and values."""
    assert imported(b'{"data": [{"key": "a", "value": "1"}, {"key": "b", "value": ""}]}') == {"a": "1", "b": ""}


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (b"{", "not JSON"),
        (b"\xff", "not JSON in UTF-8"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", 'no object with a list "data"'),
        (b'{"data": {}}', 'no object with a list "data"'),
        (b'{"data": [{"key": "a"}]}', r"data\[0\] is not"),
        (b'{"data": [{"key": "a", "value": "1"}, {"key": "b", "value": 1}]}', r"data\[1\] is not"),
        (b'{"data": [{"key": "a", "value": "1", "ttl": "1"}]}', r"data\[0\] is not"),
        (json.dumps({"data": [{"key": "a", "value": "1"}] * 2}).encode(), 'the key "a" occurs twice'),
        (b" " * 10_485_761, "a store holds 5,242,880"),
    ],
)
def test_refused_import(source, message):
    """A file in another format is refused, and the place named."""
    with pytest.raises(ImportFailed, match=message):
        imported(source)
