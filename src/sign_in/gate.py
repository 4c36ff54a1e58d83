"""Decides about each request: it goes on, or the viewer signs in, signs out, or gets a page that says what to do."""

from __future__ import annotations

import time

from edge.cloudfront import header
from sign_in import attempt
from sign_in.callback import call_back
from sign_in.claims import check_access_token, judge_required, permits, required_at
from sign_in.decision import Decision
from sign_in.jwt import TokenError, read_token
from sign_in.pages import answer_json, page, problem, redirect
from sign_in.provider import Provider, with_query
from sign_in.return_path import own_path, return_path
from sign_in.session import renewed, user_of
from sign_in.settings import SettingsSource
from sign_in.sign_out import sign_out, signed_out
from sign_in.viewer import identified, loads_page
from sign_in.visit import (
    CALLBACK,
    ME,
    MEMBERS,
    MEMBERS_INDEX,
    MEMBERS_WITHOUT_SLASH,
    SIGN_IN,
    SIGN_IN_AGAIN,
    SIGN_OUT,
    SIGNED_OUT,
    Visit,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from edge.cloudfront import Request
    from sign_in.session import Session
    from sign_in.settings import Bearer

_WAYS = {CALLBACK: call_back, SIGN_OUT: sign_out, SIGNED_OUT: signed_out}


class Gate:
    """The one gate of a sandbox. `clock` counts seconds since the epoch, also while the sandbox is frozen."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._settings = SettingsSource(clock)
        self._provider = Provider("", clock)

    def prepare(self) -> None:
        """Starts, in threads, the work that the first request would wait for."""
        self._settings.prepare()

    def decide(self, request: Request, distribution_id: str, deadline: float) -> Decision:
        """Decide about the request. `deadline` is a time of time.monotonic(). Raises UnavailableError."""
        settings = self._settings.read(deadline)
        if self._provider.issuer != settings.issuer:
            self._provider = Provider(settings.issuer, self._clock)
        visit = Visit(request, distribution_id, settings, self._provider, self._clock(), deadline)
        if way := _WAYS.get(request["uri"]):
            return way(visit)
        scheme, _, token = (header(visit.headers, "authorization") or "").partition(" ")
        if settings.bearer and scheme.lower() == "bearer":
            return _let_client_in(visit, token.strip(" "), settings.bearer)
        session = visit.session()
        return _let_in(visit, session) if session else _ask_to_sign_in(visit)


def _let_in(visit: Visit, session: Session) -> Decision:
    """The request goes on. Once half of the session's time is over, a page load first gets a new cookie."""
    uri = visit.request["uri"]
    if uri == ME:
        return _tell(session.user, session.until, "session")
    if uri == SIGN_IN:
        answer = redirect(visit.address() + return_path(visit.request))
        return Decision("sent to the page", answer, "session", session.subject)
    if lacking := session.lacks(required_at(uri, visit.settings.required_claims)):
        return _forbid(visit, session, f"the user lacks {', '.join(lacking)}")
    later = renewed(session, visit.settings, visit.now)
    if later and visit.request["method"] == "GET" and loads_page(visit.request):
        answer = redirect(visit.address() + own_path(visit.request), visit.session_cookie(later))
        return Decision("renewed", answer, "half of the session's time is over", session.subject)
    return _pass_on(visit, session.user, "session")


def _let_client_in(visit: Visit, token: str, bearer: Bearer) -> Decision:
    """A program with an access token of the same issuer goes on, if the token has the claims that the path requires."""
    try:
        typ, claims = read_token(token, visit.key)
        check_access_token(typ, claims, visit.settings.issuer, bearer, visit.now)
    except TokenError as refused:
        challenge = {"WWW-Authenticate": 'Bearer error="invalid_token"'}  # RFC 6750 §3.1
        answer = problem(401, "Unauthorized", "The access token is not valid here.", challenge)
        return Decision("refused", answer, str(refused))
    if not permits(claims, bearer.scope):
        challenge = {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{bearer.scope}"'}
        answer = problem(403, "Forbidden", "The access token lacks a scope.", challenge)
        return Decision("refused", answer, "the access token lacks the scope", claims["sub"])
    user = user_of(claims)
    if visit.request["uri"] == ME:
        return _tell(user, int(claims["exp"]), "access token")
    required = required_at(visit.request["uri"], visit.settings.required_claims)
    judged = judge_required(claims, visit.settings.required_claims)
    if lacking := [name for name, held in judged.items() if name in required and not held]:
        answer = problem(403, "Forbidden", "This client has no access.", {})
        return Decision("refused", answer, f"the token lacks {', '.join(lacking)}", claims["sub"])
    visit.headers.pop("authorization", None)
    return _pass_on(visit, user, "access token")


def _tell(user: dict[str, str], until: int, cause: str) -> Decision:
    """Who the viewer is, and until when, in seconds since the epoch: for a page's script, or for a program."""
    return Decision("told", answer_json(200, {**user, "until": until}), cause, user["sub"])


def _pass_on(visit: Visit, user: dict[str, str], cause: str) -> Decision:
    """The request goes on, and says who the viewer is. The index page is at MEMBERS, where its relative links work."""
    if visit.request["uri"] == MEMBERS_WITHOUT_SLASH:
        visit.request["uri"] = MEMBERS
        return Decision("sent to the page", redirect(visit.address() + own_path(visit.request)), cause, user["sub"])
    if visit.request["uri"] == MEMBERS:
        visit.request["uri"] = MEMBERS_INDEX
    return Decision("allowed", identified(visit.request, user), cause, user["sub"])


def _ask_to_sign_in(visit: Visit) -> Decision:
    """A page load is sent to the provider. A program gets a 401: it could not follow a redirect."""
    # RFC 9110 §11.6.1: a 401 names a scheme. There is none for cookies, and browsers ignore names that they don't know.
    challenge = {"WWW-Authenticate": "Bearer" if visit.settings.bearer else "Cookie"}
    if not loads_page(visit.request) or visit.request["uri"] == ME:
        detail = "Nobody is signed in. Open the address `sign_in` in a browser."
        answer = problem(401, "Unauthorized", detail, challenge, sign_in=MEMBERS)
    elif visit.request["method"] not in ("GET", "HEAD"):
        text = "What you sent was not taken, because your session is over. Sign in, go back, and send it again."
        answer = page(401, "Please sign in", text, SIGN_IN_AGAIN, challenge)
    else:
        return _begin(visit)
    return Decision("refused", answer, "no session")


def _begin(visit: Visit) -> Decision:
    """The authentication request (OpenID Connect Core §3.1.2.1), as a redirect to the provider.

    The provider sends the browser back to `visit.address()`, so the attempt's cookie has to be there, too.
    """
    path = return_path(visit.request)
    if visit.request["uri"] != SIGN_IN and visit.may_have_come_by_another_name():
        return Decision("sent to sign in", redirect(f"{visit.address()}{SIGN_IN}?{path}"), "no session")
    begun = attempt.begin(path, visit.settings, visit.distribution_id, visit.now)
    fields = {
        "response_type": "code",
        "client_id": visit.settings.client_id,
        "redirect_uri": visit.address() + CALLBACK,
        "scope": visit.settings.scopes,
        "state": begun.state,
        "nonce": begun.nonce,
        "code_challenge": begun.challenge,
        "code_challenge_method": "S256",
    }
    location = with_query(visit.provider.authorization_endpoint(visit.deadline), fields)
    surplus = attempt.surplus(visit.headers, visit.settings, visit.distribution_id)
    return Decision("sent to sign in", redirect(location, begun.cookie(), *surplus), "no session")


def _forbid(visit: Visit, session: Session, cause: str) -> Decision:
    """A user without a required claim. The answer does not say what is missing."""
    if loads_page(visit.request):
        name = session.user.get("email") or session.user.get("name") or session.subject
        text = f"You are signed in as {name}. This account has no access to this page."
        answer = page(403, "No access", text, (SIGN_OUT, "Sign out, and sign in as somebody else"))
    else:
        answer = problem(403, "Forbidden", "This account has no access.", {})
    return Decision("refused", answer, cause, session.subject)
