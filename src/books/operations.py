"""The API's operations. Each takes a request and the id in its path, and returns a response or raises a Problem."""

import re
import uuid

from books import table
from books.fields import MAX_VERSION, new_book, replaced_book
from books.pages import limit_of, next_token, start_of
from books.problem import field_problem
from books.request import Request
from books.response import Response, empty_response, image_response, json_response

# Image types without scripts. SVG is missing: its scripts would act as the user who views the cover.
IMAGE_TYPES = frozenset({"image/avif", "image/gif", "image/jpeg", "image/png", "image/webp"})

# The cover and the other attributes of a book together have to stay below DynamoDB's 400 KB for an item.
MAX_COVER_BYTES = 256 * 1024


def create_book(request: Request) -> Response:
    book = table.insert(str(uuid.uuid4()), new_book(request.json_object()), request.user)
    # Relative to the path of the request, because the viewer's path has a prefix that this function does not see.
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
    return json_response(200, {"user": request.user, "country": request.country})


def _version(request: Request) -> int | None:
    """The query parameter `version`, None if absent.

    A read ignores unknown parameters. A write refuses them: an unknown parameter may be a misspelled `version`, and
    without `version` the client could overwrite a change that it has not seen.
    """
    for name in request.query:
        if name != "version":
            raise field_problem(name, "is not a parameter of this request. Its only parameter is version.")
    text = request.parameter("version")
    if text is None:
        return None
    if not re.fullmatch("[1-9][0-9]{0,15}", text) or int(text) > MAX_VERSION:
        raise field_problem("version", f"must be an integer from 1 to {MAX_VERSION}.")
    return int(text)
