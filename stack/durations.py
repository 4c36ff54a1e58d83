"""Lengths of time as people type them: `90s`, `10m`, `2h`, `1d`."""

from __future__ import annotations

import argparse
import re

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def seconds(text: str) -> int:
    """The seconds in a length of time. It is an argparse type, so it raises ArgumentTypeError."""
    match = re.fullmatch(r"(\d{1,6})([smhd])", text)
    if match is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a length of time, such as 90s, 10m, 2h or 1d")
    return int(match[1]) * SECONDS[match[2]]
