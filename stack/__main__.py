"""Commands on a deployed stack: `python -m stack [--stack-name N] [--region R] [--local] users|site|files ...`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

# The authorizer's own code hashes the passwords that it will check.
sys.path.append(str(Path(__file__).resolve().parents[1] / "src"))

from stack import files, site, target, users
from stack.errors import StackError


def main(arguments: list[str] | None = None) -> int:
    """Returns the exit status: 0, or 1 after one line on stderr that says what was wrong and what to do."""
    options = _parser().parse_args(arguments)
    try:
        stack = _stack(options)
        with target.explained(stack.name):
            options.run(options, stack)
    except StackError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m stack", description="Commands on a deployed stack.")
    parser.add_argument("--stack-name", help="the stack's name on AWS (the one in samconfig.toml)")
    parser.add_argument("--region", help="the stack's Region (the one in samconfig.toml, or us-east-1)")
    parser.add_argument(
        "--local", action="store_true", help="the stack that `make local` runs, started from this folder"
    )
    groups = parser.add_subparsers(required=True, metavar="COMMAND")
    users.add_commands(groups.add_parser("users", help="who may enter"))
    files.add_commands(groups.add_parser("files", help="files in the buckets of many Regions"))
    site.add_commands(groups.add_parser("site", help="upload the pages to the stack's bucket"))
    return parser


def _stack(options: argparse.Namespace) -> target.Stack:
    if not options.local:
        return target.on_aws(options.stack_name, options.region)
    if options.stack_name or options.region:
        raise StackError("--local names the stack by itself: leave out --stack-name and --region.")
    return target.on_this_machine(Path.cwd())


if __name__ == "__main__":
    sys.exit(main())
