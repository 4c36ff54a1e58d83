"""What a viewer may not bring along: signatures, and whatever AWS would read as part of one."""

from __future__ import annotations

from edge.cloudfront import Request, header_values
from edge.percent import percent_decode

# Behind CGI and WSGI, X_Forwarded_Authorization would arrive as the same variable.
_FORWARDED = {f"x{a}forwarded{b}authorization" for a in "-_" for b in "-_"}


def remove_signatures(request: Request, *, keep_authorization: bool) -> None:
    """Removes the viewer's Authorization, its `x-amz-*` headers and the query parameters of a presigned URL.

    Every `x-amz-*` header, not the signing ones alone: the function's role would vouch for an `x-amz-acl` as well.
    With `keep_authorization` the viewer's Authorization goes on as `X-Forwarded-Authorization`; else none does.
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
    """IAM User Guide, "Authentication methods": X-Amz-Algorithm, -Credential, -Signature ... in any spelling."""
    return percent_decode(parameter.replace("+", " ")).strip().lower().startswith(b"x-amz-")
