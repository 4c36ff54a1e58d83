"""The list's two query parameters: how many books a page may hold, and the token of the page to come.

A token is the id of the last book on a page, in base64url without padding: opaque, and of one shape only.
"""

import base64
import re
import uuid

from books.problem import field_problem

DEFAULT_LIMIT = 20
MAX_LIMIT = 100


def limit_of(text: str | None) -> int:
    """The `limit` parameter, 1 to 100, 20 when absent; Problem 400 for anything else."""
    if text is None:
        return DEFAULT_LIMIT
    if not re.fullmatch("[1-9][0-9]{0,2}", text) or int(text) > MAX_LIMIT:
        raise field_problem("limit", f"must be an integer from 1 to {MAX_LIMIT}.")
    return int(text)


def next_token(book_id: str) -> str:
    """The token of the page that begins after the book `book_id`."""
    return base64.urlsafe_b64encode(uuid.UUID(book_id).bytes).decode().rstrip("=")


def start_of(token: str | None) -> str | None:
    """The id that a page's token stands for, None for the first page; Problem 400 for no such token.

    Any id of the right shape is a place to start from, whether or not that book still exists.
    """
    if token is None:
        return None
    if re.fullmatch("[A-Za-z0-9_-]{22}", token):
        book_id = uuid.UUID(bytes=base64.urlsafe_b64decode(token + "=="))
        if book_id.version == 4 and next_token(str(book_id)) == token:
            return str(book_id)
    raise field_problem("next", "is not a token from an earlier page.")
