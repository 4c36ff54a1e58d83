"""The limit on this process's open files. Each connection is an open file."""

from __future__ import annotations

import contextlib
import resource

# macOS allows 10,240 at most, whatever its hard limit says.
_WANTED = (65_536, 10_240)


def raised() -> int:
    """Raises the soft limit as far as the system allows, and returns it. The soft limit is 256 on macOS."""
    for wanted in _WANTED:
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        if soft == resource.RLIM_INFINITY or soft >= allowed:
            break
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return _WANTED[0] if soft == resource.RLIM_INFINITY else soft
