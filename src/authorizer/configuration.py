"""The function's configuration. Lambda@Edge has no environment variables, so the function's own role holds it.

The role's inline policy named `configuration` has a statement with the Sid `UsersTable`. The Resource of this statement
is the table that the function may read, and the function reads that table. Several ARNs are the replicas of a global
table.
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
# The time limit of a discovery that starts while the sandbox initializes. It is shorter than the function's timeout, so
# that a request has time left to discover the tables itself.
AHEAD_SECONDS = 3


class UnavailableError(Exception):
    """The authorizer cannot find out who the viewer is. The text is the cause, one line for the log."""


class Configuration:
    """The users table's ARNs, discovered once per sandbox. `clock` counts seconds, also while the sandbox is frozen."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._tables: list[str] = []
        self._failure = ""
        # The whole account shares IAM's one control plane, so a fault must not make every request call IAM.
        self._pause = Backoff(clock)
        self._discovering = allocate_lock()

    def discover_ahead(self) -> None:
        """Starts the discovery in a thread. If the discovery fails, the first request repeats it."""

        def discover_in_time() -> None:
            try:
                self._tables = discover(time.monotonic() + AHEAD_SECONDS)
            except Exception:  # the first request repeats the discovery, and logs an error that persists
                return
            finally:
                self._discovering.release()

        self._discovering.acquire()
        start_new_thread(discover_in_time, ())

    def tables(self, deadline: float) -> list[str]:
        """The ARNs of the users table's replicas, the nearest first. `deadline` is a time of time.monotonic().

        Raises UnavailableError, without a call to AWS if a discovery failed a moment ago.
        """
        if not self._tables and self._discovering.acquire(timeout=max(0.0, deadline - time.monotonic())):
            self._discovering.release()
        return self._tables or self.discover_again(deadline)

    def discover_again(self, deadline: float) -> list[str]:
        """Like `tables`, but discovers them again, unless the last discovery was a moment ago.

        If the discovery fails, the known tables remain in use: IAM may be down while DynamoDB works.
        """
        if self._pause.is_over():
            before = self._tables
            try:
                self._tables = discover(deadline)
            except (aws.AwsError, UnavailableError) as error:
                self._failure = str(error)
            if self._tables != before:
                self._pause.succeeded()
            # A successful discovery starts a pause, too. Otherwise, a table to which the role has no access would cause
            # a discovery with every request.
            self._pause.failed()
        if not self._tables:
            raise UnavailableError(self._failure)
        return self._tables


def discover(deadline: float) -> list[str]:
    """The ARNs of the users table's replicas, from the policy of this function's role; the nearest first.

    `deadline` is a time of time.monotonic(). Raises AwsError, and UnavailableError if the role or its policy names no
    table.
    """
    names = {"RoleName": role_name(deadline), "PolicyName": POLICY_NAME}
    # IAM API Reference, GetRolePolicy: the document is percent-encoded.
    document = percent_decode(aws.call(IAM, "GetRolePolicy", names, deadline=deadline).get("PolicyDocument", ""))
    return nearest_first(table_arns(document), os.environ["AWS_REGION"], region_of)


def role_name(deadline: float) -> str:
    """The name of this function's role, taken from `arn:aws:sts::<account>:assumed-role/<role>/<session>`."""
    arn: str = aws.call(STS, "GetCallerIdentity", {}, deadline=deadline).get("Arn", "")
    kind, _, rest = arn.rpartition(":")[2].partition("/")
    if kind != "assumed-role":
        raise UnavailableError(f"configuration: this function runs as {arn!r}, which is not a role")
    return rest.partition("/")[0]


def table_arns(policy: bytes) -> list[str]:
    """The table ARNs, at least one, in the Resource of the policy's statement `UsersTable`.

    Leaves out ARNs of indexes and ARNs with wildcards. Raises UnavailableError if no ARN remains.
    """
    try:
        statements = listed(json.loads(policy)["Statement"])
        resources = [listed(statement.get("Resource", [])) for statement in statements if statement.get("Sid") == SID]
        arns = [arn for arn in resources[0] if TABLE_ARN.fullmatch(arn)] if resources else []
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise UnavailableError(f"configuration: policy {POLICY_NAME} is malformed") from None
    if not resources:
        raise UnavailableError(f"configuration: policy {POLICY_NAME} has no statement with the Sid {SID}")
    if arns:
        return arns
    raise UnavailableError(f"configuration: statement {SID} of policy {POLICY_NAME} names no table in its Resource")


def listed(element: Any) -> list[Any]:
    """The value of a policy element as a list: IAM takes a single value in place of a list of one."""
    return element if isinstance(element, list) else [element]


def region_of(arn: str) -> str:
    """The Region in an ARN."""
    return arn.split(":")[3]
