"""The reasons why a request does not reach a bucket, each with its response. Only the log shows an exception's text."""

import json

from edge.cloudfront import Response, generated_response


class Rejection(Exception):  # noqa: N818 - the base of errors and of plain answers
    """The viewer gets a problem (RFC 9457) with `status` and `detail`."""

    status: int
    detail: str
    # Without Cache-Control, CloudFront would cache the response of an origin-request function for a day.
    cache_control = "no-store"
    header: tuple[str, str] | None = None

    def response(self) -> Response:
        """The response in place of the file."""
        headers = {"Content-Type": "application/problem+json", "Cache-Control": self.cache_control}
        headers.update([self.header] if self.header else [])
        return generated_response(self.status, headers, json.dumps({"status": self.status, "detail": self.detail}))


class LaterError(Rejection):
    """A fault that the viewer did not cause. The same request may succeed later."""

    status = 503
    detail = "Files cannot be found right now. Try again in a moment."
    header = ("Retry-After", "5")


class MisconfiguredError(LaterError):
    """The distribution's settings for the router are wrong. The text says what to change."""


class UnavailableError(LaterError):
    """The lookup API, the token endpoint or Secrets Manager gives no answer, or an unexpected one."""


class RefusedError(LaterError):
    """The token endpoint refuses the client's credentials, or the lookup API refuses the token."""


class BadAnswerError(Rejection):
    """The lookup API's answer names no bucket that the router may send a request to."""

    status = 502
    detail = "The lookup API's answer cannot be used."


class ForeignAnswerError(BadAnswerError):
    """The answer does not come from the lookup API itself but, for example, from a gateway that does not reach it."""


class UnknownFileError(Rejection):
    """The lookup API does not know the file."""

    status = 404
    detail = "There is no file with this id."
    cache_control = "max-age=5"  # the file may be registered in a moment


class MalformedIdError(Rejection):
    """The path has no valid file id."""

    status = 400
    detail = "A file's id is 1 to 64 letters, digits, hyphens and underscores."
    cache_control = "max-age=60"


class MethodError(Rejection):
    """The method is neither GET nor HEAD."""

    status = 405
    detail = "Files can only be read."
    header = ("Allow", "GET, HEAD")
