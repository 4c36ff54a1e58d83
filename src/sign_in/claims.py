"""Whether the claims of a token whose signature is valid are those of a user who signs in, or of an API client."""

from __future__ import annotations

from hmac import compare_digest

from edge.percent import percent_decode
from sign_in.jwt import TokenError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from sign_in.settings import Bearer, Settings

# The clocks of providers and of Lambda may differ by this many seconds.
SKEW = 60
# OpenID Connect Core §2: `sub` has at most 255 ASCII characters.
MAX_SUBJECT = 255
# RFC 9068 §2.1: the type of access tokens. ID tokens have "JWT" or none, and so have many providers' access tokens.
ACCESS_TOKEN = "at+jwt"  # noqa: S105 - the name of a type
# OpenID Connect Core §2 and §3.3.2.11: only ID tokens have these claims.
_OF_ID_TOKENS = ("nonce", "at_hash", "c_hash")


def check_id_token(typ: str, claims: dict[str, Any], settings: Settings, nonce: str, now: float) -> None:
    """Raises TokenError unless type and claims are an ID token's for this client and this attempt.

    Source: OpenID Connect Core §3.1.3.7. `now` is in seconds since the epoch.
    """
    if typ == ACCESS_TOKEN:
        raise TokenError("the token is an access token, not an ID token")
    _check_issuer(claims, settings.issuer)
    audiences = _audiences(claims)
    if settings.client_id not in audiences:
        raise TokenError("the ID token is for another client")
    # Items 4 and 5: `azp` is this client. Among several audiences, nothing else says for whom the token was made.
    if claims.get("azp", settings.client_id) != settings.client_id or (len(audiences) > 1 and "azp" not in claims):
        raise TokenError("another client asked for the ID token")
    _check_times(claims, now)
    if "iat" not in claims:
        raise TokenError("the ID token does not say when it was issued")
    told = claims.get("nonce")
    if not isinstance(told, str) or not compare_digest(told.encode(), nonce.encode()):
        raise TokenError("the ID token is of another attempt to sign in")
    _check_subject(claims)


def check_access_token(typ: str, claims: dict[str, Any], issuer: str, bearer: Bearer, now: float) -> None:
    """Raises TokenError unless type and claims are an access token's for one of the audiences.

    Source: RFC 9068 §4. Cognito's access tokens have no `aud`; the client that asked for them is in `client_id`.
    """
    _check_issuer(claims, issuer)
    _check_kind(typ, claims)
    audiences = _audiences(claims) if "aud" in claims else [claims.get("client_id")]
    if not any(audience in bearer.audiences for audience in audiences):
        raise TokenError("the access token is for another audience")
    _check_times(claims, now)
    _check_subject(claims)


def permits(claims: dict[str, Any], scope: str) -> bool:
    """Whether an access token permits what the scope stands for. An empty scope stands for nothing in particular."""
    return not scope or scope in (_scopes(claims) or ())


def _check_kind(typ: str, claims: dict[str, Any]) -> None:
    """Raises TokenError unless the token says that it is an access token. An ID token is made for a client, not for
    APIs, and its user's browser may hold it.

    Without the type of RFC 9068, a claim has to say it: Cognito's `token_use`, Entra ID's `idtyp` of applications, or
    the scopes, which ID tokens do not have.
    """
    if claims.get("token_use", "access") != "access" or any(name in claims for name in _OF_ID_TOKENS):
        raise TokenError("the token is an ID token, not an access token")
    if typ not in (ACCESS_TOKEN, "jwt", ""):
        raise TokenError("the token is of another type than access tokens")
    says_so = typ == ACCESS_TOKEN or "token_use" in claims or claims.get("idtyp") == "app"
    if not says_so and _scopes(claims) is None:
        raise TokenError("nothing in the token says that it is an access token")


def judge_required(claims: dict[str, Any], required: dict[str, dict[str, str]]) -> dict[str, bool]:
    """For each requirement, such as "groups=staff", whether the claim is this text, or a list that contains it."""
    pairs = [pair for of_path in required.values() for pair in of_path.items()]
    return {f"{name}={value}": value in _texts(claims.get(name)) for name, value in pairs}


def required_at(uri: str, required: dict[str, dict[str, str]]) -> set[str]:
    """The requirements of all paths that `uri` begins with, in capitals or not.

    An origin may decode a path, ignore its case, or remove dots and slashes from it. A path that it could take for
    another one has to meet all requirements.
    """
    path = percent_decode(uri).decode(errors="replace")
    odd = not path.isprintable() or any(part in path for part in ("%", "//", "/.", "\\", "\ufffd"))
    folded = _folded(path)
    of_paths = [of_path for begin, of_path in required.items() if odd or folded.startswith(_folded(begin))]
    return {f"{name}={value}" for of_path in of_paths for name, value in of_path.items()}


def _folded(text: str) -> str:
    """The text without regard to case. Some letters, such as the dotless i, have only a capital in common."""
    return text.upper().casefold()


def _check_issuer(claims: dict[str, Any], issuer: str) -> None:
    if claims.get("iss") != issuer:
        raise TokenError("the token is of another issuer")


def _check_times(claims: dict[str, Any], now: float) -> None:
    """`exp` has to be there. `nbf` and `iat` may be absent (RFC 7519 §4.1)."""
    if not now - SKEW < _time(claims, "exp"):
        raise TokenError("the token has expired")
    if max(_time(claims, "nbf", 0), _time(claims, "iat", 0)) > now + SKEW:
        raise TokenError("the token is of the future")


def _time(claims: dict[str, Any], name: str, default: int | None = None) -> float:
    time = claims.get(name, default)
    # True is an int for Python, and 1e999 is infinite. Beyond 2^53, JSON's numbers are not exact (RFC 8259 §6).
    if not isinstance(time, (int, float)) or isinstance(time, bool) or not 0 <= time < 1 << 53:
        raise TokenError(f"the token's {name} is missing, or is not a time")
    return time


def _check_subject(claims: dict[str, Any]) -> None:
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= MAX_SUBJECT or not subject.isascii():
        raise TokenError("the token does not say whose it is")


def _scopes(claims: dict[str, Any]) -> list[str] | None:
    """What the token permits, None if it does not say: `scope` (RFC 8693 §4.2), or `scp` of Okta and Entra ID."""
    told = claims.get("scope", claims.get("scp"))
    if isinstance(told, str):
        return told.split()
    return _texts(told) if isinstance(told, list) else None


def _audiences(claims: dict[str, Any]) -> list[str]:
    return _texts(claims.get("aud"))


def _texts(value: object) -> list[str]:
    """A claim that may be a text or a list of texts, as a list. Other members are left out."""
    if isinstance(value, str):
        return [value]
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
