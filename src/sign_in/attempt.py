"""An attempt to sign in: what has to be known when the provider sends the browser back, in a cookie of its own.

Each attempt has its own cookie, so several tabs may sign in at once. `state` names the attempt. `nonce` and the PKCE
code verifier are derived from it with the session key: nobody else can tell them, and no one has to keep them. So
`state` alone is no secret, and the cookie's name may hold it. Without the cookie it is worth nothing; in the browser
with the cookie it can end the attempt, but it signs nobody in with a code that was made for another attempt.
"""

from __future__ import annotations

import os
from hashlib import sha256

from edge.sigv4 import hmac_sha256
from sign_in import base64url
from sign_in.cookies import read_cookies, set_cookie
from sign_in.signed import key_for, opened, sign

TYPE_CHECKING = False
if TYPE_CHECKING:
    from edge.cloudfront import Headers
    from sign_in.settings import Settings

COOKIES = "__Host-sign-in-attempt-"
# The time in which a user has to sign in at the provider.
SECONDS = 900
# Each attempt's cookie goes along with every request, and CloudFront takes 20 kB of headers in all.
MAX_ATTEMPTS = 4
_PURPOSE = "attempt 1"


class Attempt:
    """One attempt. `path` is the page that was asked for; `begun` is in seconds since the epoch."""

    def __init__(self, state: str, path: str, begun: int, key: bytes) -> None:
        self.state = state
        self.path = path
        self.begun = begun
        self._key = key

    @property
    def nonce(self) -> str:
        """What ties the ID token to this attempt (OpenID Connect Core §3.1.2.1)."""
        return self._derived("nonce")

    @property
    def verifier(self) -> str:
        """The PKCE code verifier, 43 characters (RFC 7636 §4.1)."""
        return self._derived("verifier")

    @property
    def challenge(self) -> str:
        """The PKCE code challenge of the method S256 (RFC 7636 §4.2)."""
        return base64url.encode(sha256(self.verifier.encode()).digest())

    def cookie(self) -> str:
        """The `Set-Cookie` value that keeps the attempt."""
        payload = {"state": self.state, "path": self.path, "begun": self.begun}
        return set_cookie(COOKIES + self.state, sign(payload, self._key), SECONDS)

    def no_cookie(self) -> str:
        """The `Set-Cookie` value that removes the attempt."""
        return set_cookie(COOKIES + self.state, "", 0)

    def _derived(self, what: str) -> str:
        return base64url.encode(hmac_sha256(self._key, f"{what} {self.state}".encode()))


def begin(path: str, settings: Settings, distribution_id: str, now: float) -> Attempt:
    """A new attempt to sign in, on the way to the page at `path`."""
    key = key_for(settings.session_keys[0], _PURPOSE, distribution_id)
    return Attempt(base64url.encode(os.urandom(16)), path, int(now), key)


def find(state: str, headers: Headers, settings: Settings, distribution_id: str, now: float) -> Attempt | None:
    """The attempt with this state that this browser began, or None: never begun, used already, or too long ago."""
    for attempt in _attempts(headers, settings, distribution_id):
        if attempt.state == state and attempt.begun <= now < attempt.begun + SECONDS:
            return attempt
    return None


def surplus(headers: Headers, settings: Settings, distribution_id: str) -> list[str]:
    """The `Set-Cookie` values that remove the oldest attempts, so that a new one keeps to MAX_ATTEMPTS."""
    attempts = sorted(_attempts(headers, settings, distribution_id), key=lambda attempt: attempt.begun)
    return [attempt.no_cookie() for attempt in attempts[: max(0, len(attempts) + 1 - MAX_ATTEMPTS)]]


def _attempts(headers: Headers, settings: Settings, distribution_id: str) -> list[Attempt]:
    keys = [key_for(key, _PURPOSE, distribution_id) for key in settings.session_keys]
    found = []
    for name, value in read_cookies(headers):
        if name.startswith(COOKIES) and (payload_and_key := opened(value, keys)):
            payload, key = payload_and_key
            if name == COOKIES + payload["state"]:
                found.append(Attempt(payload["state"], payload["path"], payload["begun"], key))
    return found
