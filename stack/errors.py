"""The messages that a person at the terminal reads when a command fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

SIGN_IN = "Sign in (`aws configure`, `aws sso login`) or set AWS_PROFILE; for the stack of `make local`, use --local."

# Services have different error codes for the same error.
EXPIRED = ("ExpiredToken", "ExpiredTokenException", "RequestExpired")
UNKNOWN = ("InvalidClientTokenId", "UnrecognizedClientException", "AuthFailure", "SignatureDoesNotMatch")
# "403": an answer to a HEAD request has no error code.
DENIED = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "403")


class StackError(Exception):
    """An error that the person at the terminal can correct. The text says what was wrong and what to do."""


@contextmanager
def explained(stack_name: str) -> Iterator[None]:
    """Turns an exception of the AWS SDK into a StackError of one line."""
    from botocore import exceptions as sdk

    try:
        yield
    except (
        sdk.NoCredentialsError,
        sdk.PartialCredentialsError,
        sdk.ProfileNotFound,
        sdk.SSOError,
        sdk.TokenRetrievalError,
    ) as error:
        raise StackError(f"{str(error).rstrip('.')}. {SIGN_IN}") from None
    except sdk.ClientError as error:
        raise StackError(refusal(error, stack_name)) from None
    except (sdk.ConnectionError, sdk.HTTPClientError) as error:
        raise StackError(f"AWS cannot be reached for the stack {stack_name}: {error}") from None
    except sdk.BotoCoreError as error:
        raise StackError(f"The AWS SDK failed for the stack {stack_name}: {error}") from None


def refusal(error: ClientError, stack_name: str) -> str:
    """One line with the refused operation, AWS's message, and what to do."""
    code, operation = error.response["Error"].get("Code", ""), error.operation_name
    words = " ".join(error.response["Error"].get("Message", "").split()).rstrip(".")
    if code in EXPIRED:
        return f"Your credentials have expired ({operation}: {words}). {SIGN_IN}"
    if code in UNKNOWN:
        return f"AWS does not accept these credentials ({operation}: {words}). {SIGN_IN}"
    if code in DENIED:
        return (
            f"You have no permission for this on the stack {stack_name} ({operation}: {words}). Ask for the "
            "permission, or sign in with a role that has it."
        )
    return f"AWS refused an operation for the stack {stack_name}: {operation}: {words or code}."
