"""The demo user."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from stack.commands import users

if TYPE_CHECKING:
    from stack.target import Stack

# These sign in to a stack on this machine only. Recorded events contain them: `login` in pyproject.toml.
USER = PASSWORD = "demo"  # noqa: S105 - see above
LOGIN = f"{USER}:{PASSWORD}"


def load(stack: Stack, outputs: Mapping[str, str], _: Path) -> None:
    """Adds the user, if the stack has a users table."""
    if table := outputs.get(users.TABLE_OUTPUT):
        users.put(stack.client("dynamodb"), table, USER, PASSWORD, replace=True)


def to_try(outputs: Mapping[str, str], url: str) -> Iterator[str]:
    """Commands that request a page without and with the password."""
    if url and users.TABLE_OUTPUT in outputs:
        login = f"-u {LOGIN}"
        yield f"curl -i {url}/    # 401: the page needs a password"
        yield f"curl -i {login} {url}/    # 200: the page in the bucket"
        yield f"curl -si {login} {url}/ | grep -i x-cache    # Hit or RefreshHit: the page is now in the cache"
