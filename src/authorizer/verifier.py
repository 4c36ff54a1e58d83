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
# Kept back from the look-up for scrypt. It takes 0.4 s with the template's MemorySize of 1,024 MB, 0.8 s with 512 MB.
HASHING_SECONDS = 1.0


class Verifier:
    """What one sandbox knows and remembers, by a clock that goes on while the sandbox sleeps, in seconds.

    It remembers `capacity` decisions of each kind, apart, so that no number of guesses makes a verified user forgotten.
    """

    def __init__(self, clock: Callable[[], float] = time.time, capacity: int = 1000) -> None:
        self._users = Users(clock)
        self._verified = Memory(capacity, VERIFIED_SECONDS, clock)
        self._refused = Memory(capacity, REFUSED_SECONDS, clock)
        # Of a stored password and the credentials that it was once found to verify. As long as the users table holds
        # the same string for the user, hashing again would find the same.
        self._proven = Memory(capacity, float("inf"), clock)

    def prepare(self) -> None:
        """Begins, in threads, what the first user would wait for."""
        self._users.prepare()

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
            verified = self._verify_password(username, password, stored)
        except BrokenHashError as broken:
            verify_nothing(password)
            return Decision(401, str(broken), username)
        return Decision(200, "password verified", username) if verified else Decision(401, "wrong password")

    def _verify_password(self, username: str, password: str, stored: str) -> bool:
        proof = fingerprint(stored, username, password)
        if self._proven.recall(proof):
            return True
        verified = verify_password(password, stored)
        if verified:
            self._proven.remember(proof, Decision(200, "", username))
        return verified
