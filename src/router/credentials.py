"""Access tokens by OAuth 2 client credentials (RFC 6749, section 4.4), kept until a minute before they expire."""

from __future__ import annotations

import json
import time

from edge import aws, http
from edge.cloudfront import TYPE_CHECKING
from edge.sigv4 import percent_encode
from router.settings import MisconfiguredError

if TYPE_CHECKING:
    from collections.abc import Callable

    from router.settings import Settings

_MARGIN = 60.0  # seconds before its end in which a token is no longer used
# RFC 6749, section 5.1: expires_in is only recommended.
_LIFETIME_UNSTATED = 300.0


class TokenRefusedError(Exception):
    """The token endpoint, or the API behind the token, does not take the client's credentials."""


class TokenUnavailableError(Exception):
    """The token endpoint or Secrets Manager does not answer, or not with what it should."""


class AccessTokens:
    """The process's tokens by client, and the secrets that got them."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tokens: dict[tuple[str, str, str], tuple[str, float]] = {}
        self._secrets: dict[str, str] = {}

    def get(self, settings: Settings, deadline: float) -> str:
        """A valid token. Raises TokenRefusedError, TokenUnavailableError."""
        client = _client(settings)
        token, usable_until = self._tokens.get(client, ("", 0.0))
        if self._clock() >= usable_until:
            token, lifetime = self._ask(settings, deadline)
            self._tokens[client] = token, self._clock() + lifetime - _MARGIN
        return token

    def forget(self, settings: Settings) -> None:
        """The API refused the token: the next one is new."""
        self._tokens.pop(_client(settings), None)

    def _ask(self, settings: Settings, deadline: float) -> tuple[str, float]:
        """A new token; a secret that has been changed since it was read is read again, once."""
        known = settings.client_secret_arn in self._secrets
        try:
            return _request_token(settings, self._secret(settings, deadline), deadline)
        except TokenRefusedError:
            if not known:
                raise
        del self._secrets[settings.client_secret_arn]
        return _request_token(settings, self._secret(settings, deadline), deadline)

    def _secret(self, settings: Settings, deadline: float) -> str:
        arn = settings.client_secret_arn
        if arn and arn not in self._secrets:
            self._secrets[arn] = _read_secret(arn, deadline)
        return self._secrets.get(arn, settings.client_secret)


def _client(settings: Settings) -> tuple[str, str, str]:
    return settings.token_url, settings.client_id, settings.scope


def _read_secret(arn: str, deadline: float) -> str:
    match arn.split(":"):
        case ["arn", _, "secretsmanager", region, _, "secret", *_]:
            pass
        case _:
            raise MisconfiguredError("x-router-client-secret-arn is no ARN of a Secrets Manager secret")
    try:
        answer = aws.call(aws.SECRETS_MANAGER, "GetSecretValue", {"SecretId": arn}, region=region, deadline=deadline)
    except aws.AwsError as error:
        raise TokenUnavailableError(str(error)) from error
    secret = answer.get("SecretString")
    if not isinstance(secret, str):
        raise TokenUnavailableError("the secret holds no text")
    return secret


def _request_token(settings: Settings, secret: str, deadline: float) -> tuple[str, float]:
    import base64

    # RFC 6749, section 2.3.1: both parts are form-encoded before they become Basic credentials.
    basic = base64.b64encode(
        f"{percent_encode(settings.client_id.encode())}:{percent_encode(secret.encode())}".encode()
    )
    headers = {"authorization": f"Basic {basic.decode()}", "content-type": "application/x-www-form-urlencoded"}
    form = f"grant_type=client_credentials&scope={percent_encode(settings.scope.encode())}"
    try:
        answer = http.request("POST", settings.token_url, headers, form.encode(), deadline=deadline)
    except http.HttpError as error:
        raise TokenUnavailableError(f"token endpoint: {error}") from error
    if answer.status in (400, 401, 403):
        raise TokenRefusedError(f"token endpoint: HTTP {answer.status} {_error_code(answer.body)}".rstrip())
    if answer.status != 200:
        raise TokenUnavailableError(f"token endpoint: HTTP {answer.status}")
    return _token(answer.body)


def _token(body: bytes) -> tuple[str, float]:
    try:
        answer = json.loads(body)
        token, lifetime = answer["access_token"], float(answer.get("expires_in", _LIFETIME_UNSTATED))
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        raise TokenUnavailableError("token endpoint: its answer is no token") from None
    if not isinstance(token, str) or not token.isascii() or not token.isprintable() or " " in token or not token:
        raise TokenUnavailableError("token endpoint: its answer is no token")
    return token, lifetime


def _error_code(body: bytes) -> str:
    """RFC 6749, section 5.2: `error` is a code, safe to log; its description may quote what was sent."""
    try:
        code = json.loads(body)["error"]
    except (ValueError, TypeError, LookupError, RecursionError):
        return ""
    return code[:40] if isinstance(code, str) and code.replace("_", "").isalpha() else ""
