"""Elastic load balancers of the stack: by their own names, and as VPC origins.

The embedded AWS serves them. This module refuses what CloudFront could not reach on AWS.
Sources: CloudFront Developer Guide, "HTTP 502 status code (Bad Gateway)", "SSL/TLS negotiation failure", and "Restrict
access with VPC origins".
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace

from multidict import CIMultiDict

from cloudfront_local.distribution import journal, pages, unverified
from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.distribution.origin import CustomOrigin
from cloudfront_local.distribution.pages import OriginFailed, OriginUnconnected
from cloudfront_local.distribution.unverified import Unverified
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
    told: Unverified = field(default_factory=Unverified)

    def serves(self, origin: CustomOrigin) -> bool:
        return origin.is_vpc_load_balancer or _name(origin) is not None

    async def fetch(self, request: Request, origin: CustomOrigin) -> Response:
        """The load balancer's answer. Raises OriginFailed if CloudFront would get none."""
        key = origin.vpc_endpoint if origin.is_vpc_load_balancer else _name(origin) or ""
        balancer = await look_up.answered(self.balancers(key), origin.read_timeout)
        if balancer is None:
            journal.remark(
                f"Load balancer {origin.domain_name} is not in this stack. Choose one of the template, such as !GetAtt "
                "Balancer.DNSName."
            )
            raise OriginFailed(*pages.ORIGIN_UNRESOLVED)
        if obstacle := _obstacle(balancer, request, origin):
            answer, reason = obstacle
            journal.remark(f"Load balancer {origin.domain_name}: {reason}")
            if answer == pages.ORIGIN_TIMEOUT:
                self.told.tell(unverified.CLOSED_PORT)
            raise OriginUnconnected(*answer)
        if balancer.listeners[origin.port] in _SECURE and origin.protocol == "http":
            return Response(400, CIMultiDict({"Content-Type": "text/html"}), _PLAIN_HTTP, "Bad Request")
        headers = request.headers.copy()
        headers[self.viewer_host] = headers["Host"]
        headers["Host"] = f"{balancer.domain_name}:{origin.port}"
        there = replace(origin, domain_name=balancer.domain_name)
        return await self.transport.send(replace(request, headers=headers), there)


def _obstacle(balancer: LoadBalancer, request: Request, origin: CustomOrigin) -> tuple[tuple[int, str], str] | None:
    """Why CloudFront cannot connect to a listener: its answer, and the reason for the terminal. None if it can."""
    if balancer.is_internal and not origin.vpc_endpoint:
        return pages.ORIGIN_TIMEOUT, (
            "it is internal, and CloudFront reaches it as a VPC origin only. Use a VpcOriginConfig, or the Scheme "
            "internet-facing."
        )
    listener = balancer.listeners.get(origin.port)
    if listener is None:
        ports = ", ".join(map(str, sorted(balancer.listeners))) or "none"
        return pages.ORIGIN_TIMEOUT, (
            f"it has no listener at port {origin.port}; its ports: {ports}. Set the origin's HTTPPort or HTTPSPort, or "
            "its OriginProtocolPolicy."
        )
    if origin.protocol == "https" and listener not in _SECURE:
        return pages.ORIGIN_UNREACHABLE, (
            f"TLS fails, because the listener at port {origin.port} speaks {listener}. Set the origin's "
            "OriginProtocolPolicy to http-only, or give the listener a certificate."
        )
    if origin.protocol == "https" and request.headers["Host"].endswith(".amazonaws.com"):
        return pages.ORIGIN_UNREACHABLE, (
            "TLS fails, because no certificate can name that domain. Forward the viewer's Host (AllViewer) with a "
            "certificate for it, or give the load balancer a domain name of your own."
        )
    return None


def _name(origin: CustomOrigin) -> str | None:
    """The load balancer's own domain name."""
    found = _DOMAIN.fullmatch(origin.domain_name.lower())  # its name may have capitals
    return found["name"] if found and ".elb." in found["name"] else None
