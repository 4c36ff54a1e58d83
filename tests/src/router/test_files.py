"""The memory of files: how long answers are used, and how long while the lookup API fails."""

import pytest

UNKNOWN = "404 unknown file"
DOWN = "503 lookup API: HTTP 503"
WAITING = f"{DOWN} (not asked again yet)"
PROBLEM = {"Content-Type": "application/problem+json"}


@pytest.mark.parametrize(
    ("cache_control", "seconds"),
    [
        ("max-age=30", 30),
        ("public, Max-Age=30, must-revalidate", 30),
        ('max-age="30"', 30),
        ("max-age=300", 300),
        ("max-age=86400", 300),
        ("max-age=" + "9" * 400, 300),
        (None, 60),
        ("", 60),
        ("public", 60),
        ("max-age=soon", 60),
        ("max-age=-1", 60),
        ("max-age=\xb2", 60),
    ],
)
def test_remembered(api, clock, locate, cache_control: str | None, seconds: int):
    """An answer is used as long as the API says, at most five minutes, and a minute by default."""
    location = {"bucket": "old", "region": "eu-west-1", "key": "k"}
    api.put("file", location, **({} if cache_control is None else {"cache_control": cache_control}))
    assert locate("file") == "old"
    api.put("file", {**location, "bucket": "new"})
    clock.now += seconds - 1
    assert locate("file") == "old"
    clock.now += 1
    assert locate("file") == "new"
    assert api.asked == ["token", "/files/file", "/files/file"]


@pytest.mark.parametrize("cache_control", ["max-age=0", "no-store", "private, No-Cache, max-age=60"])
def test_not_remembered(api, locate, cache_control: str):
    """An answer that must not be stored is used once, even if the API fails afterwards."""
    location = {"bucket": "files", "region": "eu-west-1", "key": "k"}
    api.put("file", location, cache_control=cache_control)
    assert [locate("file"), locate("file")] == ["files", "files"]
    assert api.asked == ["token", "/files/file", "/files/file"]
    api.files["file"] = 503, None, {}
    assert locate("file") == DOWN


def test_unknown_files(api, clock, locate):
    """An unknown file is asked for again after five seconds, whatever the API's Cache-Control."""
    api.files["new"] = 404, None, {**PROBLEM, "Cache-Control": "max-age=600"}
    assert locate("new") == UNKNOWN
    api.put("new", {"bucket": "files", "region": "eu-west-1", "key": "k"})
    clock.now += 4.9
    assert locate("new") == UNKNOWN
    clock.now += 0.1
    assert locate("new") == "files"


def test_old_answer_while_the_api_is_down(api, clock, locate):
    """If the API fails, an answer of up to five minutes is used. The API is called after 5 s, 10 s, 20 s ..."""
    assert locate() == "files-eu-west-1"
    api.files["lighthouse"] = 503, None, {}
    answered_at = clock.now
    answers, attempts = [], []
    for age in (60, 64.9, 65, 70, 75, 299, 300, 300.1, 339):
        clock.now = answered_at + age
        api.asked.clear()
        answers.append(locate())
        attempts.append(len(api.asked))
    assert answers == ["files-eu-west-1"] * 7 + [WAITING, DOWN]
    assert attempts == [3, 0, 3, 0, 3, 3, 0, 0, 3]


def test_old_answer_while_there_are_no_tokens(api, clock, locate):
    """An expired answer is also used if there is no token."""
    api.lifetime = 61
    assert locate() == "files-eu-west-1"
    clock.now += 60
    api.token_failure = 503
    assert locate() == "files-eu-west-1"
    assert locate("other") == "503 token endpoint: HTTP 503 (not asked again yet)"
    assert api.asked == ["token", "/files/lighthouse", "token", "token", "token"]


def test_old_answer_while_the_client_is_refused(api, clock, locate):
    """An expired answer is also used if the client is refused."""
    api.lifetime = 61
    assert locate() == "files-eu-west-1"
    clock.now += 60
    api.secret = "another"
    assert locate() == "files-eu-west-1"
    clock.now += 240.1
    assert locate() == "503 token refused: token endpoint: HTTP 400 invalid_client"


REPLACED = {
    "refused": ((403, None, {}), "503 token refused: lookup API: HTTP 403"),
    "gateway": ((404, {"message": "Not Found"}, {}), "502 lookup API: HTTP 404 without application/problem+json"),
    "no location": ((200, {"locations": []}, {}), "502 lookup API: its answer lists no locations"),
    "malformed": ((400, None, PROBLEM), "400 lookup API: HTTP 400"),
    "conflict": ((409, None, PROBLEM), "502 lookup API: HTTP 409"),
}


@pytest.mark.parametrize(("answer", "told"), REPLACED.values(), ids=REPLACED)
def test_old_answer_in_place_of_a_bad_one(api, clock, locate, answer: tuple[int, object, dict[str, str]], told: str):
    """An expired answer replaces any wrong one for five minutes. The API is called every 5 s."""
    assert locate() == "files-eu-west-1"
    api.files["lighthouse"] = answer
    clock.now += 60
    api.asked.clear()
    assert [locate(), locate()] == ["files-eu-west-1"] * 2
    assert api.asked == ["/files/lighthouse"]
    clock.now += 240.1
    assert locate() == told
    api.put("lighthouse", {"bucket": "new", "region": "eu-west-1", "key": "k"})
    clock.now += 60
    assert locate() == "new"


@pytest.mark.parametrize("status", [404, 410])
def test_removed_files(api, clock, locate, status: int):
    """If a file is removed, no expired answer is used."""
    assert locate() == "files-eu-west-1"
    clock.now += 60
    api.files["lighthouse"] = status, None, PROBLEM
    assert locate() == UNKNOWN
    api.files["lighthouse"] = 503, None, {}
    clock.now += 5
    assert locate() == DOWN


def test_clock_set_back(api, clock, locate):
    """If the clock is set back, no answer is used longer."""
    assert locate() == "files-eu-west-1"
    clock.now -= 86_400
    assert locate() == "files-eu-west-1"
    assert api.asked == ["token", "/files/lighthouse", "token", "/files/lighthouse"]


def test_clients_apart(locate):
    """An answer to one client is not used for another."""
    assert locate() == "files-eu-west-1"
    assert locate(scope="files/other") == "503 token refused: token endpoint: HTTP 400 invalid_client"


def test_a_thousand_files(api, locate):
    """The oldest of a thousand answers is dropped. Guessed ids displace no file."""
    location = {"bucket": "files", "region": "eu-west-1", "key": "k"}
    for number in range(1001):
        api.put(f"file-{number}", location)
        assert locate(f"file-{number}") == "files"
    for number in range(1001):
        assert locate(f"guess-{number}") == UNKNOWN
    api.asked.clear()
    assert [locate(f"file-{number}") for number in (1, 1000, 0)] == ["files"] * 3
    assert [locate(f"guess-{number}") for number in (1, 1000, 0)] == [UNKNOWN] * 3
    assert api.asked == ["/files/file-0", "/files/guess-0"]


def test_nearest_is_remembered(api, locate):
    """Of an answer with very many copies, only the nearest one is remembered."""
    far = [{"bucket": f"far-{number}", "region": "us-east-1", "key": "k"} for number in range(5000)]
    api.put("file", *far, {"bucket": "near", "region": "eu-west-2", "key": "k"})
    assert [locate("file"), locate("file")] == ["near", "near"]
