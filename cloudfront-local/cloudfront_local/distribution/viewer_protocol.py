"""The viewer protocol policy: what CloudFront answers to a viewer's plain HTTP.

Source: CloudFront Developer Guide, "Require HTTPS for communication between viewers and CloudFront".
"""

from __future__ import annotations

from multidict import CIMultiDict

from cloudfront_local.distribution import journal, pages
from cloudfront_local.distribution.config import without_port
from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.distribution.pages import Refusal

_PAGE = """\
<html>\r
<head><title>{status}</title></head>\r
<body>\r
<center><h1>{status}</h1></center>\r
<hr><center>CloudFront</center>\r
</body>\r
</html>\r
"""
_MOVED, _REDIRECT = "301 Moved Permanently", "307 Temporary Redirect"


def redirected(policy: str, request: Request, domain_name: str) -> Response | None:
    """The redirect to HTTPS that the policy demands; None if the request goes on. Raises Refusal.

    `policy` is `allow-all`, `redirect-to-https` or `https-only`. The redirect leads to the host that the viewer asked,
    without the port for HTTP, or to `domain_name` if the request has no Host (HTTP/1.0).
    """
    if request.scheme == "https" or policy == "allow-all":
        return None
    if policy == "https-only":
        journal.remark("The behavior's ViewerProtocolPolicy is https-only, and the request is plain HTTP.")
        raise Refusal(*pages.HTTPS_ONLY)
    host = without_port(request.headers.get("Host", domain_name))
    if request.method in ("GET", "HEAD"):
        return _redirect(_MOVED, request, host)
    if request.http_version == "1.0":
        journal.remark(f"CloudFront redirects no {request.method} of HTTP/1.0 to HTTPS.")
        raise Refusal(*pages.HTTPS_ONLY)
    return _redirect(_REDIRECT, request, host)


def _redirect(status: str, request: Request, host: str) -> Response:
    headers = CIMultiDict(
        {
            "Server": "CloudFront",
            "Content-Type": "text/html",
            "Location": f"https://{host}{request.target}",
        }
    )
    code, _, reason = status.partition(" ")
    return Response(int(code), headers, _PAGE.format(status=status).encode(), reason)
