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
    if (folder / "site").exists():
        (folder / "site" / "index.html").write_text(PAGE)
    for name, old in (("samconfig.toml", "lambda-at-edge"), ("pyproject.toml", "lambda-at-edge-starter")):
        path = folder / name
        path.write_text(path.read_text().replace(old, "shop"))


@pytest.mark.parametrize("function", PARTS)
def test_fork(git_clone, function):
    """It passes `make lint` and its tests, which deploy it and send it requests; `make new` works there."""
    output = own_tests(git_clone, f"FUNCTION={function}")
    assert re.search(rf"PASSED tests/end_to_end/test_{function}\.py::", output)
    assert re.search(rf"PASSED tests/src/{function}/test_handler\.py::", output)


@pytest.mark.parametrize("function", [name for name, part in PARTS.items() if not part.not_attachable])
def test_without_distribution(git_clone, function):
    """So does a clone without a distribution. Its tests call the functions, and attach them to a distribution."""
    output = own_tests(git_clone, f"FUNCTION={function}", "ARGS=--without-distribution")
    for test in ("test_make_local", "test_attach"):
        assert f"PASSED tests/end_to_end/test_without_distribution.py::{test}" in output
    assert re.search(rf"PASSED tests/src/{function}/test_handler\.py::", output)


def own_tests(clone, *choice):
    """Reduces the clone, begins a function, and makes all of it a person's own. Returns its tests' output."""
    for command in (("only", *choice), ("new", "FUNCTION=geo", "EVENT=viewer-request"), ("lint",)):
        made = clone.run("make", *command)
        assert made.returncode == 0, made.stdout + made.stderr
    make_own(clone.folder)
    tests = clone.run("make", "test", "ARGS=--verbose -p no:cacheprovider", AUTHORIZER_REALM="Members")
    assert tests.returncode == 0, tests.stdout[-20_000:]
    assert re.search(r"PASSED tests/src/geo/test_handler\.py::", tests.stdout)
    return tests.stdout
