"""The users table. Its key is `username` (S); `password` (S) is a PHC string (passwords.py)."""

from __future__ import annotations

import time

from edge import aws
from edge.backoff import Backoff
from edge.configuration import Configuration, UnavailableError, region_of
from edge.protocols import DYNAMODB

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

# DynamoDB's error codes when the known table is no longer the table in the role's policy. Only these errors start
# another discovery.
GONE = ("ResourceNotFoundException", "AccessDeniedException")
# CloudFront takes Lambda@Edge functions from stacks in this Region only, so the stack's table is in this Region.
STACK_REGION = "us-east-1"
# For one replica: from the other side of the world, a new connection and an answer take 0.6 s.
ENOUGH_SECONDS = 1.0


class Users:
    """The users table and its replicas. `clock` counts seconds, also while the sandbox is frozen."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._configuration = Configuration("UsersTable", "table", clock)
        self._pauses: dict[str, Backoff] = {}  # of the replicas that failed, by ARN

    def prepare(self) -> None:
        """Starts, in threads, the work that the first request would wait for. If it fails, that request repeats it."""
        self._configuration.discover_ahead()
        aws.connect_ahead(DYNAMODB, STACK_REGION)

    def password(self, username: str, deadline: float) -> str | None:
        """The stored password of a user: empty if the user's item has none, None if there is no such user.

        `deadline` is a time of time.monotonic(). Raises AwsError or UnavailableError.
        """
        tables = self._configuration.arns(deadline)
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
        """The stored password from the first replica that answers. Replicas that failed a moment ago are asked last.

        Raises the AwsError of the first replica if none answers.
        """
        candidates = sorted(tables, key=lambda table: table in self._pauses and not self._pauses[table].is_over())
        failures: list[aws.AwsError] = []
        for position, table in enumerate(candidates):
            now = time.monotonic()
            # An equal share of the time, but never so little that a replica which works has no time to answer.
            seconds = max((deadline - now) / (len(candidates) - position), min(deadline - now, ENOUGH_SECONDS))
            try:
                stored = stored_password(table, username, now + seconds)
            except aws.AwsError as error:
                if seconds >= ENOUGH_SECONDS:
                    self._pauses.setdefault(table, Backoff(self._clock)).failed()
                failures.append(error)
            else:
                self._pauses.pop(table, None)
                return stored
        raise failures[0]


def stored_password(table: str, username: str, deadline: float) -> str | None:
    """Read a user's item from the table with this ARN. Raises AwsError, and UnavailableError for another user's item.

    The read is eventually consistent, at half the price. A change takes effect about a second later, which matters
    little: the authorizer remembers a verified password for a minute.
    """
    request = {"TableName": table.partition("/")[2], "Key": {"username": {"S": username}}}
    item = aws.call(DYNAMODB, "GetItem", request, region=region_of(table), deadline=deadline).get("Item")
    if item is None:
        return None
    if _text(item, "username") != username:
        raise UnavailableError("dynamodb GetItem: the item belongs to another user")
    return _text(item, "password")


def _text(item: Any, attribute: str) -> str:
    """The value of an attribute of the type S; empty if the item has no such attribute."""
    try:
        text = item[attribute]["S"]
    except (LookupError, TypeError):
        return ""
    return text if isinstance(text, str) else ""
