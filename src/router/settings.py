"""The router's settings: origin custom headers that start with `x-router-`."""

from __future__ import annotations

from edge.cloudfront import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

REQUIRED = ("lookup-url", "token-url", "client-id", "scope")
ACCESS_MODES = ("oai", "sigv4")


class MisconfiguredError(Exception):
    """A setting is missing or cannot be; says which origin custom header to change."""


class Settings:
    """What the origin's custom headers say.

    `lookup_url` is followed by the file's id. One of `client_secret` and `client_secret_arn` (of a Secrets Manager
    secret) is set. `access` is `oai` (origin access identity) or `sigv4` (signed with the function's own role).
    """

    def __init__(self, headers: Mapping[str, str]) -> None:
        for name in REQUIRED:
            if not headers.get(name):
                raise MisconfiguredError(f"the origin custom header x-router-{name} is missing")
        self.lookup_url = headers["lookup-url"]
        self.token_url = headers["token-url"]
        self.client_id = headers["client-id"]
        self.scope = headers["scope"]
        self.client_secret = headers.get("client-secret", "")
        self.client_secret_arn = headers.get("client-secret-arn", "")
        if bool(self.client_secret) == bool(self.client_secret_arn):
            raise MisconfiguredError("set one of x-router-client-secret and x-router-client-secret-arn")
        self.access = headers.get("access", "oai")
        if self.access not in ACCESS_MODES:
            raise MisconfiguredError(f"x-router-access is {self.access!r}: set it to one of {', '.join(ACCESS_MODES)}")
