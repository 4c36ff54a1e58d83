"""A viewer function's configuration. Lambda@Edge has no environment variables, so the function's own role holds it.

The role's inline policy named `configuration` has a statement with a Sid that the function knows. The Resource of this
statement is the table or the secret that the function may read, and the function reads that one. Several ARNs are its
replicas in several Regions.
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
# ARNs without wildcards, by the word for them in messages. The ARN of a table's index is not the table's.
ARNS = {
    "table": r"arn:[a-z-]+:dynamodb:[a-z0-9-]+:[0-9]{12}:table/[A-Za-z0-9_.-]+",
    "secret": r"arn:[a-z-]+:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+",
}
# The time limit of a discovery that starts while the sandbox initializes. It is shorter than the function's timeout, so
# that a request has time left to discover the ARNs itself.
AHEAD_SECONDS = 3


class UnavailableError(Exception):
    """The function cannot find out who the viewer is. The text is the cause, one line for the log."""


class Configuration:
    """The ARNs in one statement of the role's policy, discovered once per sandbox.

    `sid` is the statement's Sid, and `kind` is a key of ARNS. `clock` counts seconds, also while the sandbox is frozen.
    """

    def __init__(self, sid: str, kind: str, clock: Callable[[], float]) -> None:
        self._sid, self._kind = sid, kind
        self._arns: list[str] = []
        self._failure = ""
        # The whole account shares IAM's one control plane, so a fault must not make every request call IAM.
        self._pause = Backoff(clock)
        self._discovering = allocate_lock()

    def discover_ahead(self) -> None:
        """Starts the discovery in a thread. If the discovery fails, the first request repeats it."""

        def discover_in_time() -> None:
            try:
                self._arns = self._discover(time.monotonic() + AHEAD_SECONDS)
            except Exception:  # the first request repeats the discovery, and logs an error that persists
                return
            finally:
                self._discovering.release()

        self._discovering.acquire()
        start_new_thread(discover_in_time, ())

    def arns(self, deadline: float) -> list[str]:
        """The ARNs of the replicas, the nearest first. `deadline` is a time of time.monotonic().

        Raises UnavailableError, without a call to AWS if a discovery failed a moment ago.
        """
        if not self._arns and self._discovering.acquire(timeout=max(0.0, deadline - time.monotonic())):
            self._discovering.release()
        return self._arns or self.discover_again(deadline)

    def discover_again(self, deadline: float) -> list[str]:
        """Like `arns`, but discovers them again, unless the last discovery was a moment ago.

        If the discovery fails, the known ARNs remain in use: IAM may be down while DynamoDB works.
        """
        if self._pause.is_over():
            before = self._arns
            try:
                self._arns = self._discover(deadline)
            except (aws.AwsError, UnavailableError) as error:
                self._failure = str(error)
            if self._arns != before:
                self._pause.succeeded()
            # A successful discovery starts a pause, too. Otherwise, a table to which the role has no access would cause
            # a discovery with every request.
            self._pause.failed()
        if not self._arns:
            raise UnavailableError(self._failure)
        return self._arns

    def _discover(self, deadline: float) -> list[str]:
        """The ARNs, from the policy of this function's role; the nearest first. Raises AwsError, UnavailableError."""
        names = {"RoleName": role_name(deadline), "PolicyName": POLICY_NAME}
        # IAM API Reference, GetRolePolicy: the document is percent-encoded.
        document = percent_decode(aws.call(IAM, "GetRolePolicy", names, deadline=deadline).get("PolicyDocument", ""))
        return nearest_first(arns_in(document, self._sid, self._kind), os.environ["AWS_REGION"], region_of)


def role_name(deadline: float) -> str:
    """The name of this function's role, taken from `arn:aws:sts::<account>:assumed-role/<role>/<session>`."""
    arn: str = aws.call(STS, "GetCallerIdentity", {}, deadline=deadline).get("Arn", "")
    kind, _, rest = arn.rpartition(":")[2].partition("/")
    if kind != "assumed-role":
        raise UnavailableError(f"configuration: this function runs as {arn!r}, which is not a role")
    return rest.partition("/")[0]


def arns_in(policy: bytes, sid: str, kind: str) -> list[str]:
    """The ARNs of a kind, at least one, in the Resource of the policy's statement with this Sid.

    Leaves out other ARNs and ARNs with wildcards. Raises UnavailableError if no ARN remains.
    """
    try:
        statements = listed(json.loads(policy)["Statement"])
        resources = [listed(statement.get("Resource", [])) for statement in statements if statement.get("Sid") == sid]
        arns = [arn for arn in resources[0] if re.fullmatch(ARNS[kind], arn)] if resources else []
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise UnavailableError(f"configuration: policy {POLICY_NAME} is malformed") from None
    if not resources:
        raise UnavailableError(f"configuration: policy {POLICY_NAME} has no statement with the Sid {sid}")
    if arns:
        return arns
    raise UnavailableError(f"configuration: statement {sid} of policy {POLICY_NAME} names no {kind} in its Resource")


def listed(element: Any) -> list[Any]:
    """The value of a policy element as a list: IAM takes a single value in place of a list of one."""
    return element if isinstance(element, list) else [element]


def region_of(arn: str) -> str:
    """The Region in an ARN."""
    return arn.split(":")[3]
