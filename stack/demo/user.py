"""The demo user, who may enter a stack that has a table of users."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from stack.commands import users

if TYPE_CHECKING:
    from stack.target import Stack

# They open nothing but a stack on this machine. Recorded events show them: `login` in pyproject.toml.
USER = PASSWORD = "demo"  # noqa: S105 - see above
LOGIN = f"{USER}:{PASSWORD}"


def load(stack: Stack, outputs: Mapping[str, str], _: Path) -> None:
    """Adds the user."""
    if table := outputs.get(users.TABLE_OUTPUT):
        users.put(stack.client("dynamodb"), table, USER, PASSWORD, replace=True)


def to_try(outputs: Mapping[str, str], url: str) -> Iterator[str]:
    """Without the password, and with it."""
    if users.TABLE_OUTPUT in outputs:
        login = f"-u {LOGIN}"
        yield f"curl -i {url}/    # 401: nobody enters without a password"
        yield f"curl -i {login} {url}/    # 200: the page in the bucket"
        yield f"curl -si {login} {url}/ | grep -i x-cache    # Hit or RefreshHit: now it is in the cache"
