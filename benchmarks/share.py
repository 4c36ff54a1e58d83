"""Limits a program to a share of one processor, as Lambda limits a sandbox during requests.

A control loop measures the program's processor time. It stops the program (SIGSTOP) when the time of the period is used
up, and continues it (SIGCONT) in the next period. The processor time of all threads counts. A cgroup's quota does the
same in the kernel, but few machines let a user set one.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

# Only Linux gives the exact processor time of another process. macOS has no clock_getcpuclockid(3).
AVAILABLE = sys.platform == "linux"
PERIOD = 0.02  # seconds
# AWS Lambda Developer Guide, "Configure Lambda function memory": at 1,769 MB a function has one processor.
WHOLE = 1769


def share_of(memory: int) -> float:
    """The share of one processor that comes with `memory`, in MB."""
    return memory / WHOLE


@contextmanager
def held(pid: int, share: float) -> Iterator[None]:
    """Limit a program to a share of one processor. Unused time is not saved for later periods."""
    ended = Event()
    holding = Thread(target=_hold, args=(pid, share, ended))
    holding.start()
    try:
        yield
    finally:
        ended.set()
        holding.join()
        os.kill(pid, signal.SIGCONT)


def given(share: float, seconds: float = 1.0) -> float:
    """The share that a busy program really gets under this limit: its processor time divided by the elapsed time."""
    with subprocess.Popen([sys.executable, "-I", "-c", "while True: pass"]) as busy:
        try:
            with held(busy.pid, share):
                time.sleep(5 * PERIOD)
                began, used = time.perf_counter(), processor_time(busy.pid)
                time.sleep(seconds)
                return (processor_time(busy.pid) - used) / (time.perf_counter() - began)
        finally:
            busy.kill()


def processor_time(pid: int) -> float:
    """The seconds of processor time that all threads of a program have used."""
    # This number is the clock id that clock_getcpuclockid(3) returns on Linux.
    return time.clock_gettime(~pid << 3 | 2)


def _hold(pid: int, share: float, ended: Event) -> None:
    paid = processor_time(pid)
    refilled = time.perf_counter() - PERIOD
    while not ended.is_set():
        now = time.perf_counter()
        # Unused time is lost. If the program used too much, the next periods are shorter.
        paid = min(paid, processor_time(pid)) + share * (now - refilled)
        refilled = now
        _one_period(pid, paid, now + PERIOD, ended)


def _one_period(pid: int, paid: float, until: float, ended: Event) -> None:
    """Let the program run until its processor time is `paid`, and keep it stopped for the rest of the period."""
    if paid > processor_time(pid):
        os.kill(pid, signal.SIGCONT)
    while (left := paid - processor_time(pid)) > 0 and (rest := until - time.perf_counter()) > 0:
        if ended.wait(min(left, rest)):
            return
    if left <= 0:
        os.kill(pid, signal.SIGSTOP)
        ended.wait(max(0.0, until - time.perf_counter()))
