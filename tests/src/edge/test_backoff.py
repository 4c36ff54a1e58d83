"""The pauses after a server failed."""

import pytest

from edge.backoff import Backoff


class Clock:
    """A clock that a test sets."""

    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    """The clock of the test."""
    return Clock()


@pytest.fixture
def backoff(clock):
    """A Backoff with the test's clock."""
    return Backoff(clock)


def pause(backoff, clock):
    """The seconds until the server may be called again."""
    begun = clock.now
    while not backoff.is_over():
        clock.now += 1
    return clock.now - begun


def test_no_failure(backoff):
    """Without a failure there is no pause."""
    assert backoff.is_over()


def test_pauses_double(backoff, clock):
    """Each further failure doubles the pause, up to a minute."""
    pauses = []
    for _ in range(6):
        backoff.failed()
        pauses.append(pause(backoff, clock))
    assert pauses == [5, 10, 20, 40, 60, 60]


def test_success_ends_the_row(backoff, clock):
    """A success ends the pause, and the next pause is the shortest."""
    backoff.failed()
    backoff.failed()
    backoff.succeeded()
    assert backoff.is_over()
    backoff.failed()
    assert pause(backoff, clock) == 5


def test_clock_set_back(backoff, clock):
    """A clock that is set back ends the pause."""
    backoff.failed()
    clock.now -= 3600
    assert backoff.is_over()
