"""What keeps a request from its bucket, each with what the viewer is told. Their texts are for the log alone."""

from __future__ import annotations

import json

from edge.cloudfront import Response, generated_response


class Rejection(Exception):  # noqa: N818 - the base of errors and of plain answers
    """The viewer gets `status`, `detail` as a problem (RFC 9457), and `headers`.

    The headers always say Cache-Control: without it, CloudFront keeps an origin-request function's answer for a day.
    """

    status: int = 503
    detail: str = "Files cannot be found right now. Try again in a moment."
    headers: tuple[tuple[str, str], ...] = (("Cache-Control", "no-store"), ("Retry-After", "5"))

    def response(self) -> Response:
        """The answer in place of the file."""
        headers = {"Content-Type": "application/problem+json", **dict(self.headers)}
        return generated_response(self.status, headers, json.dumps({"status": self.status, "detail": self.detail}))


class MisconfiguredError(Rejection):
    """The distribution asks for what the router cannot do; says what to change."""


class UnavailableError(Rejection):
    """The lookup API, the token endpoint or Secrets Manager does not answer, or not with what it should."""


class RefusedError(Rejection):
    """The token endpoint does not take the client's credentials, or the lookup API its token."""


class BadAnswerError(Rejection):
    """The lookup API's answer cannot be followed."""

    status = 502
    detail = "The lookup API's answer cannot be followed."
    headers = (("Cache-Control", "no-store"),)


class UnknownFileError(Rejection):
    """The lookup API knows no such file."""

    status = 404
    detail = "There is no file of this id."
    headers = (("Cache-Control", "max-age=5"),)  # it may be registered in a moment


class MalformedIdError(Rejection):
    """The path holds nothing that could be a file's id."""

    status = 400
    detail = "A file's id is 1 to 64 letters, digits, hyphens and underscores."
    headers = (("Cache-Control", "max-age=60"),)


class MethodError(Rejection):
    """The method is neither GET nor HEAD."""

    status = 405
    detail = "Files can only be read."
    headers = (("Cache-Control", "no-store"), ("Allow", "GET, HEAD"))
