"""Hides a process from the user's other processes. The functions that it starts are such processes."""

from __future__ import annotations

import ctypes
import sys

_PR_SET_DUMPABLE = 4  # prctl(2)


def hide() -> None:
    """From now on, no other process of the user can read this process's environment, memory and open files.

    Only on Linux. A program that this process starts is not hidden.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
