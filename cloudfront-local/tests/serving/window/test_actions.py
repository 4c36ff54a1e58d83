"""What can be done with a request: send it again, copy it, remove its object from the cache."""

import shlex

import pytest

from cloudfront_local.distribution.policies import CachePolicy, OriginRequestPolicy, Selection

POSTS = {
    "allowed_methods": frozenset({"GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"}),
    "origin_request_policy": OriginRequestPolicy(Selection("allViewer"), Selection("all"), Selection("all")),
}


async def test_replay(edge, opened):
    """A replay is the same request: method, target, headers, body. It is finished when the answer comes."""
    at = edge(**POSTS)
    at.origin.reply(200).reply(201)
    window = await opened(at)
    await at.get("/page?a=1", {"X-Own": "1", "Cookie": "a=b"}, method="POST", body=b"hello")
    replayed = await window.post(f"/requests/{(await window.last())['id']}/replay", {})
    assert (await window.get(f"/requests/{replayed['id']}"))["status"] == 201
    first, second = at.origin.requests
    assert (second.method, second.target, second.body) == ("POST", "/page?a=1", b"hello")
    assert second.headers == first.headers


async def test_replay_as_another_viewer(edge, opened):
    """From another country, with another device, without cookies."""
    names = frozenset({"cloudfront-viewer-country", "cloudfront-is-mobile-viewer"})
    forward = OriginRequestPolicy(
        Selection("allViewerAndWhitelistCloudFront", names), Selection("all"), Selection("all")
    )
    at = edge(origin_request_policy=forward, cache_policy=CachePolicy(0, 0, 0))
    at.origin.reply()
    window = await opened(at)
    await at.get("/page", {"Cookie": "a=b"})
    found = await window.last()
    viewer = {"country": "NZ", "device": "mobile", "cookies": False}
    await window.post(f"/requests/{found['id']}/replay", viewer)
    await window.post(f"/requests/{found['id']}/replay", {"country": None, "device": None, "cookies": True})
    before, other, same = at.origin.requests
    seen = ("CloudFront-Viewer-Country", "CloudFront-Is-Mobile-Viewer", "Cookie")
    assert [other.headers.get(name) for name in seen] == ["NZ", "true", None]
    assert [same.headers.get(name) for name in seen] == [before.headers.get(name) for name in seen]


@pytest.mark.parametrize(
    ("viewer", "sentence"),
    [
        ({"country": "XX9"}, "XX9"),
        ({"device": "toaster"}, "'toaster' is not a device"),
        ({"speed": 1}, "no setting 'speed'"),
        ([], "must be a JSON object"),
    ],
)
async def test_replay_that_cannot_be(edge, opened, viewer, sentence):
    """A viewer that there cannot be is told in a sentence."""
    at = edge()
    at.origin.reply()
    window = await opened(at)
    await at.get("/page")
    url = f"{window.url}/requests/{(await window.last())['id']}/replay"
    async with window.session.post(url, json=viewer, headers={"X-Local-Window": "1"}) as answer:
        assert (answer.status, answer.content_type) == (400, "text/plain")
        assert sentence in await answer.text()
    assert len(at.origin.requests) == 1


async def test_curl(edge, opened):
    """The command for a shell sends the same request, whatever characters it has."""
    at = edge(**POSTS)
    at.origin.reply()
    window = await opened(at)
    await at.get("/it's?a=1&b=$HOME", {"X-Own": "a 'quoted' value", "X-Empty": ""}, method="PUT", body=b"it's `text`")
    command = await window.get(f"/requests/{(await window.last())['id']}/curl")
    words = shlex.split(command)
    assert words[:4] == ["curl", "-i", "-X", "PUT"]
    assert words[4] == "http://127.0.0.1:8080/it's?a=1&b=$HOME"
    assert words[words.index("X-Own: a 'quoted' value") - 1] == "-H"
    assert "X-Empty;" in words
    assert words[-2:] == ["--data-binary", "it's `text`"]
    assert not any(word.lower().startswith("host:") for word in words)


async def test_invalidations(edge, opened):
    """Paths leave the cache; a path that CloudFront refuses is told in a sentence."""
    at = edge()
    at.origin.reply(headers={"Cache-Control": "max-age=60"})
    window = await opened(at)
    for path in ("/a", "/b", "/images/c"):
        await at.get(path)
    assert await window.post("/invalidations", {"paths": ["/images/*", "/a"]}) == {"removed": 2}
    assert [each["target"] for each in await window.get("/cache")] == ["/b"]
    for paths in (["b"], "/b", None, [1]):
        url, marked = f"{window.url}/invalidations", {"X-Local-Window": "1"}
        async with window.session.post(url, json={"paths": paths}, headers=marked) as answer:
            assert answer.status == 400


async def test_save_without_a_project(edge, opened):
    """A window without a project cannot save an event, and says so; nor one of a call that there was not."""
    at = edge(functions={"viewer-request": lambda event: event["Records"][0]["cf"]["request"]})
    at.origin.reply()
    window = await opened(at)
    await at.get("/page")
    url = f"{window.url}/requests/{(await window.last())['id']}/events"
    for function, sentence in ((0, "cloudfront-local serve"), (1, "has 1 calls"), (-1, "has 1 calls"), ("0", "has 1")):
        async with window.session.post(url, json={"function": function}, headers={"X-Local-Window": "1"}) as answer:
            assert answer.status == 400
            assert sentence in await answer.text()
