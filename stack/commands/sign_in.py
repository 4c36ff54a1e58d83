"""`sign-in configure`, `sign-in rotate-keys`, `sign-in users add`: sign-in at an OpenID provider."""

from __future__ import annotations

import argparse
import json
import secrets
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sign_in.settings import KEPT_SECONDS
from stack import passwords
from stack.errors import StackError
from stack.pairs import by_name
from stack.sign_in import client, members, secret

if TYPE_CHECKING:
    from stack.target import Stack

NAME = "sign-in"
HELP = "configure sign-in at an OpenID provider, rotate its keys, add users"
PLACE = 3

# Until then, every function has read a change, and Secrets Manager has copied it to the secret's replicas.
LEARNT_SECONDS = KEPT_SECONDS + 60
# The settings that --set takes. The others come from the stack.
CHOSEN = ("scopes", "required_claims", "session_minutes", "session_hours_at_most", "bearer")


def add_commands(parser: argparse.ArgumentParser) -> None:
    """Adds the subcommands. Sets `run` to a function that takes the parsed options and the stack."""
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    configuring = commands.add_parser("configure", help="write the settings: run this after a deployment")
    configuring.add_argument(
        "--set", metavar="NAME=JSON", action="append", default=[], help=f"another setting: {', '.join(CHOSEN)}"
    )
    configuring.add_argument(
        "--address",
        metavar="URL",
        action="append",
        default=[],
        help="a further address, such as https://a.example.org; with --local, the one that your browser uses",
    )
    configuring.set_defaults(run=_configure)
    rotating = commands.add_parser("rotate-keys", help="sign sessions with a new key; nobody has to sign in again")
    rotating.add_argument("--at-once", action="store_true", help="end all sessions: everybody has to sign in again")
    rotating.set_defaults(run=_rotate)
    users = commands.add_parser("users", help="add users to the stack's own user pool")
    adding = users.add_subparsers(required=True, metavar="COMMAND").add_parser(
        "add", help="add a user; asks for the password at a terminal, or reads one line from standard input"
    )
    adding.add_argument("name")
    adding.add_argument("--email", default="", help="the user's address, which you have verified")
    adding.add_argument("--group", action="append", default=[], help="a group that the user belongs to")
    adding.add_argument("--generate", action="store_true", help="generate a password and print it once")
    adding.add_argument("--replace", action="store_true", help="set a new password for an existing user")
    adding.set_defaults(run=_add)


def advice(stack: Stack, outputs: Mapping[str, str]) -> Iterator[str]:
    """The next step if sign-in is not configured yet."""
    if secret.SECRET_OUTPUT in outputs and "addresses" not in secret.read(stack):
        yield f"Nobody can sign in under /members/ yet. Configure it: {stack.command} sign-in configure"


def _configure(options: argparse.Namespace, stack: Stack) -> None:
    addresses = configure(stack, by_name("--set", map(_setting, options.set)), options.address)
    print(f"Sign-in of {stack.name} is configured. Within {KEPT_SECONDS / 60:.0f} minutes, users can sign in at:")
    print("\n".join(f"  {address}/members/" for address in addresses))
    if client.POOL_OUTPUT not in stack.outputs():
        print("Register these addresses at the provider, after sign-in and after sign-out:", file=sys.stderr)
        for address in [*client.callbacks(addresses), *client.after_sign_out(addresses)]:
            print(f"  {address}", file=sys.stderr)


def configure(stack: Stack, chosen: Mapping[str, Any], further_addresses: Sequence[str]) -> list[str]:
    """Writes the settings. Those that are neither the stack's nor chosen stay as they are.

    Returns the addresses where users can sign in. Raises StackError.
    """
    outputs, addresses = stack.outputs(), client.addresses(stack, further_addresses)
    settings = {"session_key": _new_key(), **secret.read(stack), **client.values(stack, outputs), **chosen}
    secret.write(stack, {**settings, "addresses": addresses})
    if client.POOL_OUTPUT in outputs:
        client.register(stack, outputs, addresses.values())
    return sorted(set(addresses.values()))


def _setting(text: str) -> tuple[str, Any]:
    """The name and the value of --set. A text that is not JSON stands for itself."""
    name, equals, value = text.partition("=")
    if name not in CHOSEN or not equals:
        raise StackError(f"--set takes NAME=JSON. The names: {', '.join(CHOSEN)}. Nothing was changed.")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _rotate(options: argparse.Namespace, stack: Stack) -> None:
    settings = secret.read(stack)
    known, new = settings.get("session_key", ""), _new_key()
    if options.at_once:
        secret.write(stack, {**settings, "session_key": new, "previous_session_key": ""})
        print(f"All sessions of {stack.name} end within {KEPT_SECONDS / 60:.0f} minutes.", file=sys.stderr)
        return
    # First every function has to know the new key: one signs with it, and another has to take that session.
    secret.write(stack, {**settings, "session_key": known, "previous_session_key": new})
    print(f"The functions learn the new key. This takes {LEARNT_SECONDS / 60:.0f} minutes ...", file=sys.stderr)
    time.sleep(LEARNT_SECONDS)
    secret.write(stack, {**settings, "session_key": new, "previous_session_key": known})
    print("New sessions have the new key. Sessions of the old key stay valid until the next rotation.", file=sys.stderr)


def _new_key() -> str:
    return secrets.token_urlsafe(48)


def _add(options: argparse.Namespace, stack: Stack) -> None:
    pool = stack.outputs().get(client.POOL_OUTPUT)
    if not pool:
        raise StackError(f"{stack.name} has no user pool of its own. Add users at the provider that it names.")
    password = passwords.generated() if options.generate else passwords.asked(options.name)
    members.put(
        stack.client("cognito-idp"),
        pool,
        options.name,
        password,
        email=options.email,
        groups=options.group,
        replace=options.replace,
    )
    print(
        f"{options.name} may now sign in to {stack.name}."
        + (" The password, shown only once:" if options.generate else ""),
        file=sys.stderr,
    )
    if options.generate:
        print(password)
