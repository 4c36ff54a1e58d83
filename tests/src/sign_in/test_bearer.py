"""API clients with an access token of the same issuer, where the settings allow it."""

import json
import time

import pytest

from tests.src.sign_in.conftest import SESSION

NOW = int(time.time())


@pytest.fixture
def bearer(browser, provider, settings):
    """Sends an access token with these claims and this header. The answer is the function's."""
    settings.setdefault("bearer", {"audiences": ["api"], "scope": "orders/read"})
    good = {"nonce": None, "aud": "api", "scope": "openid orders/read", "sub": "client-1", "name": None, "email": None}

    def bearer(scheme: str = "Bearer", header: dict | None = None, at: str = "/members/a", **claims):
        token = provider.signed(provider.claims(**{**good, **claims}), **(header or {}))
        return browser.fetch(at, Authorization=f"{scheme} {token}")

    return bearer


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_passes(bearer, scheme: str):
    """It goes on as its subject, without the token."""
    answer = bearer(scheme)
    assert (answer.passes, answer.cause, answer.line["subject"]) == (True, "access token", "client-1")
    assert answer.header("authorization") is None
    assert answer.header("x-authenticated-user") == "client-1"


@pytest.mark.parametrize(
    ("header", "claims"),
    [
        ({}, {"aud": ["api", "other"]}),
        ({}, {"scope": "orders/read"}),
        ({}, {"iat": None}),
        # Cognito's have no type
        ({}, {"aud": None, "client_id": "api", "token_use": "access"}),
        # Okta's, neither
        ({}, {"scope": None, "scp": ["orders/read", "x"], "cid": "client"}),
        # Entra ID's
        ({"typ": "JWT"}, {"scope": None, "scp": "orders/read", "azp": "client"}),
        # Auth0's, and what RFC 9068 asks for
        ({"typ": "JWT"}, {"aud": ["api", "https://example.auth0.com/userinfo"], "azp": "client"}),
        ({"typ": "at+jwt"}, {"client_id": "client", "jti": "1"}),
        ({"typ": "application/at+jwt"}, {"client_id": "client", "jti": "1"}),
        ({"typ": "AT+JWT"}, {}),
        ({"typ": "application/jwt"}, {}),
    ],
)
def test_shapes(bearer, header, claims):
    """What providers put into access tokens."""
    assert bearer(header=header, **claims).passes


@pytest.mark.parametrize(
    ("claims", "cause"),
    [
        ({"iss": "https://evil.example"}, "the token is of another issuer"),
        ({"aud": "other"}, "the access token is for another audience"),
        ({"aud": None}, "the access token is for another audience"),
        ({"aud": "other", "client_id": "api"}, "the access token is for another audience"),
        ({"aud": None, "client_id": ["api"]}, "the access token is for another audience"),
        ({"scope": None}, "nothing in the token says that it is an access token"),
        ({"scope": 1}, "nothing in the token says that it is an access token"),
        ({"exp": NOW - 100}, "the token has expired"),
        ({"nbf": NOW + 24 * 3600}, "the token is of the future"),
        ({"sub": None}, "the token does not say whose it is"),
        ({"token_use": "id"}, "the token is an ID token, not an access token"),
        ({"nonce": "x"}, "the token is an ID token, not an access token"),
        ({"at_hash": "x"}, "the token is an ID token, not an access token"),
    ],
)
def test_refused(bearer, claims, cause: str):
    """A token for somebody else, or of another kind: 401, and the log says why."""
    answer = bearer(**claims)
    assert (answer.status, answer.cause) == (401, cause)
    assert answer.header("www-authenticate") == 'Bearer error="invalid_token"'
    assert answer.header("content-type") == "application/problem+json"
    assert cause not in answer.body


@pytest.mark.parametrize(
    "claims",
    [
        {"scope": "openid"},
        {"scope": "orders/readwrite"},
        {"scope": "ORDERS/READ"},
        {"scope": ""},
        {"scope": None, "scp": ["x"]},
        {"scope": None, "token_use": "access"},
    ],
)
def test_lacks_the_scope(bearer, claims):
    """A good token that permits too little: 403, and the program learns which scope to ask for (RFC 6750 §3.1)."""
    answer = bearer(**claims)
    assert (answer.status, answer.cause) == (403, "the access token lacks the scope")
    assert answer.header("www-authenticate") == 'Bearer error="insufficient_scope", scope="orders/read"'
    assert answer.header("content-type") == "application/problem+json"
    assert (answer.line["subject"], answer.line["decision"]) == ("client-1", "refused")


@pytest.mark.parametrize(
    "claims", [{"exp": NOW - 100}, {"aud": "other"}, {"sub": None}, {"iss": "https://evil.example"}, {"nonce": "x"}]
)
def test_lacks_the_scope_and_more(bearer, claims):
    """Another scope would not help a token that is not valid: 401."""
    assert bearer(**{"scope": "openid", **claims}).status == 401


@pytest.mark.parametrize("header", [{"alg": "none"}, {"alg": "HS256"}, {"kid": "x"}, {"crit": ["exp"]}])
def test_header(bearer, header):
    """The same checks as for ID tokens."""
    assert bearer(header=header).status == 401


@pytest.mark.parametrize("token", ["", " ", "x", "a.b.c", "é", "x" * 20_000])
def test_no_token(browser, settings, token: str):
    """What is no token."""
    settings["bearer"] = {"audiences": ["api"]}
    assert browser.fetch("/members/a", Authorization=f"Bearer {token}").status == 401


# What the ID tokens of a provider have beside `iss`, `sub`, `exp` and `iat`. The client did not ask for a `nonce`, or
# the token is one of a refresh.
ID_TOKENS = {
    "Cognito": ({}, {"token_use": "id", "cognito:username": "ada", "auth_time": NOW, "jti": "1", "origin_jti": "2"}),
    "Okta": ({}, {"ver": 1, "jti": "ID.1", "amr": ["pwd"], "idp": "00o1", "auth_time": NOW, "email": "a@b.c"}),
    "Entra ID": ({"typ": "JWT"}, {"ver": "2.0", "oid": "1", "tid": "2", "roles": ["orders"], "rh": "3", "uti": "4"}),
    "Auth0": ({"typ": "JWT"}, {"sid": "1", "nickname": "ada", "updated_at": "2026-11-27T00:00:00Z"}),
    "Google": ({"typ": "JWT"}, {"azp": "api", "email": "a@b.c", "email_verified": True, "hd": "example.org"}),
    "Keycloak": ({"typ": "JWT"}, {"typ": "ID", "azp": "api", "sid": "1", "acr": "1", "auth_time": NOW}),
    "the standard": ({}, {}),
    "of an access token's hash": ({"typ": "JWT"}, {"at_hash": "x", "scope": "orders/read"}),
    "of a code's hash": ({}, {"c_hash": "x", "scope": "orders/read"}),
    "of a nonce": ({}, {"nonce": "x", "scope": "orders/read"}),
    "of a nonce, under another type": ({"typ": "at+jwt"}, {"nonce": "x", "scope": "orders/read"}),
}


@pytest.mark.parametrize("name", ID_TOKENS)
@pytest.mark.parametrize("audience", ["api", "edge"])
def test_id_token(bearer, settings, name: str, audience: str):
    """No ID token is an access token, also where its client is an audience, and no scope is required."""
    settings["bearer"] = {"audiences": ["api", "edge"]}
    header, claims = ID_TOKENS[name]
    answer = bearer(header=header, **{"scope": None, "aud": audience, **claims})
    assert (answer.status, "access token" in answer.cause) == (401, True)


@pytest.mark.parametrize("typ", ["logout+jwt", "secevent+jwt", "dpop+jwt", "rt+jwt", "id_token+jwt", "x/at+jwt", 1, []])
def test_another_type(bearer, typ):
    """A token of another type is no access token, whatever its claims (RFC 8725 §3.11)."""
    answer = bearer(header={"typ": typ})
    assert (answer.status, answer.cause) == (401, "the token is of another type than access tokens")


@pytest.mark.parametrize(
    ("header", "claims"),
    [
        ({"typ": "at+jwt"}, {}),  # Auth0's, with the profile RFC 9068
        ({}, {"token_use": "access", "aud": None, "client_id": "api"}),  # Cognito's, without OAuth scopes
        ({"typ": "JWT"}, {"idtyp": "app", "azp": "client", "roles": ["orders"]}),  # Entra ID's, of an application
        ({}, {"scope": ""}),
        ({}, {"scp": []}),
    ],
)
def test_without_scope(bearer, settings, header, claims):
    """Without a scope in the settings, the audience alone counts for a token that says what it is."""
    settings["bearer"] = {"audiences": ["api"]}
    assert bearer(header=header, **{"scope": None, **claims}).passes


@pytest.mark.parametrize("claims", [{}, {"scope": None}, {"scp": {}}, {"idtyp": "user"}, {"azp": "client", "gty": "x"}])
def test_says_nothing(bearer, settings, claims):
    """A token that could as well be an ID token is refused."""
    settings["bearer"] = {"audiences": ["api"]}
    answer = bearer(header={"typ": "JWT"}, **{"scope": None, **claims})
    assert (answer.status, answer.cause) == (401, "nothing in the token says that it is an access token")


def test_required_claims(bearer, settings):
    """What a path requires of users, it requires of programs: the token has to say so."""
    settings["required_claims"] = {"/members/a": {"cognito:groups": "staff"}}
    answer = bearer()
    assert (answer.status, answer.cause) == (403, "the token lacks cognito:groups=staff")
    assert "staff" not in answer.body
    assert bearer(**{"cognito:groups": ["staff"]}).passes


@pytest.mark.parametrize(
    ("claims", "told"),
    [
        ({}, {"sub": "client-1"}),
        ({"name": "Ada", "email": "ada@example.org"}, {"sub": "client-1", "name": "Ada", "email": "ada@example.org"}),
        ({"email": "ada@example.org", "email_verified": False}, {"sub": "client-1"}),
        ({"exp": NOW + 3600.5}, {"sub": "client-1", "until": NOW + 3600}),
        ({"jti": "1", "client_id": "api", "groups": ["staff"]}, {"sub": "client-1"}),
    ],
)
def test_me(bearer, claims, told):
    """/members/me tells a program what it tells a page: whose the token is, and until when. It tells nothing else."""
    answer = bearer(at="/members/me", **{"exp": NOW + 3600, **claims})
    assert (answer.status, answer.cause, answer.line["decision"]) == (200, "access token", "told")
    assert (answer.header("cache-control"), answer.header("content-type")) == ("no-store", "application/json")
    assert json.loads(answer.body) == {"until": NOW + 3600, **told}
    assert answer.line["subject"] == "client-1"
    assert answer.cookies == []


def test_me_is_refused(bearer):
    """Without a good token, or without the scope, it tells nothing."""
    assert bearer(at="/members/me", exp=NOW - 600).status == 401
    assert bearer(at="/members/me", scope="openid").status == 403


def test_me_without_the_claims(bearer, browser, cookie, settings):
    """It tells a program, and a user, who lacks a required claim, as well: they need to know whom to ask for it."""
    settings["required_claims"] = {"/members/": {"groups": "staff"}}
    assert bearer(at="/members/me").status == 200
    browser.jar[SESSION] = cookie()
    assert browser.fetch("/members/me").status == 200


def test_index(bearer):
    """/members/ is the index page for programs, too: S3 has nothing at a folder's address."""
    assert bearer(at="/members/").result["uri"] == "/members/index.html"
    assert bearer(at="/members/a/").result["uri"] == "/members/a/"


def test_a_token_begins_no_session(bearer, browser):
    """A program gets no cookie."""
    assert bearer().passes
    assert browser.jar == {}


def test_challenge(browser, settings):
    """Where tokens are taken, the 401 says so."""
    settings["bearer"] = {"audiences": ["api"]}
    assert browser.fetch("/members/a").header("www-authenticate") == "Bearer"
