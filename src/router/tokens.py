"""Access tokens by OAuth 2 client credentials (RFC 6749, section 4.4), kept until a minute before they expire."""

import binascii
import json
from _thread import allocate_lock  # all of `threading` that is needed, without its import
from collections.abc import Callable

from edge import aws
from edge.percent import percent_encode
from edge.protocols import SECRETS_MANAGER
from router.lookup import ask
from router.rejection import RefusedError, UnavailableError
from router.settings import Settings

# Seconds.
_MARGIN = 60.0  # before its end, in which a token is no longer used
_UNSTATED = 300.0  # RFC 6749, section 5.1, only recommends that `expires_in` is said


class AccessTokens:
    """The process's tokens by client, and the secrets that got them, by ARN.

    `clock` counts seconds, also while the sandbox sleeps. Lambda gives a process one request at a time; where several
    come at once, one asks for the token and the others wait for it.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = allocate_lock()
        self._tokens: dict[tuple[str, ...], tuple[str, float, float]] = {}  # each with the times when it is good
        self._secrets: dict[str, str] = {}

    def get(self, settings: Settings, deadline: float) -> str:
        """A token that is good. Raises RefusedError, UnavailableError."""
        with self._lock:
            now = self._clock()
            token, begin, end = self._tokens.get(_client(settings), ("", 0.0, 0.0))
            if not begin <= now < end:
                token, lifetime = self._ask(settings, deadline)
                self._tokens[_client(settings)] = token, now, now + lifetime - _MARGIN
            return token

    def forget(self, settings: Settings) -> None:
        """The API did not take the token: the next one is new."""
        self._tokens.pop(_client(settings), None)

    def _ask(self, settings: Settings, deadline: float) -> tuple[str, float]:
        """A new token and its lifetime. A known secret that is refused is read again, for it may have been changed."""
        arn = settings.client_secret_arn
        known = arn in self._secrets
        if arn and not known:
            self._secrets[arn] = _read_secret(arn, deadline)
        try:
            return _request_token(settings, self._secrets[arn] if arn else settings.client_secret, deadline)
        except RefusedError:
            self._secrets.pop(arn, None)
            if not known:
                raise
        return self._ask(settings, deadline)


def _client(settings: Settings) -> tuple[str, ...]:
    return settings.token_url, settings.client_id, settings.scope


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
    try:
        answer = json.loads(body)
        token, lifetime = answer["access_token"], float(answer.get("expires_in", _UNSTATED))
    except (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError):
        token, lifetime = "", 0.0
    if not isinstance(token, str) or token.split() != [token] or not token.isascii() or not token.isprintable():
        raise UnavailableError("token endpoint: its answer is no token")
    return token, lifetime


def _error_code(body: bytes) -> str:
    """RFC 6749, section 5.2: `error` is a code, and safe to log; its description may quote what was sent."""
    try:
        code = json.loads(body)["error"]
    except (ValueError, TypeError, LookupError, RecursionError):
        return ""
    return code[:40] if isinstance(code, str) and code.isidentifier() else ""
