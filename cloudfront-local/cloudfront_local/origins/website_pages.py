"""The answers that S3's website endpoints make themselves: HTML pages of errors, and redirects.

Source: pages that S3 sent, for example in scality/cloudserver#553; Amazon S3 User Guide, "Website endpoints".
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from http.client import responses
from urllib.parse import quote

from multidict import CIMultiDict

from cloudfront_local.distribution.messages import Response
from cloudfront_local.origins.website_configuration import Redirect

_PAGE = """\
<html>
<head><title>{title}</title></head>
<body>
<h1>{title}</h1>
{reasons}<hr/>
</body>
</html>
"""
_NESTED = "<h3>An Error Occurred While Attempting to Retrieve a Custom Error Document</h3>\n"


@dataclass(frozen=True)
class SiteError:
    """An error of a website: S3's status, code and message, and details as pairs of name and value. `reason` is for the
    terminal."""

    status: int
    code: str
    message: str
    details: tuple[tuple[str, str], ...] = ()
    reason: str = ""

    @property
    def headers(self) -> CIMultiDict[str]:
        """The error in headers. They go with an error document, too."""
        found = CIMultiDict({"x-amz-error-code": self.code, "x-amz-error-message": self.message})
        found.extend((f"x-amz-error-detail-{name}", _in_header(value)) for name, value in self.details)
        return found


def method_not_allowed(method: str) -> SiteError:
    message = "The specified method is not allowed against this resource."
    return SiteError(405, "MethodNotAllowed", message, (("Method", method), ("ResourceType", "OBJECT")))


def page(error: SiteError, nested: SiteError | None = None) -> Response:
    """The page about an error. `nested` is the error that S3 got when it looked for the error document."""
    reasons = _listed(error) + (_NESTED + _listed(nested) if nested else "")
    title = f"{error.status} {phrase(error.status)}"
    body = _PAGE.format(title=title, reasons=reasons).encode(errors="replace")
    headers = error.headers
    headers.extend({"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body)), "Server": "AmazonS3"})
    return Response(error.status, headers, body, phrase(error.status))


def phrase(status: int) -> str:
    return responses.get(status, "")


def redirected(redirect: Redirect) -> Response:
    headers = CIMultiDict({"Location": redirect.location, "Content-Length": "0", "Server": "AmazonS3"})
    return Response(redirect.status, headers, b"", phrase(redirect.status))


def _listed(error: SiteError) -> str:
    items = (("Code", error.code), ("Message", error.message), *error.details)
    return "<ul>\n" + "".join(f"<li>{name}: {escape(value)}</li>\n" for name, value in items) + "</ul>\n"


def _in_header(value: str) -> str:
    """A value without the characters that a header cannot hold. A key may have any of them."""
    return quote(value, safe=" !\"#$&'()*+,/:;<=>?@[\\]^`{|}~", errors="surrogateescape")
