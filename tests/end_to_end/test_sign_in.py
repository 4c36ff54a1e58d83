"""Sign-in through the distribution: programs get a 401, a whole login leads to a session, and nothing else does."""

import http.client
import json
import re
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from sign_in import session
from sign_in.settings import Settings
from stack.demo.sign_in import PASSWORD
from tests.src.sign_in.confidential import told

PAGE = {"Accept": "text/html", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
SESSION = "__Host-sign-in"
FIELD = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


class Browser:
    """What a browser does of a login: it keeps cookies, and sends the form of the sign-in page.

    No answer of the distribution tells one of the secrets, a token, or a code that a callback got.
    """

    def __init__(self, url: str, *secrets: str) -> None:
        self.url, self._secrets = url, {*secrets, "eyJ"}
        self.cookies: dict[str, str] = {}

    def load(self, url: str, body: str = "", **headers: str) -> tuple[http.client.HTTPResponse, str]:
        """The answer of a page load, and its body. `url` may be a path of the distribution."""
        parts = urlsplit(url if "://" in url else self.url + url)
        sent = {**PAGE, "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **headers}
        connection = http.client.HTTPConnection(parts.netloc, timeout=60)
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        connection.request("POST" if body else "GET", target, body or None, sent)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        if f"{parts.scheme}://{parts.netloc}" == self.url:
            self._secrets.update(parse_qs(parts.query).get("code", []))
            assert not told(self._secrets, answer.getheaders(), text)
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies.pop(name, None)
            if "Max-Age=0" not in cookie:
                self.cookies[name] = value
        return answer, text

    def begin(self, path: str = "/members/") -> http.client.HTTPResponse:
        """The answer that leads to the provider. The one before leads to the address that the provider knows."""
        return self.load(self.load(path)[0].headers["Location"])[0]

    def sign_in(self, path: str = "/members/", name: str = "demo") -> http.client.HTTPResponse:
        """From a page through the provider to the callback, whose answer is returned."""
        provider = self.begin(path).headers["Location"]
        fields = dict(FIELD.findall(self.load(provider)[1]))
        parts = urlsplit(provider)
        form = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"{parts.scheme}://{parts.netloc}"}
        body = urlencode({**fields, "username": name, "password": PASSWORD})
        back, _ = self.load(f"{form['Origin']}/login", body, **form)
        return self.load(back.headers["Location"])[0]


@pytest.fixture
def settings(running_stack) -> Settings:
    """The settings in the stack's secret."""
    secret = running_stack.client("secretsmanager").get_secret_value(SecretId=running_stack.output("SignInSecretArn"))
    return Settings(json.loads(secret["SecretString"]))


@pytest.fixture
def browser(running_stack, settings: Settings) -> Browser:
    return Browser(
        running_stack.description.url, settings.client_secret, *[key.decode() for key in settings.session_keys]
    )


def test_program(running_stack) -> None:
    """A program gets a 401 that says where people sign in, and no redirect."""
    answer = running_stack.get("/members/index.html")
    assert (answer.status, answer.headers["content-type"]) == (401, "application/problem+json")
    assert answer.json["sign_in"] == "/members/"


def test_page(browser) -> None:
    """A page load is sent to the provider, with what the standards ask for, and with an attempt in a cookie."""
    answer = browser.begin("/members/")
    sent = {name: value for name, (value,) in parse_qs(urlsplit(answer.headers["Location"]).query).items()}
    assert answer.status == 302
    assert {"state", "nonce", "code_challenge", "client_id"} < set(sent)
    assert (sent["response_type"], sent["code_challenge_method"]) == ("code", "S256")
    assert sent["redirect_uri"] == f"{browser.url}/members/callback"
    assert list(browser.cookies) == [f"__Host-sign-in-attempt-{sent['state']}"]


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_name_of_the_machine(browser, name: str) -> None:
    """Whichever name the browser uses, the attempt begins at the address to which the provider sends it back."""
    elsewhere = browser.url.replace("127.0.0.1", name)
    answer, _ = browser.load(f"{elsewhere}/members/a?b=%2F")
    assert (answer.status, answer.headers["Location"]) == (302, f"{browser.url}/members/sign-in?/members/a?b=%2F")
    assert browser.cookies == {}


def test_login(browser) -> None:
    """A whole login ends at the page that was asked for, and /members/me says who it was."""
    back = browser.sign_in("/members/index.html?a=%2F%2Fb")
    assert (back.status, back.headers["Location"]) == (302, f"{browser.url}/members/index.html?a=%2F%2Fb")
    assert list(browser.cookies) == [SESSION]
    assert browser.load("/members/index.html")[0].status == 200
    me, text = browser.load("/members/me")
    assert (me.status, me.headers["Cache-Control"]) == (200, "no-store")
    told = json.loads(text)
    assert told["email"] == "demo@example.org"
    assert time.time() < told["until"] <= time.time() + 3600


def test_index(browser) -> None:
    """The address /members/ shows the index page."""
    browser.sign_in()
    assert browser.load("/members/")[1] == browser.load("/members/index.html")[1]


def test_without_slash(browser) -> None:
    """The address /members is sign-in's, too, and leads there."""
    assert browser.sign_in("/members").headers["Location"] == f"{browser.url}/members"
    answer, _ = browser.load("/members")
    assert (answer.status, answer.headers["Location"]) == (302, f"{browser.url}/members/")


@pytest.mark.parametrize(
    "path", ["/members/staff.html", "/members/%73taff.html", "/members/STAFF.html", "/members/x//../staff.html"]
)
def test_group(browser, path: str) -> None:
    """Who lacks the group gets a 403 that does not name it, however the path is written."""
    browser.sign_in()
    answer, text = browser.load(path)
    assert answer.status == 403
    assert "demo@example.org" in text
    assert "staff" not in text


def test_of_the_group(browser) -> None:
    """Who has the group enters."""
    browser.sign_in(name="ada")
    assert browser.load("/members/staff.html")[0].status == 200


def _later(payload: dict) -> None:
    payload["until"] += 3600


def _root(payload: dict) -> None:
    payload["user"]["sub"] = "root"


@pytest.mark.parametrize("bend", [_later, _root])
def test_bent(browser, bend: Callable[[dict], None]) -> None:
    """A session that was changed is none."""
    browser.sign_in()
    text, _, mac = browser.cookies[SESSION].partition(".")
    payload = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    bend(payload)
    bent = urlsafe_b64encode(json.dumps(payload, separators=(",", ":")).encode()).decode().rstrip("=")
    browser.cookies[SESSION] = f"{bent}.{mac}"
    assert browser.load("/members/index.html")[0].status == 302


def signed(settings: Settings, distribution_id: str, seconds: int) -> str:
    """The cookie of a session that has so many seconds left, as the function of a distribution signs it."""
    now = int(time.time())
    requirements = session.begin({"sub": "demo"}, settings, now).requirements
    kept = session.Session({"sub": "demo"}, requirements, now - 60, now + seconds)
    cookie = session.session_cookie(kept, settings, distribution_id, now)
    return cookie.partition(";")[0].partition("=")[2]


def test_expired(browser, running_stack, settings: Settings) -> None:
    """A session ends at its time: then the provider is asked again."""
    browser.cookies[SESSION] = signed(settings, running_stack.description.distribution_id, 3000)
    assert browser.load("/members/index.html")[0].status == 200
    browser.cookies[SESSION] = signed(settings, running_stack.description.distribution_id, -1)
    assert "/oauth2/authorize?" in browser.begin("/members/index.html").headers["Location"]


def test_renewed(browser, running_stack, settings: Settings) -> None:
    """After half of its time, a page load gets the session anew, by way of its own address."""
    browser.cookies[SESSION] = old = signed(settings, running_stack.description.distribution_id, 600)
    answer, _ = browser.load("/members/index.html?a")
    assert (answer.status, answer.headers["Location"]) == (302, f"{browser.url}/members/index.html?a")
    assert browser.cookies[SESSION] != old
    assert browser.load("/members/index.html?a")[0].status == 200


def test_another_distribution(browser, settings: Settings) -> None:
    """A session of another distribution is none here, though its key is the same."""
    browser.cookies[SESSION] = signed(settings, "EDFDVBD6EXAMPLE", 3000)
    assert "/oauth2/authorize?" in browser.begin("/members/index.html").headers["Location"]


def test_sign_out(browser) -> None:
    """Sign-out removes the session, and leads through the provider to a page that says so."""
    browser.sign_in()
    provider, _ = browser.load("/members/sign-out")
    assert browser.cookies == {}
    back, _ = browser.load(provider.headers["Location"])
    answer, text = browser.load(back.headers["Location"])
    assert (answer.status, "You are signed out." in text) == (200, True)


def test_callback_once(browser) -> None:
    """The callback's address works once."""
    provider = browser.begin().headers["Location"]
    state = parse_qs(urlsplit(provider).query)["state"][0]
    assert browser.load(f"/members/callback?state={state}&error=access_denied")[0].status == 403
    assert browser.load(f"/members/callback?state={state}&error=access_denied")[0].status == 400
