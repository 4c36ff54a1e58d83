"""The session's cookie: who passes with it, and who does not."""

import json
import random
import re
import time
from base64 import urlsafe_b64decode

import pytest

from sign_in import session
from sign_in.settings import Settings
from tests.src.sign_in.conftest import ADDRESS, DISTRIBUTION, HOST, KEY, OPERATIONS, OTHER_KEY, SESSION, encoded

LONG = 100_000


def is_no_session(answer) -> bool:
    """Whether the browser is sent to sign in."""
    return answer.status == 302 and "/authorize?" in answer.location


def test_passes(browser, cookie, provider):
    """A session passes without a call to the provider, and with the query string as it came."""
    browser.jar[SESSION] = cookie()
    answer = browser.load("/members/report.html?a=%2F&b")
    assert answer.passes
    assert (answer.result["uri"], answer.result["querystring"]) == ("/members/report.html", "a=%2F&b")
    assert answer.line == {
        "request_id": answer.line["request_id"],
        "decision": "allowed",
        "status": 200,
        "cause": "session",
        "subject": "ada",
    }
    assert provider.requests == []


def test_attributes(signs_in):
    """The cookie is for one host, for HTTPS, not for scripts, and not for requests of other sites."""
    kept, removed = signs_in().cookies
    assert re.fullmatch(r"__Host-sign-in=[\w.-]+; Max-Age=3600; Path=/; Secure; HttpOnly; SameSite=Lax", kept)
    assert removed.startswith("__Host-sign-in-attempt-")
    assert "Max-Age=0" in removed


def test_holds_no_token(signs_in, browser):
    """The cookie holds the subject, name, address and times: no token, no nonce."""
    signs_in(**{"cognito:groups": ["staff"], "locale": "en"})
    payload = json.loads(urlsafe_b64decode(browser.jar[SESSION].partition(".")[0] + "=="))
    assert payload == {
        "user": {"sub": "ada", "name": "Ada Lovelace", "email": "ada@example.org"},
        "requirements": {},
        "begun": payload["begun"],
        "until": payload["begun"] + 3600,
    }


@pytest.mark.parametrize(("until", "passes"), [(60, False), (1, False), (3000, True), (0, False), (-1, False)])
def test_time(browser, cookie, until: int, passes: bool):
    """A session ends at its time. In its second half it does not pass at once: it is renewed first."""
    browser.jar[SESSION] = cookie(until=until)
    answer = browser.load()
    assert answer.passes is passes
    assert is_no_session(answer) is (until <= 0)


def test_renewed(browser, cookie):
    """A page load in the second half leads to its own address, with a session that lasts longer."""
    browser.jar[SESSION] = old = cookie(began=-1900, until=1700)
    answer = browser.load("/members/a?b=%41")
    assert (answer.status, answer.location, answer.line["decision"]) == (302, f"{ADDRESS}/members/a?b=%41", "renewed")
    assert browser.jar[SESSION] != old
    assert browser.load("/members/a?b=%41").passes


def test_largest(browser, cookie):
    """With the longest claims, the cookie still fits into a browser."""
    browser.jar[SESSION] = held = cookie(sub="a" * 255, name="\U0001f600" * 63, email="\U0001f600" * 63)
    assert browser.load("/members/a").header("x-authenticated-name") == "%F0%9F%98%80" * 63
    assert len(held) < 3600


def test_renewed_at_a_long_address(browser, cookie):
    """However long its address is, the page is the same one."""
    browser.jar[SESSION] = cookie(began=-1900, until=1700)
    target = "/members/a?" + "b=" + "c" * 4000
    assert browser.load(target).location == f"{ADDRESS}{target}"


@pytest.mark.parametrize(
    "headers", [{"Sec_Fetch_Mode": "cors"}, {"Sec_Fetch_Dest": "image", "Sec_Fetch_Mode": "no-cors"}]
)
def test_only_page_loads_are_renewed(browser, cookie, headers):
    """A script's request and an image pass as they are: a redirect could lead them astray."""
    browser.jar[SESSION] = cookie(began=-1900, until=1700)
    assert browser.load("/members/a", **headers).passes


def test_a_post_is_not_renewed(browser, cookie):
    """A redirect would lose the body."""
    browser.jar[SESSION] = cookie(began=-1900, until=1700)
    assert browser.load("/members/a", method="POST").passes


def test_bound(browser, cookie):
    """Renewal ends at the bound: then the provider is asked again."""
    browser.jar[SESSION] = cookie(began=-12 * 3600 + 600, until=100)
    answer = browser.load()
    assert answer.line["decision"] == "renewed"
    assert 500 < int(answer.cookies[0].partition("Max-Age=")[2].partition(";")[0]) <= 600
    browser.jar[SESSION] = cookie(began=-12 * 3600 - 1, until=3000)
    assert is_no_session(browser.load())


def test_stricter_settings_count_at_once(stranger, aws, settings, cookie):
    """A session that is older than today's bound is none, whatever its own end."""
    aws.well(*OPERATIONS, secret={**settings, "session_hours_at_most": 1})
    stranger.jar[SESSION] = cookie(began=-3700, until=3000)
    assert is_no_session(stranger.load())


def test_another_distribution(browser, cookie):
    """A session of another distribution with the same key is none."""
    browser.jar[SESSION] = cookie(distribution="E2QWRUHAPOMQZL")
    assert is_no_session(browser.load())


def test_another_purpose(browser):
    """An attempt's signed text is no session, though the same key signs it."""
    sent = browser.load().sent
    browser.jar[SESSION] = browser.jar[f"__Host-sign-in-attempt-{sent['state']}"]
    assert is_no_session(browser.load())


@pytest.mark.parametrize(("previous", "passes"), [(OTHER_KEY, True), ("", False)])
def test_rotated_key(stranger, aws, settings, cookie, previous: str, passes: bool):
    """The previous key still verifies. A retired key does not."""
    aws.well(
        "GetCallerIdentity", "GetRolePolicy", "GetSecretValue", secret={**settings, "previous_session_key": previous}
    )
    stranger.jar[SESSION] = cookie(key=OTHER_KEY)
    assert stranger.load().passes is passes


def test_first_of_two_cookies_need_not_be_good(browser, cookie):
    """A browser may send several cookies of one name: the good one counts."""
    good = cookie()
    answer = browser.load(Cookie=f"{SESSION}=bent.bent; a=b; {SESSION}={good}")
    assert answer.passes
    assert answer.header("cookie") == "a=b"


def test_cookie_goes_no_further(browser, cookie):
    """The origin gets the other cookies, and not those of sign-in."""
    good = cookie()
    answer = browser.load(Cookie=f"theme=dark; {SESSION}={good}; __Host-sign-in-attempt-x=y; lang=en")
    assert answer.header("cookie") == "theme=dark; lang=en"
    browser.jar[SESSION] = good
    assert browser.load().header("cookie") is None


BENT = (
    "{text}.{mac}x",
    "{text}.{shorter}",
    "{text}x.{mac}",
    "{text}",
    ".{mac}",
    "{text}..{mac}",
    "{text}.{mac}.{mac}",
    '"{text}.{mac}"',
    "{text}=.{mac}=",
    "{text}.{swapped}",
    "{long}.{mac}",
    "",
    "é",
    ".",
)


@pytest.mark.parametrize("bent", BENT)
def test_bent(browser, cookie, bent: str):
    """A bent cookie is no session, and no failure."""
    text, _, mac = cookie().partition(".")
    browser.jar[SESSION] = bent.format(text=text, mac=mac, shorter=mac[:-1], swapped=mac.swapcase(), long="A" * 5000)
    assert is_no_session(browser.load())


def later(payload):
    payload["until"] += 3600


def other(payload):
    payload["user"]["sub"] = "root"


def met(payload):
    payload["requirements"] = {"groups=staff": True}


@pytest.mark.parametrize("change", [later, other, met])
def test_changed(browser, cookie, change):
    """A cookie with another payload and the old HMAC is no session."""
    text, _, mac = cookie().partition(".")
    payload = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    change(payload)
    browser.jar[SESSION] = f"{encoded(json.dumps(payload).encode())}.{mac}"
    assert is_no_session(browser.load())


def generated(good: str, rounds: int, settings: Settings, draw: random.Random) -> int:
    """How many of so many bent cookies are sessions."""
    alphabet = "ABCXYZabcxyz0189-_.=;é\x00"
    passed = 0
    for _ in range(rounds):
        value = list(good if draw.random() < 0.7 else "".join(draw.choices(alphabet, k=draw.randrange(200))))
        for _ in range(draw.randrange(1, 4)):
            position = draw.randrange(len(value) + 1)
            value[position : position + draw.randrange(3)] = draw.choices(alphabet, k=draw.randrange(3))
        text = "".join(value)
        headers = {"cookie": [{"key": "Cookie", "value": f"{SESSION}={text}"}]}
        found = session.read_session(headers, settings, DISTRIBUTION, time.time())
        # Some of them come out as they were: blanks and what follows a semicolon are not the cookie's.
        passed += found is not None and text.partition(";")[0] != good
    return passed


def test_generated(settings, cookie, draw):
    """No generated cookie is a session, and none is a failure."""
    assert generated(cookie(), 2_000, Settings(settings), draw) == 0


@pytest.mark.long
def test_generated_in_number(settings, cookie, draw):
    """The same for 100,000."""
    assert generated(cookie(), LONG, Settings(settings), draw) == 0


def test_warm(settings, cookie):
    """A session is verified in less than 1 ms; on a quiet machine in less than 0.1 ms."""
    known, headers = Settings(settings), {"cookie": [{"value": f"{SESSION}={cookie()}"}]}
    times = []
    for _ in range(200):
        begun = time.perf_counter()
        assert session.read_session(headers, known, DISTRIBUTION, time.time())
        times.append(time.perf_counter() - begun)
    assert min(times) < 0.001


def test_keys_are_for_one_host(browser, cookie):
    """A request for a host that the settings do not list gets no redirect: the provider would refuse it."""
    browser.jar[SESSION] = cookie(began=-1900, until=1700)
    answer = browser.load(Host="other.example.org")
    assert (answer.status, "lack this host" in answer.cause) == (503, True)
    assert HOST not in answer.cause
    assert KEY not in answer.body
