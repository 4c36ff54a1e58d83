"""Removes a viewer's own signature, and every header and parameter that AWS would take for a part of one."""

from __future__ import annotations

from edge.cloudfront import Request, header_values
from edge.percent import percent_decode

# CGI and WSGI give all these spellings the same variable name.
_FORWARDED = {f"x{a}forwarded{b}authorization" for a in "-_" for b in "-_"}


def remove_signatures(request: Request, *, keep_authorization: bool) -> None:
    """Removes the viewer's Authorization, its `x-amz-*` headers and the query parameters of a presigned URL.

    Headers such as `x-amz-acl` go as well, because the origin would obey them with the permissions of the function's
    role. With `keep_authorization`, the viewer's Authorization is passed on as `X-Forwarded-Authorization`.
    """
    headers = request["headers"]
    authorization = header_values(headers, "authorization")
    headers.pop("authorization", None)
    for name in [*_FORWARDED, *[name for name in headers if name.startswith("x-amz-")]]:
        headers.pop(name, None)
    if keep_authorization and authorization:
        key = "X-Forwarded-Authorization"
        headers[key.lower()] = [{"key": key, "value": value} for value in authorization]
    if request["querystring"]:
        parameters = request["querystring"].split("&")
        request["querystring"] = "&".join([parameter for parameter in parameters if not _is_presigned(parameter)])


def _is_presigned(parameter: str) -> bool:
    """Whether a query parameter belongs to a presigned URL: X-Amz-Algorithm, -Credential ..., however it is encoded.

    Source: IAM User Guide, "Authentication methods".
    """
    return percent_decode(parameter.replace("+", " ")).strip().lower().startswith(b"x-amz-")
