"""What is said in the end, and that it can be undone."""


def test_said(clone):
    """What stayed, what went, and what to think of now."""
    done = clone.run("make", "only", "FUNCTION=signer")
    first, *rest = done.stdout.splitlines()
    assert (done.returncode, done.stderr, first) == (0, "", "Kept: signer.")
    assert rest[:5] == [
        "Removed: authorizer, router, redirect, security_headers, benchmarks, and this command with its document and "
        "its tests.",
        "README.md is a new one. To think of now:",
        "- Nobody is asked for a password: everything is open, and X-Authenticated-User is what the viewer sends.",
        "- No answer has security headers: a response headers policy can set those that never change.",
        "- The books API (src/books, its table, site/books.html) is a demonstration: yours is named by the origin "
        "`books`, and what may be called there by SignerRole.",
    ]
    assert "docs/deployment.md" in rest[-2]
    assert rest[-1].endswith("Until then `git restore .` undoes it all.")


def test_undone(clone):
    """`git restore .` brings everything back."""
    assert clone.only("authorizer", "redirect").returncode == 0
    assert clone.changes()
    assert clone.run("git", "restore", ".").returncode == 0
    assert clone.changes() == []
