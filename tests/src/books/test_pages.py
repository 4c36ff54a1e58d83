"""The list and its pages, tested through the function URL."""

import base64
import itertools
import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


def walk(books, limit):
    """All pages of the list, in order."""
    pages, query = [], f"limit={limit}"
    while True:
        page = books("GET", f"/books?{query}").json
        pages.append(page["books"])
        if "next" not in page:
            return pages
        query = f"limit={limit}&next={page['next']}"


def by_id(books):
    return sorted(books, key=lambda book: book["id"])


def test_empty_list(books):
    """Without books, the page is empty and has no next."""
    assert books("GET", "/books").json == {"books": []}


@pytest.mark.parametrize(("limit", "sizes"), [(1, [1] * 6), (4, [4, 2]), (5, [5, 1]), (6, [6]), (100, [6])])
def test_pages_hold_every_book_once(books, limit, sizes):
    """All pages but the last are full, the last has no next, and together they hold every book once."""
    created = [books.create(title=f"Volume {number}", year=number) for number in range(1, 7)]
    pages = walk(books, limit)
    assert [len(page) for page in pages] == sizes
    assert by_id(itertools.chain(*pages)) == by_id(created)


def test_default_page(books):
    """Without a limit, a page holds 20 books."""
    for number in range(21):
        books.create(title=f"Volume {number}")
    first = books("GET", "/books").json
    assert len(first["books"]) == 20
    rest = books("GET", f"/books?next={first['next']}").json
    assert (len(rest["books"]), rest.keys()) == (1, {"books"})


def test_a_page_can_follow_a_deleted_book(books):
    """The next page is found even if the last book of the page before was deleted."""
    for number in range(4):
        books.create(title=f"Volume {number}")
    everything = books("GET", "/books").json["books"]
    first = books("GET", "/books?limit=2").json
    books("DELETE", f"/books/{first['books'][-1]['id']}")
    rest = books("GET", f"/books?limit=2&next={first['next']}").json
    assert first["books"] + rest["books"] == everything


def test_covers_make_pages_shorter_and_lose_no_book(books):
    """DynamoDB reads 1 MB at a time with covers, so pages are shorter, and no book is lost."""
    image = bytes(256 * 1024)
    created = [books.create(title=f"Volume {number}")["id"] for number in range(6)]
    for book_id in created:
        books("PUT", f"/books/{book_id}/cover", image, content_type="image/png")
    pages = walk(books, 100)
    assert len(pages) > 1
    assert sorted(book["id"] for page in pages for book in page) == sorted(created)
    assert all("cover" not in book for page in pages for book in page)


def test_reads_ignore_other_parameters(books):
    """A read ignores unknown query parameters."""
    assert books("GET", "/books?utm_source=x&%5B=&a=+&a=%7E").status == 200


@pytest.mark.parametrize("limit", ["", "0", "01", "-1", "+1", "101", "1000000", "1.0", "ten", "1%20", "%D9%A1", "1%00"])
def test_limit_is_checked(books, limit):
    """A limit that is not 1 to 100 is a 400 that names the parameter."""
    answer = books("GET", f"/books?limit={limit}")
    detail = "limit must be an integer from 1 to 100."
    assert answer.json == {"title": "Bad Request", "status": 400, "detail": detail, "field": "limit"}


def token(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


BOOK = uuid.UUID("3f2b8c1e-5a77-4c1d-9e0a-0123456789ab")


@pytest.mark.parametrize(
    "text",
    [
        *("", "x", "x" * 22, "x" * 10_000, token(bytes(16)), token(BOOK.bytes[:15]), token(BOOK.bytes + b"x")),
        *(token(BOOK.bytes) + "%3D%3D", token(BOOK.bytes)[:-1] + "t", "%00" * 22, "é" * 22, str(BOOK)),
        # An id of another version of UUID.
        token(uuid.UUID(int=BOOK.int ^ (5 << 76)).bytes),
    ],
)
def test_next_is_checked(books, text):
    """An invalid token is a 400 that names the parameter."""
    answer = books("GET", f"/books?next={text}")
    detail = "next is not a token from an earlier page."
    assert answer.json == {"title": "Bad Request", "status": 400, "detail": detail, "field": "next"}


@pytest.mark.parametrize("name", ["limit", "next"])
def test_parameters_come_once(books, name):
    """A repeated limit or token is a 400."""
    answer = books("GET", f"/books?{name}=1&{name}=2")
    detail = f"{name} is given more than once."
    assert answer.json == {"title": "Bad Request", "status": 400, "detail": detail, "field": name}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(codec="utf-8")))
def test_no_query_is_a_server_error(books, query):
    """Every query string returns a page or a 400."""
    assert books("GET", f"/books?next={query}").status == 400 or "&" in query or "#" in query
    assert books("GET", f"/books?{query}").status in (200, 400)
