"""The kind of a viewer's device, told from its User-Agent.

CloudFront's own rules are not public [UNVERIFIED]. These follow the usual marks of browsers. A device may be of several
kinds. Source: Developer Guide, "Add CloudFront request headers" (device type).
"""

from __future__ import annotations

import re
from functools import lru_cache

# The kinds, each with the header that CloudFront has for it.
HEADERS = {
    "android": "CloudFront-Is-Android-Viewer",
    "desktop": "CloudFront-Is-Desktop-Viewer",
    "ios": "CloudFront-Is-IOS-Viewer",
    "mobile": "CloudFront-Is-Mobile-Viewer",
    "smart-tv": "CloudFront-Is-SmartTV-Viewer",
    "tablet": "CloudFront-Is-Tablet-Viewer",
}
FORM_FACTORS = frozenset({"desktop", "mobile", "smart-tv", "tablet"})

Device = frozenset[str]

_SMART_TV = re.compile(r"smart-?tv|apple ?tv|google ?tv|android tv|hbbtv|web0s|bravia|crkey|roku|\bAFT[A-Z]", re.I)
_TABLET = re.compile(r"ipad|tablet|kindle|silk/|playbook|android(?!.*mobile)", re.I)
_MOBILE = re.compile(r"mobi|iphone|ipod|windows phone|blackberry|opera mini", re.I)
_SYSTEMS = {
    "android": re.compile(r"android", re.I),
    "ios": re.compile(r"iphone|ipad|ipod", re.I),
}


@lru_cache(maxsize=1024)
def of_user_agent(user_agent: str) -> Device:
    """The kinds of the device: one form factor, and the system if that is Android or iOS. An unknown device, such as a
    program, counts as a desktop."""
    systems = {name for name, pattern in _SYSTEMS.items() if pattern.search(user_agent)}
    return frozenset({_form_factor(user_agent), *systems})


def _form_factor(user_agent: str) -> str:
    if _SMART_TV.search(user_agent):
        return "smart-tv"
    if _TABLET.search(user_agent):
        return "tablet"
    return "mobile" if _MOBILE.search(user_agent) else "desktop"


def named(text: str) -> Device | None:
    """The device of a text such as `tablet,ios`; None for `auto`, which leaves it to the User-Agent.

    Raises ValueError, with what is wrong and what to do.
    """
    kinds = frozenset(kind.strip().lower() for kind in text[:200].split(","))
    if kinds == {"auto"}:
        return None
    if not kinds <= HEADERS.keys() or not kinds & FORM_FACTORS:
        raise ValueError(
            f"{text[:40]!a} is not a device. Give desktop, mobile, tablet or smart-tv, with ,ios or ,android after it "
            "if you like; or auto, for what the User-Agent says."
        )
    return kinds
