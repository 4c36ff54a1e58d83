"""API clients with an access token of the same issuer, where the settings allow it."""

import time

import pytest

NOW = int(time.time())


@pytest.fixture
def bearer(browser, provider, settings):
    """Sends an access token with these claims and this header. The answer is the function's."""
    settings.setdefault("bearer", {"audiences": ["api"], "scope": "orders/read"})
    good = {"nonce": None, "aud": "api", "scope": "openid orders/read", "sub": "client-1", "name": None, "email": None}

    def bearer(scheme: str = "Bearer", header: dict | None = None, **claims):
        token = provider.signed(provider.claims(**{**good, **claims}), **(header or {}))
        return browser.fetch("/members/a", Authorization=f"{scheme} {token}")

    return bearer


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_passes(bearer, scheme: str):
    """It goes on as its subject, without the token."""
    answer = bearer(scheme)
    assert (answer.passes, answer.cause, answer.line["subject"]) == (True, "access token", "client-1")
    assert answer.header("authorization") is None
    assert answer.header("x-authenticated-user") == "client-1"


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": ["api", "other"]},
        {"aud": None, "client_id": "api"},  # Cognito's
        {"scope": "orders/read"},
        {"scope": None, "scp": ["orders/read", "x"]},  # Okta's
        {"scope": None, "scp": "orders/read"},  # Entra ID's
        {"token_use": "access"},
        {"iat": None},
    ],
)
def test_shapes(bearer, claims):
    """What providers put into access tokens."""
    assert bearer(**claims).passes


@pytest.mark.parametrize(
    ("claims", "cause"),
    [
        ({"iss": "https://evil.example"}, "the token is of another issuer"),
        ({"aud": "other"}, "the access token is for another audience"),
        ({"aud": None}, "the access token is for another audience"),
        ({"aud": "other", "client_id": "api"}, "the access token is for another audience"),
        ({"aud": None, "client_id": ["api"]}, "the access token is for another audience"),
        ({"scope": "openid"}, "the access token lacks the scope"),
        ({"scope": "orders/readwrite"}, "the access token lacks the scope"),
        ({"scope": None}, "the access token lacks the scope"),
        ({"scope": 1}, "the access token lacks the scope"),
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


@pytest.mark.parametrize("header", [{"alg": "none"}, {"alg": "HS256"}, {"kid": "x"}, {"crit": ["exp"]}])
def test_header(bearer, header):
    """The same checks as for ID tokens."""
    assert bearer(header=header).status == 401


@pytest.mark.parametrize("token", ["", " ", "x", "a.b.c", "é", "x" * 20_000])
def test_no_token(browser, settings, token: str):
    """What is no token."""
    settings["bearer"] = {"audiences": ["api"]}
    assert browser.fetch("/members/a", Authorization=f"Bearer {token}").status == 401


def test_id_token(browser, provider, settings):
    """The client's own ID token is no access token, even where the client is an audience."""
    settings["bearer"] = {"audiences": ["edge"]}
    token = provider.signed(provider.claims("a nonce"))
    assert browser.fetch("/members/a", Authorization=f"Bearer {token}").status == 401


def test_required_claims(bearer, settings):
    """What a path requires of users, it requires of programs: the token has to say so."""
    settings["required_claims"] = {"/members/a": {"cognito:groups": "staff"}}
    answer = bearer()
    assert (answer.status, answer.cause) == (403, "the token lacks cognito:groups=staff")
    assert "staff" not in answer.body
    assert bearer(**{"cognito:groups": ["staff"]}).passes


def test_without_scope(bearer, settings):
    """Without a scope in the settings, the audience alone counts."""
    settings["bearer"] = {"audiences": ["api"]}
    assert bearer(scope=None).passes


def test_a_token_begins_no_session(bearer, browser):
    """A program gets no cookie."""
    assert bearer().passes
    assert browser.jar == {}


def test_challenge(browser, settings):
    """Where tokens are taken, the 401 says so."""
    settings["bearer"] = {"audiences": ["api"]}
    assert browser.fetch("/members/a").header("www-authenticate") == "Bearer"
