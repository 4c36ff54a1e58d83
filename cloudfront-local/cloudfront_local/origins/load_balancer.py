"""Elastic load balancers of the stack: by their own names, and as VPC origins.

The embedded AWS serves them. This module refuses what CloudFront could not reach on AWS.
Sources: CloudFront Developer Guide, "HTTP 502 status code (Bad Gateway)", "SSL/TLS negotiation failure", and "Restrict
access with VPC origins".
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace

from multidict import CIMultiDict

from cloudfront_local.distribution import journal, pages
from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.distribution.origin import CustomOrigin
from cloudfront_local.distribution.pages import OriginFailed, OriginUnconnected
from cloudfront_local.origins import look_up
from cloudfront_local.origins.transport import Transport

_DOMAIN = re.compile(r"(?:dualstack\.)?(?P<name>[a-z0-9-]+(?:\.elb)?\.[a-z0-9-]+(?:\.elb)?\.amazonaws\.com)")
_SECURE = ("HTTPS", "TLS")
_PLAIN_HTTP = b"""\
<html>\r\n<head><title>400 The plain HTTP request was sent to HTTPS port</title></head>\r\n<body>\r\n\
<center><h1>400 Bad Request</h1></center>\r\n<center>The plain HTTP request was sent to HTTPS port</center>\r\n\
</body>\r\n</html>\r\n"""


@dataclass(frozen=True)
class LoadBalancer:
    """A load balancer of the stack. `listeners` are the protocols, such as HTTPS, by port."""

    domain_name: str
    is_internal: bool
    listeners: Mapping[int, str]


# (a domain name or an ARN) -> the load balancer, or None if there is none.
Balancers = Callable[[str], Awaitable[LoadBalancer | None]]


@dataclass(frozen=True)
class LoadBalancers:
    """Sends a distribution's requests to load balancers. The embedded AWS takes the viewer's Host from the header
    `viewer_host`."""

    transport: Transport
    balancers: Balancers
    viewer_host: str

    def serves(self, origin: CustomOrigin) -> bool:
        return origin.is_vpc_load_balancer or _name(origin) is not None

    async def fetch(self, request: Request, origin: CustomOrigin) -> Response:
        """The load balancer's answer. Raises OriginFailed if CloudFront would get none."""
        key = origin.vpc_endpoint if origin.is_vpc_load_balancer else _name(origin) or ""
        balancer = await look_up.answered(self.balancers(key), origin.read_timeout)
        balancer = _reached(balancer, request, origin)
        if balancer.listeners[origin.port] in _SECURE and origin.protocol == "http":
            return Response(400, CIMultiDict({"Content-Type": "text/html"}), _PLAIN_HTTP, "Bad Request")
        headers = request.headers.copy()
        headers[self.viewer_host] = headers["Host"]
        headers["Host"] = f"{balancer.domain_name}:{origin.port}"
        there = replace(origin, domain_name=balancer.domain_name)
        return await self.transport.send(replace(request, headers=headers), there)


def _name(origin: CustomOrigin) -> str | None:
    """The load balancer's own domain name."""
    found = _DOMAIN.fullmatch(origin.domain_name)
    return found["name"] if found and ".elb." in origin.domain_name else None


def _reached(balancer: LoadBalancer | None, request: Request, origin: CustomOrigin) -> LoadBalancer:
    """The load balancer. Raises OriginFailed if CloudFront could not connect to a listener of it."""
    if balancer is None:
        journal.remark(
            f"Load balancer {origin.domain_name} is not in this stack. Choose one of the template, such as !GetAtt "
            "Balancer.DNSName."
        )
        raise OriginFailed(*pages.ORIGIN_UNRESOLVED)
    if balancer.is_internal and not origin.vpc_endpoint:
        journal.remark(
            f"Load balancer {origin.domain_name} is internal: CloudFront reaches it as a VPC origin only. Use a "
            "VpcOriginConfig, or the Scheme internet-facing."
        )
        raise OriginUnconnected(*pages.ORIGIN_TIMEOUT)
    if origin.port not in balancer.listeners:
        ports = ", ".join(map(str, sorted(balancer.listeners))) or "none"
        journal.remark(
            f"Load balancer {origin.domain_name} has no listener at port {origin.port}; its ports: {ports}. Set the "
            "origin's HTTPPort or HTTPSPort, or its OriginProtocolPolicy."
        )
        raise OriginUnconnected(*pages.ORIGIN_TIMEOUT)
    listener = balancer.listeners[origin.port]
    if origin.protocol == "https" and listener not in _SECURE:
        journal.remark(
            f"Load balancer {origin.domain_name}: TLS fails, because the listener at port {origin.port} speaks "
            f"{listener}. Set the origin's OriginProtocolPolicy to http-only, or give the listener a certificate."
        )
        raise OriginUnconnected(*pages.ORIGIN_UNREACHABLE)
    if origin.protocol == "https" and request.headers["Host"].endswith(".amazonaws.com"):
        journal.remark(
            f"Load balancer {origin.domain_name}: TLS fails, because no certificate can name that domain. Forward the "
            "viewer's Host (AllViewer) with a certificate for it, or give the load balancer a domain name of your own."
        )
        raise OriginUnconnected(*pages.ORIGIN_UNREACHABLE)
    return balancer
