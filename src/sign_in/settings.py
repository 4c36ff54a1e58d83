"""The settings of sign-in: one secret in Secrets Manager, named by the policy of the function's own role.

The secret is a JSON object. `python -m stack sign-in configure` writes it:

    {"issuer": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_EXAMPLE",
     "client_id": "...", "client_secret": "...",
     "addresses": {"d111111abcdef8.cloudfront.net": "https://d111111abcdef8.cloudfront.net"},
     "session_key": "...", "previous_session_key": "...",
     "scopes": "openid email profile",
     "required_claims": {"/members/staff": {"cognito:groups": "staff"}},
     "session_minutes": 60, "session_hours_at_most": 12,
     "bearer": {"audiences": ["..."], "scope": "orders/read"}}

The first three lines and `session_key`, without the client's secret for a client that has none, have to be there. What
follows has the values shown as defaults, except that no claim is required, and no bearer token is taken.
"""

from __future__ import annotations

import json
import re
import time

from edge import aws
from edge.backoff import Backoff
from edge.configuration import Configuration, UnavailableError, region_of
from edge.protocols import SECRETS_MANAGER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

SID = "SignInSecret"
# A change of the secret takes effect after this time, or with the next sandbox.
KEPT_SECONDS = 300.0
# For one replica: from the other side of the world, a new connection and an answer take 0.6 s.
ENOUGH_SECONDS = 1.0
NOT_CONFIGURED = "sign-in is not configured yet: run `python -m stack sign-in configure`"
# Secrets Manager's error codes when the known secret is no longer the secret in the role's policy.
_GONE = ("ResourceNotFoundException", "AccessDeniedException")
# http is for this machine only: sessions and tokens would be open to the network.
_URL = re.compile(r"(?:https://[^/?#@\s\\]+|http://(?:localhost|127\.0\.0\.1|\[::1\])(?::[0-9]+)?)(/[^?#\s\\]*)?")
# RFC 6749 §3.3: a scope has all visible ASCII characters but these.
_NOT_IN_SCOPES = frozenset(' "\\')


class Bearer:
    """Which access tokens API clients may send: for one of the audiences, with the scope if there is one."""

    def __init__(self, audiences: list[str], scope: str) -> None:
        self.audiences = audiences
        self.scope = scope


class Settings:
    """The settings, checked. `session_keys` has the key that signs first; the others only verify.

    `addresses` are the distribution's own as browsers know them, by host; on a laptop, http://127.0.0.1:8080.
    `required_claims` are by the beginning of the paths that they are required for.
    Raises ValueError, whose text names the setting and quotes no value.
    """

    def __init__(self, secret: Any) -> None:
        if not isinstance(secret, dict):
            raise ValueError("the secret is not a JSON object")
        if not secret.get("client_id"):
            raise ValueError(NOT_CONFIGURED)
        self.issuer = _url(secret, "issuer")
        self.client_id = _text(secret, "client_id")
        self.client_secret = _text(secret, "client_secret", "")
        self.scopes = _text(secret, "scopes", "openid email profile")
        if "openid" not in self.scopes.split():
            raise ValueError("scopes lacks openid")
        self.addresses = _addresses(secret)
        keys = [_text(secret, "session_key"), _text(secret, "previous_session_key", "")]
        self.session_keys = [key.encode() for key in keys if key]
        if any(len(key) < 32 for key in self.session_keys):
            raise ValueError("a session key is shorter than 32 characters")
        self.required_claims = _claims_by_path(secret)
        self.session_seconds = _number(secret, "session_minutes", 60, 24 * 60) * 60
        self.sign_in_seconds = _number(secret, "session_hours_at_most", 12, 30 * 24) * 3600
        self.bearer = _bearer(secret.get("bearer"))


class SettingsSource:
    """Reads the settings from the nearest replica of the secret that answers, and keeps them for a while.

    `clock` counts seconds since the epoch, also while the sandbox is frozen.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._secrets = Configuration(SID, "secret", clock)
        self._pause = Backoff(clock)
        self._known: Settings | None = None
        self._failure = ""
        self._begin = self._end = 0.0

    def prepare(self) -> None:
        """Starts, in threads, the work that the first request would wait for."""
        self._secrets.discover_ahead()
        aws.connect_ahead(SECRETS_MANAGER, "us-east-1")  # the stack's Region

    def read(self, deadline: float) -> Settings:
        """The settings. `deadline` is a time of time.monotonic().

        If the secret cannot be read, the known settings remain in use: who has a session stays in. Raises
        UnavailableError if there are none.
        """
        now = self._clock()
        if not self._begin <= now < self._end and self._pause.is_over():
            try:
                self._known = self._fetch(deadline)
                self._begin, self._end = now, now + KEPT_SECONDS
                self._pause.succeeded()
            except (aws.AwsError, UnavailableError, ValueError) as error:
                self._failure = str(error)
                self._pause.failed()
        if self._known is None:
            raise UnavailableError(self._failure)
        return self._known

    def _fetch(self, deadline: float) -> Settings:
        arns = self._secrets.arns(deadline)
        try:
            text = _read_nearest(arns, deadline)
        except aws.AwsError as error:
            if error.code not in _GONE:
                raise
            moved = self._secrets.discover_again(deadline)
            if moved == arns:
                raise
            text = _read_nearest(moved, deadline)
        try:
            secret = json.loads(text)
        except (ValueError, RecursionError):
            raise ValueError("the secret is not JSON") from None  # json's own text may quote the secret
        return Settings(secret)


def _read_nearest(arns: list[str], deadline: float) -> str:
    """The secret's text from the first replica that answers. Raises the first replica's AwsError if none does."""
    failures: list[aws.AwsError] = []
    for position, arn in enumerate(arns):
        now = time.monotonic()
        # An equal share of the time, but never so little that a replica which works has no time to answer.
        until = now + max((deadline - now) / (len(arns) - position), min(deadline - now, ENOUGH_SECONDS))
        try:
            answer = aws.call(
                SECRETS_MANAGER, "GetSecretValue", {"SecretId": arn}, region=region_of(arn), deadline=until
            )
        except aws.AwsError as error:
            failures.append(error)
        else:
            text = answer.get("SecretString")
            if not isinstance(text, str):
                raise ValueError("the secret has no SecretString")
            return text
    raise failures[0]


def is_url(text: str) -> bool:
    """Whether this is an address that the function may call or name: https, or http on this machine."""
    return text.isascii() and text.isprintable() and _URL.fullmatch(text) is not None


def _url(secret: dict[str, Any], name: str) -> str:
    text = _text(secret, name)
    if not is_url(text):
        raise ValueError(f"{name} is not an https:// address")
    return text


def _addresses(secret: dict[str, Any]) -> dict[str, str]:
    addresses = secret.get("addresses")
    if not isinstance(addresses, dict) or not addresses:
        raise ValueError(NOT_CONFIGURED)
    for address in addresses.values():
        if not isinstance(address, str) or not is_url(address) or address.count("/") != 2:
            raise ValueError("addresses has an item that is not like https://www.example.org")
    return addresses


def _text(secret: dict[str, Any], name: str, default: str | None = None) -> str:
    text = secret.get(name, default)
    if not isinstance(text, str) or (default is None and not text) or not text.isprintable():
        raise ValueError(f"{name} is missing, or is not a text")
    return text


def _claims_by_path(secret: dict[str, Any]) -> dict[str, dict[str, str]]:
    required = secret.get("required_claims", {})
    if not isinstance(required, dict) or not all(path.startswith("/") for path in required):
        raise ValueError("required_claims is not an object by path")
    for claims in required.values():
        if not isinstance(claims, dict) or not all(isinstance(value, str) for value in claims.values()):
            raise ValueError("required_claims has an item that is not an object of texts")
    return required


def _number(secret: dict[str, Any], name: str, default: int, most: int) -> int:
    number = secret.get(name, default)
    if not isinstance(number, int) or isinstance(number, bool) or not 0 < number <= most:
        raise ValueError(f"{name} is not a whole number from 1 to {most}")
    return number


def _bearer(setting: Any) -> Bearer | None:
    if setting is None:
        return None
    audiences = setting.get("audiences") if isinstance(setting, dict) else None
    if not isinstance(audiences, list) or not audiences or not all(isinstance(each, str) for each in audiences):
        raise ValueError("bearer has no list of audiences")
    scope = _text(setting, "scope", "")
    if not scope.isascii() or not _NOT_IN_SCOPES.isdisjoint(scope):
        raise ValueError("bearer's scope is not one scope, such as orders/read")
    return Bearer(audiences, scope)
