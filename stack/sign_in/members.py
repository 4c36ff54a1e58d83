"""The users of the stack's own user pool."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from stack.errors import StackError


def put(
    cognito: Any, pool: str, name: str, password: str, *, email: str = "", groups: Sequence[str] = (), replace: bool
) -> None:
    """Adds a user who signs in with this password from the start, to these groups, which are made if need be.

    With `replace`, an existing user gets the password and the groups. Otherwise raises StackError for such a user.
    """
    attributes = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}] if email else []
    try:
        cognito.admin_create_user(
            UserPoolId=pool,
            Username=name,
            UserAttributes=attributes,
            TemporaryPassword=password,  # The pool checks it before there is a user.
            MessageAction="SUPPRESS",
        )
    except cognito.exceptions.UsernameExistsException:
        if not replace:
            raise StackError(f"There is already a user {name!r}. To set a new password, add --replace.") from None
    except cognito.exceptions.InvalidPasswordException:
        raise StackError("The password is too short: the pool asks for 12 characters. Choose another.") from None
    cognito.admin_set_user_password(UserPoolId=pool, Username=name, Password=password, Permanent=True)
    for group in groups:
        with suppress(cognito.exceptions.GroupExistsException):
            cognito.create_group(UserPoolId=pool, GroupName=group)
        cognito.admin_add_user_to_group(UserPoolId=pool, Username=name, GroupName=group)
