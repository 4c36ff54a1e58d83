"""Makes a repository of your own from this one: `python -m only FUNCTION... [--without-distribution] [--force]`."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

# build.py knows what a function imports.
sys.path.append(str(Path(__file__).resolve().parents[1] / "src"))

from only.parts import ALL, PARTS, OnlyError, chosen
from only.reduction import reduce

ROOT = Path(__file__).resolve().parents[1]


def main(arguments: list[str] | None = None) -> int:
    """Returns the exit status: 0, or 1 after one line on stderr that says what was wrong, and nothing was changed."""
    options = _parser().parse_args(arguments)
    try:
        kept = chosen(options.functions, distribution=options.distribution)
        _check_folder()
        if not options.force:
            _check_committed()
    except OnlyError as error:
        print(error, file=sys.stderr)
        return 1
    reduce(ROOT, kept)
    print("\n".join(_report(kept)))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m only", description="Keep one function, or some, and what they need.")
    parser.add_argument("functions", metavar="FUNCTION", nargs="*", help="such as signer")
    parser.add_argument(
        "--without-distribution",
        dest="distribution",
        action="store_false",
        help="for a distribution that exists: `python -m stack attach` puts the functions on it",
    )
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


def _report(kept: Sequence[str]) -> Iterator[str]:
    going = [name for name in ALL if name not in kept]
    yield f"Kept: {', '.join(name for name in kept if name in PARTS)}."
    removed = [*(name for name in going if name != "attach"), "benchmarks"]
    yield f"Removed: {', '.join(removed)}, and this command with its tests."
    yield "README.md is a new one. Think now of:"
    if "distribution" in kept:
        yield from (f"- {ALL[name].missed}" for name in going if ALL[name].missed)
    yield from (f"- {ALL[name].to_think_of}" for name in kept if ALL[name].to_think_of)
    yield "- Names and titles: docs/your-own.md lists them. LICENSE and SECURITY.md are the starter's: make them yours."
    yield "- `make test`, `make lint`, `make local`; then commit. Until then, `git restore .` brings everything back."


if __name__ == "__main__":
    sys.exit(main())
