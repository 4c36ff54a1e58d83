"""Bodies and content types, tested through the function URL."""

import json

import pytest

from books.handler import handler

BOOK = {"title": "Flatland", "author": "Edwin A. Abbott"}


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "Application/JSON", "application/json; charset=utf-8", "application/json;charset=utf-8"],
)
def test_json_content_types(books, content_type):
    """The content type of JSON may have upper case and parameters."""
    assert books("POST", "/books", BOOK, content_type=content_type).status == 201


def test_json_as_text_and_as_base64(books):
    """A body is read as UTF-8, as text and in base64."""
    book = {**BOOK, "title": "Плоский мир"}
    text = json.dumps(book, ensure_ascii=False)
    for event in (
        books.event("POST", "/books", text.encode(), "application/json", {}),
        {**books.event("POST", "/books", {}, "application/json", {}), "body": text},
    ):
        result = handler(event, None)
        assert result["statusCode"] == 201
        assert json.loads(result["body"])["title"] == "Плоский мир"


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"", "The body is not JSON in UTF-8."),
        (b"{", "The body is not JSON in UTF-8."),
        (b"{'title': 1}", "The body is not JSON in UTF-8."),
        (b"\xff\xfe{\x00}\x00", "The body is not JSON in UTF-8."),
        (b'\xef\xbb\xbf{"title": "T"}', "The body is not JSON in UTF-8."),
        (b"[" * 16_000, "The body is not JSON in UTF-8."),
        (b'{"year": ' + b"9" * 5000 + b"}", "The body is not JSON in UTF-8."),
        (b"null", "The body is not a JSON object."),
        (b"[]", "The body is not a JSON object."),
        (b'"title"', "The body is not a JSON object."),
    ],
)
def test_malformed_json(books, body, detail):
    """A body that is not a JSON object is a 400 that names the reason."""
    answer = books("POST", "/books", body)
    assert answer.json == {"title": "Bad Request", "status": 400, "detail": detail}


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "1e999"])
def test_numbers_that_json_lacks(books, constant):
    """Numbers that Python's parser takes and JSON does not are not years."""
    answer = books("POST", "/books", f'{{"title": "T", "author": "A", "year": {constant}}}'.encode())
    assert (answer.status, answer.json["field"]) == (400, "year")


def test_a_request_without_a_body(books):
    """A POST without a content type and a body is refused."""
    answer = books("POST", "/books")
    assert answer.status == 415


def test_json_too_large(books):
    """16 KB of JSON are read, and one byte more is a 413."""
    text = json.dumps(BOOK).encode()
    assert books("POST", "/books", text.ljust(16 * 1024)).status == 201
    answer = books("POST", "/books", text.ljust(16 * 1024 + 1))
    assert (answer.status, answer.headers["content-type"]) == (413, "application/problem+json")
    assert answer.json["detail"] == "The body has 16385 bytes; the limit is 16384."


@pytest.mark.parametrize("content_type", ["text/plain", "", "multipart/form-data", "application/jsonp"])
def test_content_types_that_are_not_json(books, content_type):
    """A book with another content type is a 415 that names JSON, also in Accept."""
    answer = books("POST", "/books", BOOK, content_type=content_type)
    assert answer.json == {
        "title": "Unsupported Media Type",
        "status": 415,
        "detail": "Send one of these content types, without a content encoding: application/json.",
    }
    assert answer.headers["accept"] == "application/json"


def test_content_encodings(books):
    """A compressed body is refused before it is parsed."""
    answer = books("POST", "/books", b"\x1f\x8b", headers={"content-encoding": "gzip"})
    assert answer.status == 415


@pytest.mark.parametrize("content_type", ["image/svg+xml", "application/octet-stream", "image/", "text/html", ""])
def test_content_types_of_covers(books, content_type):
    """A cover of a type that may run scripts is a 415, which lists the allowed types."""
    path = f"/books/{books.create()['id']}/cover"
    answer = books("PUT", path, b"<svg/>", content_type=content_type)
    assert answer.status == 415
    assert answer.headers["accept"] == "image/avif, image/gif, image/jpeg, image/png, image/webp"
    assert books("GET", path).status == 404


def test_covers_too_large(books):
    """A cover of 256 KB and one byte is a 413."""
    path = f"/books/{books.create()['id']}/cover"
    answer = books("PUT", path, bytes(256 * 1024 + 1), content_type="image/png")
    assert (answer.status, answer.json["detail"]) == (413, "The body has 262145 bytes; the limit is 262144.")


def test_empty_covers(books):
    """A cover without bytes is refused."""
    path = f"/books/{books.create()['id']}/cover"
    answer = books("PUT", path, b"", content_type="image/png")
    detail = "body is empty; send the bytes of the image."
    assert answer.json == {"title": "Bad Request", "status": 400, "detail": detail, "field": "body"}
