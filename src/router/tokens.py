"""Access tokens by OAuth 2 client credentials (RFC 6749, section 4.4), used until a minute before they expire."""

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

# In seconds.
_MARGIN = 60.0  # a token is no longer used for this long before it expires, or for half of a shorter lifetime
_UNSTATED = 300.0  # the lifetime without `expires_in`, which RFC 6749, section 5.1, only recommends
# RFC 6749, section 5.2: `error` is one of these codes. Another value, or `error_description`, may quote the request and
# its secret, so neither is logged.
_ERROR_CODES = (
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
)
# RFC 6749, appendix A.13, without types that are URIs, and with a greatest length.
_TOKEN_TYPE = re.compile(r"[A-Za-z0-9._-]{1,40}")


class AccessToken:
    """The token of one client, and the client's secret. `clock` counts seconds, also while the sandbox is frozen."""

    def __init__(self, settings: Settings, clock: Callable[[], float]) -> None:
        self._settings = settings
        self._clock = clock
        self._token = ""
        self._begin = self._end = 0.0  # the token is used between these times
        self._secret = settings.client_secret

    def get(self, deadline: float) -> str:
        """A token that has not expired. `deadline` is a time of time.monotonic().

        Raises RefusedError, UnavailableError.
        """
        now = self._clock()
        if not self._begin <= now < self._end:
            self._token, lifetime = self._ask(deadline)
            self._begin, self._end = now, now + lifetime - min(_MARGIN, lifetime / 2)
        return self._token

    def forget(self) -> None:
        """Forget the token, because the API refused it. The next `get` asks for a new one."""
        self._end = 0.0

    def _ask(self, deadline: float) -> tuple[str, float]:
        """A new token and its lifetime in seconds.

        If the token endpoint refuses a remembered secret, reads the secret again: it may have been rotated.
        """
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
    """The secret's text, read in the Region that its ARN names. Raises UnavailableError."""
    region = arn.split(":")[3]
    try:
        answer = aws.call(SECRETS_MANAGER, "GetSecretValue", {"SecretId": arn}, region=region, deadline=deadline)
    except aws.AwsError as error:
        raise UnavailableError(str(error)) from error
    secret = answer.get("SecretString")
    if not isinstance(secret, str):
        raise UnavailableError("the client's secret in Secrets Manager has no SecretString")
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
    """The token and its lifetime in seconds, from the body of an answer. Raises UnavailableError."""
    try:
        answer = json.loads(body)
        token, lifetime = answer["access_token"], float(answer.get("expires_in", _UNSTATED))
    except (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError):
        token, lifetime = "", 0.0
    if not 0 < lifetime < float("inf"):  # this refuses NaN as well
        token = ""
    if not isinstance(token, str) or token.split() != [token] or not token.isascii() or not token.isprintable():
        raise UnavailableError("token endpoint: its answer holds no usable access token")
    _check_type(answer.get("token_type", "bearer"))
    return token, lifetime


def _check_type(kind: object) -> None:
    """RFC 6749, section 7.1: a client must not use a token of a type that it does not know."""
    if isinstance(kind, str) and kind.lower() == "bearer":
        return
    named = f"of the type {kind}" if isinstance(kind, str) and _TOKEN_TYPE.fullmatch(kind) else "of an unnamed type"
    raise UnavailableError(f"token endpoint: its token is {named}, but the router can only send bearer tokens")


def _error_code(body: bytes) -> str:
    try:
        code = json.loads(body)["error"]
    except (ValueError, TypeError, LookupError, RecursionError):
        return ""
    return code if code in _ERROR_CODES else ""
