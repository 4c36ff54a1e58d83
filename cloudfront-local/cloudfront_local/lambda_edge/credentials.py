"""The temporary credentials of the functions' roles: fetched once a role, and again before they expire."""

import asyncio
import datetime
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import TypedDict

# A request that starts with credentials ends with them valid: Lambda@Edge lets no function run longer than 30 s.
MARGIN = datetime.timedelta(seconds=60)


class Credentials(TypedDict):
    """As `sts:AssumeRole` returns them. `Expiration` is aware of its time zone."""

    AccessKeyId: str
    SecretAccessKey: str
    SessionToken: str
    Expiration: datetime.datetime


AssumeRole = Callable[[str], Awaitable[Credentials]]
Clock = Callable[[], datetime.datetime]


def utc_now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


class RoleCredentials:
    """Asks `assume_role(role_arn)` when it has no usable credentials; whatever that raises, `get` raises."""

    def __init__(self, assume_role: AssumeRole, clock: Clock = utc_now) -> None:
        self._assume_role = assume_role
        self._clock = clock
        self._held: dict[str, Credentials] = {}
        self._roles: dict[str, str] = {}  # by access key, also those that a running sandbox still holds
        self._asking: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def get(self, role: str) -> Credentials:
        async with self._asking[role]:
            held = self._held.get(role)
            if held is None or not self.usable(held):
                held = self._held[role] = await self._assume_role(role)
                self._roles[held["AccessKeyId"]] = role
            return held

    def usable(self, credentials: Credentials) -> bool:
        return credentials["Expiration"] - self._clock() > MARGIN

    def role(self, access_key: str) -> str | None:
        """The role whose credentials these are; None for a key that no function holds."""
        return self._roles.get(access_key)
