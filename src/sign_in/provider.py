"""The OpenID provider: its discovery document, its keys, and the exchange of a code for an ID token."""

from __future__ import annotations

import json
import os
import re
from binascii import b2a_base64

from edge import http
from edge.backoff import Backoff
from edge.configuration import UnavailableError
from edge.percent import percent_encode
from edge.retries import with_retries
from sign_in.jwk import read_keys
from sign_in.settings import is_url

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from edge.http_reader import Answer
    from sign_in.jwk import Key
    from sign_in.settings import Settings

# Endpoints and keys are asked for again after this time. Until the provider answers, the known ones remain in use.
KEPT_SECONDS = 3600.0
# At most this often, whatever the provider answers: everybody can send tokens with a `kid` that nobody knows, and each
# of them asks for the keys again.
PAUSE_SECONDS = 60.0
# Of an answer. The largest discovery documents have 10 kB.
_LIMIT = 1 << 18
# RFC 6749 §5.2 and §4.1.2.1: the error codes. Another value may quote the request, and anybody can send one to
# the callback, so it is not logged.
ERROR_CODE = re.compile(r"[a-z_]{1,40}")
_AWS_HOST = re.compile(r"https://[a-z0-9-]+\.[a-z0-9-]+\.amazonaws\.com")


class RefusedError(Exception):
    """The provider refuses the code. The text is the cause, one line for the log."""


class Provider:
    """One provider, known by its issuer. `clock` counts seconds since the epoch, also while the sandbox is frozen."""

    def __init__(self, issuer: str, clock: Callable[[], float]) -> None:
        self.issuer = issuer
        self._clock = clock
        self._endpoints = _Kept(clock, self._fetch_endpoints)
        self._keys = _Kept(clock, self._fetch_keys)

    def authorization_endpoint(self, deadline: float) -> str:
        """Where browsers go to sign in. Raises UnavailableError, as all methods do."""
        return self._endpoint("authorization_endpoint", deadline)

    def end_session_endpoint(self, deadline: float) -> str:
        """Where browsers go to sign out; empty if the provider names no such place."""
        return self._endpoint("end_session_endpoint", deadline)

    def _endpoint(self, name: str, deadline: float) -> str:
        endpoints: dict[str, str] = self._endpoints.get(deadline)
        return endpoints.get(name, "")

    def key(self, key_id: str, deadline: float) -> Key | None:
        """The key with this `kid`, or None. A token without `kid` means the only key, if there is only one."""
        keys = self._keys.get(deadline)
        if not key_id:
            return next(iter(keys.values())) if len(keys) == 1 else None
        if key_id not in keys:
            keys = self._keys.get(deadline, not_older_than=PAUSE_SECONDS)
        return keys.get(key_id)

    def exchange(self, settings: Settings, form: Mapping[str, str], deadline: float) -> str:
        """The ID token for a code. `form` has the fields of the request (RFC 6749 §4.1.3) but those of the client.

        It is asked for once, for a code is valid once. Raises RefusedError, UnavailableError.
        """
        endpoints = self._endpoints.get(deadline)
        headers = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
        fields = {"grant_type": "authorization_code", **form}
        if not settings.client_secret or endpoints["authentication"] == "client_secret_post":
            fields["client_id"] = settings.client_id
        if settings.client_secret and endpoints["authentication"] == "client_secret_post":
            fields["client_secret"] = settings.client_secret
        elif settings.client_secret:
            # RFC 6749 §2.3.1: both parts are form-encoded before they become Basic credentials.
            pair = f"{_encoded(settings.client_id)}:{_encoded(settings.client_secret)}"
            headers["authorization"] = "Basic " + b2a_base64(pair.encode(), newline=False).decode()
        url = endpoints["token_endpoint"]
        try:
            answer = http.request("POST", url, headers, _form(fields).encode(), deadline=deadline, limit=_LIMIT)
        except http.HttpError as error:
            raise UnavailableError(f"token endpoint: {error}") from error
        return _id_token(answer)

    def _fetch_endpoints(self, deadline: float) -> dict[str, str]:
        document = _get_json(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration", "discovery", deadline)
        # OpenID Connect Discovery §4.3: otherwise the document may be somebody else's.
        if document.get("issuer") != self.issuer:
            raise UnavailableError("discovery: the document is of another issuer")
        endpoints = {}
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri", "end_session_endpoint"):
            if isinstance(url := document.get(name), str) and is_url(url.partition("?")[0]):
                endpoints[name] = url
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if name not in endpoints:
                raise UnavailableError(f"discovery: {name} is missing, or is not an https:// address")
        # OpenID Connect Discovery §3: client_secret_basic is the default.
        methods = document.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        posts = isinstance(methods, list) and "client_secret_basic" not in methods
        endpoints["authentication"] = "client_secret_post" if posts else "client_secret_basic"
        return endpoints

    def _fetch_keys(self, deadline: float) -> dict[str, Key]:
        try:
            return read_keys(_get_json(self._endpoints.get(deadline)["jwks_uri"], "keys", deadline))
        except ValueError as error:
            raise UnavailableError(f"keys: {error}") from None


class _Kept:
    """What a provider publishes, kept for KEPT_SECONDS. `fetch` takes a deadline and raises UnavailableError.

    Nobody can sign in before the first answer, so a failed attempt is repeated, and the pauses are those of
    edge.backoff. From then on, one attempt in PAUSE_SECONDS is enough: what is known remains in use.
    """

    def __init__(self, clock: Callable[[], float], fetch: Callable[[float], dict[str, Any]]) -> None:
        self._clock = clock
        self._fetch = fetch
        self._pause = Backoff(clock)
        self._known: dict[str, Any] = {}
        self._failure = ""
        self._since = self._asked = 0.0

    def get(self, deadline: float, not_older_than: float = KEPT_SECONDS) -> dict[str, Any]:
        """What is known, asked for again if it is older than so many seconds. Raises UnavailableError without any."""
        if self._is_over(self._since, not_older_than) and self._may_ask():
            self._asked = self._clock()
            try:
                self._known = self._ask(deadline)
                self._since = self._asked
            except UnavailableError as error:
                self._failure = str(error)
                self._pause.failed()
        if not self._known:
            raise UnavailableError(self._failure)
        return self._known

    def _may_ask(self) -> bool:
        return self._is_over(self._asked, PAUSE_SECONDS) if self._known else self._pause.is_over()

    def _ask(self, deadline: float) -> dict[str, Any]:
        if self._known:
            return self._fetch(deadline)
        return with_retries(
            lambda: self._fetch(deadline), lambda error: isinstance(error, UnavailableError), deadline=deadline
        )

    def _is_over(self, since: float, seconds: float) -> bool:
        """Whether so many seconds are over. A clock that is set back ends them, too: they could last for hours."""
        return not 0 <= self._clock() - since < seconds


def with_query(url: str, fields: Mapping[str, str]) -> str:
    """An endpoint with parameters (RFC 6749 §3.1: it may have some already)."""
    return f"{url}{'&' if '?' in url else '?'}{_form(fields)}"


def _form(fields: Mapping[str, str]) -> str:
    return "&".join([f"{name}={_encoded(value)}" for name, value in fields.items()])


def _encoded(text: str) -> str:
    return percent_encode(text.encode())


def _get_json(url: str, name: str, deadline: float) -> dict[str, Any]:
    """The JSON object at an address. Raises UnavailableError, whose text begins with `name`."""
    try:
        answer = http.request("GET", _reachable(url), {"accept": "application/json"}, deadline=deadline, limit=_LIMIT)
    except http.HttpError as error:
        raise UnavailableError(f"{name}: {error}") from error
    if answer.status != 200:
        raise UnavailableError(f"{name}: HTTP {answer.status}")
    try:
        document = json.loads(answer.body)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise UnavailableError(f"{name}: the answer is not a JSON object")
    return document


def _reachable(url: str) -> str:
    """The address to ask. AWS_ENDPOINT_URL stands for AWS's own hosts where it is set, as in every call to AWS."""
    endpoint = os.environ.get("AWS_ENDPOINT_URL")
    return _AWS_HOST.sub(endpoint.rstrip("/"), url, count=1) if endpoint and _AWS_HOST.match(url) else url


def _id_token(answer: Answer) -> str:
    """The ID token in the token endpoint's answer. Raises RefusedError, UnavailableError."""
    try:
        body = json.loads(answer.body)
        code, token = body.get("error", ""), body.get("id_token")
    except (ValueError, AttributeError, RecursionError):
        code, token = "", None
    if answer.status == 200 and isinstance(token, str):
        return token
    told = code if isinstance(code, str) and ERROR_CODE.fullmatch(code) else ""
    if told == "invalid_grant":
        raise RefusedError("token endpoint: invalid_grant: the code was used already, or has expired")
    # What remains is not the viewer's fault: a wrong client, a wrong secret, or a provider in trouble.
    raise UnavailableError(f"token endpoint: HTTP {answer.status} {told or 'without an ID token'}")
