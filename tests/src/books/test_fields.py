"""The rules for a client's fields, tested through the function URL."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

GOOD = {"title": "Flatland", "author": "Edwin A. Abbott"}

# The table is shared by the examples, which is the point of a table.
SHARED_TABLE = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize(
    ("change", "field", "detail"),
    [
        ({"title": ...}, "title", "title is missing."),
        ({"author": ...}, "author", "author is missing."),
        ({"title": None}, "title", "title must be a string."),
        ({"author": ["A"]}, "author", "author must be a string."),
        ({"title": ""}, "title", "title must have 1 to 200 characters, and not only spaces."),
        ({"title": " \u2003"}, "title", "title must have 1 to 200 characters, and not only spaces."),
        ({"author": "a" * 201}, "author", "author must have 1 to 200 characters, and not only spaces."),
        *(
            ({"title": f"a{character}b"}, "title", "title must not contain control characters or unpaired surrogates.")
            for character in ("\x00", "\n", "\x7f", "\x85", "\ud800")
        ),
        *(
            ({"year": year}, "year", "year must be an integer from 1 to 9999.")
            for year in (0, -1, 10000, 1884.0, "1884", True, None, 10**400)
        ),
        *(
            ({"isbn": isbn}, "isbn", "isbn must be an ISBN-10 or ISBN-13 with a correct check digit.")
            for isbn in ("", "0486272630", "9780486272635", 9780486272634, None)
        ),
        ({"pages": 96}, "pages", "pages is not a field of this request. Its fields are title, author, year, isbn."),
        ({"id": "x"}, "id", "id is not a field of this request. Its fields are title, author, year, isbn."),
        (
            {"version": 1},
            "version",
            "version is not a field of this request. Its fields are title, author, year, isbn.",
        ),
        ({"\ud800": 1}, "\ud800", "\ud800 is not a field of this request. Its fields are title, author, year, isbn."),
    ],
)
def test_create_names_the_field_at_fault(books, change, field, detail):
    """A POST with one fault is a 400 that names the field and the reason. No book is created."""
    sent = {name: value for name, value in {**GOOD, **change}.items() if value is not ...}
    answer = books("POST", "/books", sent)
    assert (answer.status, answer.headers["content-type"]) == (400, "application/problem+json")
    assert answer.json == {"title": "Bad Request", "status": 400, "detail": detail, "field": field}
    assert books("GET", "/books").json == {"books": []}


@pytest.mark.parametrize(
    ("change", "field", "detail"),
    [
        ({"version": ...}, "version", "version is missing."),
        *(
            ({"version": version}, "version", "version must be an integer from 1 to 9007199254740991.")
            for version in (0, -1, "1", 1.0, True, None, 2**53)
        ),
        ({"title": ...}, "title", "title is missing."),
        ({"created_by": "me"}, "created_by", None),
        ({"year": "1884"}, "year", "year must be an integer from 1 to 9999."),
    ],
)
def test_replace_names_the_field_at_fault(books, change, field, detail):
    """A PUT without a version or with a wrong field is a 400. The book is unchanged."""
    book = books.create()
    sent = {name: value for name, value in {**GOOD, "version": 1, **change}.items() if value is not ...}
    answer = books("PUT", f"/books/{book['id']}", sent)
    expected = detail or f"{field} is not a field of this request. Its fields are title, author, version, year, isbn."
    assert answer.json == {"title": "Bad Request", "status": 400, "detail": expected, "field": field}
    assert books("GET", f"/books/{book['id']}").json == book


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "a" * 200, "author": "\U0001f4da" * 200},
        {"title": " A ", "author": "Фёдор Достоевский"},
        {"title": "a\u200db", "author": "<script>&\"'", "year": 1},
        {"title": "T", "author": "A", "year": 9999, "isbn": "978-0-486-27263-4"},
    ],
)
def test_fields_come_back_as_sent(books, fields):
    """Allowed values are stored unchanged, including those at the limits."""
    book = books.create(**fields)
    assert {name: book[name] for name in fields} == fields
    assert books("GET", f"/books/{book['id']}").json == book


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(), children, max_size=3),
    max_leaves=5,
)
NAMES = st.sampled_from(["title", "author", "year", "isbn", "version", "id"]) | st.text()


@SHARED_TABLE
@given(document=st.dictionaries(NAMES, JSON | st.text(min_size=1), max_size=6))
def test_no_document_is_a_server_error(books, document):
    """Every JSON object creates a book or is a 400 that names a field."""
    answer = books("POST", "/books", json.dumps(document).encode())
    assert answer.status == 201 or (answer.status == 400 and "field" in answer.json)


@SHARED_TABLE
@given(
    title=st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=200).filter(str.strip),
    year=st.integers(1, 9999),
)
def test_any_text_is_kept(books, title, year):
    """Every title without control characters is stored unchanged."""
    book = books.create(title=title, year=year)
    assert (book["title"], book["year"]) == (title, year)
