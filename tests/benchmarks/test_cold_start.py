"""Cold starts of small functions: what counts for INIT, what for the request, and what is a wrong answer."""

import math

import pytest

from benchmarks import share
from benchmarks.cold_start import Function, measure, runs_at_share

BUSY = """
import time

def busy(seconds):
    began = time.process_time()
    while time.process_time() - began < seconds:
        pass

busy(0.03)

def handler(event, context):
    assert 0 < context.get_remaining_time_in_millis() <= 5000
    print("a line of log")
    busy(0.02)
    return {"status": event["status"]}
"""


@pytest.fixture
def folder(tmp_path):
    """A folder with a function that takes 30 ms of processor time to import, and 20 to answer."""
    (tmp_path / "busy.py").write_text(BUSY)
    return str(tmp_path)


def test_init_and_request_are_apart(folder):
    """The import counts for INIT and the answer for the request; no byte code is written."""
    (start,) = measure([Function([folder], "busy", {"status": "200"}, {}, warm=2)], 1)
    assert start.init_processor >= 0.03
    assert start.init >= 0.03
    assert start.request_processor >= 0.02
    assert start.request >= 0.02
    assert start.import_to_answer == pytest.approx(start.init + start.request)
    assert start.started > start.import_to_answer
    assert start.warm >= 0.02
    assert start.peak_memory > 1 << 20


@pytest.mark.skipif(not share.AVAILABLE, reason="only Linux tells another program's processor time")
def test_the_share_begins_with_the_request(folder):
    """With 128 MB, 20 ms of processor time take 14 times as long, less what the first period allows."""
    (start,) = measure([Function([folder], "busy", {"status": "200"}, {}, memory=128)], 1)
    assert start.request > 10 * 0.02


def test_a_wrong_answer(folder):
    """Another status than the right one is no answer, however quick it was."""
    right, wrong = measure(
        [Function([folder], "busy", {"status": status}, {}, status=401) for status in ("401", "503")], 1
    )
    assert math.isfinite(right.request)
    assert [wrong.request, wrong.import_to_answer, wrong.started, wrong.warm] == [math.inf] * 4


def test_a_function_that_fails(folder):
    """A function that raises ends the measuring."""
    with pytest.raises(RuntimeError, match="busy ended without an answer"):
        measure([Function([folder], "busy", {}, {})], 1)


def test_runs_at_share():
    """A third of the runs, and one at least."""
    assert [runs_at_share(runs) for runs in (1, 3, 9, 10)] == [1, 1, 3, 4]
