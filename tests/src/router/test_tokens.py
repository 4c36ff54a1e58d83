"""Tokens: how long they are used, when a new one is asked for, and the secret that gets them."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from router.settings import Settings
from router.tokens import AccessToken

REFUSED = "503 token refused: token endpoint: HTTP 400 invalid_client"


@pytest.mark.parametrize(
    ("lifetime", "seconds"),
    [(3600, 3540), ("3600", 3540), (3600.9, 3540.9), (300, 240), (86_400, 86_340), (60, 30), (10, 5)],
)
def test_kept(api, clock, settings, lifetime: object, seconds: float):
    """A token is used until a minute before its end, or for half of a shorter life."""
    api.lifetime = lifetime
    token = AccessToken(Settings(settings), clock)
    first = token.get(time.monotonic() + 5)
    clock.now += seconds - 1
    assert token.get(time.monotonic() + 5) == first
    clock.now += 1.001
    assert token.get(time.monotonic() + 5) != first
    assert api.asked == ["token", "token"]


@pytest.mark.parametrize("lifetime", [None, "soon", [], {}, 10**400, 0, -1, float("nan"), float("inf"), float("-inf")])
def test_lifetime_that_is_none(api, locate, lifetime: object):
    """A lifetime that is no number of seconds to come makes the answer no token."""
    api.lifetime = lifetime
    assert locate() == "503 token endpoint: its answer holds no usable access token"


def test_lifetime_unstated(misbehaving_server, settings, clock):
    """An endpoint need not say how long a token is good: five minutes are taken."""
    misbehaving_server.reply(200, '{"access_token": "first"}').reply(200, '{"access_token": "second"}')
    settings["token-url"] = misbehaving_server.url
    token = AccessToken(Settings(settings), clock)
    assert token.get(time.monotonic() + 5) == "first"
    clock.now += 239
    assert token.get(time.monotonic() + 5) == "first"
    clock.now += 1
    assert token.get(time.monotonic() + 5) == "second"


def test_revoked_early(api, clock, locate):
    """A token that the API takes no more, by its clock or by order, is replaced once, and nobody notices."""
    assert locate() == "files-eu-west-1"
    clock.now += 60
    api.revoke()
    assert locate() == "files-eu-west-1"
    assert api.asked == ["token", "/files/lighthouse", "/files/lighthouse", "token", "/files/lighthouse"]


def test_clock_set_back(api, clock, locate):
    """A token from the future is not trusted."""
    assert locate() == "files-eu-west-1"
    clock.now -= 3600
    assert locate("none") == "404 unknown file"
    assert api.asked == ["token", "/files/lighthouse", "token", "/files/none"]


def test_secret_by_arn(api, secret, clock, locate):
    """The secret that an ARN names is read from its Region, once."""
    assert locate(client_secret="", client_secret_arn=secret.arn) == "files-eu-west-1"
    clock.now += 3600
    secret.rotate("not read")
    assert locate(client_secret="", client_secret_arn=secret.arn) == "files-eu-west-1"
    assert api.asked == ["token", "/files/lighthouse"] * 2


def test_rotation(api, secret, clock, locate):
    """A secret that was changed is read again when the old one is refused, and nobody notices."""
    by_arn = {"client_secret": "", "client_secret_arn": secret.arn}
    assert locate(**by_arn) == "files-eu-west-1"
    api.secret = "top-secret-2"
    secret.rotate("top-secret-2")
    clock.now += 3600
    assert locate(**by_arn) == "files-eu-west-1"
    assert api.asked == ["token", "/files/lighthouse", "token", "token", "/files/lighthouse"]


def test_rotation_half_done(api, secret, clock, locate):
    """A secret that is changed at one end only is a refusal, until it is changed at the other."""
    by_arn = {"client_secret": "", "client_secret_arn": secret.arn}
    assert locate(**by_arn) == "files-eu-west-1"
    api.secret = "top-secret-2"
    clock.now += 3600
    answers = [locate("a", **by_arn)]
    clock.now += 5
    answers.append(locate("b", **by_arn))
    assert answers == [REFUSED, REFUSED]
    secret.rotate("top-secret-2")
    clock.now += 10
    assert locate(**by_arn) == "files-eu-west-1"


def test_cold_stampede(api, call, origin_request):
    """Fifty requests to a cold process, one after the other as Lambda gives them: one token, one answer a file."""
    for number in range(50):
        file_id = f"file-{number % 5}"
        api.put(file_id, {"bucket": "files", "region": "eu-west-1", "key": "k"})
        assert call(origin_request(f"/files/{file_id}"))[1]["decision"] == "routed"
    assert api.asked == ["token", *(f"/files/file-{number}" for number in range(5))]


def test_stampede_of_threads(api, locate):
    """Fifty at once in one process: one asks for the token, the others wait for it."""
    with ThreadPoolExecutor(50) as threads:
        found = list(threads.map(lambda number: locate(f"file-{number}"), range(50)))
    assert found == ["404 unknown file"] * 50
    assert sorted(api.asked) == sorted(["token", *(f"/files/file-{number}" for number in range(50))])


@pytest.mark.parametrize("kind", ["bearer", "BEARER", "Bearer"])
def test_bearer(api, locate, kind: str):
    """A type's case does not matter."""
    api.token_type = kind
    assert locate() == "files-eu-west-1"


@pytest.mark.parametrize(
    ("kind", "named"),
    [
        ("mac", "of the type mac"),
        ("DPoP", "of the type DPoP"),
        ("", "of an unnamed type"),
        ("top secret", "of an unnamed type"),
        ("a" * 41, "of an unnamed type"),
        (None, "of an unnamed type"),
        (["bearer"], "of an unnamed type"),
    ],
)
def test_other_types(api, locate, kind: object, named: str):
    """A token that is to be sent otherwise than the router sends it is not sent, and the log names its type."""
    api.token_type = kind
    assert locate() == f"503 token endpoint: its token is {named}, but the router can only send bearer tokens"
    assert api.asked == ["token"]
