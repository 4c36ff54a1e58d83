"""The session of a user who has signed in. A signed cookie holds it, so it is verified without a network call."""

from __future__ import annotations

import json

from sign_in.claims import judge_required
from sign_in.cookies import read_cookies, set_cookie
from sign_in.signed import key_for, opened, sign

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from edge.cloudfront import Headers
    from sign_in.settings import Settings

COOKIE = "__Host-sign-in"
# The number changes with the payload's shape: sessions of another shape are none.
_PURPOSE = "session 1"
# Octets of a claim as JSON, in which one character may take twelve. Names and addresses of people are shorter. What is
# longer would make the cookie too large for browsers.
_LONGEST = 768


class Session:
    """Who is signed in, and until when. Times are in seconds since the epoch.

    `requirements` holds what was judged when the user signed in: {"groups=staff": True}. `begun` is the time of that.
    """

    def __init__(self, user: dict[str, str], requirements: dict[str, bool], begun: int, until: int) -> None:
        self.user = user
        self.requirements = requirements
        self.begun = begun
        self.until = until

    @property
    def subject(self) -> str:
        """The provider's name for the user, which never changes."""
        return self.user["sub"]

    def lacks(self, required: set[str]) -> list[str]:
        """The requirements that the user does not meet, of these."""
        return [name for name, held in self.requirements.items() if name in required and not held]


def begin(claims: dict[str, Any], settings: Settings, now: float) -> Session:
    """The session of the user with these claims, which have been verified."""
    requirements = judge_required(claims, settings.required_claims)
    return Session(user_of(claims), requirements, int(now), int(now) + settings.session_seconds)


def user_of(claims: dict[str, Any]) -> dict[str, str]:
    """The claims that go on to the origin: `sub`, and `name` and `email` if the provider tells them.

    An address that the provider has not verified is left out: the user may have chosen somebody else's.
    """
    user = {"sub": claims["sub"]}
    for name in ("name", "email"):
        value = claims.get(name)
        if isinstance(value, str) and value and len(json.dumps(value)) <= _LONGEST:
            user[name] = value
    if claims.get("email_verified", True) not in (True, "true"):  # Cognito's older tokens have a text
        user.pop("email", None)
    return user


def read_session(headers: Headers, settings: Settings, distribution_id: str, now: float) -> Session | None:
    """The session in the request's cookies, or None if there is none that this function signed and that lasts still."""
    values = [value for name, value in read_cookies(headers) if name == COOKIE]
    keys = [key_for(key, _PURPOSE, distribution_id) for key in settings.session_keys] if values else []
    wanted = judge_required({}, settings.required_claims).keys()
    for value in values:
        found = opened(value, keys)
        if found is None:
            continue
        payload = found[0]
        session = Session(payload["user"], payload["requirements"], payload["begun"], payload["until"])
        # A session that began before a claim was required cannot tell whether the user has it.
        if now < _end(session, settings) and wanted == session.requirements.keys():
            return session
    return None


def renewed(session: Session, settings: Settings, now: float) -> Session | None:
    """The same session with a later end, once half of its time is over; None if it is too early or the bound is met."""
    until = min(int(now) + settings.session_seconds, session.begun + settings.sign_in_seconds)
    if session.until - now > settings.session_seconds / 2 or until <= session.until:
        return None
    return Session(session.user, session.requirements, session.begun, until)


def session_cookie(session: Session, settings: Settings, distribution_id: str, now: float) -> str:
    """The `Set-Cookie` value that holds the session."""
    key = key_for(settings.session_keys[0], _PURPOSE, distribution_id)
    return set_cookie(COOKIE, sign(vars(session), key), max(0, session.until - int(now)))


def no_session_cookie() -> str:
    """The `Set-Cookie` value that removes the session."""
    return set_cookie(COOKIE, "", 0)


def _end(session: Session, settings: Settings) -> float:
    """The end of the session by the settings of today, which may be stricter than those when it was signed."""
    return min(session.until, session.begun + settings.sign_in_seconds)
