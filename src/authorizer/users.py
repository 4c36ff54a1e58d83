"""The users table: `username` (S) is its key, `password` (S) a PHC string as passwords.py makes them."""

from __future__ import annotations

from authorizer.configuration import Configuration, region_of
from edge import aws
from edge.protocols import DYNAMODB

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

# What DynamoDB says when the table is no longer the one that the role allows: only then is discovery worth repeating.
GONE = ("ResourceNotFoundException", "AccessDeniedException")


class Users:
    """The users table that this function is configured with."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._configuration = Configuration(clock)

    def password(self, username: str, deadline: float) -> str | None:
        """The stored password of a user: empty if the item has none, None if there is no such user.

        Raises AwsError or UnavailableError.
        """
        table = self._configuration.table(deadline)
        try:
            return stored_password(table, username, deadline)
        except aws.AwsError as error:
            if error.code not in GONE:
                raise
            moved = self._configuration.discover_again(deadline)
            if moved == table:
                raise
            return stored_password(moved, username, deadline)


def stored_password(table: str, username: str, deadline: float) -> str | None:
    """Read a user's item from the table with this ARN.

    Eventually consistent, which is half the price and answers from any replica: a change is seen about a second later,
    and a verified password is remembered for a minute anyway.
    """
    request = {"TableName": table.partition("/")[2], "Key": {"username": {"S": username}}}
    item = aws.call(DYNAMODB, "GetItem", request, region=region_of(table), deadline=deadline).get("Item")
    return None if item is None else item.get("password", {}).get("S", "")
