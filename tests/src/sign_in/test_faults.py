"""If AWS or the provider refuses, fails or is slow, the answer is a 503, and nobody passes."""

import json
import re
import time
from collections.abc import Callable

import pytest

from cloudfront_local.testing.servers import MisbehavingServer
from edge.configuration import UnavailableError
from sign_in.gate import Gate
from sign_in.settings import KEPT_SECONDS
from tests.src.sign_in.conftest import DISTRIBUTION, HOST, KEY, OPERATIONS, SESSION, assert_tells_no_secret

SERVICES = dict(zip(OPERATIONS, ("sts", "iam", "secretsmanager"), strict=True))
DISCOVERY = "/.well-known/openid-configuration"


def cause(answer) -> str:
    """The cause of a 503 in the log."""
    assert (answer.status, answer.header("retry-after"), answer.header("cache-control")) == (503, "5", "no-store")
    assert (answer.line["decision"], answer.line["subject"]) == ("unavailable", "")
    assert "Signing in is not possible at the moment." in answer.body
    return answer.cause


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("AccessDeniedException", 400),
        ("ThrottlingException", 400),
        ("ExpiredTokenException", 403),
        ("InternalServerError", 500),
        ("ResourceNotFoundException", 400),
    ],
)
def test_errors_of_aws(stranger, aws, settings, cookie, operation: str, code: str, status: int):
    """An error of AWS is a 503, with a session or without, and the log names the call and AWS's error code."""
    for each in OPERATIONS:
        if each != operation:
            aws.well(each, secret=settings)
        elif each == "GetSecretValue":
            aws.server.reply(status, json.dumps({"__type": f"aws#{code}"}), to=each)
        else:
            aws.server.reply(status, f"<ErrorResponse><Error><Code>{code}</Code></Error></ErrorResponse>", to=each)
    stranger.jar[SESSION] = cookie()
    assert cause(stranger.load()) == f"{SERVICES[operation]} {operation}: {code} (HTTP {status})"


FAULTS = {
    "half a response": lambda s, to: s.send(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", to=to),
    "no response": lambda s, to: s.send(b"", to=to),
    "reset": lambda s, to: s.reset(to=to),
    "silence": lambda s, to: s.hang(to=to),
    "endless": lambda s, to: s.drip(b"HTTP/1.1 200 OK\r\n\r\n{", to=to),
    "another language": lambda s, to: s.reply(200, "<html", to=to),
}


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("fault", FAULTS)
def test_no_proper_answer(stranger, aws, settings, operation: str, fault: str):
    """A truncated, missing or endless answer of AWS is a 503 in time."""
    for each in OPERATIONS:
        if each != operation:
            aws.well(each, secret=settings)
    FAULTS[fault](aws.server, operation)
    begun = time.monotonic()
    assert cause(stranger.load(seconds=1.5)).startswith(f"{SERVICES[operation]} {operation}: ")
    assert time.monotonic() - begun < 1.5


@pytest.mark.parametrize(
    ("secret", "told"),
    [
        ("secret-of-the-client", "the secret is not JSON"),
        ("[]", "the secret is not a JSON object"),
        ("[" * 100_000, "the secret is not JSON"),
        ({"session_key": KEY}, "sign-in is not configured yet: run `python -m stack sign-in configure`"),
        ({}, "sign-in is not configured yet: run `python -m stack sign-in configure`"),
    ],
)
def test_not_configured(stranger, aws, secret, told: str):
    """A secret without settings: the log names the command, and quotes nothing of the secret."""
    aws.well(*OPERATIONS, secret=secret)
    assert cause(stranger.load()) == told


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"issuer": ""}, "issuer is missing, or is not a text"),
        ({"issuer": "http://login.example.org"}, "issuer is not an https:// address"),
        ({"issuer": "http://127.0.0.1.evil.example"}, "issuer is not an https:// address"),
        ({"issuer": "http://localhost@evil.example"}, "issuer is not an https:// address"),
        ({"issuer": "https://a.example/?b"}, "issuer is not an https:// address"),
        ({"addresses": {}}, "sign-in is not configured yet"),
        ({"addresses": ["https://www.example.org"]}, "sign-in is not configured yet"),
        ({"addresses": {HOST: "https://www.example.org/"}}, "addresses has an item"),
        ({"addresses": {HOST: 1}}, "addresses has an item"),
        ({"session_key": "short"}, "a session key is shorter than 32 characters"),
        ({"session_key": None}, "session_key is missing"),
        ({"previous_session_key": "short"}, "a session key is shorter than 32 characters"),
        ({"client_secret": 1}, "client_secret is missing, or is not a text"),
        ({"scopes": "email"}, "scopes lacks openid"),
        ({"required_claims": []}, "required_claims is not an object by path"),
        ({"required_claims": {"members": {}}}, "required_claims is not an object by path"),
        ({"required_claims": {"/": {"a": 1}}}, "required_claims has an item that is not an object of texts"),
        ({"required_claims": {"/": "a"}}, "required_claims has an item that is not an object of texts"),
        ({"session_minutes": 0}, "session_minutes is not a whole number from 1 to 1440"),
        ({"session_minutes": True}, "session_minutes is not a whole number from 1 to 1440"),
        ({"session_minutes": "60"}, "session_minutes is not a whole number from 1 to 1440"),
        ({"session_hours_at_most": 721}, "session_hours_at_most is not a whole number from 1 to 720"),
        ({"bearer": {}}, "bearer has no list of audiences"),
        ({"bearer": {"audiences": "x"}}, "bearer has no list of audiences"),
        ({"bearer": {"audiences": ["x"], "scope": 1}}, "scope is missing, or is not a text"),
        ({"bearer": {"audiences": ["x"], "scope": "a b"}}, "bearer's scope is not one scope, such as orders/read"),
        ({"bearer": {"audiences": ["x"], "scope": 'a"'}}, "bearer's scope is not one scope, such as orders/read"),
        ({"bearer": {"audiences": ["x"], "scope": "a\\"}}, "bearer's scope is not one scope, such as orders/read"),
        ({"bearer": {"audiences": ["x"], "scope": "é"}}, "bearer's scope is not one scope, such as orders/read"),
    ],
)
def test_settings(browser, settings, cookie, change, told: str):
    """A setting that is wrong: nobody passes, not even with a session, and the log names the setting."""
    browser.jar[SESSION] = cookie()
    settings.update(change)
    assert cause(browser.load()).startswith(told)


PROVIDER = {
    "refused": ((503, b""), "discovery: HTTP 503"),
    "moved": ((302, b""), "discovery: HTTP 302"),
    "not JSON": ((200, b"<html>"), "discovery: the answer is not a JSON object"),
    "a list": ((200, []), "discovery: the answer is not a JSON object"),
    "nested": ((200, b"[" * 100_000), "discovery: the answer is not a JSON object"),
    "too long": ((200, b" " * 300_000), "discovery: .*"),
    "empty": ((200, {}), "discovery: the document is of another issuer"),
    "of another": ((200, {"issuer": "https://evil.example"}), "discovery: the document is of another issuer"),
}


@pytest.mark.parametrize("fault", PROVIDER)
def test_discovery(browser, provider, cookie, fault: str):
    """Without the provider's document nobody signs in; who has a session stays in."""
    page, told = PROVIDER[fault]
    provider.pages[DISCOVERY] = page
    assert re.fullmatch(told, cause(browser.load(seconds=1.5)))
    browser.jar[SESSION] = cookie()
    assert browser.load().passes


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
@pytest.mark.parametrize("value", [None, "", "http://evil.example/", "ftp://a", "javascript:1", 1, "https://a b"])
def test_endpoints(browser, provider, name: str, value):
    """An endpoint that is missing, or is no address to call."""
    provider.discovery[name] = value
    assert cause(browser.load(seconds=1.5)) == f"discovery: {name} is missing, or is not an https:// address"


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ((500, b""), "keys: HTTP 500"),
        ((200, b"x"), "keys: the answer is not a JSON object"),
        ((200, {}), "keys: the JWK set holds no usable key"),
        ((200, {"keys": []}), "keys: the JWK set holds no usable key"),
        ((200, {"keys": "x"}), "keys: the JWK set holds no usable key"),
        ((200, {"keys": [1, None, {}, {"kty": "oct", "k": "AA"}]}), "keys: the JWK set holds no usable key"),
    ],
)
def test_keys(browser, provider, page, told: str):
    """Without the provider's keys no token is believed: a 503, and the attempt can be repeated."""
    sent = browser.load().sent
    provider.answers(provider.signed(provider.claims(sent["nonce"])))
    provider.pages["/keys"] = page
    answer = browser.load(f"/members/callback?code=secret-code&state={sent['state']}", seconds=1.5)
    assert cause(answer) == told
    assert SESSION not in browser.jar


ANSWERS = {
    "half a response": lambda server: server.send(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"),
    "no response": lambda server: server.send(b""),
    "reset": lambda server: server.reset(),
    "silence": lambda server: server.hang(),
    "endless": lambda server: server.drip(b"HTTP/1.1 200 OK\r\n\r\n{"),
    "too long": lambda server: server.reply(200, b" " * 300_000),
}


@pytest.mark.parametrize("fault", ANSWERS)
@pytest.mark.parametrize("name", ["token_endpoint", "jwks_uri"])
def test_slow_provider(browser, provider, fault: str, name: str):
    """A provider that breaks off, is silent or never ends is a 503 in time. A code is sent once only."""
    server = MisbehavingServer()
    ANSWERS[fault](server)
    provider.discovery[name] = f"{server.url}/x"
    sent = browser.load().sent
    provider.answers(provider.signed(provider.claims(sent["nonce"])))
    begun = time.monotonic()
    answer = browser.load(f"/members/callback?code=secret-code&state={sent['state']}", seconds=1.5)
    assert time.monotonic() - begun < 1.5
    assert cause(answer).startswith({"token_endpoint": "token endpoint: ", "jwks_uri": "keys: "}[name])
    assert name == "jwks_uri" or len(server.requests) == 1
    assert SESSION not in browser.jar
    server.close()


def test_nobody_listens(stranger, aws, settings, refused_port):
    """A provider that is down."""
    aws.well(*OPERATIONS, secret={**settings, "issuer": f"http://127.0.0.1:{refused_port}"})
    assert re.fullmatch("discovery: .*refused", cause(stranger.load(seconds=1.5)))


def test_no_time_to_begin_with(browser, aws):
    """If the time is too short, no call is begun."""
    cause(browser.load(seconds=0.4))
    assert aws.operations() == []


class Clock:
    """Seconds since the epoch, as the test says."""

    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now


def request(cookie: str = "") -> dict:
    headers = {"host": HOST, "accept": "text/html", "cookie": cookie}
    items = {name: [{"key": name, "value": value}] for name, value in headers.items() if value}
    return {"clientIp": "203.0.113.178", "method": "GET", "uri": "/members/a", "querystring": "", "headers": items}


def decide(gate: Gate, cookie: str = "", **headers: str):
    """The gate's decision, which tells no secret."""
    sent = request(cookie)
    sent["headers"] |= {name: [{"key": name, "value": value}] for name, value in headers.items()}
    decision = gate.decide(sent, DISTRIBUTION, time.monotonic() + 3)
    assert_tells_no_secret(decision.result)
    return decision


def test_stays_in_while_the_secret_is_gone(aws, settings, cookie):
    """Settings are read again after five minutes. If that fails, the known ones remain: a session still passes."""
    aws.well(*OPERATIONS, secret=settings)
    aws.server.reply(400, json.dumps({"__type": "aws#AccessDeniedException"}), to="GetSecretValue")
    clock = Clock()
    gate, held = Gate(clock), f"{SESSION}={cookie(until=3600)}"
    assert decide(gate, held).decision == "allowed"
    clock.now += KEPT_SECONDS + 1
    assert decide(gate, held).decision == "allowed"
    assert aws.operations().count("GetSecretValue") >= 2


def test_new_settings_count_after_five_minutes(aws, settings, cookie):
    """A rotated key takes effect when the settings are read again."""
    aws.well(*OPERATIONS, secret=settings)
    aws.secret({**settings, "session_key": "another-session-key-0123456789abcdef"})
    clock = Clock()
    gate, held = Gate(clock), f"{SESSION}={cookie(until=3600)}"
    assert decide(gate, held).decision == "allowed"
    clock.now += KEPT_SECONDS - 1
    assert decide(gate, held).decision == "allowed"
    clock.now += 2
    assert decide(gate, held).decision == "sent to sign in"


def test_next_replica(aws, settings, cookie):
    """The nearest replica of the secret is read, and the next one when it fails."""
    aws.identity()
    aws.policy("us-east-1", "eu-west-1")
    aws.server.reply(400, json.dumps({"__type": "aws#DecryptionFailure"}), to="GetSecretValue")
    aws.secret(settings)
    assert decide(Gate(), f"{SESSION}={cookie()}").decision == "allowed"
    asked = [each.headers["authorization"] for each in aws.server.requests if each.operation == "GetSecretValue"]
    assert [re.search(r"/([a-z0-9-]+)/secretsmanager/", each)[1] for each in asked] == ["us-east-1", "eu-west-1"]


def test_a_fault_is_not_asked_for_again_at_once(browser, provider):
    """A provider that is down is asked once a pause, not by every request."""
    provider.pages[DISCOVERY] = (404, {})
    browser.load(seconds=1.5)
    asked = provider.asked(DISCOVERY)
    for _ in range(5):
        cause(browser.load(seconds=1.5))
    assert provider.asked(DISCOVERY) == asked


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def bearer(aws, settings, provider, clock) -> Callable[[str], str]:
    """Sends an access token that names this key to one gate, at the clock's time. Returns the gate's decision."""
    settings["bearer"] = {"audiences": ["edge"]}
    aws.well(*OPERATIONS, secret=settings)
    gate = Gate(clock)

    def bearer(key_id: str) -> str:
        token = provider.signed(provider.claims(nonce=None, scope="", exp=int(clock.now) + 300), kid=key_id)
        return decide(gate, authorization=f"Bearer {token}").decision

    return bearer


def test_rotated_keys_of_the_provider(bearer, provider, clock):
    """A new `kid` has the keys fetched again, at most once a minute, whatever tokens are sent."""
    assert bearer("k1") == "allowed"
    assert [bearer(f"invented-{number}") for number in range(5)] == ["refused"] * 5
    assert provider.asked("/keys") == 1
    provider.pages["/keys"] = (200, {"keys": [{**provider.jwk, "kid": "k2"}]})
    clock.now += 61
    assert bearer("k2") == "allowed"
    assert [bearer(f"invented-{number}") for number in range(5)] == ["refused"] * 5
    assert provider.asked("/keys") == 2


@pytest.mark.parametrize("page", [(503, b""), (200, b"x"), (200, {"keys": []})])
@pytest.mark.parametrize("age", [61, 3601])
def test_unknown_key_while_the_provider_fails(bearer, provider, clock, page, age: int):
    """An unknown `kid` costs the provider one question a minute, also if the provider fails, and also if what is known
    of it is old. The known keys remain in use."""
    assert bearer("k1") == "allowed"
    provider.pages |= {"/keys": page, DISCOVERY: (503, b"")}
    clock.now += age
    for minute in range(1, 4):
        for _ in range(59):
            assert bearer("invented") == "refused"
            clock.now += 1
        assert provider.asked("/keys") == 1 + minute
        assert provider.asked(DISCOVERY) <= 1 + minute
        clock.now += 2
    assert bearer("k1") == "allowed"


def test_no_keys_yet(bearer, provider, clock):
    """Without any keys, the provider is asked again after a pause: users wait for it."""
    page, provider.pages["/keys"] = provider.pages["/keys"], (503, b"")
    with pytest.raises(UnavailableError):
        bearer("k1")
    provider.pages["/keys"] = page
    clock.now += 6
    assert bearer("k1") == "allowed"
