"""What the API does. An operation takes a request and the id in its path; it answers or raises a Problem."""

import re
import uuid

from books import table
from books.fields import MAX_VERSION, new_book, replaced_book
from books.pages import limit_of, next_token, start_of
from books.problem import field_problem
from books.request import Request
from books.response import Response, empty_response, image_response, json_response

# What browsers draw and cannot be made to run. SVG can: its scripts would act as the page's own user.
IMAGE_TYPES = frozenset({"image/avif", "image/gif", "image/jpeg", "image/png", "image/webp"})

# With the rest of the book, well within DynamoDB's 400 KB for an item.
MAX_COVER_BYTES = 256 * 1024


def create_book(request: Request) -> Response:
    book = table.insert(str(uuid.uuid4()), new_book(request.json_object()), request.user)
    # Relative to the request's own path, for the viewer's has a prefix that this function never sees.
    return json_response(201, book, {"location": f"books/{book['id']}"})


def list_books(request: Request) -> Response:
    books, more = table.page(limit_of(request.parameter("limit")), start_of(request.parameter("next")))
    page: dict[str, object] = {"books": books}
    if more:
        page["next"] = next_token(str(books[-1]["id"]))
    return json_response(200, page)


def read_book(_request: Request, book_id: str) -> Response:
    return json_response(200, table.book(book_id))


def replace_book(request: Request, book_id: str) -> Response:
    fields, version = replaced_book(request.json_object())
    return json_response(200, table.replace(book_id, fields, version, request.user))


def delete_book(request: Request, book_id: str) -> Response:
    table.delete(book_id, _version(request))
    return empty_response(204)


def read_cover(_request: Request, book_id: str) -> Response:
    return image_response(*table.cover(book_id))


def replace_cover(request: Request, book_id: str) -> Response:
    version = _version(request)
    media_type, data = request.content(IMAGE_TYPES, MAX_COVER_BYTES)
    if not data:
        raise field_problem("body", "is empty; send the bytes of the image.")
    return json_response(200, table.replace_cover(book_id, media_type, data, version, request.user))


def read_user(request: Request) -> Response:
    return json_response(200, {"user": request.user})


def _version(request: Request) -> int | None:
    """The query's `version`, None when absent.

    Reads ignore parameters they do not know. A write refuses them: one may be a misspelt `version`, without
    which the client would overwrite what it meant to protect.
    """
    for name in request.query:
        if name != "version":
            raise field_problem(name, "is not a parameter here; only version is.")
    text = request.parameter("version")
    if text is None:
        return None
    if not re.fullmatch("[1-9][0-9]{0,15}", text) or int(text) > MAX_VERSION:
        raise field_problem("version", f"must be an integer from 1 to {MAX_VERSION}.")
    return int(text)
