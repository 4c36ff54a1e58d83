"""Sign-in, configured, and two demo users of the embedded AWS's user pool, one of them in the group `staff`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from stack.commands import sign_in
from stack.sign_in import client, members, secret

if TYPE_CHECKING:
    from stack.target import Stack

# These sign in to a stack on this machine only.
USERS: dict[str, list[str]] = {"demo": [], "ada": ["staff"]}
PASSWORD = "demo-demo-demo"  # noqa: S105 - see above
SETTINGS = {"required_claims": {"/members/staff": {"cognito:groups": "staff"}}}


def load(stack: Stack, outputs: Mapping[str, str], _: Path) -> None:
    """Configures sign-in and adds the users, if the stack has the secret and a user pool of its own."""
    if secret.SECRET_OUTPUT not in outputs:
        return
    sign_in.configure(stack, SETTINGS, [])
    if pool := outputs.get(client.POOL_OUTPUT):
        for name, groups in USERS.items():
            members.put(
                stack.client("cognito-idp"),
                pool,
                name,
                PASSWORD,
                email=f"{name}@example.org",
                groups=groups,
                replace=True,
            )


def to_try(outputs: Mapping[str, str], url: str) -> Iterator[str]:
    """The page to open, and the request of a program that nobody has signed in for."""
    if client.POOL_OUTPUT in outputs:
        yield f"curl -i {url}/members/    # 401 for a program. In a browser, sign in as demo with {PASSWORD}"
