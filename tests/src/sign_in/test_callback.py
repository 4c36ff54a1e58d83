"""The provider sends the browser back: once it works, and then, or with anything else, a page says what to do."""

import time
from hashlib import sha256
from urllib.parse import quote

import pytest

from sign_in import attempt
from sign_in.settings import Settings
from tests.src.sign_in.conftest import ADDRESS, DISTRIBUTION, HOST, KEY, OTHER_KEY, SESSION, encoded

TOKEN = "token endpoint"
OVER = "This attempt to sign in is over"


def test_request(browser, provider):
    """The authentication request has what OpenID Connect and PKCE ask for, and nothing is guessable."""
    first, second = browser.load().sent, browser.load().sent
    assert first == {
        "response_type": "code",
        "client_id": "edge",
        "redirect_uri": f"{ADDRESS}/members/callback",
        "scope": "openid email profile",
        "state": first["state"],
        "nonce": first["nonce"],
        "code_challenge": first["code_challenge"],
        "code_challenge_method": "S256",
    }
    for name in ("state", "nonce", "code_challenge"):
        assert first[name] != second[name]
        assert len(first[name]) >= 22  # 128 bits
    assert len({first["state"], first["nonce"], first["code_challenge"]}) == 3
    assert provider.asked("/.well-known/openid-configuration") == 1


def test_exchange(signs_in, provider):
    """The code is exchanged once, with the client's secret and the verifier of the challenge."""
    answer = signs_in("/members/a.html?b=1")
    assert (answer.status, answer.location) == (302, f"{ADDRESS}/members/a.html?b=1")
    assert (answer.line["decision"], answer.line["subject"], answer.cause) == ("signed in", "ada", "ID token verified")
    ((_, headers, form),) = [request for request in provider.requests if request[0] == "/token"]
    assert headers["authorization"] == "Basic ZWRnZTpzZWNyZXQtb2YtdGhlLWNsaWVudA=="
    assert form == {
        "grant_type": "authorization_code",
        "code": "secret-code",
        "redirect_uri": f"{ADDRESS}/members/callback",
        "code_verifier": form["code_verifier"],
    }
    assert len(form["code_verifier"]) == 43


def test_pkce(browser, provider):
    """The verifier that goes to the provider is that of the challenge (RFC 7636 §4.6), and each attempt has its own."""
    verifiers = set()
    for _ in range(2):
        sent = browser.load().sent
        browser.load(f"/members/callback?code=secret-code&state={sent['state']}")
        verifier = provider.requests[-1][2]["code_verifier"]
        assert encoded(sha256(verifier.encode()).digest()) == sent["code_challenge"]
        verifiers.add(verifier)
    assert len(verifiers) == 2


@pytest.mark.parametrize(
    ("methods", "secret", "posted"),
    [
        (["client_secret_post"], "secret-of-the-client", {"client_id", "client_secret"}),
        (["client_secret_post", "client_secret_basic"], "secret-of-the-client", set()),
        ([], "secret-of-the-client", set()),
        (["none"], "", {"client_id"}),
        (None, "", {"client_id"}),
    ],
)
def test_authentication(provider, settings, signs_in, methods, secret: str, posted: set[str]):
    """The client proves itself in the way that the provider takes; a public client only says who it is."""
    settings["client_secret"] = secret
    provider.discovery["token_endpoint_auth_methods_supported"] = methods
    assert signs_in().status == 302
    ((_, headers, form),) = [request for request in provider.requests if request[0] == "/token"]
    assert set(form) & {"client_id", "client_secret"} == posted
    assert ("authorization" in headers) is (bool(secret) and not posted)


def test_twice(browser, provider):
    """Used again, the callback's address leads on: the user is signed in. The code is not sent again."""
    sent = browser.load().sent
    provider.answers(provider.signed(provider.claims(sent["nonce"])))
    address = f"/members/callback?code=secret-code&state={sent['state']}"
    assert browser.load(address).status == 302
    answer = browser.load(address)
    assert (answer.status, "You are signed in already." in answer.body) == (200, True)
    assert provider.asked("/token") == 1
    browser.jar.clear()
    assert (browser.load(address).status, provider.asked("/token")) == (400, 1)


def test_another_browser(browser, provider):
    """Without the attempt's cookie, the code is not even sent to the provider (login CSRF)."""
    sent = browser.load().sent
    browser.jar.clear()
    answer = browser.load(f"/members/callback?code=secret-code&state={sent['state']}")
    assert (answer.status, OVER in answer.body) == (400, True)
    assert provider.asked("/token") == 0
    assert SESSION not in browser.jar


def test_state_alone(browser, provider):
    """Who knows an attempt's state can plant no sign-in of their own: their code is for another verifier and nonce."""
    sent = browser.load().sent
    provider.answers(provider.signed(provider.claims(encoded(sha256(sent["state"].encode()).digest()), sub="mallory")))
    answer = browser.load(f"/members/callback?code=secret-code&state={sent['state']}")
    assert (answer.status, answer.cause) == (400, "the ID token is of another attempt to sign in")
    assert encoded(sha256(provider.verifiers[-1].encode()).digest()) == sent["code_challenge"]
    assert browser.jar == {}


@pytest.mark.parametrize(
    "query", ["", "code=secret-code", "state=", "code=secret-code&state=x", "&&=&", "state=%FF", "%"]
)
def test_unknown(browser, provider, query: str):
    """A callback of no attempt."""
    browser.load()
    answer = browser.load(f"/members/callback?{query}")
    assert (answer.status, OVER in answer.body, answer.cause) == (400, True, "callback: no such attempt")
    assert provider.asked("/token") == 0


def begun(settings, seconds_ago: int, key: str = KEY, distribution: str = DISTRIBUTION) -> tuple[str, str, str]:
    """An attempt that began so long ago: its state, and its cookie."""
    now = time.time() - seconds_ago
    made = attempt.begin("/members/", Settings({**settings, "session_key": key}), distribution, now)
    name, _, value = made.cookie().partition(";")[0].partition("=")
    return made.state, name, value


@pytest.mark.parametrize(("seconds", "status"), [(0, 302), (890, 302), (910, 400), (-60, 400)])
def test_expired(browser, provider, settings, seconds: int, status: int):
    """An attempt lasts for a quarter of an hour, and does not begin in the future."""
    state, name, value = begun(settings, seconds)
    browser.jar[name] = value
    known = Settings(settings)
    nonce = attempt.find(state, {"cookie": [{"value": f"{name}={value}"}]}, known, DISTRIBUTION, time.time() - seconds)
    provider.answers(provider.signed(provider.claims(nonce.nonce if nonce else "")))
    assert browser.load(f"/members/callback?code=secret-code&state={state}").status == status


@pytest.mark.parametrize("change", [{"key": OTHER_KEY}, {"distribution": "E2QWRUHAPOMQZL"}])
def test_foreign_attempt(browser, settings, change):
    """An attempt under another key, or of another distribution, is none."""
    state, name, value = begun(settings, 0, **change)
    browser.jar[name] = value
    assert browser.load(f"/members/callback?code=secret-code&state={state}").status == 400


def test_attempt_under_another_name(browser):
    """The cookie of one attempt under the name of another is none."""
    first, second = browser.load().sent["state"], browser.load().sent["state"]
    prefix = "__Host-sign-in-attempt-"
    browser.jar[prefix + second] = browser.jar[prefix + first]
    assert browser.load(f"/members/callback?code=secret-code&state={second}").status == 400
    del browser.jar[prefix + first]
    assert browser.load(f"/members/callback?code=secret-code&state={first}").status == 400


def test_several_tabs(browser, provider):
    """Several tabs at once: each arrives at its own page, in any order."""
    tabs = [browser.load(f"/members/{name}").sent for name in ("a", "b", "c")]
    for sent, name in zip(reversed(tabs), "cba", strict=True):
        provider.answers(provider.signed(provider.claims(sent["nonce"])))
        answer = browser.load(f"/members/callback?code=secret-code&state={sent['state']}")
        assert answer.location == f"{ADDRESS}/members/{name}"
    assert list(browser.jar) == [SESSION]


def test_too_many_tabs(browser):
    """Four attempts at once are kept. A fifth ends the oldest, and the headers stay small."""
    states = [browser.load().sent["state"] for _ in range(7)]
    assert len(browser.jar) <= 4
    assert f"__Host-sign-in-attempt-{states[-1]}" in browser.jar


@pytest.mark.parametrize("error", ["access_denied"])
def test_cancelled(browser, error: str):
    """The user did not want to, or may not: a page with a way to try again, and the attempt is over."""
    sent = browser.load("/members/a").sent
    answer = browser.load(f"/members/callback?error={error}&error_description=%3Cb%3E&state={sent['state']}")
    assert (answer.status, answer.cause) == (403, "callback: access_denied")
    assert 'href="/members/a"' in answer.body
    assert "<b>" not in answer.body
    assert browser.jar == {}


@pytest.mark.parametrize(
    ("query", "cause"),
    [
        ("error=server_error", "callback: server_error"),
        ("error=temporarily_unavailable", "callback: temporarily_unavailable"),
        ("error=invalid_scope", "callback: invalid_scope"),
    ],
)
def test_fault_of_the_provider(browser, query: str, cause: str):
    """The provider's own fault is a 503, and its text is not trusted."""
    sent = browser.load().sent
    answer = browser.load(f"/members/callback?{query}&state={sent['state']}")
    assert (answer.status, answer.header("retry-after"), answer.cause) == (503, "5", cause)


@pytest.mark.parametrize("query", ["a=b", "code=", "error=", "code=&error=", "error=%3Cscript%3E", "error=secret%0A{}"])
def test_neither_code_nor_error(browser, provider, query: str):
    """A callback of an attempt that brings nothing: to wait would not help. The attempt is over; a link leads on."""
    sent = browser.load("/members/a").sent
    answer = browser.load(f"/members/callback?{query}&state={sent['state']}")
    assert (answer.status, answer.cause) == (400, "callback: neither code nor error")
    assert "The answer of the sign-in service is missing." in answer.body
    assert 'href="/members/a"' in answer.body
    assert (provider.asked("/token"), browser.jar) == (0, {})


def test_issuer_of_the_answer(browser, provider):
    """An answer that names another issuer is refused before the code is sent anywhere (RFC 9207)."""
    sent = browser.load().sent
    answer = browser.load(f"/members/callback?code=secret-code&state={sent['state']}&iss=https%3A%2F%2Fevil.example")
    assert (answer.status, answer.cause) == (400, "callback: the answer is of another issuer")
    assert provider.asked("/token") == 0
    sent = browser.load().sent
    provider.answers(provider.signed(provider.claims(sent["nonce"])))
    named = quote(provider.issuer, safe="")
    assert browser.load(f"/members/callback?code=secret-code&state={sent['state']}&iss={named}").status == 302


@pytest.mark.parametrize(
    ("page", "status", "cause"),
    [
        (
            (400, {"error": "invalid_grant"}),
            400,
            "token endpoint: invalid_grant: the code was used already, or has expired",
        ),
        ((401, {"error": "invalid_client"}), 503, f"{TOKEN}: HTTP 401 invalid_client"),
        ((400, {"error": "<script>"}), 503, f"{TOKEN}: HTTP 400 without an ID token"),
        ((400, {"error": ["secret-code"]}), 503, f"{TOKEN}: HTTP 400 without an ID token"),
        ((500, b"oops"), 503, f"{TOKEN}: HTTP 500 without an ID token"),
        ((200, {"access_token": "eyJ"}), 503, f"{TOKEN}: HTTP 200 without an ID token"),
        ((200, {"id_token": ["eyJ"]}), 503, f"{TOKEN}: HTTP 200 without an ID token"),
        ((200, b"[]"), 503, f"{TOKEN}: HTTP 200 without an ID token"),
        ((200, b"\xff"), 503, f"{TOKEN}: HTTP 200 without an ID token"),
        ((200, b"[" * 100_000), 503, f"{TOKEN}: HTTP 200 without an ID token"),
    ],
)
def test_token_endpoint(browser, provider, page, status: int, cause: str):
    """What the token endpoint says in place of a token. Only a used or expired code is not its own fault."""
    sent = browser.load().sent
    provider.pages["/token"] = page
    answer = browser.load(f"/members/callback?code=secret-code&state={sent['state']}")
    assert (answer.status, answer.cause) == (status, cause)
    assert SESSION not in browser.jar


def test_code_as_it_was_sent(browser, provider):
    """A code with characters of every kind reaches the provider as it was."""
    sent = browser.load().sent
    browser.load(f"/members/callback?code=secret-code%2B%2F%3D%26+x&state={sent['state']}")
    assert provider.requests[-1][2]["code"] == "secret-code+/=& x"


def test_first_of_two(browser, provider):
    """Of two parameters with one name, the first counts: nobody can add another to an address."""
    sent = browser.load().sent
    browser.load(f"/members/callback?code=secret-code&state={sent['state']}&code=secret-code-2&state=x")
    assert provider.requests[-1][2]["code"] == "secret-code"


def test_sign_out(signs_in, browser, provider):
    """Sign-out removes the session, and leads through the provider's end of the session to a page."""
    signs_in()
    answer = browser.load("/members/sign-out", Sec_Fetch_Site="same-origin")
    assert answer.location.startswith(f"{provider.issuer}/logout?")
    after = f"{ADDRESS}/members/signed-out"
    assert answer.sent == {"client_id": "edge", "post_logout_redirect_uri": after, "logout_uri": after}
    assert browser.jar == {}
    page = browser.load("/members/signed-out")
    assert (page.status, "You are signed out." in page.body) == (200, True)


def test_signed_out_with_a_session(signs_in, browser):
    """Opened by somebody who is signed in, the page says so, and leads to the end of the session."""
    signs_in()
    page = browser.load("/members/signed-out")
    assert (page.status, page.line["subject"]) == (200, "ada")
    assert "You are still signed in." in page.body
    assert "You are signed out." not in page.body
    assert 'href="/members/sign-out"' in page.body


def test_sign_out_by_another_site(signs_in, browser):
    """A link or an image of another site signs nobody out: it leads to a question."""
    signs_in()
    for site in ("cross-site", "same-site"):
        answer = browser.load("/members/sign-out", Sec_Fetch_Site=site)
        assert (answer.status, "Sign out?" in answer.body) == (200, True)
        assert SESSION in browser.jar


@pytest.mark.parametrize("endpoint", [None, "http://evil.example/logout", "javascript:alert(1)", 1])
def test_sign_out_here_alone(signs_in, browser, provider, endpoint):
    """Without a place at the provider, the session ends here."""
    provider.discovery["end_session_endpoint"] = endpoint
    signs_in()
    answer = browser.load("/members/sign-out")
    assert answer.location == f"{ADDRESS}/members/signed-out"
    assert browser.jar == {}


def test_pages_are_not_stored(browser):
    """No cache stores a page or a redirect, and no page runs a script or may be framed."""
    for answer in (browser.load(), browser.load("/members/callback"), browser.load("/members/signed-out")):
        assert answer.header("cache-control") == "no-store"
    policy = answer.header("content-security-policy")
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert HOST not in answer.body
