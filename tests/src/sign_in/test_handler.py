"""The handler: pages are sent to sign in, programs get a 401, and what goes on says who it is."""

import json
from urllib.parse import unquote

import pytest

import sign_in.handler
from cloudfront_local.testing.plugin import Context
from tests.src.sign_in.conftest import ADDRESS, HOST, SESSION


def test_page(browser, provider):
    """A page load without a session is sent to the provider."""
    answer = browser.load("/members/a?b")
    assert (answer.status, answer.line["decision"]) == (302, "sent to sign in")
    assert answer.location.startswith(f"{provider.issuer}/authorize?")


OLD = {"Sec_Fetch_Mode": None, "Sec_Fetch_Dest": None}


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept": "*/*", "Sec_Fetch_Mode": "cors", "Sec_Fetch_Dest": "empty"},
        {"Sec_Fetch_Mode": "cors", "Sec_Fetch_Dest": "empty"},
        {"Sec_Fetch_Mode": "no-cors", "Sec_Fetch_Dest": "image"},
        {"Sec_Fetch_Mode": "no-cors", "Sec_Fetch_Dest": "script"},
        {"Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "iframe"},
        {**OLD, "Accept": "*/*"},
        {**OLD, "Accept": "application/json"},
        {**OLD, "Accept": None},
        {**OLD, "X_Requested_With": "XMLHttpRequest"},
    ],
)
def test_program(browser, provider, headers):
    """A script, an image, a frame or a program gets a problem, and no redirect that it would follow in vain."""
    answer = browser.load("/members/a", **headers)
    assert (answer.status, answer.header("content-type")) == (401, "application/problem+json")
    assert answer.header("www-authenticate")
    assert json.loads(answer.body)["sign_in"] == "/members/"
    assert answer.cookies == []
    assert provider.requests == []


@pytest.mark.parametrize("headers", [OLD, {"Sec_Fetch_Dest": None}])
def test_older_browser(browser, headers):
    """A browser without Fetch Metadata is known by what it accepts."""
    assert browser.load("/members/a", **headers).status == 302


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_form(browser, method: str):
    """What a form sent is not lost in a redirect: a page says what to do."""
    answer = browser.load("/members/a", method=method)
    assert (answer.status, "What you sent was not taken" in answer.body) == (401, True)
    assert answer.cookies == []


def test_me(browser, cookie):
    """/members/me says who is signed in, and since it is for scripts, never redirects."""
    assert browser.load("/members/me").status == 401
    browser.jar[SESSION] = cookie(name="Ada Lovelace", email="ada@example.org")
    answer = browser.fetch("/members/me")
    assert (answer.status, answer.header("cache-control")) == (200, "no-store")
    told = json.loads(answer.body)
    assert told == {"sub": "ada", "name": "Ada Lovelace", "email": "ada@example.org", "until": told["until"]}


def test_index(browser, cookie):
    """/members/ shows the index page, and no other folder does."""
    browser.jar[SESSION] = cookie()
    assert browser.load("/members/").result["uri"] == "/members/index.html"
    assert browser.load("/members/a/").result["uri"] == "/members/a/"


@pytest.mark.parametrize("query", ["", "a=%2F"])
def test_without_slash(browser, signs_in, query: str):
    """/members, as people type it, leads to /members/, where the page's own links work; first to sign in."""
    end = f"?{query}" if query else ""
    assert browser.fetch(f"/members{end}").status == 401
    assert signs_in(f"/members{end}").location == f"{ADDRESS}/members{end}"
    answer = browser.load(f"/members{end}")
    assert (answer.status, answer.location) == (302, f"{ADDRESS}/members/{end}")
    assert (answer.line["decision"], answer.line["subject"]) == ("sent to the page", "ada")
    assert browser.load("/membership").result["uri"] == "/membership"


def test_identity(browser, cookie):
    """The origin gets subject, name and address, percent-encoded, and nothing that the viewer says of itself."""
    browser.jar[SESSION] = cookie(sub="google|1", name="Zoë 張", email="zoe+1@example.org")
    forged = {
        "X-Authenticated-User": "root",
        "X_Authenticated_User": "root",
        "x-authenticated_user": "root",
        "X-Authenticated-Email": "root@example.org",
        "X-Authenticated-Groups": "staff",
        "X_AUTHENTICATED_ANYTHING": "root",
    }
    items = {"host": [{"key": "Host", "value": "www.example.org"}], "accept": [{"key": "Accept", "value": "text/html"}]}
    items["cookie"] = [{"key": "Cookie", "value": f"{SESSION}={browser.jar[SESSION]}"}]
    items |= {name.lower(): [{"key": name, "value": value}] for name, value in forged.items()}
    answer = browser.send({"method": "GET", "uri": "/members/a", "querystring": "", "headers": items})
    found = {name: answer.header(name) for name in answer.result["headers"] if "authenticated" in name}
    assert {name: unquote(value) for name, value in found.items()} == {
        "x-authenticated-user": "google|1",
        "x-authenticated-name": "Zoë 張",
        "x-authenticated-email": "zoe+1@example.org",
    }
    assert all(value.isascii() for value in found.values())


@pytest.mark.parametrize(
    ("claims", "email"),
    [
        ({"email_verified": True}, "ada@example.org"),
        ({"email_verified": "true"}, "ada@example.org"),
        ({}, "ada@example.org"),
        ({"email_verified": False}, None),
        ({"email_verified": "false"}, None),
        ({"email": ["ada@example.org"]}, None),
        ({"email": "a" * 766}, "a" * 766),
        ({"email": "a" * 767}, None),
        ({"email": "\U0001f600" * 63}, "\U0001f600" * 63),
        ({"email": "\U0001f600" * 64}, None),
        ({"email": ""}, None),
    ],
)
def test_address(browser, cookie, claims, email):
    """An address that the provider has not verified, or that is none, does not go on."""
    browser.jar[SESSION] = cookie(**{"email": "ada@example.org", **claims})
    answer = browser.load("/members/a")
    found = answer.header("x-authenticated-email")
    assert (unquote(found) if found else None) == email


def test_viewers_authorization_stays(browser, cookie):
    """Without `bearer` in the settings, Authorization is none of sign-in's business: the origin gets it."""
    browser.jar[SESSION] = cookie()
    assert browser.load("/members/a", Authorization="Bearer x").header("authorization") == "Bearer x"
    browser.jar.clear()
    assert browser.load("/members/a", Authorization="Bearer x").status == 302


def test_another_event(edge, fresh):  # noqa: ARG001 - in a new sandbox
    """An event that is no viewer request is a mistake in the template."""
    event = {"Records": [{"cf": {"config": {"eventType": "origin-request"}, "request": {}}}]}
    with pytest.raises(ValueError, match="origin-request"):
        edge(sign_in.handler.handler)(event, Context())


HERE = "http://127.0.0.1:8080"


@pytest.fixture
def laptop(browser, settings):
    """A browser on the laptop: the function sees the distribution's host, whichever name of the machine it uses."""
    settings["addresses"] = {HOST: HERE}
    return browser


def test_laptop(laptop, provider):
    """A sign-in first goes to the address that the provider knows. Only there does an attempt begin, in a cookie."""
    answer = laptop.load("/members/a?b=%2F&c")
    assert (answer.status, answer.location) == (302, f"{HERE}/members/sign-in?/members/a?b=%2F&c")
    assert (answer.line["decision"], answer.cookies, provider.requests) == ("sent to sign in", [], [])
    sent = laptop.load(answer.location.removeprefix(HERE)).sent
    assert sent["redirect_uri"] == f"{HERE}/members/callback"
    provider.answers(provider.signed(provider.claims(sent["nonce"])))
    back = laptop.load(f"/members/callback?code=secret-code&state={sent['state']}")
    assert back.location == f"{HERE}/members/a?b=%2F&c"


def test_laptop_with_a_session(laptop, cookie):
    """Who has a session there goes on to the page."""
    laptop.jar[SESSION] = cookie()
    answer = laptop.load("/members/sign-in?/members/a?b=%2F")
    assert (answer.status, answer.location, answer.cookies) == (302, f"{HERE}/members/a?b=%2F", [])


@pytest.mark.parametrize("address", ["/members/sign-in", "/members/sign-in?/members/a"])
def test_address_of_sign_in(browser, provider, address: str):
    """The address of sign-in is for page loads, like any other: a program gets a 401, and a form is not lost."""
    assert browser.fetch(address).status == 401
    assert browser.load(address, method="POST").status == 401
    assert browser.load(address).location.startswith(f"{provider.issuer}/authorize?")


def test_host_in_capitals(browser):
    """Hosts have no case."""
    assert browser.load("/members/a", Host="WWW.Example.ORG").sent["redirect_uri"].startswith(ADDRESS)
