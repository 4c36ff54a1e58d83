"""Whether the resource of a custom policy covers a URL.

Source: Developer Guide, "Create a signed URL using a custom policy", "Values that you specify in the policy".
"""

from __future__ import annotations

import re
from functools import lru_cache

from cloudfront_local.distribution.wildcards import regular_expression

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
    domain = regular_expression(found["domain"], "[^/?]")
    if not rest and found["domain"].endswith("*"):
        return re.compile(f"{protocol}://{domain}([/?].*)?", re.DOTALL)
    path, separator, query = rest.replace("\\?", "?").partition("?")
    if not separator:
        covered = regular_expression(path, "[^?]") + (r"(\?.*)?" if path.endswith("*") else "")
    else:
        covered = regular_expression(path, "[^?]") + "." + regular_expression(query, ".")
    return re.compile(f"{protocol}://{domain}{covered}", re.DOTALL)
