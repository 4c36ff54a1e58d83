"""The temporary credentials of the functions' roles: one set for each role, renewed before it expires."""

import asyncio
import datetime
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import TypedDict

# Credentials must stay valid until a request ends. Lambda@Edge lets no function run longer than 30 s.
MARGIN = datetime.timedelta(seconds=60)


class Credentials(TypedDict):
    """The credentials that `sts:AssumeRole` returns. `Expiration` is a datetime with a time zone."""

    AccessKeyId: str
    SecretAccessKey: str
    SessionToken: str
    Expiration: datetime.datetime


AssumeRole = Callable[[str], Awaitable[Credentials]]
Clock = Callable[[], datetime.datetime]


def utc_now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


class RoleCredentials:
    """Holds the credentials of each role. It calls `assume_role(role_arn)` if it has none that are valid for a minute;
    `get` raises the errors of that call."""

    def __init__(self, assume_role: AssumeRole, clock: Clock = utc_now) -> None:
        self._assume_role = assume_role
        self._clock = clock
        self._held: dict[str, Credentials] = {}
        self._roles: dict[str, str] = {}  # roles by access key; running sandboxes may still use older keys
        self._asking: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def get(self, role: str) -> Credentials:
        held = self._held.get(role)
        if held is not None and self.usable(held):
            return held
        async with self._asking[role]:
            held = self._held.get(role)
            if held is None or not self.usable(held):
                held = self._held[role] = await self._assume_role(role)
                self._roles[held["AccessKeyId"]] = role
            return held

    def usable(self, credentials: Credentials) -> bool:
        return credentials["Expiration"] - self._clock() > MARGIN

    def role(self, access_key: str) -> str | None:
        """The role that an access key was issued for; None for a key that no function got."""
        return self._roles.get(access_key)
