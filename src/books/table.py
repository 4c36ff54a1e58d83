"""Books in DynamoDB. An item is a book with its cover, so one conditional write changes the whole book or nothing.

The drawback is that a list reads the covers, too, and does not return them. With a demo's few books that costs little.

Every function may raise Problem 503 (see dynamodb.py). A function about one book raises 404 if the book does not exist,
and 409 if the book is not at the given version.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from books.dynamodb import ConditionFailedError, Item, call, marshalled, unmarshalled
from books.problem import Problem

Book = dict[str, str | int]

# The attributes of an item that the API returns: all but the cover's bytes.
ATTRIBUTES = (
    *("id", "title", "author", "year", "isbn", "cover_type"),
    *("version", "created_at", "created_by", "updated_at", "updated_by"),
)


def insert(book_id: str, fields: Book, user: str | None) -> Book:
    """Stores a new book, version 1, and returns it.

    The write has no condition, because the id is random and no other book has it. With a condition, boto3's second
    attempt would fail if the first attempt had stored the book and its answer was lost.
    """
    now = _now()
    item = {"id": book_id, **fields, "version": 1, "created_at": now, "updated_at": now}
    if user is not None:
        item |= {"created_by": user, "updated_by": user}
    call("put_item", Item=marshalled(item))
    return _as_read(item)


def book(book_id: str) -> Book:
    """The book with this id."""
    return _as_read(_get(book_id, ATTRIBUTES))


def cover(book_id: str) -> tuple[str, bytes]:
    """The media type and the bytes of a book's cover. Raises Problem 404 also if the book has no cover."""
    item = _get(book_id, ("id", "cover_type", "cover"))
    if "cover" not in item:
        raise Problem(404, "This book has no cover.")
    return item["cover_type"], item["cover"]


def page(limit: int, after: str | None) -> tuple[list[Book], bool]:
    """Up to `limit` books after the id `after` (None: from the start), and whether more books follow.

    The order is DynamoDB's: arbitrary, and the same every time. A page may hold fewer than `limit` books although more
    follow, because DynamoDB reads 1 MB at a time, including covers.
    """
    start = {} if after is None else {"ExclusiveStartKey": marshalled({"id": after})}
    # One book more than `limit` shows whether another page follows.
    answer = call("scan", Limit=limit + 1, ConsistentRead=True, **_projection(ATTRIBUTES), **start)
    books = [_as_read(unmarshalled(item)) for item in answer["Items"]]
    return books[:limit], len(books) > limit or "LastEvaluatedKey" in answer


def replace(book_id: str, fields: Book, version: int, user: str | None) -> Book:
    """Replaces the fields of a book that is still at `version`. Optional fields that are missing are removed."""
    return _update(book_id, {"year": None, "isbn": None, **fields}, version, user)


def replace_cover(book_id: str, media_type: str, data: bytes, version: int | None, user: str | None) -> Book:
    """Replaces the cover of a book that is still at `version` (None: at any version)."""
    return _update(book_id, {"cover_type": media_type, "cover": data}, version, user)


def delete(book_id: str, version: int | None) -> None:
    """Deletes a book that is still at `version` (None: at any version), with its cover."""
    try:
        _write("delete_item", book_id, version)
    except ConditionFailedError as failure:
        raise _refusal(failure.stored) from failure


def _update(book_id: str, changes: Item, version: int | None, user: str | None) -> Book:
    """Sets the attributes in `changes`, removes those whose value is None, and adds one to the version."""
    changes = {**changes, "updated_at": _now(), "updated_by": user}
    values = {name: value for name, value in changes.items() if value is not None}
    removals = ", ".join(f"#{name}" for name in changes if name not in values)
    expression = ", ".join(["SET #version = #version + :one", *(f"#{name} = :{name}" for name in values)])
    expression += f" REMOVE {removals}" if removals else ""
    try:
        parameters = {"UpdateExpression": expression, "ReturnValues": "ALL_NEW"}
        answer = _write("update_item", book_id, version, changes, {"one": 1, **values}, **parameters)
    except ConditionFailedError as failure:
        # If boto3's first attempt changed the book and its answer was lost, the second attempt finds the changed book.
        if failure.stored and all(failure.stored.get(name) == value for name, value in changes.items()):
            return _as_read(failure.stored)
        raise _refusal(failure.stored) from failure
    return _as_read(unmarshalled(answer["Attributes"]))


def _write(
    operation: str,
    book_id: str,
    version: int | None,
    names: Iterable[str] = (),
    values: Mapping[str, object] = {},
    **parameters: str,
) -> dict[str, Any]:
    """The answer to a write on condition that the book is at `version` (None: at any version).

    `names` and `values` are the attributes in the write's expressions.
    """
    placeholders = marshalled({":version": version or 1, **{f":{name}": value for name, value in values.items()}})
    return call(
        operation,
        Key=marshalled({"id": book_id}),
        # Every book's version is at least 1, and a book that does not exist has no version.
        ConditionExpression="#version >= :version" if version is None else "#version = :version",
        ExpressionAttributeNames={f"#{name}": name for name in ("version", *names)},
        ExpressionAttributeValues=placeholders,
        ReturnValuesOnConditionCheckFailure="ALL_OLD",
        **parameters,
    )


def _refusal(stored: Item) -> Problem:
    """The reason why a condition failed: the book does not exist, or it is at another version."""
    if not stored:
        return Problem(404, "There is no such book.")
    detail = f"The book has changed: it is at version {stored['version']}. Read it and make the change again."
    return Problem(409, detail, current_version=stored["version"])


def _get(book_id: str, attributes: Iterable[str]) -> Item:
    answer = call("get_item", Key=marshalled({"id": book_id}), ConsistentRead=True, **_projection(attributes))
    if "Item" not in answer:
        raise _refusal({})
    return unmarshalled(answer["Item"])


def _projection(attributes: Iterable[str]) -> dict[str, Any]:
    # Placeholders, because `year` is one of DynamoDB's reserved words.
    names = {f"#{name}": name for name in attributes}
    return {"ProjectionExpression": ", ".join(names), "ExpressionAttributeNames": names}


def _as_read(item: Item) -> Book:
    return {name: item[name] for name in ATTRIBUTES if name in item}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
