"""The file in which `--keep` keeps the data of tables, buckets, user pools and key value stores for the next start."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from cloudfront_local.aws.embedded import kept_data
from cloudfront_local.errors import LocalError

NAME = "kept-data"


def opened(folder: Path) -> tuple[Path, str]:
    """The path of the file in the stack's folder, and a line for the terminal about the data in the file.

    The file as it is now stays beside it as `kept-data.before`. Raises LocalError if the file cannot be read.
    """
    path = folder / NAME
    if not path.exists():
        return path, f"Nothing is kept yet. From now on, {path} keeps the data."
    written = datetime.fromtimestamp(path.stat().st_mtime, UTC).astimezone()
    line = f"Kept on {written:%Y-%m-%d at %H:%M}: {summary(path)} ({path})."
    shutil.copy2(path, path.with_name(f"{NAME}.before"))
    return path, line


def summary(path: Path) -> str:
    """How much the file keeps, such as `1 item, 20 objects, 2 users, 3 keys`; or `nothing`. Raises LocalError."""
    if not path.exists():
        return "nothing"
    try:
        data = kept_data.read(path)
    except ValueError as error:
        raise LocalError(
            f"{error} Start without --keep, or move the file away to begin with empty tables and buckets."
        ) from None
    counts = {
        "item": sum(map(len, data["tables"].values())),
        "object": sum(len(bucket["objects"]) for bucket in data["buckets"].values()),
        "user": sum(len(pool["users"]) for pool in data["users"].values()),
        "key": sum(map(len, data["keys"].values())),
    }
    return ", ".join(f"{count} {name}{'s' * (count != 1)}" for name, count in counts.items() if count) or "nothing"
