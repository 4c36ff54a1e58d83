"""What is refused, in one line, and leaves everything as it was."""

import shutil
import sys

import pytest

pytestmark = pytest.mark.long

THERE = "There are: authorizer, sign_in, signer, router, redirect, rewrite, security_headers.\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("sign",), f"There is no function 'sign'. {THERE}"),
        (("signer", "books"), f"There is no function 'books'. {THERE}"),
        (
            ("rewrite", "--without-distribution"),
            "rewrite is a CloudFront Function, and `python -m stack attach` is for functions of Lambda@Edge. Leave "
            "rewrite out, or leave --without-distribution out.\n",
        ),
        (
            ("sign_in", "--without-distribution"),
            "sign_in has a user pool that sends browsers back to the stack's own distribution. Leave sign_in out, or "
            "leave --without-distribution out.\n",
        ),
        ((), f"Say which function is to stay: `make only FUNCTION=signer`. {THERE}"),
    ],
)
def test_functions(clone, arguments, said):
    """A name that is none of a function's, or no name at all: which there are."""
    refused = clone.only(*arguments)
    assert (refused.returncode, refused.stdout, refused.stderr) == (1, "", said)
    assert clone.changes() == []


def test_make(clone):
    """`make only` says the same."""
    refused = clone.run("make", "only", "FUNCTION=sign")
    assert refused.returncode == 2
    assert refused.stderr.startswith(f"There is no function 'sign'. {THERE}")


@pytest.mark.parametrize("name", ["README.md", "new.txt", "src/router/new.py"])
def test_uncommitted_changes(clone, name):
    """What git could not bring back is not put at risk, be it changed or new."""
    path = clone.folder / name
    path.write_text("mine\n")
    refused = clone.only("signer")
    assert (refused.returncode, refused.stdout, refused.stderr) == (
        1,
        "",
        "There are uncommitted changes (git status). Commit them, so that this can be undone, or add --force.\n",
    )
    assert [line[3:] for line in clone.changes()] == [name]
    assert path.read_text() == "mine\n"


def test_force(clone):
    """--force goes on with uncommitted changes."""
    (clone.folder / "new.txt").write_text("mine\n")
    assert clone.only("signer", "--force").returncode == 0
    assert not (clone.folder / "src" / "router").exists()
    assert (clone.folder / "new.txt").read_text() == "mine\n"


def test_no_repository(clone):
    """Where there is no git, nothing could be undone."""
    shutil.rmtree(clone.folder / ".git")
    refused = clone.only("signer")
    assert (refused.returncode, refused.stderr) == (
        1,
        "git knows nothing of this folder, so nothing could be undone. Clone it, or add --force.\n",
    )
    assert (clone.folder / "src" / "router").is_dir()


def test_another_folder(clone):
    """Run elsewhere, it does not guess which repository is meant."""
    command = (sys.executable, "-m", "only", "signer")
    refused = clone.run("sh", "-c", 'cd stack && exec "$@"', "sh", *command, PYTHONPATH=str(clone.folder))
    assert (refused.returncode, refused.stdout, refused.stderr) == (
        1,
        "",
        f"This works on the repository that it is in. Run it there: cd {clone.folder}\n",
    )
    assert clone.changes() == []
