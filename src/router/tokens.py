"""Access tokens by OAuth 2 client credentials (RFC 6749, section 4.4), kept until a minute before they expire."""

from __future__ import annotations

import binascii
import json
import re

from edge import aws
from edge.percent import percent_encode
from edge.protocols import SECRETS_MANAGER
from router.rejection import RefusedError, UnavailableError
from router.servers import ask

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from router.settings import Settings

# Seconds.
_MARGIN = 60.0  # before its end, in which a token is no longer used
_UNSTATED = 300.0  # RFC 6749, section 5.1, only recommends that `expires_in` is said
# RFC 6749, section 5.2: `error` is one of these. Anything else may quote what was sent, and so may the description.
_ERROR_CODES = (
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
)
# RFC 6749, appendix A.13, but for types that are URIs, and bounded.
_TOKEN_TYPE = re.compile(r"[A-Za-z0-9._-]{1,40}")


class AccessToken:
    """The token of one client, and the secret that got it. `clock` counts seconds, also while the sandbox sleeps."""

    def __init__(self, settings: Settings, clock: Callable[[], float]) -> None:
        self._settings = settings
        self._clock = clock
        self._token = ""
        self._begin = self._end = 0.0  # the times between which the token is good
        self._secret = settings.client_secret

    def get(self, deadline: float) -> str:
        """A token that is good. Raises RefusedError, UnavailableError."""
        now = self._clock()
        if not self._begin <= now < self._end:
            self._token, lifetime = self._ask(deadline)
            self._begin, self._end = now, now + lifetime - _MARGIN
        return self._token

    def forget(self) -> None:
        """The API did not take the token: the next one is new."""
        self._end = 0.0

    def _ask(self, deadline: float) -> tuple[str, float]:
        """A new token and its lifetime. A known secret that is refused is read again, for it may have been changed."""
        arn, known = self._settings.client_secret_arn, bool(self._secret)
        if not known:
            self._secret = _read_secret(arn, deadline)
        try:
            return _request_token(self._settings, self._secret, deadline)
        except RefusedError:
            if arn:
                self._secret = ""
            if not (arn and known):
                raise
        return self._ask(deadline)


def _read_secret(arn: str, deadline: float) -> str:
    """The secret's text, from the Region that its ARN names."""
    region = arn.split(":")[3]
    try:
        answer = aws.call(SECRETS_MANAGER, "GetSecretValue", {"SecretId": arn}, region=region, deadline=deadline)
    except aws.AwsError as error:
        raise UnavailableError(str(error)) from error
    secret = answer.get("SecretString")
    if not isinstance(secret, str):
        raise UnavailableError("the client's secret in Secrets Manager is no text")
    return secret


def _request_token(settings: Settings, secret: str, deadline: float) -> tuple[str, float]:
    # RFC 6749, section 2.3.1: both parts are form-encoded before they become Basic credentials.
    user_pass = f"{percent_encode(settings.client_id.encode())}:{percent_encode(secret.encode())}"
    headers = {
        "authorization": "Basic " + binascii.b2a_base64(user_pass.encode(), newline=False).decode(),
        "content-type": "application/x-www-form-urlencoded",
    }
    form = f"grant_type=client_credentials&scope={percent_encode(settings.scope.encode())}"
    answer = ask("token endpoint", "POST", settings.token_url, headers, form.encode(), deadline)
    if answer.status in (400, 401, 403):
        raise RefusedError(f"token refused: token endpoint: HTTP {answer.status} {_error_code(answer.body)}".rstrip())
    if answer.status != 200:
        raise UnavailableError(f"token endpoint: HTTP {answer.status}")
    return _token(answer.body)


def _token(body: bytes) -> tuple[str, float]:
    """The token and its lifetime in seconds. Raises UnavailableError."""
    try:
        answer = json.loads(body)
        token, lifetime = answer["access_token"], float(answer.get("expires_in", _UNSTATED))
    except (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError):
        token, lifetime = "", 0.0
    if not isinstance(token, str) or token.split() != [token] or not token.isascii() or not token.isprintable():
        raise UnavailableError("token endpoint: its answer is no token")
    _check_type(answer.get("token_type", "bearer"))
    return token, lifetime


def _check_type(kind: object) -> None:
    """RFC 6749, section 7.1: a client must not use a token of a type that it does not know."""
    if isinstance(kind, str) and kind.lower() == "bearer":
        return
    named = f"of the type {kind}" if isinstance(kind, str) and _TOKEN_TYPE.fullmatch(kind) else "of an unnamed type"
    raise UnavailableError(f"token endpoint: its token is {named}, and the router can send only bearer tokens")


def _error_code(body: bytes) -> str:
    try:
        code = json.loads(body)["error"]
    except (ValueError, TypeError, LookupError, RecursionError):
        return ""
    return code if code in _ERROR_CODES else ""
