"""The operation for each method and path."""

import re
from collections.abc import Callable

from books.operations import (
    create_book,
    delete_book,
    list_books,
    read_book,
    read_cover,
    read_user,
    replace_book,
    replace_cover,
)
from books.problem import Problem
from books.request import Request
from books.response import Response

# An id is spelled as by str(uuid.uuid4()).
ID = "(?P<book_id>[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})"

# Takes a request and, by name, the ids in its path.
Operation = Callable[..., Response]

ROUTES: dict[re.Pattern[str], dict[str, Operation]] = {
    re.compile("/books"): {"GET": list_books, "POST": create_book},
    re.compile(f"/books/{ID}"): {"GET": read_book, "PUT": replace_book, "DELETE": delete_book},
    re.compile(f"/books/{ID}/cover"): {"GET": read_cover, "PUT": replace_cover},
    re.compile("/me"): {"GET": read_user},
}


def respond(request: Request) -> Response:
    """The response of the operation for this method and path. Raises Problem 404 or 405 if there is none."""
    for pattern, operations in ROUTES.items():
        if match := pattern.fullmatch(request.path):
            return _respond(request, operations, match.groupdict())
    raise Problem(404, f"There is nothing at {request.path}.")


def _respond(request: Request, operations: dict[str, Operation], ids: dict[str, str]) -> Response:
    if request.method == "HEAD":  # RFC 9110 §9.3.2: like GET, without the content
        return {**operations["GET"](request, **ids), "body": ""}
    if request.method not in operations:
        allow = ", ".join(sorted(["HEAD", *operations]))
        raise Problem(405, f"The methods of this path are {allow}.", headers={"allow": allow})
    return operations[request.method](request, **ids)
