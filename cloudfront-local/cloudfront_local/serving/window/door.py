"""Who may ask the window: programs and pages of this machine at the window's own address. Not the pages of other sites.

A page of any site can send requests to this machine, and a domain name of anybody can lead to it (DNS rebinding).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

# A request that changes something carries this header: another site's page cannot send it without asking first.
MARK = "X-Local-Window"

_OWN_HOST = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::[0-9]{1,5})?", re.IGNORECASE)

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Headers of each answer."""


def refusal(method: str, headers: Mapping[str, str]) -> str:
    """Why the window refuses a request, in a sentence; empty if it does not."""
    host = headers.get("Host", "")
    if not _OWN_HOST.fullmatch(host):
        return "The window answers to 127.0.0.1 and localhost only, and the request's Host is another one."
    # Behind a forwarded port (a container, an editor), the port differs from the window's: Host and Origin agree.
    if headers.get("Origin", f"http://{host}").lower() != f"http://{host}".lower():
        return "The window does not answer pages of other sites, and the header Origin names another site."
    if headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        return "The window does not answer pages of other sites, and the header Sec-Fetch-Site says so."
    if method == "POST" and headers.get(MARK) != "1":
        return f"A request that changes something needs the header {MARK}: 1."
    if method == "POST" and headers.get("Content-Type", "").partition(";")[0].strip() != "application/json":
        return "A request that changes something needs the header Content-Type: application/json."
    return ""
