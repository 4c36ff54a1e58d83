"""Origin groups: when CloudFront asks the secondary origin, and which functions run."""

import logging
from typing import Any

import pytest

from cloudfront_local.distribution import pages
from cloudfront_local.distribution.error_responses import ErrorResponse
from cloudfront_local.distribution.origin import CustomOrigin, S3Origin
from cloudfront_local.distribution.origin_groups import OriginGroup, origin_group
from cloudfront_local.distribution.pages import OriginFailed, OriginUnconnected
from cloudfront_local.distribution.policies import CachePolicy
from cloudfront_local.rules import facts

FIRST = S3Origin(domain_name="first.s3.us-east-1.amazonaws.com", region="us-east-1")
SECOND = CustomOrigin(domain_name="second.example.org")
ALL_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"})
EVERY = tuple(facts.FAILOVER_STATUSES)


def grouped(*statuses: int, **parts: Any) -> dict[str, Any]:
    """The configuration of a distribution whose default behavior goes to a group with these failover statuses."""
    return {
        "origins": {"first": FIRST, "second": SECOND},
        "origin_groups": {"main": OriginGroup("first", "second", frozenset(statuses))},
        **parts,
    }


@pytest.mark.parametrize("status", sorted(facts.FAILOVER_STATUSES))
async def test_failover_statuses(edge, caplog, status: int) -> None:
    """A listed status of the primary origin leads to the secondary. The viewer gets its answer, which is cached."""
    caplog.set_level(logging.INFO, "cloudfront")
    at = edge(config=grouped(status))
    at.origin.reply(status, b"first").reply(200, b"second")
    answers = [await at.get(), await at.get()]
    assert [(a.status, a.body, a.headers["X-Cache"]) for a in answers] == [
        (200, b"second", "Miss from cloudfront"),
        (200, b"second", "Hit from cloudfront"),
    ]
    assert at.origin.origins == [FIRST, SECOND]
    assert [request.headers["Host"] for request in at.origin.requests] == [FIRST.domain_name, SECOND.domain_name]
    assert f"The primary origin first answered {status}: second is asked." in caplog.text


@pytest.mark.parametrize(
    ("status", "statuses"), [(200, EVERY), (304, EVERY), (302, EVERY), (401, EVERY), (404, (500, 502, 503, 504))]
)
async def test_no_failover(edge, status: int, statuses: tuple[int, ...]) -> None:
    """Success, redirects and statuses that are not listed are the answer."""
    at = edge(config=grouped(*statuses))
    at.origin.reply(status)
    assert ((await at.get()).status, at.origin.origins) == (status, [FIRST])


@pytest.mark.parametrize(
    ("failure", "statuses", "asked"),
    [
        (OriginUnconnected(*pages.ORIGIN_UNREACHABLE), (503,), [FIRST, SECOND]),
        (OriginUnconnected(*pages.ORIGIN_TIMEOUT), (503,), [FIRST, SECOND]),
        (OriginUnconnected(*pages.ORIGIN_UNREACHABLE), (500, 502, 504), [FIRST]),
        (OriginFailed(*pages.ORIGIN_TIMEOUT), (504,), [FIRST, SECOND]),
        (OriginFailed(*pages.ORIGIN_TIMEOUT), (500, 502, 503), [FIRST]),
        (OriginFailed(*pages.ORIGIN_CLOSED), (502,), [FIRST, SECOND]),
        (OriginFailed(*pages.ORIGIN_CLOSED), (500, 503, 504), [FIRST]),
    ],
)
async def test_no_answer(edge, caplog, failure: OriginFailed, statuses: tuple[int, ...], asked) -> None:
    """A failed connection fails over only if 503 is listed, and a timeout only if 504 is. The terminal says if not."""
    at = edge(config=grouped(*statuses))
    at.origin.fail(failure).reply(200, b"second")
    response = await at.get()
    fails_over = len(asked) == 2
    assert (response.status, at.origin.origins) == (200 if fails_over else failure.status, asked)
    line = "gave no answer: second" if fails_over else f"does not list the status {failure.failover_status}."
    assert line in caplog.text


@pytest.mark.parametrize(
    ("method", "cached", "fails_over"),
    [
        ("GET", {"GET", "HEAD"}, True),
        ("HEAD", {"GET", "HEAD"}, True),
        ("OPTIONS", {"GET", "HEAD"}, False),
        ("OPTIONS", {"GET", "HEAD", "OPTIONS"}, True),
        ("POST", {"GET", "HEAD", "OPTIONS"}, False),
        ("DELETE", {"GET", "HEAD", "OPTIONS"}, False),
    ],
)
@pytest.mark.parametrize("policy", [CachePolicy(0, 0, 0), CachePolicy(1, 60, 60)])
async def test_methods(edge, method: str, cached: set[str], fails_over: bool, policy: CachePolicy) -> None:
    """GET and HEAD fail over, and OPTIONS if it is a cached method. Others go to the primary origin alone."""
    at = edge(config=grouped(503), allowed_methods=ALL_METHODS, cached_methods=frozenset(cached), cache_policy=policy)
    at.origin.reply(503).reply(200)
    assert (await at.get(method=method)).status == (200 if fails_over else 503)


async def test_no_memory_of_failures(edge) -> None:
    """Every request starts at the primary origin."""
    at = edge(config=grouped(500), cache_policy=CachePolicy(0, 0, 0))
    at.origin.reply(500).reply(200).reply(500).reply(200)
    for _ in range(2):
        await at.get()
    assert at.origin.origins == [FIRST, SECOND] * 2


async def test_failure_of_both(edge) -> None:
    """The secondary origin's error is the answer: it gets the custom error page, and is cached."""
    at = edge(config=grouped(500, error_responses={404: ErrorResponse(10, "/404", 404)}))
    at.origin.reply(500, b"first").reply(404, b"second").reply(200, b"page")
    answers = [await at.get(), await at.get()]
    assert [(answer.status, answer.body) for answer in answers] == [(404, b"page")] * 2
    assert len(at.origin.requests) == 3


async def test_functions_of_each_attempt(edge, caplog, passes) -> None:
    """Origin functions run for each attempt, with the attempt's origin; viewer functions run once."""
    seen: list[list[str]] = []

    def request(event: dict[str, Any]) -> Any:
        cf = event["Records"][0]["cf"]
        seen.append([*cf["request"]["origin"], cf["request"]["uri"], cf["request"]["headers"]["host"][0]["value"]])
        cf["request"]["uri"] = "/changed"
        return cf["request"]

    at = edge(functions={**passes, "origin-request": request}, config=grouped(500))
    at.origin.reply(500).reply(200)
    await at.get()
    assert seen == [["s3", "/page", FIRST.domain_name], ["custom", "/page", SECOND.domain_name]]
    attempt = ["origin-request", "origin-response"]
    assert at.event_types == ["viewer-request", *attempt, *attempt, "viewer-response"]
    assert "origin-request and origin-response functions run for each attempt" in caplog.text


async def test_generated_response(edge, caplog) -> None:
    """A response that an origin-request function generates does not fail over. The terminal says: not verified."""
    at = edge(functions={"origin-request": lambda _: {"status": "500"}}, config=grouped(500))
    assert ((await at.get()).status, at.event_types) == (500, ["origin-request"])
    assert "is no failure of the primary origin" in caplog.text


def group(*members: str, statuses: tuple[int, ...] = (500,)) -> dict[str, Any]:
    return {
        "Id": "both",
        "FailoverCriteria": {"StatusCodes": {"Items": list(statuses)}},
        "Members": {"Items": [{"OriginId": member} for member in members]},
    }


@pytest.mark.parametrize(
    ("config", "wrong"),
    [
        (group("a"), "The origin group both has 1 members. Give it two"),
        (group("a", "b", "a"), "The origin group both has 3 members"),
        (group("a", "c"), "The origin group both names c, which is no origin"),
        (group("a", "b", statuses=()), "the failover StatusCodes must be one or more of 400, 403, 404, 416, 429, 500,"),
        (group("a", "b", statuses=(500, 401)), "the failover StatusCodes must be one or more of"),
    ],
)
def test_wrong_groups(config: dict[str, Any], wrong: str) -> None:
    """A group that CloudFront refuses is refused with what is wrong."""
    with pytest.raises(ValueError, match=wrong):
        origin_group(config, {"a", "b"})
