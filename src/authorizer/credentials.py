"""Reads a viewer's user name and password: HTTP basic authentication, RFC 7617."""

from __future__ import annotations

from binascii import a2b_base64
from unicodedata import normalize

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

# The length of a whole header value. It holds, in base64, the longest user name that DynamoDB takes as a key (2,048
# bytes) and a password of about the same length.
MAX_LENGTH = 6144


class CredentialsError(Exception):
    """The request has no usable user name and password. The text says why and quotes nothing that the viewer sent."""


def parse(authorization: Sequence[str]) -> tuple[str, str]:
    """The user name and password. `authorization` holds the values of the request's `Authorization` headers.

    Raises CredentialsError, also for more than one value.
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
        raise CredentialsError("the scheme of Authorization is not Basic")
    return split(decode(token.strip(" ")))


def decode(token: str) -> str:
    """Decode base64 and UTF-8, and normalize the text to NFC. RFC 7617 §2.1 asks the viewer for NFC as well."""
    try:
        text = a2b_base64(token, strict_mode=True).decode()
    except UnicodeDecodeError:
        raise CredentialsError("credentials are not UTF-8") from None
    except ValueError:
        raise CredentialsError("credentials are not base64") from None
    return nfc(text)


def nfc(text: str) -> str:
    """A text in Unicode's normalization form C: some keyboards send é as one code point, others as two."""
    if text.isascii():
        return text
    return normalize("NFC", text)


def split(user_pass: str) -> tuple[str, str]:
    """Split at the first colon. A password may contain colons, a user name may not (RFC 7617 §2)."""
    username, colon, password = user_pass.partition(":")
    if not colon:
        raise CredentialsError("credentials contain no colon")
    # RFC 7617 §2: neither part may contain control characters, CTL of RFC 5234: %x00-1F and %x7F.
    if any(character < " " or character == "\x7f" for character in user_pass):
        raise CredentialsError("credentials contain a control character")
    # A DynamoDB key is 1 to 2,048 bytes long. DynamoDB would answer any other key with an error.
    if not 1 <= len(username.encode()) <= 2048:
        raise CredentialsError("the user name is empty or too long")
    return username, password
