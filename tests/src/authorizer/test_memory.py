"""The memory of decisions is bounded in time and number, and holds no credentials."""

import subprocess
import sys
from pathlib import Path

import authorizer.memory
from authorizer.decision import Decision
from authorizer.memory import Memory, fingerprint

SOURCE = Path(authorizer.memory.__file__).parents[1]
ALLOWED = Decision(200, "password verified", "alice")


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_fingerprint_tells_credentials_apart():
    """Equal credentials have equal fingerprints. Another split of the same letters has another fingerprint."""
    assert fingerprint("alice", "a:b") == fingerprint("alice", "a:b")
    assert (
        len({fingerprint(*pair) for pair in [("alice", "a:b"), ("alice", "a:c"), ("alic", "ea:b"), ("alicea", "b")]})
        == 4
    )


def test_fingerprint_means_nothing_elsewhere():
    """Another process has another fingerprint for the same credentials, so nobody can test passwords with it."""
    program = "from authorizer.memory import fingerprint; print(fingerprint('alice', 'secret').hex())"
    elsewhere = subprocess.check_output([sys.executable, "-c", program], cwd=SOURCE, text=True)
    assert elsewhere.strip() != fingerprint("alice", "secret").hex()


def test_recalled_until_its_time_is_over():
    """A decision is recalled until its time is over."""
    clock = Clock()
    memory = Memory(10, 60, clock)
    memory.remember(b"alice", ALLOWED)
    clock.now += 59.9
    assert memory.recall(b"alice") == ALLOWED
    assert memory.recall(b"bob") is None
    clock.now += 0.1
    assert memory.recall(b"alice") is None


def test_the_oldest_makes_room():
    """A full memory drops the oldest decision. A repeated decision counts as new."""
    memory = Memory(3, 60, Clock())
    for name in (b"alice", b"bob", b"alice", b"carol", b"dave"):
        memory.remember(name, ALLOWED)
    assert [memory.recall(name) for name in (b"alice", b"bob", b"carol", b"dave")] == [ALLOWED, None, ALLOWED, ALLOWED]


def test_clock_set_back():
    """A clock that is set back makes no decision last longer."""
    clock = Clock()
    memory = Memory(10, 60, clock)
    memory.remember(b"x", ALLOWED)
    clock.now -= 3600
    assert memory.recall(b"x") is None
