"""Makes a repository of your own from this one: `python -m only FUNCTION... [--force]`, in its root."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from only.choice import Choice, chosen
from only.errors import OnlyError
from only.reduction import reduce

ROOT = Path(__file__).resolve().parents[1]
# They speak of the whole, or in the name of those who made it.
TO_READ = ("LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "docs/deployment.md", "docs/troubleshooting.md")


def main(arguments: list[str] | None = None) -> int:
    """Returns the exit status: 0, or 1 after one line on stderr that says what was wrong, and nothing was changed."""
    options = _parser().parse_args(arguments)
    try:
        choice = chosen(options.functions)
        _check_folder()
        if not options.force:
            _check_committed()
    except OnlyError as error:
        print(error, file=sys.stderr)
        return 1
    reduce(ROOT, choice)
    print("\n".join(_report(choice)))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m only", description="Keep one function, or some, and what they need.")
    parser.add_argument("functions", metavar="FUNCTION", nargs="*", help="such as signer")
    parser.add_argument(
        "--force", action="store_true", help="with uncommitted changes, too, which cannot be told apart"
    )
    return parser


def _check_folder() -> None:
    if Path.cwd() != ROOT:
        raise OnlyError(f"This works on the repository that it is in. Run it there: cd {ROOT}")


def _check_committed() -> None:
    status = subprocess.run(["git", "status", "--porcelain"], capture_output=True, text=True)  # noqa: S607 - git is git
    if status.returncode:
        raise OnlyError("git knows nothing of this folder, so nothing could be undone. Clone it, or add --force.")
    if status.stdout:
        raise OnlyError(
            "There are uncommitted changes (git status). Commit them, so that this can be undone, or add --force."
        )


def _report(choice: Choice) -> Iterator[str]:
    yield f"Kept: {', '.join(choice.kept)}."
    yield f"Removed: {', '.join([*choice.gone, 'benchmarks'])}, and this command with its document and its tests."
    yield "README.md is a new one. To think of now:"
    yield from (f"- {part.missed}" for part in choice.going if part.missed)
    yield from (f"- {part.to_think_of}" for part in choice.staying)
    yield "- Names: the stack's in samconfig.toml (three), the project's in pyproject.toml, the pages' titles in site/."
    yield f"- Read what was written for the whole: {', '.join(name for name in TO_READ if (ROOT / name).exists())}."
    yield "- `make test`, `make lint`, `make local`; then commit. Until then `git restore .` undoes it all."


if __name__ == "__main__":
    sys.exit(main())
