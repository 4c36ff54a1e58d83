"""The verifier's memories of verified and refused credentials and of the table, by a clock that the test sets."""

import sys
import time

import pytest

from authorizer.verifier import Verifier

CAPACITY = 3


class Clock:
    """A clock that stands still until the test moves it."""

    now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def decide(clock):
    """Asks one verifier, with plenty of time. Returns the status and the cause."""
    verifier = Verifier(clock, CAPACITY)

    def decide(username: str = "alice", guess: str = "secret") -> tuple[int, str]:
        decision = verifier.decide(username, guess, time.monotonic() + 5)
        return decision.status, decision.cause

    return decide


VERIFIED = (200, "password verified")
DISCOVERY = ["GetCallerIdentity", "GetRolePolicy"]


def test_verified_credentials_are_remembered_for_a_minute(script, clock, decide):
    """Verified credentials need no call for a minute. Then the verifier reads the table again."""
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
    """Another password of a remembered user is verified by itself."""
    script.well("GetCallerIdentity", "GetRolePolicy", "GetItem")
    assert decide() == VERIFIED
    assert decide(guess="sesame") == (401, "wrong password")
    assert decide() == (200, "remembered: password verified")


def test_refused_credentials_are_remembered_for_seconds(script, clock, decide):
    """A repeated wrong password needs no call. After 5 seconds a newly set password is accepted."""
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
    """Any number of refused guesses leaves verified users remembered. The oldest guesses are dropped."""
    script.well("GetCallerIdentity", "GetRolePolicy", "GetItem")
    assert decide() == VERIFIED
    assert {decide(guess=str(number)) for number in range(CAPACITY + 1)} == {(401, "wrong password")}
    assert decide() == (200, "remembered: password verified")
    assert decide(guess=str(CAPACITY)) == (401, "remembered: wrong password")
    assert decide(guess="0") == (401, "wrong password")


def test_discovered_once(script, decide):
    """The table is discovered once for each sandbox, however many users come."""
    script.well("GetCallerIdentity", "GetRolePolicy")
    for name in ("alice", "bob", "carol"):
        script.user(name)
    assert {decide(name) for name in ("alice", "bob", "carol")} == {VERIFIED}
    assert script.operations() == [*DISCOVERY, "GetItem", "GetItem", "GetItem"]


@pytest.mark.parametrize("code", ["ResourceNotFoundException", "AccessDeniedException"])
def test_a_table_that_moved(script, clock, decide, code: str):
    """If the table is missing or forbidden, the same request discovers it again and reads the new table."""
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
    """Other errors of the table start no discovery."""
    script.well("GetCallerIdentity", "GetRolePolicy")
    script.error("ValidationException")
    for _ in range(2):
        assert decide() == (503, "dynamodb GetItem: ValidationException (HTTP 400)")
        clock.now += 60
    assert script.operations() == [*DISCOVERY, "GetItem", "GetItem"]


def test_no_storm_of_discoveries(script, clock, decide):
    """While the table is forbidden, a discovery happens at most every 5 seconds and once in a request."""
    script.well("GetCallerIdentity", "GetRolePolicy")
    script.error("AccessDeniedException")
    for _ in range(5):
        assert decide() == (503, "dynamodb GetItem: AccessDeniedException (HTTP 400)")
        clock.now += 2
    assert script.operations().count("GetRolePolicy") == 2
    assert script.operations().count("GetItem") == 5


def test_the_last_table_is_kept_when_discovery_fails(script, clock, decide):
    """If IAM fails, the known table remains in use, and its own error is the cause."""
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
    """After a failed discovery, requests get the same 503 at once for 5 seconds. Then it is repeated."""
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
    """While the table holds the same string, a verified user needs a read each minute and no hash."""
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
    """If the stored string has changed, the password is hashed again."""
    script.well("GetCallerIdentity", "GetRolePolicy")
    script.user(accepting="secret")
    script.user(accepting="other")
    assert decide() == VERIFIED
    clock.now += 60
    assert decide() == (401, "wrong password")


def test_an_item_of_another_user(script, decide):
    """If DynamoDB returns another user's item, the answer is a 503."""
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
