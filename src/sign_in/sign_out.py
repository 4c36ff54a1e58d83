"""Signing out: the session ends here, then at the provider."""

from __future__ import annotations

from edge.configuration import UnavailableError
from sign_in.decision import Decision
from sign_in.pages import page, redirect
from sign_in.provider import with_query
from sign_in.session import no_session_cookie
from sign_in.viewer import comes_from_elsewhere
from sign_in.visit import SIGN_IN_AGAIN, SIGN_OUT, SIGNED_OUT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sign_in.visit import Visit


def sign_out(visit: Visit) -> Decision:
    """Remove the session's cookie and send the browser to the provider's end of the session.

    A page of another site can only send the browser to a question. Raises UnavailableError.
    """
    if comes_from_elsewhere(visit.request):
        text = "A page of another site sent you here. Nothing has happened yet."
        answer = page(200, "Sign out?", text, (SIGN_OUT, "Sign out"))
        return Decision("refused", answer, "sign-out: from another site")
    after = visit.address() + SIGNED_OUT
    try:
        endpoint = visit.provider.end_session_endpoint(visit.deadline)
    except UnavailableError:
        endpoint = ""  # at least the session here ends
    # OpenID Connect RP-Initiated Logout §2, and the name that Cognito has for the same: logout_uri.
    fields = {"client_id": visit.settings.client_id, "post_logout_redirect_uri": after, "logout_uri": after}
    answer = redirect(with_query(endpoint, fields) if endpoint else after, no_session_cookie())
    return Decision("signed out", answer, "sign-out")


def signed_out(visit: Visit) -> Decision:
    """The page to which the provider sends the browser back. Somebody may open it without having signed out."""
    if found := visit.session():
        answer = page(200, "Signed in", "You are still signed in.", (SIGN_OUT, "Sign out"))
        return Decision("refused", answer, "signed-out page: there is a session", found.subject)
    answer = page(200, "Signed out", "You are signed out.", SIGN_IN_AGAIN)
    return Decision("signed out", answer, "signed-out page")
