"""Books in DynamoDB: an item is a book with its cover, so one conditional write changes all of it or nothing.

That makes a list read the covers too, though it returns none: the right way round for a demo, where books are
few and half a change would be a nuisance.

Every function may raise Problem 503 (see dynamodb.py), those about one book 404 when it is not there, and
those that take a version 409 when the book has another.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from books.dynamodb import ConditionFailedError, Item, call, marshalled, unmarshalled
from books.problem import Problem

Book = dict[str, str | int]

# A book as its readers see it: the item without the cover's bytes.
ATTRIBUTES = (
    *("id", "title", "author", "year", "isbn", "cover_type"),
    *("version", "created_at", "created_by", "updated_at", "updated_by"),
)


def insert(book_id: str, fields: Book, user: str | None) -> Book:
    """Stores a new book, version 1, and returns it.

    Unconditionally: nobody else has this random id, and with a condition boto3's second attempt, after a lost
    answer, would fail on the book that its first one stored.
    """
    now = _now()
    item = {"id": book_id, **fields, "version": 1, "created_at": now, "updated_at": now}
    if user is not None:
        item |= {"created_by": user, "updated_by": user}
    call("put_item", Item=marshalled(item))
    return _as_read(item)


def book(book_id: str) -> Book:
    """The book as it is now."""
    return _as_read(_get(book_id, ATTRIBUTES))


def cover(book_id: str) -> tuple[str, bytes]:
    """The media type and the bytes of a book's cover; Problem 404 also when it has none."""
    item = _get(book_id, ("id", "cover_type", "cover"))
    if "cover" not in item:
        raise Problem(404, "This book has no cover.")
    return item["cover_type"], item["cover"]


def page(limit: int, after: str | None) -> tuple[list[Book], bool]:
    """Up to `limit` books that follow the id `after` (None: from the start), and whether more follow.

    The order is DynamoDB's own: arbitrary, and the same every time. A page may hold fewer than `limit`
    although more follow, for DynamoDB reads 1 MB at a time, covers included.
    """
    start = {} if after is None else {"ExclusiveStartKey": marshalled({"id": after})}
    # One more than asked for tells a full last page from one that others follow.
    answer = call("scan", Limit=limit + 1, ConsistentRead=True, **_projection(ATTRIBUTES), **start)
    books = [_as_read(unmarshalled(item)) for item in answer["Items"]]
    return books[:limit], len(books) > limit or "LastEvaluatedKey" in answer


def replace(book_id: str, fields: Book, version: int, user: str | None) -> Book:
    """Replaces the fields of a book that is still at `version`; optional ones left out are removed."""
    return _update(book_id, {"year": None, "isbn": None, **fields}, version, user)


def replace_cover(book_id: str, media_type: str, data: bytes, version: int | None, user: str | None) -> Book:
    """Replaces the cover of a book that is still at `version`; None: of whatever version is there."""
    return _update(book_id, {"cover_type": media_type, "cover": data}, version, user)


def delete(book_id: str, version: int | None) -> None:
    """Deletes a book that is still at `version`, with its cover; None: whatever version is there."""
    try:
        _write("delete_item", book_id, version)
    except ConditionFailedError as failure:
        raise _refusal(failure.stored) from failure


def _update(book_id: str, changes: Item, version: int | None, user: str | None) -> Book:
    """Sets the attributes in `changes`, removes those that are None, and counts the version up."""
    changes = {**changes, "updated_at": _now(), "updated_by": user}
    values = {name: value for name, value in changes.items() if value is not None}
    removals = ", ".join(f"#{name}" for name in changes if name not in values)
    expression = ", ".join(["SET #version = #version + :one", *(f"#{name} = :{name}" for name in values)])
    expression += f" REMOVE {removals}" if removals else ""
    try:
        parameters = {"UpdateExpression": expression, "ReturnValues": "ALL_NEW"}
        answer = _write("update_item", book_id, version, changes, {"one": 1, **values}, **parameters)
    except ConditionFailedError as failure:
        # boto3's second attempt, after a lost answer, finds the book as its first one left it.
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
    """A write done only if the book is at `version` (None: any); `names`, `values` for its expressions."""
    placeholders = marshalled({":version": version or 1, **{f":{name}": value for name, value in values.items()}})
    return call(
        operation,
        Key=marshalled({"id": book_id}),
        # Every book's version is at least 1; what is not there has none.
        ConditionExpression="#version >= :version" if version is None else "#version = :version",
        ExpressionAttributeNames={f"#{name}": name for name in ("version", *names)},
        ExpressionAttributeValues=placeholders,
        ReturnValuesOnConditionCheckFailure="ALL_OLD",
        **parameters,
    )


def _refusal(stored: Item) -> Problem:
    """Why a condition did not hold: there is no book, or it has another version."""
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
    # By placeholder, for `year` is one of DynamoDB's reserved words.
    names = {f"#{name}": name for name in attributes}
    return {"ProjectionExpression": ", ".join(names), "ExpressionAttributeNames": names}


def _as_read(item: Item) -> Book:
    return {name: item[name] for name in ATTRIBUTES if name in item}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
