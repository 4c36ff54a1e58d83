"""The provider has sent the browser back, with a code or an error (OpenID Connect Core §3.1.2.5 and §3.1.2.6)."""

from __future__ import annotations

from edge.configuration import UnavailableError
from edge.percent import percent_decode
from sign_in import attempt, session
from sign_in.claims import check_id_token
from sign_in.decision import Decision
from sign_in.jwt import TokenError, read_token
from sign_in.pages import page, redirect, with_cookies
from sign_in.provider import ERROR_CODE, RefusedError
from sign_in.visit import CALLBACK, MEMBERS, SIGN_IN_AGAIN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sign_in.attempt import Attempt
    from sign_in.visit import Visit


def call_back(visit: Visit) -> Decision:
    """A session and the way to the page that was asked for, or a page that says what to do. Raises UnavailableError."""
    told = _parameters(visit.request["querystring"])
    begun = attempt.find(told.get("state", ""), visit.headers, visit.settings, visit.distribution_id, visit.now)
    if begun is None:
        return _unknown(visit)
    # RFC 9207 §2.4: the answer is of this provider.
    if told.get("iss", visit.settings.issuer) != visit.settings.issuer:
        return _failed(begun, "callback: the answer is of another issuer")
    # RFC 6749 §3.1: a parameter without a value is as if it were not there.
    if not (code := told.get("code")):
        return _not_signed_in(begun, told.get("error", ""))
    form = {"code": code, "redirect_uri": visit.address() + CALLBACK, "code_verifier": begun.verifier}
    try:
        typ, claims = read_token(visit.provider.exchange(visit.settings, form, visit.deadline), visit.key)
        check_id_token(typ, claims, visit.settings, begun.nonce, visit.now)
    except (RefusedError, TokenError) as refused:
        return _failed(begun, str(refused))
    started = session.begin(claims, visit.settings, visit.now)
    answer = redirect(visit.address() + begun.path, visit.session_cookie(started), begun.no_cookie())
    return Decision("signed in", answer, "ID token verified", started.subject)


def _unknown(visit: Visit) -> Decision:
    """No attempt of this browser: it was used already, has expired, or began in another browser."""
    cause = "callback: no such attempt"
    if found := visit.session():
        answer = page(200, "Signed in", "You are signed in already.", (MEMBERS, "Continue"))
        return Decision("refused", answer, cause, found.subject)
    text = "This attempt to sign in is over: it took too long, was used already, or began in another browser."
    return Decision("refused", page(400, "Please sign in again", text, SIGN_IN_AGAIN), cause)


def _not_signed_in(begun: Attempt, error: str) -> Decision:
    """The provider says why there is no code (RFC 6749 §4.1.2.1). Raises UnavailableError for a fault of its own."""
    if not ERROR_CODE.fullmatch(error):
        text = "The answer of the sign-in service is missing."
        return _failed(begun, "callback: neither code nor error", text)
    if error != "access_denied":
        raise UnavailableError(f"callback: {error}")
    text = "You did not sign in, or the sign-in service did not let you."
    answer = page(403, "Not signed in", text, (begun.path, "Try again"))
    return Decision("refused", with_cookies(answer, begun.no_cookie()), "callback: access_denied")


def _failed(begun: Attempt, cause: str, text: str = "Signing in did not work.") -> Decision:
    answer = page(400, "Please sign in again", text, (begun.path, "Sign in again"))
    return Decision("refused", with_cookies(answer, begun.no_cookie()), cause)


def _parameters(querystring: str) -> dict[str, str]:
    """The parameters of a query string, decoded. Of several with one name, the first; none that is not UTF-8."""
    parameters: dict[str, str] = {}
    for pair in querystring.split("&"):
        name, _, value = pair.replace("+", " ").partition("=")
        try:
            parameters.setdefault(name, percent_decode(value).decode())
        except UnicodeDecodeError:
            continue
    return parameters
