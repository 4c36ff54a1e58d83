"""`users add`, `users remove`, `users list`: the people who may sign in."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from authorizer.credentials import nfc
from authorizer.passwords import hash_password
from stack import passwords
from stack.errors import StackError

if TYPE_CHECKING:
    from stack.target import Stack

NAME = "users"
HELP = "add, remove and list the people who may sign in"
PLACE = 2

# The stack's output that names the users table.
TABLE_OUTPUT = "UsersTableName"

# A DynamoDB key may have 2,048 bytes, but browsers' prompts and log lines show long names badly. scrypt takes a
# password of any length, but name and password together have to fit into a header.
MAX_NAME_BYTES = 256
MAX_PASSWORD_BYTES = 1024


def add_commands(parser: argparse.ArgumentParser) -> None:
    """Adds the subcommands. Sets `run` to a function that takes the parsed options and the stack."""
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    adding = commands.add_parser(
        "add", help="add a user; asks for the password at a terminal, or reads one line from standard input"
    )
    adding.add_argument("name", help="the user name, without a colon: basic authentication does not allow one")
    adding.add_argument("--generate", action="store_true", help="generate a password and print it once")
    adding.add_argument("--replace", action="store_true", help="set a new password for an existing user")
    adding.set_defaults(run=_add)
    removing = commands.add_parser("remove", help="remove a user")
    removing.add_argument("name")
    removing.set_defaults(run=_remove)
    commands.add_parser("list", help="list the users' names").set_defaults(run=_list)


def advice(stack: Stack, outputs: Mapping[str, str]) -> Iterator[str]:
    """The next step if the stack has no users yet."""
    table = outputs.get(TABLE_OUTPUT)
    if table and next(names(stack.client("dynamodb"), table), None) is None:
        yield f"Nobody may sign in yet. Add the first user: {stack.command} users add NAME"


def _add(options: argparse.Namespace, stack: Stack) -> None:
    name = checked_name(options.name)
    table = stack.output(TABLE_OUTPUT)
    password = passwords.generated() if options.generate else checked_password(passwords.asked(name))
    put(stack.client("dynamodb"), table, name, password, replace=options.replace)
    print(
        f"{name} may now sign in to {stack.name}." + (" The password, shown only once:" if options.generate else ""),
        file=sys.stderr,
    )
    if options.generate:
        print(password)


def _remove(options: argparse.Namespace, stack: Stack) -> None:
    removed = stack.client("dynamodb").delete_item(
        TableName=stack.output(TABLE_OUTPUT), Key={"username": {"S": nfc(options.name)}}, ReturnValues="ALL_OLD"
    )
    if "Attributes" not in removed:
        raise StackError(f"There is no user {options.name!r} in {stack.name}. To see all users, run `users list`.")
    print(
        f"{options.name} is removed from {stack.name}. The edge may still accept the password for up to a minute.",
        file=sys.stderr,
    )


def _list(_: argparse.Namespace, stack: Stack) -> None:
    found = sorted(names(stack.client("dynamodb"), stack.output(TABLE_OUTPUT)))
    for name in found:
        print(name)
    if not found:
        print(f"{stack.name} has no users yet. Add one with `users add NAME`.", file=sys.stderr)


def put(dynamodb: Any, table: str, name: str, password: str, *, replace: bool = False) -> None:
    """Stores a user. Without `replace`, raises StackError if there is already a user of this name."""
    item = {"username": {"S": name}, "password": {"S": hash_password(password)}}
    unless_there = {} if replace else {"ConditionExpression": "attribute_not_exists(username)"}
    try:
        dynamodb.put_item(TableName=table, Item=item, **unless_there)
    except dynamodb.exceptions.ConditionalCheckFailedException:
        raise StackError(f"There is already a user {name!r}. To set a new password, add --replace.") from None


def names(dynamodb: Any, table: str) -> Iterator[str]:
    """The users' names, in arbitrary order."""
    for page in dynamodb.get_paginator("scan").paginate(TableName=table, ProjectionExpression="username"):
        for item in page["Items"]:
            yield item["username"]["S"]


def checked_name(name: str) -> str:
    """The name as it is stored, under the rules of RFC 7617 §2. Raises StackError."""
    problem = _problem(name, MAX_NAME_BYTES)
    if ":" in name:
        problem = "contains a colon, which basic authentication does not allow"
    if problem:
        raise StackError(f"The name {name!r} {problem}. Choose another.")
    return nfc(name)


def checked_password(password: str) -> str:
    """The password, unchanged. Raises StackError, whose text does not quote the password."""
    if problem := _problem(password, MAX_PASSWORD_BYTES):
        raise StackError(f"The password {problem}. Choose another.")
    return password


def _problem(text: str, max_bytes: int) -> str | None:
    if not text:
        return "is empty"
    # RFC 7617 §2: neither part may contain control characters, CTL of RFC 5234: %x00-1F and %x7F.
    if any(character < " " or character == "\x7f" for character in text):
        return "contains a control character"
    try:
        encoded = text.encode()
    except UnicodeEncodeError:
        return "is not UTF-8"
    return f"is longer than {max_bytes} bytes" if len(encoded) > max_bytes else None
