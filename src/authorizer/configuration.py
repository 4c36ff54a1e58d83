"""Configuration without environment variables, which Lambda@Edge has none of: the function's own role holds it.

The role's inline policy named `configuration` has a statement with the Sid `UsersTable`. Its Resource, which is what
the function may read, is also what it reads: one fact in one place. Several ARNs are replicas of a global table.
"""

from __future__ import annotations

import json
import os
import re
import time
from _thread import allocate_lock, start_new_thread

from edge import aws
from edge.backoff import Backoff
from edge.percent import percent_decode
from edge.query import IAM, STS
from edge.regions import nearest_first

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

POLICY_NAME = "configuration"
SID = "UsersTable"
TABLE_ARN = re.compile(r"arn:[a-z-]+:dynamodb:[a-z0-9-]+:[0-9]{12}:table/[A-Za-z0-9_.-]+")
# For what begins while the sandbox initialises. Less than any function's timeout: then a request discovers by itself.
AHEAD_SECONDS = 3


class UnavailableError(Exception):
    """It cannot be found out who the viewer is. The text is the cause, one line for the log."""


class Configuration:
    """The users table's ARNs, discovered once per sandbox. `clock` counts seconds, also while the sandbox sleeps."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._tables: list[str] = []
        self._failure = ""
        # IAM is one control plane for the world and the account: a fault does not make each request ask it.
        self._pause = Backoff(clock)
        self._discovering = allocate_lock()

    def discover_ahead(self) -> None:
        """Begins to discover, in a thread. A failure costs nothing but the gain: the first request discovers then."""

        def discover_in_time() -> None:
            try:
                self._tables = discover(time.monotonic() + AHEAD_SECONDS)
            except Exception:  # whatever it is, the first request meets it again and says so
                return
            finally:
                self._discovering.release()

        self._discovering.acquire()
        start_new_thread(discover_in_time, ())

    def tables(self, deadline: float) -> list[str]:
        """The ARNs of the users table's replicas, the nearest first.

        Raises UnavailableError, at once during a pause.
        """
        if not self._tables and self._discovering.acquire(timeout=max(0.0, deadline - time.monotonic())):
            self._discovering.release()
        return self._tables or self.discover_again(deadline)

    def discover_again(self, deadline: float) -> list[str]:
        """The same, discovered anew unless that was tried a moment ago.

        Tables known before stay known when they cannot be discovered: IAM may be down while the table is well.
        """
        if self._pause.is_over():
            before = self._tables
            try:
                self._tables = discover(deadline)
            except (aws.AwsError, UnavailableError) as error:
                self._failure = str(error)
            if self._tables != before:
                self._pause.succeeded()
            # A pause even so, or a table that stays forbidden would bring a storm of discoveries.
            self._pause.failed()
        if not self._tables:
            raise UnavailableError(self._failure)
        return self._tables


def discover(deadline: float) -> list[str]:
    """The ARNs of the users table's replicas, from the policy of the role that this function has; the nearest first.

    Raises AwsError, and UnavailableError if role or policy do not say it.
    """
    names = {"RoleName": role_name(deadline), "PolicyName": POLICY_NAME}
    # IAM API Reference, GetRolePolicy: the document comes percent-encoded.
    document = percent_decode(aws.call(IAM, "GetRolePolicy", names, deadline=deadline).get("PolicyDocument", ""))
    return nearest_first(table_arns(document), os.environ["AWS_REGION"], region_of)


def role_name(deadline: float) -> str:
    """The role's name, out of `arn:aws:sts::<account>:assumed-role/<role>/<session>`."""
    arn: str = aws.call(STS, "GetCallerIdentity", {}, deadline=deadline).get("Arn", "")
    kind, _, rest = arn.rpartition(":")[2].partition("/")
    if kind != "assumed-role":
        raise UnavailableError(f"configuration: this function runs as {arn!r}, which is no role")
    return rest.partition("/")[0]


def table_arns(policy: bytes) -> list[str]:
    """The tables in the Resource of the statement with the Sid, patterns and indexes left out. There is at least one.

    Raises UnavailableError.
    """
    try:
        statements = listed(json.loads(policy)["Statement"])
    except (ValueError, KeyError):
        raise UnavailableError(f"configuration: policy {POLICY_NAME} is malformed") from None
    resources = [listed(statement.get("Resource", [])) for statement in statements if statement.get("Sid") == SID]
    if not resources:
        raise UnavailableError(f"configuration: policy {POLICY_NAME} has no statement with the Sid {SID}")
    if arns := [arn for arn in resources[0] if TABLE_ARN.fullmatch(arn)]:
        return arns
    raise UnavailableError(f"configuration: statement {SID} of policy {POLICY_NAME} names no table in its Resource")


def listed(element: Any) -> list[Any]:
    """An element of a policy, where one may stand alone for a list of one."""
    return element if isinstance(element, list) else [element]


def region_of(arn: str) -> str:
    """The Region in an ARN."""
    return arn.split(":")[3]
