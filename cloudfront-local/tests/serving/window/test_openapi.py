"""`/openapi.json` describes the answers: each is checked against it."""

from typing import Any

import jsonschema
import pytest

from cloudfront_local.distribution.origin import S3Origin
from cloudfront_local.distribution.policies import CachePolicy, Selection


def schema(api: Any, path: str, method: str = "get") -> Any:
    """The schema of an answer, with the schemas that it names."""
    answer = api["paths"][path][method]["responses"]["200"]
    return {**answer["content"]["application/json"]["schema"], "components": api["components"]}


def checked(api: Any, path: str, answer: Any, method: str = "get") -> None:
    jsonschema.Draft202012Validator(schema(api, path, method)).validate(answer)


@pytest.mark.parametrize("kind", ["hit", "refused", "generated", "violation", "failure", "error", "cut"])
async def test_answers(edge, opened, passes, kind):
    """Of every kind of request."""

    def result(_: Any) -> Any:
        return {"generated": {"status": "302"}, "violation": {"status": "99"}}[kind]

    functions = {"viewer-request": result} if kind in ("generated", "violation") else passes
    policy = CachePolicy(0, 60, 60, query_strings=Selection("all"), gzip=True)
    at = edge(
        functions=functions,
        cache_policy=policy,
        origin=S3Origin(domain_name="b.s3.us-east-1.amazonaws.com", region="us-east-1"),
    )
    at.origin.reply(404 if kind == "error" else 200, body=b"x" * 70_000 if kind == "cut" else b"text")
    window = await opened(at)
    headers = {"Host": "other.example"} if kind == "refused" else {"Accept-Encoding": "gzip"}
    for target in ("/page", "/page", "/page?v=1"):
        await at.get(target, headers, method="DELETE" if kind == "failure" else "GET")
    api = await window.get("/openapi.json")
    found = await window.get("/requests")
    checked(api, "/requests", found)
    for each in found:
        for query in ("", "?secrets=true"):
            checked(api, "/requests/{id}", await window.get(f"/requests/{each['id']}{query}"))
    checked(api, "/cache", await window.get("/cache"))
    checked(api, "/distribution", await window.get("/distribution"))
    replayed = await window.post(f"/requests/{found[0]['id']}/replay", {})
    checked(api, "/requests/{id}/replay", replayed, "post")
    checked(api, "/invalidations", await window.post("/invalidations", {"paths": ["/*"]}), "post")


async def test_description_is_complete(edge, opened):
    """It is valid OpenAPI as far as its references go, and each address in it is one of the server."""
    window = await opened(edge())
    api = await window.get("/openapi.json")
    assert api["openapi"].startswith("3.1")
    for path, methods in api["paths"].items():
        for method in methods:
            async with window.session.request(method, window.url + path.replace("{id}", "none")) as answer:
                assert answer.status in ((200, 404) if method == "get" else (403,)), path
                text = "" if path.endswith("stream") else await answer.text()
                assert "openapi.json lists" not in text
