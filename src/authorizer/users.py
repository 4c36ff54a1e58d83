"""The users table: `username` (S) is its key, `password` (S) a PHC string as passwords.py makes them."""

from __future__ import annotations

import time

from authorizer.configuration import Configuration, UnavailableError, region_of
from edge import aws
from edge.backoff import Backoff
from edge.protocols import DYNAMODB

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

# What DynamoDB says when the table is no longer the one that the role allows: only then is discovery worth repeating.
GONE = ("ResourceNotFoundException", "AccessDeniedException")
# CloudFront takes Lambda@Edge functions from stacks in this Region only, so that a table without replicas is here.
STACK_REGION = "us-east-1"


class Users:
    """The users table that this function is configured with, and its replicas."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._configuration = Configuration(clock)
        self._pauses: dict[str, Backoff] = {}  # of replicas that failed, by ARN

    def prepare(self) -> None:
        """Begins, in threads, what the first user would wait for. A failure costs nothing but the gain."""
        self._configuration.discover_ahead()
        aws.connect_ahead(DYNAMODB, STACK_REGION)

    def password(self, username: str, deadline: float) -> str | None:
        """The stored password of a user: empty if the item has none, None if there is no such user.

        Raises AwsError or UnavailableError.
        """
        tables = self._configuration.tables(deadline)
        try:
            return self._read(tables, username, deadline)
        except aws.AwsError as error:
            if error.code not in GONE:
                raise
            moved = self._configuration.discover_again(deadline)
            if moved == tables:
                raise
            return self._read(moved, username, deadline)

    def _read(self, tables: list[str], username: str, deadline: float) -> str | None:
        """From the first replica that answers: those that failed a moment ago come last. Raises the first's error."""
        candidates = sorted(tables, key=lambda table: table in self._pauses and not self._pauses[table].is_over())
        failures: list[aws.AwsError] = []
        for position, table in enumerate(candidates):
            now = time.monotonic()
            share = (deadline - now) / (len(candidates) - position)
            try:
                stored = stored_password(table, username, now + share)
            except aws.AwsError as error:
                self._pauses.setdefault(table, Backoff(self._clock)).failed()
                failures.append(error)
            else:
                self._pauses.pop(table, None)
                return stored
        raise failures[0]


def stored_password(table: str, username: str, deadline: float) -> str | None:
    """Read a user's item from the table with this ARN. Raises AwsError, and UnavailableError for another's item.

    Eventually consistent, which is half the price and answers from any replica: a change is seen about a second later,
    and a verified password is remembered for a minute anyway.
    """
    request = {"TableName": table.partition("/")[2], "Key": {"username": {"S": username}}}
    item = aws.call(DYNAMODB, "GetItem", request, region=region_of(table), deadline=deadline).get("Item")
    if item is None:
        return None
    if _text(item, "username") != username:
        raise UnavailableError("dynamodb GetItem: the item is not the one that was asked for")
    return _text(item, "password")


def _text(item: Any, attribute: str) -> str:
    """An attribute of the type S; empty if the item has none."""
    try:
        text = item[attribute]["S"]
    except (LookupError, TypeError):
        return ""
    return text if isinstance(text, str) else ""
