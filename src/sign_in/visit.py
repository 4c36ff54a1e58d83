"""One request at the gate, and what deciding about it needs."""

from __future__ import annotations

from edge.cloudfront import header
from edge.configuration import UnavailableError
from sign_in import session
from sign_in.settings import NOT_CONFIGURED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from edge.cloudfront import Request
    from sign_in.jwk import Key
    from sign_in.provider import Provider
    from sign_in.session import Session
    from sign_in.settings import Settings

# The addresses on the distribution that belong to sign-in.
MEMBERS = "/members/"
MEMBERS_WITHOUT_SLASH = "/members"
# S3 has objects and no folders. Beside this function, no CloudFront Function can show index pages.
MEMBERS_INDEX = "/members/index.html"
CALLBACK = "/members/callback"
ME = "/members/me"
# Its query is the path and query of a page, to which it leads by way of the provider.
SIGN_IN = "/members/sign-in"
SIGN_OUT = "/members/sign-out"
SIGNED_OUT = "/members/signed-out"
# A link for pages: its address on this host and its text.
SIGN_IN_AGAIN = (MEMBERS, "Sign in again")


class Visit:
    """`now` is in seconds since the epoch, `deadline` a time of time.monotonic()."""

    def __init__(
        self,
        request: Request,
        distribution_id: str,
        settings: Settings,
        provider: Provider,
        now: float,
        deadline: float,
    ) -> None:
        self.request = request
        self.headers = request["headers"]
        self.distribution_id = distribution_id
        self.settings = settings
        self.provider = provider
        self.now = now
        self.deadline = deadline

    def session(self) -> Session | None:
        """The viewer's session, if there is one."""
        return session.read_session(self.headers, self.settings, self.distribution_id, self.now)

    def session_cookie(self, kept: Session) -> str:
        """The `Set-Cookie` value that holds a session."""
        return session.session_cookie(kept, self.settings, self.distribution_id, self.now)

    def key(self, key_id: str) -> Key | None:
        """The provider's key with this `kid`, or None. Raises UnavailableError."""
        return self.provider.key(key_id, self.deadline)

    def address(self) -> str:
        """The address of this distribution by which the viewer came, such as https://www.example.org.

        Raises UnavailableError if the settings do not list it: the provider would refuse it as well.
        """
        if self._host not in self.settings.addresses:
            raise UnavailableError(f"the secret's `addresses` lack this host. {NOT_CONFIGURED}")
        return self.settings.addresses[self._host]

    def may_have_come_by_another_name(self) -> bool:
        """Whether the browser may be at another name than that of `address()`, so that cookies would not get there.

        On a laptop, a function sees the distribution's own host, whichever name of the machine the browser uses.
        """
        return self.address() != f"https://{self._host}"

    @property
    def _host(self) -> str:
        return (header(self.headers, "host") or "").lower()
