"""What a viewer may not bring along: signatures, and whatever AWS would read as part of one."""

from __future__ import annotations

from edge.cloudfront import TYPE_CHECKING, header, set_header

if TYPE_CHECKING:
    from edge.cloudfront import Request

# The query parameters of a presigned URL all start so (SigV4, "Authenticating requests: using query parameters"). Signed
# as an ordinary parameter, one would make AWS read the request as presigned.
_PRESIGNED = "x-amz-"


def remove_signatures(request: Request, *, keep_authorization: bool) -> None:
    """Removes the viewer's Authorization, its `x-amz-*` headers and its presigned query parameters.

    Every `x-amz-*` header, not the signing ones alone: the function's own role would vouch for an `x-amz-acl`.
    With `keep_authorization`, the viewer's Authorization goes on as `X-Forwarded-Authorization`.
    """
    headers = request["headers"]
    authorization = header(headers, "authorization")
    for name in [n for n in headers if n.startswith("x-amz-") or n in ("authorization", "x-forwarded-authorization")]:
        del headers[name]
    if keep_authorization and authorization is not None:
        set_header(headers, "X-Forwarded-Authorization", authorization)
    query = request["querystring"]
    if "amz" in query.lower() or "%" in query:
        request["querystring"] = "&".join(part for part in query.split("&") if not _is_presigned(part))


def _is_presigned(parameter: str) -> bool:
    from urllib.parse import unquote

    return unquote(parameter.partition("=")[0]).strip().lower().startswith(_PRESIGNED)
