"""A lookup API that fails, and the pause for all of its files."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

LOCATIONS = json.dumps({"locations": [{"bucket": "files", "region": "eu-west-1", "key": "k"}]})
TOKEN = json.dumps({"access_token": "token", "token_type": "Bearer", "expires_in": 3600})
PROBLEM = {"Content-Type": "application/problem+json"}
GATEWAY = '{"message": "Not Found"}'
WAITING = " (not asked again yet)"
ARN = "arn:aws:secretsmanager:ap-southeast-2:123456789012:secret:router-AbCdEf"


@pytest.fixture
def lookup_api(misbehaving_server, settings):
    """A lookup API whose answers the test chooses."""
    settings["lookup-url"] = f"{misbehaving_server.url}/files/"
    return misbehaving_server


@pytest.fixture
def token_endpoint(misbehaving_server, settings):
    """A token endpoint whose answers the test chooses."""
    settings["token-url"] = f"{misbehaving_server.url}/oauth2/token"
    return misbehaving_server


FAILURES = {
    "401": (lambda server: server.reply(401), "503 token refused: lookup API: HTTP 401", 2),
    "403": (lambda server: server.reply(403), "503 token refused: lookup API: HTTP 403", 1),
    "429": (lambda server: server.reply(429), "503 lookup API: HTTP 429", 3),
    "500": (lambda server: server.reply(500), "503 lookup API: HTTP 500", 3),
    "own 503": (lambda server: server.reply(503, "{}", PROBLEM), "503 lookup API: HTTP 503", 3),
    "gateway": (
        lambda server: server.reply(404, GATEWAY),
        "502 lookup API: HTTP 404 without application/problem+json",
        1,
    ),
    "HTML": (lambda server: server.reply(200, "<html>"), "502 lookup API: its answer is not JSON", 1),
}


@pytest.mark.parametrize(("fail", "told", "requests"), FAILURES.values(), ids=FAILURES)
def test_one_try(api, lookup_api, locate, fail, told: str, requests: int):
    """Of twenty requests for distinct files, one calls the failing API, and the others fail at once."""
    fail(lookup_api)
    assert [locate(f"file-{number}") for number in range(20)] == [told, *[told + WAITING] * 19]
    assert len(lookup_api.requests) == requests
    assert len(api.asked) == (2 if told.endswith("401") else 1)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 500])
def test_one_try_for_a_token(api, token_endpoint, locate, status: int):
    """If the token endpoint fails, there is one call of it, and none of the API."""
    token_endpoint.reply(status)
    answers = [locate(f"file-{number}") for number in range(20)]
    assert answers == [answers[0], *[answers[0] + WAITING] * 19]
    assert len(token_endpoint.requests) == (3 if status == 500 else 1)
    assert api.asked == []


def test_one_try_for_a_secret(misbehaving_server, monkeypatch, locate):
    """If the secret is wrong or cannot be read, there is one call as well."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", misbehaving_server.url)
    misbehaving_server.reply(200, json.dumps({"SecretString": "other"})).reply(400, '{"__type": "AccessDenied"}')
    by_arn = {"client_secret": "", "client_secret_arn": ARN}
    assert [locate(f"file-{number}", **by_arn) for number in range(20)][1:] == [
        "503 token refused: token endpoint: HTTP 400 invalid_client" + WAITING
    ] * 19
    assert len(misbehaving_server.requests) == 1


def test_pauses(lookup_api, clock, locate):
    """The pauses last 5 s, then twice as long each time, up to a minute."""
    lookup_api.reply(403)
    begun = clock.now
    tries: list[float] = []
    for second in range(300):
        clock.now = begun + second
        before = len(lookup_api.requests)
        locate(f"file-{second}")
        tries += [second] * (len(lookup_api.requests) - before)
    assert [after - before for before, after in pairwise(tries)] == [5, 10, 20, 40, 60, 60, 60]


def test_pause_after_a_success(lookup_api, clock, locate):
    """A success ends the pause, and the next pause is the shortest."""
    lookup_api.reply(403).reply(403).reply(200, LOCATIONS).reply(403).reply(404, "{}", PROBLEM)
    answers = []
    for seconds in (0, 5, 10, 0, 4.9, 0.1):
        clock.now += seconds
        answers.append(locate(f"file-{len(answers)}")[:14])
    refused = "503 token refu"
    assert answers == [refused, refused, "files", refused, refused, "404 unknown fi"]
    assert len(lookup_api.requests) == 5


@pytest.mark.parametrize(
    ("status", "body", "headers", "told"),
    [
        (200, '{"locations": []}', {}, "502 lookup API: its answer lists no locations"),
        (404, "{}", PROBLEM, "404 unknown file"),
        (410, "{}", PROBLEM, "404 unknown file"),
        (400, "{}", PROBLEM, "400 lookup API: HTTP 400"),
        (409, "{}", PROBLEM, "502 lookup API: HTTP 409"),
    ],
)
def test_one_bad_file(lookup_api, locate, status: int, body: str, headers: dict[str, str], told: str):
    """An error about one file starts no pause for other files."""
    lookup_api.reply(status, body, headers).reply(200, LOCATIONS)
    assert [locate("bad"), locate("good")] == [told, "files"]


@pytest.mark.parametrize("server", ["lookup-url", "token-url"])
def test_hang(misbehaving_server, settings, locate, server: str):
    """After a timeout, requests for other files fail at once without a call."""
    settings[server] = f"{misbehaving_server.url}/"
    misbehaving_server.hang()
    assert locate("first", seconds=0.5).endswith(": timed out")
    asked = len(misbehaving_server.requests)
    answers = {locate(f"file-{number}") for number in range(20)}
    assert len(answers) == 1
    assert answers.pop().endswith(f": timed out{WAITING}")
    assert len(misbehaving_server.requests) == asked


@pytest.mark.parametrize("server", ["lookup-url", "token-url"])
def test_hang_of_several(misbehaving_server, settings, locate, server: str):
    """Requests that waited for a timeout fail as soon as it is over, without a call."""
    settings[server] = f"{misbehaving_server.url}/"
    misbehaving_server.hang()
    with ThreadPoolExecutor(20) as threads:
        first = threads.submit(locate, "first", seconds=0.5)
        while not (misbehaving_server.requests or first.done()):
            time.sleep(0.01)
        others = [threads.submit(locate, f"file-{number}") for number in range(19)]
        assert first.result().endswith(": timed out")
        assert all(other.result().endswith(f": timed out{WAITING}") for other in others)
    assert len(misbehaving_server.requests) == 1


def test_no_time_to_wait(misbehaving_server, settings, locate):
    """A request waits for another one no longer than until its own deadline."""
    settings["lookup-url"] = f"{misbehaving_server.url}/"
    misbehaving_server.hang()
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(locate, "first", seconds=1)
        while not (misbehaving_server.requests or first.done()):
            time.sleep(0.01)
        assert locate("second", seconds=0.1) == "503 lookup API: no time left to ask"
        first.result()


def test_no_time_is_no_failure(lookup_api, locate):
    """A request without time makes no call and starts no pause."""
    lookup_api.reply(200, LOCATIONS)
    assert locate("first", seconds=0) == "503 lookup API: no time left to ask"
    assert locate("second") == "files"


def test_own_pauses(lookup_api, api, locate):
    """A pause is for one API and one client. Others go on."""
    lookup_api.reply(503)
    assert locate() == "503 lookup API: HTTP 503"
    assert locate(lookup_url=f"{api.url}/files/") == "files-eu-west-1"


def test_known_files_within_a_pause(lookup_api, clock, locate):
    """During a pause, a known file is served from memory without a call."""
    lookup_api.reply(200, LOCATIONS).reply(403)
    assert locate("known") == "files"
    clock.now += 60
    assert locate("other") == "503 token refused: lookup API: HTTP 403"
    assert locate("known") == "files"
    assert len(lookup_api.requests) == 2
