"""What is said in the end, and that it can be undone."""

import pytest

pytestmark = pytest.mark.long


def test_said(clone):
    """What stayed, what went, and what to think of now."""
    done = clone.run("make", "only", "FUNCTION=signer")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "Kept: signer.",
        "Removed: authorizer, sign_in, router, redirect, rewrite, security_headers, benchmarks, and this command with "
        "its tests.",
        "README.md is a new one. Think now of:",
        "- Nobody is asked for a password: everything is open, and X-Authenticated-User is what the viewer sends.",
        "- No answer has security headers: a response headers policy can set those that never change.",
        "- The books API (src/books, its table, its page) is a demonstration. Name your API in its place, and allow in "
        "SignerRole what may be called there.",
        "- Names and titles: docs/your-own.md lists them. LICENSE and SECURITY.md are the starter's: make them yours.",
        "- `make test`, `make lint`, `make local`; then commit. Until then, `git restore .` brings everything back.",
    ]


def test_without_distribution(clone):
    """Nothing is open, because nothing is served. The next command is named."""
    done = clone.run("make", "only", "FUNCTION=redirect", "ARGS=--without-distribution")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[:6] == [
        "Kept: redirect.",
        "Removed: authorizer, sign_in, signer, router, rewrite, security_headers, distribution, benchmarks, and this "
        "command with its tests.",
        "README.md is a new one. Think now of:",
        "- The form and its target are a demonstration: docs/redirect.md says what to change.",
        "- The functions run on no distribution yet: `python -m stack attach` puts each on yours (docs/attach.md).",
        "- Names and titles: docs/your-own.md lists them. LICENSE and SECURITY.md are the starter's: make them yours.",
    ]


def test_undone(clone):
    """`git restore .` brings everything back."""
    assert clone.only("authorizer", "redirect").returncode == 0
    assert clone.changes()
    assert clone.run("git", "restore", ".").returncode == 0
    assert clone.changes() == []
