"""Access tokens: their use and replacement, and the client's secret."""

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
    """A token is used until a minute before it expires, or for half of a shorter lifetime."""
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
    """If the lifetime is not a positive number, the answer is refused."""
    api.lifetime = lifetime
    assert locate() == "503 token endpoint: its answer holds no usable access token"


def test_lifetime_unstated(misbehaving_server, settings, clock):
    """A token without a lifetime is used for five minutes."""
    misbehaving_server.reply(200, '{"access_token": "first"}').reply(200, '{"access_token": "second"}')
    settings["token-url"] = misbehaving_server.url
    token = AccessToken(Settings(settings), clock)
    assert token.get(time.monotonic() + 5) == "first"
    clock.now += 239
    assert token.get(time.monotonic() + 5) == "first"
    clock.now += 1
    assert token.get(time.monotonic() + 5) == "second"


def test_revoked_early(api, clock, locate):
    """If the API refuses a token, it is replaced once, and the request succeeds."""
    assert locate() == "files-eu-west-1"
    clock.now += 60
    api.revoke()
    assert locate() == "files-eu-west-1"
    assert api.asked == ["token", "/files/lighthouse", "/files/lighthouse", "token", "/files/lighthouse"]


def test_clock_set_back(api, clock, locate):
    """If the clock is set back, a new token is requested."""
    assert locate() == "files-eu-west-1"
    clock.now -= 3600
    assert locate("none") == "404 unknown file"
    assert api.asked == ["token", "/files/lighthouse", "token", "/files/none"]


def test_secret_by_arn(api, secret, clock, locate):
    """The secret is read once, in the Region of its ARN."""
    assert locate(client_secret="", client_secret_arn=secret.arn) == "files-eu-west-1"
    clock.now += 3600
    secret.rotate("not read")
    assert locate(client_secret="", client_secret_arn=secret.arn) == "files-eu-west-1"
    assert api.asked == ["token", "/files/lighthouse"] * 2


def test_rotation(api, secret, clock, locate):
    """If the secret was rotated, it is read again, and the request succeeds."""
    by_arn = {"client_secret": "", "client_secret_arn": secret.arn}
    assert locate(**by_arn) == "files-eu-west-1"
    api.secret = "top-secret-2"
    secret.rotate("top-secret-2")
    clock.now += 3600
    assert locate(**by_arn) == "files-eu-west-1"
    assert api.asked == ["token", "/files/lighthouse", "token", "token", "/files/lighthouse"]


def test_rotation_half_done(api, secret, clock, locate):
    """If the secret was changed at one side only, requests fail until the other side has it."""
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
    """Fifty requests one after the other need one token, and one answer for each file."""
    for number in range(50):
        file_id = f"file-{number % 5}"
        api.put(file_id, {"bucket": "files", "region": "eu-west-1", "key": "k"})
        assert call(origin_request(f"/files/{file_id}"))[1]["decision"] == "routed"
    assert api.asked == ["token", *(f"/files/file-{number}" for number in range(5))]


def test_stampede_of_threads(api, locate):
    """Of fifty threads, one requests the token, and the others wait for it."""
    with ThreadPoolExecutor(50) as threads:
        found = list(threads.map(lambda number: locate(f"file-{number}"), range(50)))
    assert found == ["404 unknown file"] * 50
    assert sorted(api.asked) == sorted(["token", *(f"/files/file-{number}" for number in range(50))])


@pytest.mark.parametrize("kind", ["bearer", "BEARER", "Bearer"])
def test_bearer(api, locate, kind: str):
    """The case of the token's type does not matter."""
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
    """A token of another type is not used, and the log names the type."""
    api.token_type = kind
    assert locate() == f"503 token endpoint: its token is {named}, but the router can only send bearer tokens"
    assert api.asked == ["token"]
