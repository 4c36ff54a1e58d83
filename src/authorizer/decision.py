"""What the authorizer decides about a request."""

WORDS = {200: "allowed", 401: "refused", 503: "unavailable"}


class Decision:
    """The status to answer with, 200 for a request that may go on, and the cause: one line for the log.

    `username` is empty unless the user is verified, or the user's own item is broken: what was typed into a user name
    field and matches nobody may well be a password.
    """

    def __init__(self, status: int, cause: str, username: str = "") -> None:
        self.decision = WORDS[status]
        self.status = status
        self.cause = cause
        self.username = username
