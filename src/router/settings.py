"""The router's settings in the distribution."""

from __future__ import annotations

import re

from edge.http import HttpError, split_url
from router.rejection import MisconfiguredError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_NAMES = ("lookup-url", "token-url", "client-id", "client-secret", "client-secret-arn", "scope", "access")
# Secrets Manager User Guide, "What's in a Secrets Manager secret?": the ARN, and the characters of a name.
_SECRET_ARN = re.compile(r"arn:[a-z-]+:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+")


class Settings:
    """The settings that router.handler lists. `given` has their names without the prefix `x-router-`.

    `lookup_url` ends where the file's id begins. Either `client_secret` or `client_secret_arn` is empty. `client` holds
    the settings on which the lookup API's answer depends. Raises MisconfiguredError if a setting is missing, unknown or
    has a wrong value.
    """

    def __init__(self, given: Mapping[str, str]) -> None:
        for name in given:
            if name not in _NAMES:
                known = ", ".join(f"x-router-{each}" for each in _NAMES)
                raise MisconfiguredError(f"the router has no setting x-router-{name}; its settings are {known}")
        self.lookup_url = _url(given, "lookup-url")
        self.token_url = _url(given, "token-url")
        self.client_id = _required(given, "client-id")
        self.scope = _required(given, "scope")
        self.client_secret = given.get("client-secret", "")
        self.client_secret_arn = given.get("client-secret-arn", "")
        self.client = (
            self.lookup_url,
            self.token_url,
            self.client_id,
            self.scope,
            self.client_secret,
            self.client_secret_arn,
        )
        self.access = given.get("access", "sigv4")
        if not self.lookup_url.endswith(("/", "=")):
            raise MisconfiguredError("x-router-lookup-url has to end with / or =: the router appends the file's id")
        if bool(self.client_secret) == bool(self.client_secret_arn):
            raise MisconfiguredError("set either x-router-client-secret or x-router-client-secret-arn")
        if self.client_secret_arn and not _SECRET_ARN.fullmatch(self.client_secret_arn):
            raise MisconfiguredError(
                "x-router-client-secret-arn is not the ARN of a Secrets Manager secret: "
                "arn:aws:secretsmanager:<Region>:<account>:secret:<name>"
            )
        if self.access not in ("oai", "sigv4"):
            raise MisconfiguredError(f"x-router-access is {self.access!r}: set it to oai or sigv4")


def _required(given: Mapping[str, str], name: str) -> str:
    if not given.get(name):
        raise MisconfiguredError(f"the origin custom header x-router-{name} is missing")
    return given[name]


def _url(given: Mapping[str, str], name: str) -> str:
    """The URL in a setting. It must be https, because the router sends a secret or a token to it.

    Plain http is allowed to the same machine only, also from a container on it.
    """
    url = _required(given, name)
    if "#" in url:
        raise MisconfiguredError(f"x-router-{name} contains a #: remove it, because no server sees the part after it")
    try:
        scheme, authority, _ = split_url(url)
    except HttpError:
        scheme = authority = ""
    if scheme != "https" and authority.partition(":")[0] not in ("127.0.0.1", "localhost", "host.docker.internal"):
        raise MisconfiguredError(f"x-router-{name} has to be an https:// URL")
    return url
