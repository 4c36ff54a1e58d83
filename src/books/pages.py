"""The two query parameters of the list: `limit`, the size of a page, and `next`, the token of the next page.

A token is the id of the last book on a page, in base64url without padding. Clients treat it as opaque.
"""

import base64
import re
import uuid

from books.problem import field_problem

DEFAULT_LIMIT = 20
MAX_LIMIT = 100


def limit_of(text: str | None) -> int:
    """The `limit` parameter, 1 to 100; 20 if absent. Raises Problem 400."""
    if text is None:
        return DEFAULT_LIMIT
    if not re.fullmatch("[1-9][0-9]{0,2}", text) or int(text) > MAX_LIMIT:
        raise field_problem("limit", f"must be an integer from 1 to {MAX_LIMIT}.")
    return int(text)


def next_token(book_id: str) -> str:
    """The token of the page that begins after the book `book_id`."""
    return base64.urlsafe_b64encode(uuid.UUID(book_id).bytes).decode().rstrip("=")


def start_of(token: str | None) -> str | None:
    """The id of the book before the page with this token, None for the first page. Raises Problem 400.

    A page can start after any id, whether or not that book still exists.
    """
    if token is None:
        return None
    if re.fullmatch("[A-Za-z0-9_-]{22}", token):
        book_id = uuid.UUID(bytes=base64.urlsafe_b64decode(token + "=="))
        if book_id.version == 4 and next_token(str(book_id)) == token:
            return str(book_id)
    raise field_problem("next", "is not a token from an earlier page.")
