"""S3's own errors, as its REST endpoints send them."""

from __future__ import annotations

from http import HTTPStatus

from multidict import CIMultiDict

from cloudfront_local.distribution.messages import Response

_ERROR = """\
<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>{code}</Code><Message>{message}</Message>{detail}</Error>"""


def error(status: int, code: str, message: str, detail: str = "") -> Response:
    body = _ERROR.format(code=code, message=message, detail=detail).encode()
    headers = CIMultiDict({"Content-Type": "application/xml", "Content-Length": str(len(body)), "Server": "AmazonS3"})
    return Response(status, headers, body, HTTPStatus(status).phrase)
