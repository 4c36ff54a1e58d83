"""What a sandbox remembers: verified and refused credentials, and which table it reads. The clock is the test's."""

import sys
import time

import pytest

from authorizer.verifier import Verifier

CAPACITY = 3


class Clock:
    """Stands still until the test puts it forward."""

    now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def decide(clock):
    """Asks one verifier, with plenty of time; returns the status and the cause."""
    verifier = Verifier(clock, CAPACITY)

    def decide(username: str = "alice", guess: str = "secret") -> tuple[int, str]:
        decision = verifier.decide(username, guess, time.monotonic() + 5)
        return decision.status, decision.cause

    return decide


VERIFIED = (200, "password verified")
DISCOVERY = ["GetCallerIdentity", "GetRolePolicy"]


def test_verified_credentials_are_remembered_for_a_minute(script, clock, decide):
    """Within a minute they pass without a call, then the table is asked again."""
    script.well("GetCallerIdentity", "GetRolePolicy", "GetItem")
    assert decide() == VERIFIED
    assert script.operations() == [*DISCOVERY, "GetItem"]
    clock.now += 59
    assert decide() == (200, "remembered: password verified")
    assert script.operations() == [*DISCOVERY, "GetItem"]
    clock.now += 1
    assert decide() == VERIFIED
    assert script.operations() == [*DISCOVERY, "GetItem", "GetItem"]


def test_a_remembered_user_does_not_vouch_for_another_password(script, decide):
    """What is remembered is the whole credential."""
    script.well("GetCallerIdentity", "GetRolePolicy", "GetItem")
    assert decide() == VERIFIED
    assert decide(guess="sesame") == (401, "wrong password")
    assert decide() == (200, "remembered: password verified")


def test_refused_credentials_are_remembered_for_seconds(script, clock, decide):
    """Repeating a wrong password costs no call; a password that was just set is accepted after 5 seconds."""
    script.well("GetCallerIdentity", "GetRolePolicy")
    script.user(accepting="old")
    script.user(accepting="secret")
    assert decide() == (401, "wrong password")
    clock.now += 4
    assert decide() == (401, "remembered: wrong password")
    assert script.tables() == ["users"]
    clock.now += 1
    assert decide() == VERIFIED


def test_guesses_do_not_push_out_the_verified(script, decide):
    """However many are refused, who was verified stays so without a call; of the refused the oldest are forgotten."""
    script.well("GetCallerIdentity", "GetRolePolicy", "GetItem")
    assert decide() == VERIFIED
    assert {decide(guess=str(number)) for number in range(CAPACITY + 1)} == {(401, "wrong password")}
    assert decide() == (200, "remembered: password verified")
    assert decide(guess=str(CAPACITY)) == (401, "remembered: wrong password")
    assert decide(guess="0") == (401, "wrong password")


def test_discovered_once(script, decide):
    """Discovery is once per sandbox, however many users come."""
    script.well("GetCallerIdentity", "GetRolePolicy")
    for name in ("alice", "bob", "carol"):
        script.user(name)
    assert {decide(name) for name in ("alice", "bob", "carol")} == {VERIFIED}
    assert script.operations() == [*DISCOVERY, "GetItem", "GetItem", "GetItem"]


@pytest.mark.parametrize("code", ["ResourceNotFoundException", "AccessDeniedException"])
def test_a_table_that_moved(script, clock, decide, code: str):
    """A table gone or forbidden makes it discover anew, and the same request is answered from the new table."""
    script.identity()
    script.policy("old")
    script.policy("new")
    script.user("alice")
    script.error(code)
    script.user("bob")
    assert decide("alice") == VERIFIED
    clock.now += 5
    assert decide("bob") == VERIFIED
    assert script.operations() == [*DISCOVERY, "GetItem", "GetItem", *DISCOVERY, "GetItem"]
    assert script.tables() == ["old", "old", "new"]


def test_other_errors_do_not_discover(script, clock, decide):
    """An error that no other table would cure asks neither STS nor IAM."""
    script.well("GetCallerIdentity", "GetRolePolicy")
    script.error("ValidationException")
    for _ in range(2):
        assert decide() == (503, "dynamodb GetItem: ValidationException (HTTP 400)")
        clock.now += 60
    assert script.operations() == [*DISCOVERY, "GetItem", "GetItem"]


def test_no_storm_of_discoveries(script, clock, decide):
    """While the table stays forbidden, it is discovered at most every 5 seconds, and once a request."""
    script.well("GetCallerIdentity", "GetRolePolicy")
    script.error("AccessDeniedException")
    for _ in range(5):
        assert decide() == (503, "dynamodb GetItem: AccessDeniedException (HTTP 400)")
        clock.now += 2
    assert script.operations().count("GetRolePolicy") == 2
    assert script.operations().count("GetItem") == 5


def test_the_last_table_is_kept_when_discovery_fails(script, clock, decide):
    """A failing IAM costs nobody the table that is known: the table's own error is the cause, and it is asked again."""
    script.identity()
    script.policy()
    script.error("AccessDenied", 403, to="GetRolePolicy")
    script.user()
    script.error("AccessDeniedException")
    script.user("bob")
    assert decide("alice") == VERIFIED
    clock.now += 5
    assert decide("bob") == (503, "dynamodb GetItem: AccessDeniedException (HTTP 400)")
    assert decide("bob") == VERIFIED
    assert script.operations() == [*DISCOVERY, "GetItem", "GetItem", *DISCOVERY, "GetItem"]


def test_a_failed_discovery_is_answered_from_memory(script, clock, decide):
    """Without a configuration, requests within 5 seconds get the same 503 at once; then it is tried again."""
    script.identity()
    script.error("NoSuchEntity", 404, to="GetRolePolicy")
    script.well("GetRolePolicy", "GetItem")
    unavailable = (503, "iam GetRolePolicy: NoSuchEntity (HTTP 404)")
    assert [decide("alice"), decide("bob")] == [unavailable, unavailable]
    assert script.operations() == DISCOVERY
    clock.now += 5
    assert decide("alice") == VERIFIED
    assert script.operations() == [*DISCOVERY, *DISCOVERY, "GetItem"]


def test_hashes_once_for_a_stored_password(script, clock, decide):
    """As long as the table holds the same string, a user who was verified once costs a read a minute and no hash."""
    script.well("GetCallerIdentity", "GetRolePolicy", "GetItem")
    assert decide() == VERIFIED
    clock.now += 3600
    hashes = []
    sys.setprofile(lambda _, event, function: event == "c_call" and hashes.append(function.__name__))
    try:
        assert decide() == VERIFIED
    finally:
        sys.setprofile(None)
    assert "scrypt" not in hashes
    assert script.operations() == [*DISCOVERY, "GetItem", "GetItem"]


def test_a_password_that_was_replaced(script, clock, decide):
    """What the stored string was once found to verify does not count for another string."""
    script.well("GetCallerIdentity", "GetRolePolicy")
    script.user(accepting="secret")
    script.user(accepting="other")
    assert decide() == VERIFIED
    clock.now += 60
    assert decide() == (401, "wrong password")


def test_an_item_of_another_user(script, decide):
    """An answer about somebody else lets nobody in."""
    script.well("GetCallerIdentity", "GetRolePolicy")
    script.user("bob")
    assert decide("alice") == (503, "dynamodb GetItem: the item belongs to another user")


REPLICAS = [f"arn:aws:dynamodb:{region}:123456789012:table/users" for region in ("us-east-1", "us-west-2", "eu-west-1")]


def test_replicas_take_no_time_from_each_other(script, misbehaving_server, decide):
    """However many replicas are listed and however little time is left, a slow answer of the nearest is waited for."""
    script.identity()
    script.replicas(REPLICAS)
    script.user()
    misbehaving_server.slowly(0.8)
    assert decide() == VERIFIED
    assert script.operations() == [*DISCOVERY, "GetItem"]


def test_the_next_replica_answers(script, decide):
    """Where the nearest replica fails, the next is asked; and the one that failed comes last for a while."""
    script.identity()
    script.replicas(REPLICAS[:2])
    script.error("InternalServerError", 500)
    script.error("InternalServerError", 500)
    script.error("InternalServerError", 500)
    script.user("alice")
    script.user("bob")
    assert decide("alice") == VERIFIED
    assert decide("bob") == VERIFIED
    regions = [request.headers["authorization"].split("/")[2] for request in script.requests("GetItem")]
    assert regions == ["us-east-1"] * 3 + ["us-west-2"] * 2


def test_no_replica_answers(script, decide):
    """If none can be had, the cause is the nearest's."""
    script.identity()
    script.replicas(REPLICAS)
    script.error("ValidationException")
    assert decide() == (503, "dynamodb GetItem: ValidationException (HTTP 400)")
    assert len(script.requests("GetItem")) == 3
