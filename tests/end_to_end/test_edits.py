"""Whatever is edited while `make local` runs is in the next answers: functions, pages, the template."""

import http.client
import time
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cloudfront_local.aws.build import Builder
from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.aws.project import Project
from cloudfront_local.aws.sam import Sam
from tests.end_to_end.conftest import RunningStack

pytestmark = pytest.mark.long

LOGIN = {"Authorization": f"Basic {b64encode(b'demo:demo').decode()}"}


def eventually(condition: Callable[[], Any]) -> Any:
    for _ in range(600):
        if found := condition():
            return found
        time.sleep(0.1)
    raise AssertionError("the condition did not hold within 60 s")


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_edits(project):
    """The next request runs edited functions; pages, template and settings follow; mistakes change nothing."""
    process = project.start("make", "local")
    stack = RunningStack(project, project.await_ready(process))

    # A function behind a URL, and one behind an API, which the router asks.
    books = project.folder / "src" / "books" / "handler.py"
    books.write_text(books.read_text() + 'def handler(event, context): return {"statusCode": 418, "body": "edited"}\n')
    answer = stack.get("/api/books", "demo:demo")
    assert (answer.status, answer.body) == (418, "edited")
    locator = project.folder / "src" / "locator" / "handler.py"
    locator.write_text(locator.read_text() + 'def handler(event, context): return {"statusCode": 418}\n')
    assert stack.get("/files/hello", "demo:demo").status >= 500
    assert set(rebuilt(project.folder)) == {"BooksFunction", "LocatorFunction"}

    # A function at the edge.
    authorizer = project.folder / "src" / "authorizer" / "handler.py"
    code = authorizer.read_text()
    authorizer.write_text(code + 'def handler(event, context): return {"status": "418"}\n')
    assert stack.get().status == 418
    authorizer.write_text(code)
    assert stack.get().status == 401

    # Pages.
    page = project.folder / "site" / "edited.html"
    page.write_text("<p>one")
    eventually(lambda: stack.get("/edited.html", "demo:demo").body == "<p>one")
    page.write_text("<p>another")
    eventually(lambda: stack.get("/edited.html", "demo:demo").body == "<p>another")

    # A CloudFront Function, whose code the template has.
    (project.folder / "src" / "rewrite" / "index.js").write_text("function handler() { return { statusCode: 418 }; }\n")
    eventually(lambda: stack.get("/blog/x").status == 418)

    # The template, over a connection that stays; afterwards mistakes, which are told.
    connection = http.client.HTTPConnection(stack.description.url.removeprefix("http://"), timeout=60)
    connection.connect()
    socket = connection.sock
    template = project.folder / "template.yaml"
    replaced(template, "DefaultRootObject: index.html", "DefaultRootObject: edited.html")

    def root() -> bytes:
        connection.request("GET", "/", headers=LOGIN)
        return connection.getresponse().read()

    eventually(lambda: root() == b"<p>another")
    assert connection.sock is socket
    replaced(template, "DefaultRootObject: edited.html", "DefaultRootObject: [edited.html")
    eventually(lambda: "the previous deployment goes on" in project.output)
    assert root() == b"<p>another"
    connection.close()
    assert stack.get("/api/books", "demo:demo").status == 418


def rebuilt(folder: Path) -> list[str]:
    """The logical ids of the functions that were built after the start."""
    return [path.name for path in folder.glob(".aws-sam/local/deployment-1/rebuilt/*/*") if path.name != "scratch"]


@pytest.mark.parametrize("realm", ["", "Members"])
async def test_builds_are_those_of_sam(project, tmp_path, monkeypatch, realm):
    """What an edit builds is what `sam build` builds, to the byte, for every function."""
    monkeypatch.setenv("AUTHORIZER_REALM", realm)
    found = Project(project.folder / "template.yaml")
    endpoint = Endpoint("http://127.0.0.1:9")
    sam = Sam(found, endpoint)
    await sam.build()
    builder = Builder(found, sam, endpoint.environment())
    for name in builder.definitions:
        empty = tmp_path / name
        empty.mkdir()
        assert content(await builder.build(name, empty)) == content(found.build_dir / name)
        assert not (empty / "build").exists()  # sam was not started


def content(folder: Path) -> dict[str, tuple[bytes, int]]:
    """The bytes and the mode of each file."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mode) for path in files}
