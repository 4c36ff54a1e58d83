"""The operations on books and covers, tested through the function URL."""

import uuid
from datetime import UTC, datetime

import pytest

UNKNOWN = "/books/00000000-0000-4000-8000-000000000000"
PIXEL = b"\x89PNG\r\n\x1a\n\x00\xff\xfe not UTF-8"


def test_create_returns_the_whole_book_and_where_it_is(books):
    """POST answers 201 with the server's id, version, times and users, and a Location relative to the request."""
    sent = {"title": "Flatland", "author": "Edwin A. Abbott", "year": 1884, "isbn": "0-486-27263-X"}
    before = datetime.now(UTC)
    answer = books("POST", "/books", sent)
    book = answer.json
    assert answer.status == 201
    assert answer.headers == {
        "content-type": "application/json",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "location": f"books/{book['id']}",
    }
    assert str(uuid.UUID(book["id"], version=4)) == book["id"]
    assert before <= datetime.fromisoformat(book["created_at"]) <= datetime.now(UTC)
    assert book["created_at"].endswith("Z")
    assert book == {
        **sent,
        "id": book["id"],
        "version": 1,
        "created_at": book["created_at"],
        "created_by": "ada",
        "updated_at": book["created_at"],
        "updated_by": "ada",
    }
    assert books("GET", f"/books/{book['id']}").json == book


def test_optional_fields_may_be_left_out(books):
    """A book needs only title and author."""
    assert books.create().keys() == {
        *("id", "title", "author", "version"),
        *("created_at", "created_by", "updated_at", "updated_by"),
    }


def test_without_the_authorizer_nobody_is_named(books_of):
    """Without x-authenticated-user, the book names no user."""
    book = books_of(None).create()
    assert "created_by" not in book
    assert "updated_by" not in book


def test_replace_changes_the_fields_and_counts_the_version(books, books_of):
    """PUT replaces all fields, removes missing optional ones, and stores user and time."""
    book = books.create(year=1884, isbn="9780486272634")
    path = f"/books/{book['id']}"
    change = {"title": "Flatland 2", "author": "Somebody Else", "isbn": "9780486272634", "version": 1}
    answer = books_of("grace")("PUT", path, change)
    assert answer.status == 200
    assert answer.json == {
        **change,
        "id": book["id"],
        "version": 2,
        "created_at": book["created_at"],
        "created_by": "ada",
        "updated_at": answer.json["updated_at"],
        "updated_by": "grace",
    }
    assert answer.json["updated_at"] > book["updated_at"]
    assert books("GET", path).json == answer.json


def test_replace_by_nobody_removes_the_last_name(books, books_of):
    """After a change by an unknown user, updated_by is removed."""
    book = books.create()
    change = {"title": "Flatland", "author": "Edwin A. Abbott", "version": 1}
    answer = books_of(None)("PUT", f"/books/{book['id']}", change)
    assert "updated_by" not in answer.json
    assert answer.json["created_by"] == "ada"


def test_replace_of_a_stale_version_changes_nothing(books):
    """A PUT of an old version is a 409 that names the current version."""
    book = books.create()
    path = f"/books/{book['id']}"
    change = {"title": "First", "author": "A", "version": 1}
    current = books("PUT", path, change).json
    answer = books("PUT", path, {**change, "title": "Second"})
    assert (answer.status, answer.headers["content-type"]) == (409, "application/problem+json")
    assert answer.json == {
        "title": "Conflict",
        "status": 409,
        "detail": "The book has changed: it is at version 2. Read it and make the change again.",
        "current_version": 2,
    }
    assert books("GET", path).json == current


def test_replace_of_a_version_to_come_is_stale_too(books):
    """A PUT of a version that never existed is a 409 as well."""
    book = books.create()
    answer = books("PUT", f"/books/{book['id']}", {"title": "T", "author": "A", "version": 2})
    assert (answer.status, answer.json["current_version"]) == (409, 1)


@pytest.mark.parametrize("query", ["", "?version=1"])
def test_delete(books, query):
    """DELETE is a 204 without a body, with and without a version. The book is then gone."""
    path = f"/books/{books.create()['id']}"
    answer = books("DELETE", path + query)
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers == {"cache-control": "no-store", "x-content-type-options": "nosniff"}
    assert books("GET", path).status == 404


def test_delete_of_a_stale_version_deletes_nothing(books):
    """A DELETE of an old version is a 409 that names the current version."""
    path = f"/books/{books.create()['id']}"
    current = books("PUT", path, {"title": "T", "author": "A", "version": 1}).json
    answer = books("DELETE", f"{path}?version=1")
    assert (answer.status, answer.json["current_version"]) == (409, 2)
    assert books("GET", path).json == current


def test_cover_comes_back_byte_for_byte(books):
    """PUT of an image returns the book with its type and a new version. GET returns the same bytes and type."""
    book = books.create()
    path = f"/books/{book['id']}/cover"
    answer = books("PUT", path, PIXEL, content_type="Image/PNG; charset=binary")
    assert answer.status == 200
    assert answer.json == {
        **book,
        "cover_type": "image/png",
        "version": 2,
        "updated_at": answer.json["updated_at"],
    }
    cover = books("GET", path)
    assert (cover.status, cover.body) == (200, PIXEL)
    assert cover.headers == {
        "content-type": "image/png",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    }


def test_cover_survives_a_change_of_the_fields(books):
    """A PUT of the fields leaves the cover unchanged."""
    path = f"/books/{books.create()['id']}"
    books("PUT", f"{path}/cover", PIXEL, content_type="image/png")
    answer = books("PUT", path, {"title": "T", "author": "A", "version": 2})
    assert answer.json["cover_type"] == "image/png"
    assert books("GET", f"{path}/cover").body == PIXEL


def test_cover_of_a_stale_version_changes_nothing(books):
    """A PUT of a cover with an old ?version= is refused, and with the current one it is done."""
    path = f"/books/{books.create()['id']}/cover"
    assert books("PUT", f"{path}?version=1", PIXEL, content_type="image/png").status == 200
    answer = books("PUT", f"{path}?version=1", b"other", content_type="image/gif")
    assert (answer.status, answer.json["current_version"]) == (409, 2)
    assert books("GET", path).body == PIXEL
    assert books("PUT", f"{path}?version=2", b"other", content_type="image/gif").json["version"] == 3


@pytest.mark.parametrize("size", [1, 256 * 1024])
def test_cover_sizes(books, size):
    """A cover has 1 byte to 256 KB."""
    path = f"/books/{books.create()['id']}/cover"
    image = bytes(range(256)) * 1024
    assert books("PUT", path, image[:size], content_type="image/webp").status == 200
    assert books("GET", path).body == image[:size]


def test_cover_of_a_book_without_one(books):
    """For a book without a cover, the 404 says that the book exists."""
    answer = books("GET", f"/books/{books.create()['id']}/cover")
    assert (answer.status, answer.json["detail"]) == (404, "This book has no cover.")


@pytest.mark.parametrize(
    ("method", "path", "body", "content_type"),
    [
        ("GET", UNKNOWN, None, ""),
        ("HEAD", UNKNOWN, None, ""),
        ("PUT", UNKNOWN, {"title": "T", "author": "A", "version": 1}, "application/json"),
        ("DELETE", UNKNOWN, None, ""),
        ("DELETE", f"{UNKNOWN}?version=1", None, ""),
        ("GET", f"{UNKNOWN}/cover", None, ""),
        ("PUT", f"{UNKNOWN}/cover", PIXEL, "image/png"),
        ("PUT", f"{UNKNOWN}/cover?version=1", PIXEL, "image/png"),
    ],
)
def test_unknown_book(books, method, path, body, content_type):
    """Every operation on an unknown book is a 404 and creates no book."""
    answer = books(method, path, body, content_type=content_type)
    assert answer.status == 404
    if method != "HEAD":
        assert answer.json == {"title": "Not Found", "status": 404, "detail": "There is no such book."}
    assert books("GET", "/books").json == {"books": []}


def test_head_is_get_without_the_content(books):
    """HEAD returns the answer of GET without the body."""
    path = f"/books/{books.create()['id']}"
    for address in ("/books", path):
        get, head = books("GET", address), books("HEAD", address)
        assert (head.status, head.headers, head.body) == (get.status, get.headers, b"")


@pytest.mark.parametrize(
    ("method", "query", "field"),
    [
        ("DELETE", "version=", "version"),
        ("DELETE", "version=0", "version"),
        ("DELETE", "version=01", "version"),
        ("DELETE", "version=-1", "version"),
        ("DELETE", "version=1.0", "version"),
        ("DELETE", "version=one", "version"),
        ("DELETE", "version=%D9%A1", "version"),
        ("DELETE", "version=9007199254740992", "version"),
        ("DELETE", "version=1&version=1", "version"),
        ("DELETE", "verison=1", "verison"),
        ("PUT", "version=1&x=1", "x"),
        ("PUT", "version=0", "version"),
    ],
)
def test_writes_check_their_query(books, method, query, field):
    """A malformed, repeated or misspelled version is a 400 that names the parameter. Nothing changes."""
    book = books.create()
    path = f"/books/{book['id']}" + ("/cover" if method == "PUT" else "")
    answer = books(method, f"{path}?{query}", PIXEL, content_type="image/png")
    assert (answer.status, answer.json["field"]) == (400, field)
    assert answer.json["detail"].startswith(f"{field} ")
    assert books("GET", f"/books/{book['id']}").json == book


@pytest.mark.parametrize("user", ["ada", "zoë", None])
def test_me_names_whoever_asks(books_of, user):
    """GET /me returns the user who signed in, or null for a call around CloudFront. No cache stores it."""
    answer = books_of(user)("GET", "/me")
    assert (answer.status, answer.json) == (200, {"user": user, "country": None})
    assert answer.headers["cache-control"] == "no-store"


def test_me_names_the_country(books_of):
    """GET /me returns the country that CloudFront's header names."""
    assert books_of("ada")("GET", "/me", headers={"cloudfront-viewer-country": "NZ"}).json["country"] == "NZ"
