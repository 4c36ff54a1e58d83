"""A busy program is held to its share of a processor. The bounds are wide: a machine under load gives less."""

import os
import signal
import subprocess
import sys
import time

import pytest

from benchmarks import share

pytestmark = pytest.mark.skipif(not share.AVAILABLE, reason="only Linux tells another program's processor time")

TWO_THREADS = "import threading, time\nfor _ in range(2): threading.Thread(target=lambda: sum(iter(int, 1))).start()"


def test_a_busy_program_gets_its_share():
    """At a tenth of a processor, a program that never rests gets about that."""
    assert 0.02 < share.given(0.1, seconds=0.5) < 0.15


def test_all_threads_count():
    """Two threads get no more than one does."""
    with subprocess.Popen([sys.executable, "-I", "-c", TWO_THREADS]) as busy:
        try:
            with share.held(busy.pid, 0.1):
                time.sleep(0.1)
                began, used = time.perf_counter(), share.processor_time(busy.pid)
                time.sleep(0.4)
                given = (share.processor_time(busy.pid) - used) / (time.perf_counter() - began)
        finally:
            busy.kill()
    assert given < 0.2


def test_it_runs_on_afterwards():
    """A program that was stopped goes on once nobody holds it."""
    with subprocess.Popen(
        [sys.executable, "-I", "-c", "sum(range(10**6)); print('done')"], stdout=subprocess.PIPE
    ) as it:
        with share.held(it.pid, 0.001):
            time.sleep(0.1)
        assert it.communicate()[0] == b"done\n"


def test_a_program_that_ends_while_held():
    """A program that ends meanwhile is no error."""
    with subprocess.Popen([sys.executable, "-I", "-c", ""]) as ending:
        with share.held(ending.pid, 0.5):
            os.waitid(os.P_PID, ending.pid, os.WEXITED | os.WNOWAIT)
            time.sleep(2 * share.PERIOD)
        os.kill(ending.pid, signal.SIGCONT)  # it is not waited for yet, so it has its number still
    assert ending.returncode == 0


def test_shares():
    """1,769 MB are one processor."""
    assert [round(share.share_of(memory), 4) for memory in (128, 512, 1769)] == [0.0724, 0.2894, 1]
