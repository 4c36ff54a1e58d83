"""The authorizer's decision about a request."""

WORDS = {200: "allowed", 401: "refused", 503: "unavailable"}


class Decision:
    """A status, 200 for a request that may continue, and the cause: one line for the log.

    `username` is set if the password is verified, or if the users table has the user but a broken hash. Otherwise it
    is empty: people sometimes type a password into the field for the user name, and a log must not hold it.
    """

    def __init__(self, status: int, cause: str, username: str = "") -> None:
        self.decision = WORDS[status]
        self.status = status
        self.cause = cause
        self.username = username
