"""Writes the realm into a build of the authorizer: `realm.py DIRECTORY`, the realm in $AUTHORIZER_REALM."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

# RFC 9110 §5.6.4: what a quoted string holds as it is. Longer ones, no browser shows.
REALM = re.compile(r"[ !#-\[\]-~]{0,100}")


def main(directory: str) -> None:
    """Nothing is written without a realm. Exits with a line that says what is wrong with it."""
    realm = os.environ.get("AUTHORIZER_REALM", "")
    if not REALM.fullmatch(realm):
        sys.exit(
            f"AUTHORIZER_REALM={realm!r} cannot be a realm. Choose up to 100 printable ASCII characters, without "
            'quotation marks (") and backslashes.'
        )
    if realm:
        Path(directory, "authorizer", "realm.py").write_text(f"REALM = {realm!r}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
