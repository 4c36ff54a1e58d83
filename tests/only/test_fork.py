"""Clones of this repository, reduced to one function each, which then build, deploy, serve and pass their own tests."""

import re
import sys

import pytest

from only.parts import PARTS

pytestmark = pytest.mark.fork

# Where everything is run. In the others, what tests the parts that all have, and takes its time, is left out.
WHOLE = "signer"
SHARED = ("--ignore=tests/end_to_end/test_make_local.py", "--deselect=tests/end_to_end/test_deployment.py::test_guided")


@pytest.mark.parametrize("function", sorted(PARTS, key=lambda name: name != WHOLE))
def test_fork(git_clone, function):
    """The reduced clone passes its own tests, which build and deploy it, and send it requests."""
    reduced = git_clone.run("make", "only", f"FUNCTION={function}")
    assert reduced.returncode == 0, reduced.stderr
    tests = () if function == WHOLE else ("tests/src", "tests/stack", "tests/end_to_end", *SHARED)
    run = git_clone.run(sys.executable, "-m", "pytest", "--verbose", "-p", "no:cacheprovider", *tests)
    assert run.returncode == 0, run.stdout[-20_000:]
    for passed in (
        rf"^tests/end_to_end/test_{function}\.py::.* PASSED ",
        rf"^tests/src/{function}/test_handler\.py::.* PASSED ",
        r"^tests/end_to_end/test_sam\.py::test_build_and_deploy PASSED ",
    ):
        assert re.search(passed, run.stdout, re.MULTILINE), passed


def test_lint(git_clone):
    """`make lint` has nothing to say of what is left."""
    assert git_clone.run("make", "only", f"FUNCTION={WHOLE}").returncode == 0
    lint = git_clone.run("make", "lint")
    assert lint.returncode == 0, lint.stdout + lint.stderr
