"""Commands on a deployed stack: `python -m stack [--config-env E] [--stack-name N] [--region R] [--local] COMMAND`."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from pathlib import Path

# Commands import the functions' code, so that they store data in the form that the functions read.
sys.path.append(str(Path(__file__).resolve().parents[1] / "src"))

from stack import discovery, target
from stack.errors import StackError, explained


def main(arguments: list[str] | None = None) -> int:
    """Runs one command. Returns the exit status: 0, or 1 after a message on stderr that says what to do."""
    options = _parser().parse_args(arguments)
    try:
        stack = _stack(options)
        with explained(stack.name):
            options.run(options, stack)
    except StackError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # The reader of our output has closed it, as `| head` does.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m stack", description="Commands on a deployed stack.")
    parser.add_argument(
        "--config-env", metavar="ENV", help="the environment of samconfig.toml that names the stack (default: default)"
    )
    parser.add_argument("--stack-name", help="the stack's name on AWS (default: the name in samconfig.toml)")
    parser.add_argument(
        "--region", help="the stack's Region (default: the Region in samconfig.toml, or else us-east-1)"
    )
    parser.add_argument(
        "--local", action="store_true", help="use the stack that `make local` runs from the current folder"
    )
    groups = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in discovery.found():
        command.add_commands(groups.add_parser(command.NAME, help=command.HELP))
    return parser


def _stack(options: argparse.Namespace) -> target.Stack:
    named = {"--config-env": options.config_env, "--stack-name": options.stack_name, "--region": options.region}
    flags = [part for flag, value in named.items() if value for part in (flag, value)]
    if not options.local:
        command = shlex.join(["python", "-m", "stack", *flags])
        return target.on_aws(options.stack_name, options.region, options.config_env, command)
    if flags:
        raise StackError("--local already names the stack. Leave out --config-env, --stack-name and --region.")
    return target.on_this_machine(Path.cwd(), "python -m stack --local")


if __name__ == "__main__":
    sys.exit(main())
