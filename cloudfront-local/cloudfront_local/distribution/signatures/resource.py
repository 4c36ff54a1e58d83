"""Whether the resource of a custom policy covers a URL.

Source: Developer Guide, "Create a signed URL using a custom policy", "Values that you specify in the policy".
"""

from __future__ import annotations

import re
from functools import lru_cache

_PATTERN = re.compile(r"(?:(?P<protocol>https?|\*)://)?(?P<domain>[^/]+)(?P<rest>/.*)?", re.DOTALL)


def covers(resource: str, url: str) -> bool:
    """A star stands for any number of characters, and a question mark for one, inside one of the four sections:
    protocol, domain, path and query string. A star at the end of the path also covers the query string, and one at the
    end of the domain all that follows. A question mark may also be the one that begins the query string."""
    pattern = _compiled(resource)
    return pattern is not None and pattern.fullmatch(url) is not None


@lru_cache
def _compiled(resource: str) -> re.Pattern[str] | None:
    """None for a resource that covers nothing: its protocol is missing, or is neither http, https nor a star."""
    if resource in ("", "*"):
        return re.compile(".*", re.DOTALL)
    found = _PATTERN.fullmatch(resource)
    if found is None or not (found["protocol"] or found["domain"].startswith("*")):
        return None
    protocol = "https?" if found["protocol"] in (None, "*") else found["protocol"]
    rest = found["rest"] or ""
    domain = _wildcards(found["domain"], "[^/?]")
    if not rest and found["domain"].endswith("*"):
        return re.compile(f"{protocol}://{domain}([/?].*)?", re.DOTALL)
    path, separator, query = rest.replace("\\?", "?").partition("?")
    if not separator:
        covered = _wildcards(path, "[^?]") + (r"(\?.*)?" if path.endswith("*") else "")
    else:
        covered = _wildcards(path, "[^?]") + "." + _wildcards(query, ".")
    return re.compile(f"{protocol}://{domain}{covered}", re.DOTALL)


def _wildcards(text: str, any_character: str) -> str:
    return "".join({"*": f"{any_character}*", "?": any_character}.get(each, re.escape(each)) for each in text)
