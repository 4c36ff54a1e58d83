"""What keeps a request from its bucket, each with what the viewer is told. Their texts are for the log alone."""

import json

from edge.cloudfront import Response, generated_response


class Rejection(Exception):  # noqa: N818 - the base of errors and of plain answers
    """The viewer gets `status`, and `detail` as a problem (RFC 9457)."""

    status: int
    detail: str
    # Without it, CloudFront would keep the answer of an origin-request function for a day.
    cache_control = "no-store"
    header: tuple[str, str] | None = None

    def response(self) -> Response:
        """The answer in place of the file."""
        headers = {"Content-Type": "application/problem+json", "Cache-Control": self.cache_control}
        headers.update([self.header] if self.header else [])
        return generated_response(self.status, headers, json.dumps({"status": self.status, "detail": self.detail}))


class LaterError(Rejection):
    """Something is to be put right, not by the viewer."""

    status = 503
    detail = "Files cannot be found right now. Try again in a moment."
    header = ("Retry-After", "5")


class MisconfiguredError(LaterError):
    """The distribution asks for what the router cannot do; says what to change."""


class UnavailableError(LaterError):
    """The lookup API, the token endpoint or Secrets Manager does not answer, or not with what it should."""


class RefusedError(LaterError):
    """The token endpoint does not take the client's credentials, or the lookup API its token."""


class BadAnswerError(Rejection):
    """The lookup API's answer cannot be followed."""

    status = 502
    detail = "The lookup API's answer cannot be followed."


class ForeignAnswerError(BadAnswerError):
    """The answer is not the lookup API's own. A gateway gives it, for example, that finds no API behind it."""


class UnknownFileError(Rejection):
    """The lookup API knows no such file."""

    status = 404
    detail = "There is no file of this id."
    cache_control = "max-age=5"  # it may be registered in a moment


class MalformedIdError(Rejection):
    """The path holds nothing that could be a file's id."""

    status = 400
    detail = "A file's id is 1 to 64 letters, digits, hyphens and underscores."
    cache_control = "max-age=60"


class MethodError(Rejection):
    """The method is neither GET nor HEAD."""

    status = 405
    detail = "Files can only be read."
    header = ("Allow", "GET, HEAD")
