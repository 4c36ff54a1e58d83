"""Asks for the password of a user who is added."""

from __future__ import annotations

import getpass
import secrets
import sys

from stack.errors import StackError


def generated() -> str:
    """A password of 20 random characters."""
    return secrets.token_urlsafe(15)


def asked(name: str) -> str:
    """Asks for the password twice at a terminal. Otherwise reads one line, which another program can write."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass(f"Password for {name}: ")
    if getpass.getpass("Repeat the password: ") != password:
        raise StackError("The two passwords differ. Nothing was changed. Run the command again.")
    return password
