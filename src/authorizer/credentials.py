"""What a viewer sends to say who it is: HTTP basic authentication, RFC 7617."""

from __future__ import annotations

from binascii import a2b_base64
from unicodedata import normalize

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

# Generous: base64 of the longest user name DynamoDB could hold (2,048 bytes) and a password as long again.
MAX_LENGTH = 6144


class CredentialsError(Exception):
    """There is no usable user name and password. The text says why and repeats nothing the viewer sent."""


def parse(authorization: Sequence[str]) -> tuple[str, str]:
    """The user name and password in the values of a request's `Authorization` headers, which should be one.

    Raises CredentialsError.
    """
    if not authorization:
        raise CredentialsError("no credentials")
    if len(authorization) > 1:
        raise CredentialsError("more than one Authorization header")
    if len(authorization[0]) > MAX_LENGTH:
        raise CredentialsError("Authorization is too long")
    # RFC 7617 §2: the scheme is case-insensitive, the rest is one token68.
    scheme, _, token = authorization[0].partition(" ")
    if scheme.lower() != "basic":
        raise CredentialsError("Authorization is not of the Basic scheme")
    return split(decode(token.strip(" ")))


def decode(token: str) -> str:
    """Undo the base64 and UTF-8, and compose characters as RFC 7617 §2.1 asks of the viewer (NFC)."""
    try:
        text = a2b_base64(token, strict_mode=True).decode()
    except UnicodeDecodeError:
        raise CredentialsError("credentials are not UTF-8") from None
    except ValueError:
        raise CredentialsError("credentials are not base64") from None
    return nfc(text)


def nfc(text: str) -> str:
    """Give a text one spelling: keyboards differ in whether they send é as one code point or as two."""
    if text.isascii():
        return text
    return normalize("NFC", text)


def split(user_pass: str) -> tuple[str, str]:
    """Split at the first colon, so that a password may hold colons and a user name none (RFC 7617 §2)."""
    username, colon, password = user_pass.partition(":")
    if not colon:
        raise CredentialsError("credentials hold no colon")
    # RFC 7617 §2: neither part may hold control characters, CTL of RFC 5234: %x00-1F and %x7F.
    if any(character < " " or character == "\x7f" for character in user_pass):
        raise CredentialsError("credentials hold a control character")
    # A DynamoDB key is 1 to 2,048 bytes long: no such user can exist, and asking would be an error.
    if not 1 <= len(username.encode()) <= 2048:
        raise CredentialsError("the user name is empty or too long")
    return username, password
