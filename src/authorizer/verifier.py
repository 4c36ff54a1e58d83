"""Decides whether a user name and password are valid: from memory, or from the users table and a hash."""

from __future__ import annotations

import time

from authorizer.decision import Decision
from authorizer.memory import Memory, fingerprint
from authorizer.passwords import BrokenHashError, verify_nothing, verify_password
from authorizer.users import Users
from edge.aws import AwsError
from edge.configuration import UnavailableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

# During this time a verified user needs no read and no hash, and a removed user still has access.
VERIFIED_SECONDS = 60
# During this time a repeated wrong password needs no read and no hash, and a password that was just set may be refused.
REFUSED_SECONDS = 5
# The read from the users table leaves this time for scrypt. A hash takes 0.4 s with the template's MemorySize of
# 1,024 MB, 0.8 s with 512 MB.
HASHING_SECONDS = 1.0


class Verifier:
    """Verifies users for one sandbox and remembers the decisions.

    `clock` counts seconds, also while the sandbox is frozen. `capacity` decisions of each kind are remembered, in
    separate memories: no number of wrong guesses displaces a verified user.
    """

    def __init__(self, clock: Callable[[], float] = time.time, capacity: int = 1000) -> None:
        self._users = Users(clock)
        self._verified = Memory(capacity, VERIFIED_SECONDS, clock)
        self._refused = Memory(capacity, REFUSED_SECONDS, clock)
        # Pairs of a stored password and credentials that scrypt has verified. While the users table holds the same
        # string for the user, another hash would give the same result.
        self._proven = Memory(capacity, float("inf"), clock)

    def prepare(self) -> None:
        """Starts, in threads, the work that the first request would wait for."""
        self._users.prepare()

    def decide(self, username: str, password: str, deadline: float) -> Decision:
        """Decide before `deadline`, a time of time.monotonic(). The status is 503 if the users table cannot be read."""
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
