"""Clones, reduced to one function each and made a person's own, build, deploy and pass their own tests."""

import re

import pytest

from only.parts import PARTS

pytestmark = pytest.mark.fork

PAGE = "<!doctype html>\n<html lang=en><title>Ada's</title><p>Hello.\n"


def make_own(folder):
    """A page, titles, and the stack's and the project's names of one's own."""
    for page in (folder / "site").rglob("*.html"):
        page.write_text(re.sub(r"<title>.*</title>", "<title>Ada's</title>", page.read_text()))
    (folder / "site" / "index.html").write_text(PAGE)
    for name, old in (("samconfig.toml", "lambda-at-edge"), ("pyproject.toml", "lambda-at-edge-starter")):
        path = folder / name
        path.write_text(path.read_text().replace(old, "shop"))


@pytest.mark.parametrize("function", PARTS)
def test_fork(git_clone, function):
    """It passes `make lint` and its tests, which deploy it and send it requests; `make new` works there."""
    for command in (("only", f"FUNCTION={function}"), ("new", "FUNCTION=geo", "EVENT=viewer-request"), ("lint",)):
        made = git_clone.run("make", *command)
        assert made.returncode == 0, made.stdout + made.stderr
    make_own(git_clone.folder)
    tests = git_clone.run("make", "test", "ARGS=--verbose -p no:cacheprovider", AUTHORIZER_REALM="Members")
    assert tests.returncode == 0, tests.stdout[-20_000:]
    for passed in (
        rf"PASSED tests/end_to_end/test_{function}\.py::",
        rf"PASSED tests/src/{function}/test_handler\.py::",
        r"PASSED tests/src/geo/test_handler\.py::",
    ):
        assert re.search(passed, tests.stdout), passed
