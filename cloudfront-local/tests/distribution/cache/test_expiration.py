"""The time for which answers are cached: each row of the guide's table, tested just before and after expiry."""

import time

import pytest

from cloudfront_local.distribution.policies import CachePolicy

FOREVER = 31536000
MIN_0 = CachePolicy(0, 3600, 86400)
MIN_60 = CachePolicy(60, 3600, 86400)
MIN_BEYOND_DEFAULT = CachePolicy(7200, 3600, 86400)
NO_DEFAULT = CachePolicy(0, 0, FOREVER)


async def assert_kept(edge, policy: CachePolicy, status: int, headers: dict[str, str], seconds: float) -> None:
    """Asserts that an answer is a cache hit until `seconds` have passed, and not after. 0 means never a hit."""
    at = edge(cache_policy=policy)
    at.origin.reply(status, b"hello", headers)
    await at.get()
    if seconds:
        at.clock.advance(seconds - 0.5)
        await at.get()
        assert len(at.origin.requests) == 1, f"not kept for {seconds} s"
        at.clock.advance(0.5)
    await at.get()
    assert len(at.origin.requests) == 2, f"kept for more than {seconds} s"


@pytest.mark.parametrize("status", [200, 203, 204, 300, 301, 302, 307, 308])
@pytest.mark.parametrize(
    ("policy", "headers", "seconds"),
    [
        (MIN_0, {"Cache-Control": "max-age=100"}, 100),
    ],
)
async def test_statuses(edge, status: int, policy: CachePolicy, headers: dict[str, str], seconds: float) -> None:
    """Answers with these statuses are cached for the same time as a 200."""
    await assert_kept(edge, policy, status, headers, seconds)


@pytest.mark.parametrize("status", [201, 202, 206, 303, 304, 401, 402, 410, 416, 418, 429, 451, 505])
async def test_statuses_never_kept(edge, status: int) -> None:
    """Answers with these statuses are never cached, whatever the origin says."""
    await assert_kept(edge, MIN_60, status, {"Cache-Control": "max-age=100"}, 0)


@pytest.mark.parametrize(
    ("policy", "headers", "seconds"),
    [
        # max-age, inside the policy's limits and outside
        (MIN_0, {"Cache-Control": "max-age=100"}, 100),
        (MIN_0, {"Cache-Control": "max-age=100000"}, 86400),
        (MIN_0, {"Cache-Control": "max-age=0"}, 0),
        (MIN_60, {"Cache-Control": "max-age=100"}, 100),
        (MIN_60, {"Cache-Control": "max-age=10"}, 60),
        (MIN_60, {"Cache-Control": "max-age=0"}, 60),
        (MIN_60, {"Cache-Control": "max-age=100000"}, 86400),
        # s-maxage has priority over max-age
        (MIN_0, {"Cache-Control": "max-age=100, s-maxage=200"}, 200),
        (MIN_60, {"Cache-Control": "s-maxage=10, max-age=1000"}, 60),
        (MIN_0, {"Cache-Control": 'Public , S-MaxAge="200"'}, 200),
        # no caching header
        (MIN_0, {}, 3600),
        (MIN_60, {}, 3600),
        (MIN_BEYOND_DEFAULT, {}, 7200),
        (NO_DEFAULT, {}, 0),
        (MIN_0, {"Cache-Control": "public, must-revalidate"}, 3600),
        (MIN_0, {"Cache-Control": "max-age=soon"}, 3600),
        # Expires; max-age has priority over it
        (MIN_0, {"Expires": "Sat, 01 Jan 2000 00:10:00 GMT"}, 600),
        (MIN_0, {"Expires": "Sat, 01 Jan 2000 00:10:00 -0000"}, 600),
        (MIN_0, {"Expires": "Sun, 01 Jan 2006 00:00:00 GMT"}, 86400),
        (MIN_60, {"Expires": "Sat, 01 Jan 2000 00:00:10 GMT"}, 60),
        (MIN_0, {"Expires": "Fri, 31 Dec 1999 00:00:00 GMT"}, 0),
        (MIN_0, {"Expires": "0"}, 0),
        (MIN_0, {"Expires": f"Sat, 01 Jan {'9' * 20} 00:10:00 GMT"}, 0),
        (MIN_0, {"Expires": "Sat, 01 Jan 2000 00:10:00 GMT", "Cache-Control": "max-age=100"}, 100),
        # no-cache, no-store, private
        (MIN_0, {"Cache-Control": "no-cache"}, 0),
        (MIN_0, {"Cache-Control": "no-store"}, 0),
        (MIN_0, {"Cache-Control": "private"}, 0),
        (MIN_0, {"Cache-Control": "private, max-age=100"}, 0),
        (MIN_60, {"Cache-Control": "no-cache"}, 60),
        (MIN_60, {"Cache-Control": "no-store, max-age=100"}, 60),
        (MIN_60, {"Cache-Control": "private"}, 60),
        # Vary: *
        (MIN_0, {"Vary": "*"}, 0),
        (MIN_60, {"Vary": "*"}, 3600),
    ],
)
async def test_objects(edge, policy: CachePolicy, headers: dict[str, str], seconds: float) -> None:
    """The origin's TTL counts between the minimum and the maximum TTL. Without one, the default TTL counts."""
    await assert_kept(edge, policy, 200, headers, seconds)


@pytest.mark.parametrize(
    ("statuses", "policy", "headers", "seconds"),
    [
        ([404, 414, 500, 501, 502, 503, 504], MIN_0, {}, 10),
        ([404, 414, 500, 501, 502, 503, 504], MIN_60, {}, 10),
        ([404, 500], NO_DEFAULT, {}, 10),
        ([404, 503], MIN_0, {"Cache-Control": "max-age=100"}, 100),
        ([404, 503], MIN_0, {"Cache-Control": "max-age=1, s-maxage=200"}, 200),
        ([404, 503], MIN_0, {"Cache-Control": "max-age=5"}, 10),
        ([404, 503], MIN_0, {"Cache-Control": "max-age=100000"}, 86400),
        ([404, 503], MIN_0, {"Expires": "Sat, 01 Jan 2000 00:10:00 GMT"}, 600),
        ([404, 414, 501], MIN_0, {"Cache-Control": "no-store"}, 0),
        ([404, 414, 501], MIN_60, {"Cache-Control": "no-cache"}, 0),
        ([404, 414, 501], MIN_0, {"Cache-Control": "private, max-age=100"}, 0),
        ([500, 502, 503, 504], MIN_0, {"Cache-Control": "no-store"}, 10),
        ([400, 403, 405, 412, 415], MIN_60, {}, 0),
        ([400, 403, 405, 412, 415], MIN_60, {"Expires": "Sat, 01 Jan 2000 00:10:00 GMT"}, 0),
        ([400, 403, 405, 412, 415], MIN_0, {"Cache-Control": "max-age=100"}, 100),
        ([400, 403, 405, 412, 415], MIN_0, {"Cache-Control": "s-maxage=5"}, 10),
    ],
)
async def test_errors(edge, statuses: list[int], policy: CachePolicy, headers: dict[str, str], seconds: float) -> None:
    """Some errors are cached for at least 10 s, some only if the origin gives a TTL, and some never."""
    for status in statuses:
        await assert_kept(edge, policy, status, headers, seconds)


@pytest.mark.parametrize("status", [200, 404, 503])
async def test_caching_disabled(edge, status: int) -> None:
    """If all three TTLs are 0, nothing is cached, not even an error."""
    await assert_kept(edge, CachePolicy(0, 0, 0), status, {"Cache-Control": "max-age=100"}, 0)


async def test_time_zone_of_the_machine(edge, monkeypatch) -> None:
    """A date without a time zone is GMT, even on a machine in another time zone."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        await assert_kept(edge, MIN_0, 200, {"Expires": "Sat, 01 Jan 2000 00:10:00 -0000"}, 600)
    finally:
        monkeypatch.undo()
        time.tzset()


async def test_viewer_cannot_refresh(edge) -> None:
    """CloudFront ignores the viewer's Cache-Control and Pragma."""
    at = edge()
    at.origin.reply()
    await at.get()
    response = await at.get(headers={"Cache-Control": "no-cache", "Pragma": "no-cache"})
    assert (response.headers["X-Cache"], len(at.origin.requests)) == ("Hit from cloudfront", 1)


async def test_age(edge) -> None:
    """A cached answer has Age, in whole seconds."""
    at = edge()
    at.origin.reply()
    assert "Age" not in (await at.get()).headers
    at.clock.advance(90.9)
    assert (await at.get()).headers["Age"] == "90"
