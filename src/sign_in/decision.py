"""The gate's decision about a request."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from edge.cloudfront import Request, Response


class Decision:
    """A word for the log, and the request that goes on or the response to the viewer.

    `cause` is one line for the log. `subject` is the provider's name for the user, empty if it is not verified.
    """

    def __init__(self, decision: str, result: Request | Response, cause: str, subject: str = "") -> None:
        self.decision = decision
        self.result = result
        self.cause = cause
        self.subject = subject
