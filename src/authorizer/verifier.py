"""Decides whether a user name and password are a user's: remembered, or else looked up and hashed."""

from __future__ import annotations

import time

from authorizer.configuration import UnavailableError
from authorizer.decision import Decision
from authorizer.memory import Memory, fingerprint
from authorizer.passwords import BrokenHashError, verify_nothing, verify_password
from authorizer.users import Users
from edge.aws import AwsError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

# For a minute a verified user costs nothing, and a removed one still enters.
VERIFIED_SECONDS = 60
# A script that repeats a wrong password costs nothing; a password just set is accepted after this at the latest.
REFUSED_SECONDS = 5
# Of either kind, apart, so that no number of guesses makes a verified user be forgotten. Half a megabyte in all.
CAPACITY = 1000
# Kept back from the look-up for scrypt: the most that passwords.py allows, at 128 MB.
HASHING_SECONDS = 1.5


class Verifier:
    """What one sandbox knows and remembers, by a clock that goes on while the sandbox sleeps, in seconds."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._users = Users(clock)
        self._verified = Memory(CAPACITY, VERIFIED_SECONDS, clock)
        self._refused = Memory(CAPACITY, REFUSED_SECONDS, clock)

    def decide(self, username: str, password: str, deadline: float) -> Decision:
        """Decide before a moment of time.monotonic(). Whatever keeps the users table from answering is a 503."""
        known_as = fingerprint(username, password)
        remembered = self._verified.recall(known_as) or self._refused.recall(known_as)
        if remembered:
            return remembered
        try:
            decision = self._verify(username, password, deadline)
        except (AwsError, UnavailableError) as error:
            return Decision(503, str(error))
        memory = self._verified if decision.status == 200 else self._refused
        memory.remember(known_as, Decision(decision.status, f"remembered: {decision.cause}", decision.username))
        return decision

    def _verify(self, username: str, password: str, deadline: float) -> Decision:
        stored = self._users.password(username, deadline - HASHING_SECONDS)
        if stored is None:
            verify_nothing(password)
            return Decision(401, "no such user")
        try:
            verified = verify_password(password, stored)
        except BrokenHashError as broken:
            verify_nothing(password)
            return Decision(401, str(broken), username)
        return Decision(200, "password verified", username) if verified else Decision(401, "wrong password")
