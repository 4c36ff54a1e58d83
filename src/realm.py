"""Writes the realm from $AUTHORIZER_REALM into a build of the authorizer: `realm.py DIRECTORY`."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

# RFC 9110 §5.6.4: the ASCII characters that a quoted string holds without a backslash. No browser shows a longer realm.
REALM = re.compile(r"[ !#-\[\]-~]{0,100}")


def main(directory: str) -> None:
    """Write the realm into `directory`, or nothing if $AUTHORIZER_REALM is empty.

    Exits with a message if the value cannot be a realm.
    """
    realm = os.environ.get("AUTHORIZER_REALM", "")
    if not REALM.fullmatch(realm):
        sys.exit(
            f"AUTHORIZER_REALM={realm!r} cannot be a realm. Use at most 100 printable ASCII characters, and no "
            'quotation mark (") or backslash.'
        )
    if realm:
        Path(directory, "authorizer", "realm.py").write_text(f"REALM = {realm!r}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
