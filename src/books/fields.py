"""The fields that a client may send, and the rules for their values."""

import unicodedata
from collections.abc import Callable, Mapping

from books.isbn import is_isbn
from books.problem import field_problem

Fields = dict[str, str | int]

MAX_TEXT = 200

# The largest integer that JavaScript, and so the demo page, reads exactly.
MAX_VERSION = 2**53 - 1


def new_book(document: Mapping[str, object]) -> Fields:
    """The checked fields of a new book. Raises Problem 400, which names the first field that is wrong."""
    return _checked(document, {"title": _text, "author": _text}, {"year": _year, "isbn": _isbn})


def replaced_book(document: Mapping[str, object]) -> tuple[Fields, int]:
    """The checked fields of a changed book, and the version that it replaces. Raises like `new_book`."""
    required: Rules = {"title": _text, "author": _text, "version": _version}
    fields = _checked(document, required, {"year": _year, "isbn": _isbn})
    return fields, int(fields.pop("version"))


Rules = dict[str, Callable[[str, object], str | int]]


def _checked(document: Mapping[str, object], required: Rules, optional: Rules) -> Fields:
    rules = required | optional
    for name in document:
        if name not in rules:
            raise field_problem(name, f"is not a field of this request. Its fields are {', '.join(rules)}.")
    for name in required:
        if name not in document:
            raise field_problem(name, "is missing.")
    return {name: rule(name, document[name]) for name, rule in rules.items() if name in document}


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise field_problem(name, "must be a string.")
    # Cc: control characters. Cs: half of a surrogate pair, which JSON can express and UTF-8 cannot.
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in value):
        raise field_problem(name, "must not contain control characters or unpaired surrogates.")
    if not value.strip() or len(value) > MAX_TEXT:
        raise field_problem(name, f"must have 1 to {MAX_TEXT} characters, and not only spaces.")
    return value


def _integer(name: str, value: object, highest: int) -> int:
    # isinstance takes True for an int; in JSON, true is not a number.
    if type(value) is not int or not 1 <= value <= highest:
        raise field_problem(name, f"must be an integer from 1 to {highest}.")
    return value


def _year(name: str, value: object) -> int:
    return _integer(name, value, 9999)


def _version(name: str, value: object) -> int:
    return _integer(name, value, MAX_VERSION)


def _isbn(name: str, value: object) -> str:
    if not isinstance(value, str) or not is_isbn(value):
        raise field_problem(name, "must be an ISBN-10 or ISBN-13 with a correct check digit.")
    return value
