"""What no viewer, no origin and no log may learn."""

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlsplit

# The beginnings of sign-in's cookies: only the browser that has to keep them gets their values.
COOKIES = "__Host-sign-in"
# The authorization request's own: they are random, so any short text may occur in them.
RANDOM = ("state", "nonce", "code_challenge")

# The beginning of every token, and of every payload of a cookie: base64url of `{"`.
TOKEN = "eyJ"


def told(secrets: Iterable[str], headers: Iterable[tuple[str, str]], *texts: str) -> list[str]:
    """The secrets that occur in the headers or in the texts of a response, or of a request that goes on."""
    shown = [*texts, *(part for name, value in headers for part in (name, *_shown(name.lower(), value)))]
    return [secret for secret in secrets if any(_is_in(secret, text) for text in shown)]


def _is_in(secret: str, text: str) -> bool:
    """Whether a text has a secret. TOKEN counts at the beginning of a word: within a random one it stands by chance."""
    return re.search(rf"(?<![\w-]){TOKEN}", text) is not None if secret == TOKEN else secret in text


def _shown(name: str, value: str) -> list[str]:
    """What a header shows: all but the value of a cookie of sign-in's, and the random parameters."""
    if name == "set-cookie" and value.startswith(COOKIES):
        cookie, _, attributes = value.partition(";")
        return [cookie.partition("=")[0], attributes]
    if name == "location" and urlsplit(value).path.endswith("/authorize"):
        parts = urlsplit(value)
        return [parts._replace(query="").geturl(), *(v for n, v in parse_qsl(parts.query) if n not in RANDOM)]
    return [value]
