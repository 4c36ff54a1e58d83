"""What the distribution asks of the router."""

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
    """The settings of router.handler, given without their prefix.

    `lookup_url` ends where the file's id goes. One of `client_secret` and `client_secret_arn` is empty. `client` is all
    that decides what the lookup API answers. Raises MisconfiguredError for a setting that is missing, unknown or has
    another value than it may have.
    """

    def __init__(self, given: Mapping[str, str]) -> None:
        for name in given:
            if name not in _NAMES:
                raise MisconfiguredError(f"x-router-{name} is no setting of the router: it has {', '.join(_NAMES)}")
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
            raise MisconfiguredError("x-router-lookup-url has to end where the file's id goes, with / or =")
        if bool(self.client_secret) == bool(self.client_secret_arn):
            raise MisconfiguredError("set one of x-router-client-secret and x-router-client-secret-arn")
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
    """The client's secret goes there, or its token: in the clear only to this machine, from its containers as well."""
    url = _required(given, name)
    if "#" in url:
        raise MisconfiguredError(f"x-router-{name} has a #: no server would see the part after it")
    try:
        scheme, authority, _ = split_url(url)
    except HttpError:
        scheme = authority = ""
    if scheme != "https" and authority.partition(":")[0] not in ("127.0.0.1", "localhost", "host.docker.internal"):
        raise MisconfiguredError(f"x-router-{name} has to be an https:// URL")
    return url
