"""Origins: the distribution's configuration of an origin, and its form in the events of functions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from cloudfront_local.distribution.messages import Request
from cloudfront_local.distribution.spelling import spelling
from cloudfront_local.rules import facts


@dataclass(frozen=True)
class AccessControl:
    """An origin access control. `origin_type` is s3 or lambda; `signing` is always, never or no-override."""

    origin_type: str
    signing: str


@dataclass(frozen=True, kw_only=True)
class _Origin:
    """The fields that S3 origins and custom origins have in common. `custom_headers` are pairs of name and value, with
    names as configured. Timeouts are in seconds; a response completion timeout of 0 means no limit. `host_header` is
    the Host for the origin, if a CloudFront Function chose one."""

    domain_name: str
    path: str = ""
    custom_headers: tuple[tuple[str, str], ...] = ()
    access_control: AccessControl | None = None
    connection_attempts: int = 3
    connection_timeout: int = 10
    read_timeout: int = facts.ORIGIN_READ_SECONDS_DEFAULT
    response_completion_timeout: int = 0
    host_header: str = ""

    def _shared(self) -> dict[str, Any]:
        fields = {
            "customHeaders": _custom_headers_to_event(self.custom_headers),
            "domainName": self.domain_name,
            "path": self.path,
            "readTimeout": self.read_timeout,
        }
        if self.response_completion_timeout:
            fields["responseCompletionTimeout"] = self.response_completion_timeout
        return fields


@dataclass(frozen=True, kw_only=True)
class S3Origin(_Origin):
    """An S3 bucket by its REST endpoint. `access_identity` is the id of its origin access identity, and
    `canonical_user` that identity's canonical user id in S3; both are empty without one."""

    region: str
    access_identity: str = ""
    canonical_user: str = ""

    def to_event(self) -> dict[str, Any]:
        """The `origin` object of an origin event. With an origin access control, authMethod is `none`."""
        method = "origin-access-identity" if self.access_identity else "none"
        return {"s3": {**self._shared(), "authMethod": method, "region": self.region}}

    @property
    def bucket(self) -> str:
        return re.split(r"\.s3[.-]", self.domain_name, maxsplit=1)[0]


@dataclass(frozen=True, kw_only=True)
class CustomOrigin(_Origin):
    """An origin that is any HTTP server. `viewers_http_port` is its port for viewers of plain HTTP, if the origin's
    protocol is the viewer's; else None. `vpc_endpoint` is the ARN that a VPC origin leads to."""

    protocol: str = "https"
    port: int = 443
    viewers_http_port: int | None = None
    keepalive_timeout: int = facts.ORIGIN_KEEPALIVE_SECONDS_DEFAULT
    ssl_protocols: tuple[str, ...] = ("TLSv1.2",)
    vpc_endpoint: str = ""

    @property
    def is_vpc_load_balancer(self) -> bool:
        return self.vpc_endpoint.startswith("arn:aws:elasticloadbalancing:")

    def to_event(self) -> dict[str, Any]:
        """The `origin` object of an origin event."""
        return {
            "custom": {
                **self._shared(),
                "keepaliveTimeout": self.keepalive_timeout,
                "port": self.port,
                "protocol": self.protocol,
                "sslProtocols": list(self.ssl_protocols),
            }
        }


Origin = S3Origin | CustomOrigin


def asked_by(origin: Origin, request: Request) -> Origin:
    """The origin with the protocol and the port for a viewer's request."""
    if isinstance(origin, S3Origin) or origin.viewers_http_port is None or request.scheme == "https":
        return origin
    return replace(origin, protocol="http", port=origin.viewers_http_port)


def s3_region(domain_name: str) -> str:
    """The Region in a bucket's host name. The global endpoint has no Region in its name, and means us-east-1."""
    found = re.search(r"\.s3[.-](?:dualstack\.)?([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com", domain_name)
    return found[1] if found else "us-east-1"


def is_rest_endpoint(domain_name: str) -> bool:
    """Whether a host name is that of a bucket's REST endpoint."""
    return re.fullmatch(r".+\.s3([.-](?!website)[a-z0-9-]+)*\.amazonaws\.com", domain_name) is not None


def is_global_endpoint(domain_name: str) -> bool:
    """Whether a bucket's host name is at S3's global endpoint, whose DNS leads to the bucket's own Region."""
    return domain_name.endswith(".s3.amazonaws.com")


def from_event(event_origin: Mapping[str, Any], configured: Origin) -> Origin:
    """The origin that an origin-request function returned. `event_origin` must keep CloudFront's rules.

    An event does not name an origin access identity: `authMethod` only says whether to use the configured one. An
    origin access control signs for the configured domain name only; CloudFront's guide does not mention other domains.
    """
    if "s3" in event_origin:
        fields = event_origin["s3"]
        identity = user = ""
        if isinstance(configured, S3Origin) and fields.get("authMethod") == "origin-access-identity":
            identity, user = configured.access_identity, configured.canonical_user
        return S3Origin(
            **_shared_from_event(fields, configured),
            region=fields.get("region") or s3_region(fields["domainName"]),
            access_identity=identity,
            canonical_user=user,
        )
    fields = event_origin["custom"]
    return CustomOrigin(
        **_shared_from_event(fields, configured),
        protocol=fields["protocol"],
        port=fields["port"],
        keepalive_timeout=fields["keepaliveTimeout"],
        ssl_protocols=tuple(fields["sslProtocols"]),
    )


def _shared_from_event(fields: Mapping[str, Any], configured: Origin) -> dict[str, Any]:
    unchanged = fields["domainName"] == configured.domain_name
    return {
        "domain_name": fields["domainName"],
        "path": fields.get("path", ""),
        "custom_headers": _custom_headers_from_event(fields.get("customHeaders", {})),
        "access_control": configured.access_control if unchanged else None,
        "connection_attempts": configured.connection_attempts,
        "connection_timeout": configured.connection_timeout,
        "read_timeout": fields.get("readTimeout", facts.ORIGIN_READ_SECONDS_DEFAULT),
        "response_completion_timeout": fields.get("responseCompletionTimeout", 0),
    }


def _custom_headers_to_event(headers: tuple[tuple[str, str], ...]) -> dict[str, list[dict[str, str]]]:
    return {name.lower(): [{"key": name, "value": value}] for name, value in headers}


def _custom_headers_from_event(headers: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((spelling(name, item) or name, item["value"]) for name, items in headers.items() for item in items)
