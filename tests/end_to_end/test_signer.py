"""The books API through all the parts: viewer, distribution, signer, IAM, function URL, DynamoDB."""

import os
import random
import string
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.end_to_end.conftest import send

USER = ("demo", "demo")
DUNE = {"title": "Dune", "author": "Frank Herbert", "year": 1965, "isbn": "978-0-441-17271-9"}
NOBODY = "00000000-0000-4000-8000-000000000000"
PNG = b"\x89PNG\r\n\x1a\n"


class Api:
    """The API as the demo user reaches it, whoever asks for a password."""

    def __init__(self, distribution: Any) -> None:
        self._distribution = distribution

    def call(self, method: str, path: str, document: object = None, body: bytes = b"", **headers: str) -> Any:
        """A request under /api/books, with a JSON body if there is a document."""
        return self._distribution.request(
            method, f"/api/books{path}", user=USER, headers=headers, json=document, body=body
        )

    def create(self, **fields: object) -> dict[str, Any]:
        answer = self.call("POST", "", {**DUNE, **fields})
        assert answer.status == 201, answer
        return answer.json


@pytest.fixture
def api(distribution) -> Api:
    return Api(distribution)


def test_life_of_a_book(api) -> None:
    """A book is created, read, listed, updated, given a cover and deleted."""
    created = api.call("POST", "", DUNE)
    book = created.json
    path = f"/{book['id']}"
    assert created.status == 201
    assert created.headers["location"] == f"books/{book['id']}"
    assert {name: book[name] for name in (*DUNE, "version")} == {**DUNE, "version": 1}
    assert api.call("GET", path).json == book
    assert book in api.call("GET", "").json["books"]

    updated = api.call("PUT", path, {"title": "Dune \N{DESERT}", "author": "Frank Herbert", "version": 1})
    assert (updated.status, updated.json["title"], updated.json["version"]) == (200, "Dune \N{DESERT}", 2)
    assert api.call("GET", path).json == updated.json
    late = api.call("PUT", path, {**DUNE, "version": 1})
    assert (late.status, late.headers["content-type"]) == (409, "application/problem+json")

    picture = PNG + os.urandom(40_000) + bytes(range(256))
    covered = api.call("PUT", f"{path}/cover?version=2", body=picture, **{"Content-Type": "image/png"})
    assert (covered.status, covered.json["version"]) == (200, 3)
    cover = api.call("GET", f"{path}/cover")
    assert (cover.status, cover.headers["content-type"], cover.content) == (200, "image/png", picture)
    assert api.call("HEAD", path).content == b""

    assert api.call("DELETE", f"{path}?version=2").status == 409
    assert api.call("DELETE", f"{path}?version=3").status == 204
    assert api.call("GET", path).status == 404


def test_refusals(api) -> None:
    """What the API refuses arrives as it said it, errors cached by nobody."""
    missing = api.call("POST", "", {"title": "Dune"})
    assert (missing.status, missing.json["field"]) == (400, "author")
    assert api.call("GET", f"/{NOBODY}").status == 404
    wrong_method = api.call("PATCH", "", DUNE)
    assert (wrong_method.status, wrong_method.headers["allow"]) == (405, "GET, HEAD, POST")
    assert api.call("POST", "", DUNE, **{"Content-Type": "text/plain"}).status == 415


def test_direct_call(distribution) -> None:
    """The function URL itself answers 403, with the viewer's password as without it."""
    host, aws = urlsplit(distribution.outputs["BooksUrl"]).netloc, distribution.client("lambda").meta.endpoint_url
    for headers in ({}, {"Authorization": "Basic ZGVtbzpkZW1v"}, {"X-Authenticated-User": "demo"}):
        answer = send(aws, "GET", "/books", {"Host": host, **headers})
        assert (answer.status, "books" in answer.json) == (403, False)


# ── Bodies ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("size", [0, 1, 40_000, 40 * 1024, 40 * 1024 + 1, 256 * 1024])
def test_binary_body(api, size: int) -> None:
    """Every byte of a cover comes back, whatever it is; one without bytes is none."""
    path = f"/{api.create()['id']}/cover"
    picture = os.urandom(size)
    stored = api.call("PUT", path, body=picture, **{"Content-Type": "image/png"})
    if not size:
        assert (stored.status, stored.json["field"]) == (400, "body")
        return
    assert stored.status == 200
    assert api.call("GET", path).content == picture


@pytest.mark.parametrize(
    ("size", "x_cache", "detail"),
    [
        (1024 * 1024, "Error", f"The body has {1024 * 1024} bytes; the limit is {256 * 1024}."),
        (
            1024 * 1024 + 1,
            "LambdaGeneratedResponse",
            "The body is larger than 1 MB, CloudFront's limit for a body that is signed.",
        ),
    ],
)
def test_body_limit(api, size: int, x_cache: str, detail: str) -> None:
    """1 MB reaches the API whole, which finds it too large; one byte more cannot be signed, and the answer says so."""
    refused = api.call("PUT", f"/{NOBODY}/cover", body=os.urandom(size), **{"Content-Type": "image/png"})
    assert (refused.status, refused.json["detail"]) == (413, detail)
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["x-cache"] == f"{x_cache} from cloudfront"


@pytest.mark.long
def test_parallel_writers(api) -> None:
    """100 writers change one book at once, each again until it has: no change is lost."""
    path = f"/{api.create(title='-')['id']}"
    marks = string.printable[:94] + "ÄÖÜäöü"

    def write(mark: str) -> None:
        for _ in marks:  # A writer is refused when another got through: fewer times than there are writers.
            book = api.call("GET", path).json
            change = {"title": book["title"] + mark, "author": mark, "version": book["version"]}
            answer = api.call("PUT", path, change)
            if answer.status == 200:
                return
            assert answer.status == 409, answer
            # A turn takes 50 ms. So many still want one, and at a random time most of them get through undisturbed.
            waiting = len(marks) + 1 - answer.json["current_version"]
            time.sleep(random.uniform(0, 0.05 * waiting))
        raise AssertionError(f"{mark} never had its turn")

    with ThreadPoolExecutor(len(marks)) as writers:
        list(writers.map(write, marks))
    book = api.call("GET", path).json
    assert (sorted(book["title"]), book["version"]) == (sorted("-" + marks), 101)


# ── Tricks of a viewer ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ("", {"X-Amz-Date": "20000101T000000Z", "X-Amz-Security-Token": "forged"}),
        ("", {"X-Amz-Content-Sha256": "UNSIGNED-PAYLOAD"}),
        ("?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=test%2F20000101&X-Amz-Signature=0", {}),
        ("?x%2Damz%2Dsignature=0&X-Amz-SignedHeaders=host", {}),
        ("", {"X-Forwarded-Host": "example.org", "X-Forwarded-User": "root", "X-Amz-User-Agent": "x"}),
        ("", {"X-Signer-Mode": "body-hash", "X-Signer-Service": "s3", "X-Signer-Strip-Prefix": "/"}),
    ],
)
def test_viewer_tricks(api, query: str, headers: dict[str, str]) -> None:
    """Whatever a viewer sends along, the signature is the signer's."""
    answer = api.call("POST", query, DUNE, **headers)
    assert answer.status == 201, answer


@pytest.mark.parametrize(
    "query",
    [
        "?a=1&a=2&a=",
        "?limit=5&next",
        "?=&&=x&",
        "?q=a+b%20c%2Bd",
        "?q=%7E~%2a*[]'()!$,;:@/?",
        "?q=%E2%98%83&%C3%A4=%c3%b6",
        "?q=%zz%&%",
        "?q=a%26b%3Dc%23d",
    ],
)
def test_queries(api, query: str) -> None:
    """A query in any spelling is signed as it is sent: the API answers, not AWS's 403."""
    answer = api.call("GET", query)
    expected = 400 if "next" in query else 200
    assert (answer.status, "x-amzn-errortype" in answer.headers) == (expected, False), answer


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/%2e%2e/books", 200),
        ("/./", 404),
        ("//", 404),
        ("/a%2Fb", 404),
        ("/%C3%A4%20%7E~", 404),
        ("/a+b;c=d@e:f", 404),
        ("/%25", 404),
        ("/[x]|'()", 404),
    ],
)
def test_paths(api, path: str, status: int) -> None:
    """A path in any spelling too; what is not there is the API's own 404."""
    answer = api.call("GET", path)
    assert (answer.status, "x-amzn-errortype" in answer.headers) == (status, False), answer
