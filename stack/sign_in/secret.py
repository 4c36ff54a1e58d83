"""The secret that holds the settings of sign-in. src/sign_in/settings.py documents them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sign_in.settings import Settings
from stack.errors import StackError

if TYPE_CHECKING:
    from stack.target import Stack

# The stack's output that names the secret.
SECRET_OUTPUT = "SignInSecretArn"  # noqa: S105 - the name of an output


def read(stack: Stack) -> dict[str, Any]:
    """The settings as they are. Raises StackError if the stack has no such secret, or if it holds no JSON object."""
    text = stack.client("secretsmanager").get_secret_value(SecretId=stack.output(SECRET_OUTPUT))["SecretString"]
    try:
        settings = json.loads(text)
    except ValueError:
        settings = None
    if not isinstance(settings, dict):
        raise StackError(
            f"The secret of the output {SECRET_OUTPUT} holds no JSON object. Put {{}} there, then configure sign-in."
        )
    return settings


def write(stack: Stack, settings: dict[str, Any]) -> None:
    """Writes the settings, if sign-in takes them. Raises StackError, which quotes no value of theirs."""
    try:
        Settings(settings)
    except ValueError as error:
        raise StackError(f"Sign-in would not take these settings: {error}. Nothing was changed.") from None
    text = json.dumps(settings, indent=1)
    stack.client("secretsmanager").put_secret_value(SecretId=stack.output(SECRET_OUTPUT), SecretString=text)
