"""The responses that are compressed, the viewers that get them, and their cache keys."""

import asyncio
import gzip
import random

import brotli
import pytest

from cloudfront_local.distribution.policies import CachePolicy, Selection

TEXT = b"All work and no play makes Jack a dull boy.\n" * 100
GZIP = {"Accept-Encoding": "gzip, deflate"}
BOTH = {"Accept-Encoding": "gzip, deflate, br"}
POLICY = CachePolicy(0, 60, 60, gzip=True, brotli=True)


def described(body: bytes = TEXT, **headers: str) -> dict[str, str]:
    return {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body)), "ETag": '"1"', **headers}


async def test_compressed(edge) -> None:
    """The viewer gets gzip with matching Content-Length, Vary and a weak ETag, on a miss and on a hit."""
    at = edge(compress=True, cache_policy=POLICY)
    at.origin.reply(200, TEXT, described(Vary="Cookie"))
    for answer in [await at.get(headers=GZIP), await at.get(headers=GZIP)]:
        assert gzip.decompress(answer.body) == TEXT
        assert {n: v for n, v in answer.headers.items() if not n.startswith("X-") and n not in ("Via", "Age")} == {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Length": str(len(answer.body)),
            "ETag": 'W/"1"',
            "Vary": "Cookie, Accept-Encoding",
            "Content-Encoding": "gzip",
            "Server": "CloudFront",
        }
    assert len(at.origin.requests) == 1


async def test_key_holds_the_encoding(edge) -> None:
    """Viewers that accept the same encodings share an object. Others get the object uncompressed."""
    at = edge(compress=True, cache_policy=POLICY)
    at.origin.reply(200, TEXT, described())
    asked = ["gzip", "", "gzip;q=0.1, zstd", "identity", "br, gzip", "br"]
    answers = [await at.get(headers={"Accept-Encoding": value} if value else None) for value in asked]
    assert [(a.headers.get("Content-Encoding"), a.headers["X-Cache"].split()[0]) for a in answers] == [
        ("gzip", "Miss"),
        (None, "Miss"),
        ("gzip", "Hit"),
        (None, "Hit"),
        ("br", "Miss"),
        ("br", "Miss"),
    ]


async def test_brotli(edge) -> None:
    """A viewer that accepts both gets Brotli, on a miss and on a hit. Without a cache, too."""
    for policy in (POLICY, CachePolicy(0, 0, 0, gzip=True, brotli=True)):
        at = edge(compress=True, cache_policy=policy)
        at.origin.reply(200, TEXT, described())
        for answer in [await at.get(headers=BOTH), await at.get(headers=BOTH)]:
            assert brotli.decompress(answer.body) == TEXT
            assert answer.headers["Content-Encoding"] == "br"
            assert (answer.headers["ETag"], answer.headers["Content-Length"]) == ('W/"1"', str(len(answer.body)))


@pytest.mark.parametrize(
    ("gzip_flag", "brotli_flag", "coding"), [(True, False, "gzip"), (False, True, "br"), (False, False, None)]
)
async def test_coding_of_the_policy(edge, gzip_flag: bool, brotli_flag: bool, coding: str | None) -> None:
    """A viewer that accepts both gets the coding that the policy enables."""
    at = edge(compress=True, cache_policy=CachePolicy(0, 60, 60, gzip=gzip_flag, brotli=brotli_flag))
    at.origin.reply(200, TEXT, described())
    assert (await at.get(headers=BOTH)).headers.get("Content-Encoding") == coding


async def test_large_bodies_hold_nobody_up(edge) -> None:
    """While a large body is compressed, other requests are answered."""
    large = random.Random(1).randbytes(4_900_000).hex().encode()
    at = edge(compress=True, cache_policy=POLICY)
    at.origin.reply(200, large, described(large)).reply(200, b"small", described(b"small"))
    first = asyncio.create_task(at.get("/large", BOTH))
    await at.origin.arrived(1)
    assert (await at.get("/small")).body == b"small"
    assert not first.done()
    assert brotli.decompress((await first).body) == large


@pytest.mark.parametrize(
    ("status", "body", "headers", "compressed"),
    [
        (200, TEXT, described(), True),
        (403, TEXT, described(), True),
        (404, TEXT, described(), True),
        (500, TEXT, described(), False),
        (200, b"x" * 1000, described(b"x" * 1000), True),
        (200, b"x" * 999, described(b"x" * 999), False),
        (200, b"x" * 10_000_000, described(b"x" * 10_000_000), True),
        (200, b"x" * 10_000_001, described(b"x" * 10_000_001), False),
        (200, TEXT, {"Content-Type": "text/html"}, False),
        (200, TEXT, {"Content-Length": str(len(TEXT))}, False),
        (200, TEXT, described(**{"Content-Type": "image/png"}), False),
        (200, TEXT, described(**{"Content-Type": "image/svg+xml"}), True),
        (200, TEXT, described(**{"Content-Type": "Application/JSON"}), True),
        (200, TEXT, described(**{"Content-Encoding": "identity"}), False),
    ],
)
async def test_compressible(edge, status: int, body: bytes, headers: dict[str, str], compressed: bool) -> None:
    """Compression depends on status, type and size, and needs a Content-Length and no encoding by the origin."""
    at = edge(compress=True, cache_policy=POLICY)
    at.origin.reply(status, body, headers)
    answer = await at.get(headers=GZIP)
    assert (answer.headers.get("Content-Encoding") == "gzip") is compressed
    assert (gzip.decompress(answer.body) if compressed else answer.body) == body


@pytest.mark.parametrize(
    ("behavior", "version"),
    [
        ({"compress": False, "cache_policy": POLICY}, "1.1"),
        ({"compress": True, "cache_policy": CachePolicy(0, 60, 60, brotli=True)}, "1.1"),
        ({"compress": True, "cache_policy": CachePolicy(0, 60, 60)}, "1.1"),
        ({"compress": True, "cache_policy": CachePolicy(0, 0, 0)}, "1.1"),
        ({"compress": True, "cache_policy": POLICY}, "1.0"),
    ],
)
async def test_not_compressed(edge, behavior, version: str) -> None:
    """Nothing is compressed unless behavior and policy enable it, or for a viewer with HTTP/1.0."""
    at = edge(**behavior)
    at.origin.reply(200, TEXT, described())
    assert (await at.get(headers=GZIP, http_version=version)).body == TEXT


@pytest.mark.parametrize(("tag", "expected"), [('"1"', 'W/"1"'), ('W/"1"', 'W/"1"'), ("1", None)])
async def test_etag(edge, tag: str, expected: str | None) -> None:
    """A strong ETag becomes weak, a weak ETag stays, and a malformed ETag is removed."""
    at = edge(compress=True, cache_policy=POLICY)
    at.origin.reply(200, TEXT, described(ETag=tag))
    assert (await at.get(headers=GZIP)).headers.get("ETag") == expected


@pytest.mark.parametrize("vary", ["accept-encoding", "Cookie, Accept-Encoding"])
async def test_vary_is_said_once(edge, vary: str) -> None:
    """A Vary that has Accept-Encoding already does not change."""
    at = edge(compress=True, cache_policy=POLICY)
    at.origin.reply(200, TEXT, described(Vary=vary))
    assert (await at.get(headers=GZIP)).headers.getall("Vary") == [vary]


async def test_revalidation_of_a_compressed_object(edge) -> None:
    """CloudFront revalidates with the origin's own ETag. The 304 does not change the headers of the compressed form."""
    at = edge(compress=True, cache_policy=POLICY)
    at.origin.reply(200, TEXT, described(Vary="Origin")).reply(
        304, b"", {"ETag": '"1"', "Vary": "Cookie", "Content-Length": "0", "X-New": "1"}
    )
    first = await at.get(headers=GZIP)
    at.clock.advance(61)
    for answer in [await at.get(headers=GZIP), await at.get(headers=GZIP)]:
        assert (answer.body, answer.headers["X-New"]) == (first.body, "1")
        for name in ("ETag", "Content-Encoding", "Content-Length", "Vary"):
            assert answer.headers[name] == first.headers[name]
    assert at.origin.requests[1].headers["If-None-Match"] == '"1"'


async def test_conditions_and_ranges_of_a_compressed_object(edge) -> None:
    """Conditions are compared with the weak ETag. A range is a range of the compressed bytes."""
    at = edge(compress=True, cache_policy=POLICY)
    at.origin.reply(200, TEXT, described())
    whole = await at.get(headers=GZIP)
    assert (await at.get(headers={**GZIP, "If-None-Match": 'W/"1"'})).status == 304
    part = await at.get(headers={**GZIP, "Range": "bytes=0-9"})
    assert (part.status, part.body) == (206, whole.body[:10])
    assert (await at.get(headers={**GZIP, "Range": "bytes=0-9", "If-Range": 'W/"1"'})).status == 200


async def test_compressed_by_the_origin(edge) -> None:
    """A response that the origin compressed is passed on and cached unchanged."""
    body = gzip.compress(TEXT)
    at = edge(compress=True, cache_policy=POLICY)
    at.origin.reply(200, body, {**described(body), "Content-Encoding": "gzip"})
    for answer in [await at.get(headers=GZIP), await at.get(headers=GZIP)]:
        assert (answer.body, answer.headers["ETag"]) == (body, '"1"')


async def test_compression_of_what_functions_made(edge) -> None:
    """A body from an origin-response function is compressed, too, after the function has run."""
    shown = []

    def enlarge(event):
        shown.append(event["Records"][0]["cf"]["response"])
        return {**shown[0], "body": TEXT.decode()}

    at = edge(compress=True, cache_policy=POLICY, functions={"origin-response": enlarge})
    at.origin.reply(200, b"small", described(b"small"))
    assert gzip.decompress((await at.get(headers=GZIP)).body) == TEXT
    assert "content-encoding" not in shown[0]["headers"]


async def test_answers_to_other_methods(edge) -> None:
    """A response that is not cached is compressed, too."""
    at = edge(compress=True, cache_policy=POLICY, allowed_methods=frozenset({"GET", "POST"}))
    at.origin.reply(200, TEXT, described())
    assert gzip.decompress((await at.get(method="POST", headers=GZIP)).body) == TEXT


async def test_selected_header_stays_raw(edge) -> None:
    """A policy that selects Accept-Encoding as a header puts its unchanged value in the cache key."""
    policy = CachePolicy(0, 60, 60, headers=Selection("whitelist", frozenset({"accept-encoding"})))
    at = edge(compress=True, cache_policy=policy)
    at.origin.reply(200, TEXT, described())
    answers = [await at.get(headers={"Accept-Encoding": value}) for value in ("gzip", "gzip, br", "gzip")]
    assert [answer.headers["X-Cache"].split()[0] for answer in answers] == ["Miss", "Miss", "Hit"]
