"""The pages that stay: they lead to no page that is gone, and load no script that is."""

from __future__ import annotations

import re
from pathlib import Path

# A link to a page stands in a list, of the navigation or of cards; no list stands in another.
ITEM = re.compile(r"\n *<li\b(?:(?!</li>).)*</li>", re.DOTALL)
SCRIPT = re.compile(r"\n *<script\b[^>]*></script>")
EMPTY_LIST = re.compile(r"\n *<ul\b[^>]*>\s*</ul>")


def page(text: str, site: Path) -> str:
    """Without list items and scripts that name a path which is not there, in the folder of the pages."""

    def if_there(part: re.Match[str]) -> str:
        paths = re.findall(r'(?:href|src)="/([^"]*)"', part[0])
        return part[0] if all((site / path).exists() for path in paths) else ""

    return EMPTY_LIST.sub("", SCRIPT.sub(if_there, ITEM.sub(if_there, text)))
