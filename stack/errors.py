"""What a person at the terminal reads when a command fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

SIGN_IN = "Sign in (`aws configure`, `aws sso login`) or set AWS_PROFILE; for `make local`'s stack, use --local."

# What the services call the same thing.
EXPIRED = ("ExpiredToken", "ExpiredTokenException", "RequestExpired")
UNKNOWN = ("InvalidClientTokenId", "UnrecognizedClientException", "AuthFailure", "SignatureDoesNotMatch")
DENIED = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "403")  # An answer to HEAD has no words.


class StackError(Exception):
    """Something that the person at the terminal can put right. The text says what was wrong and what to do."""


@contextmanager
def explained(stack_name: str) -> Iterator[None]:
    """Turns what the AWS SDK raises into a StackError of one line."""
    from botocore import exceptions as sdk

    try:
        yield
    except (sdk.NoCredentialsError, sdk.PartialCredentialsError, sdk.TokenRetrievalError, sdk.SSOError) as error:
        raise StackError(f"{error} {SIGN_IN}") from None
    except sdk.ProfileNotFound as error:
        raise StackError(f"{error}. {SIGN_IN}") from None
    except sdk.ClientError as error:
        raise StackError(refusal(error, stack_name)) from None
    except (sdk.ConnectionError, sdk.HTTPClientError) as error:
        raise StackError(f"AWS cannot be reached, for the stack {stack_name}: {error}") from None
    except sdk.BotoCoreError as error:
        raise StackError(f"AWS cannot be asked, for the stack {stack_name}: {error}") from None


def refusal(error: ClientError, stack_name: str) -> str:
    """One line: what AWS refused, in its own words, and what to do about it."""
    code, operation = error.response["Error"].get("Code", ""), error.operation_name
    words = " ".join(error.response["Error"].get("Message", "").split()).rstrip(".")
    if code in EXPIRED:
        return f"Your credentials have expired ({operation}: {words}). {SIGN_IN}"
    if code in UNKNOWN:
        return f"AWS does not take these credentials ({operation}: {words}). {SIGN_IN}"
    if code in DENIED:
        return (
            f"You may not do that to the stack {stack_name} ({operation}: {words}). Have it allowed, or sign in with a "
            "role that may."
        )
    return f"AWS refused, for the stack {stack_name}: {operation}: {words or code}."
