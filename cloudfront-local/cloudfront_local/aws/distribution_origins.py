"""Reads the origins of a deployed distribution."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from cloudfront_local.aws.configuration import found, items
from cloudfront_local.aws.endpoint import ACCOUNT_ID
from cloudfront_local.distribution.origin import AccessControl, CustomOrigin, Origin, S3Origin, s3_region
from cloudfront_local.rules import facts

_LOCAL_API = re.compile(r"(?P<api>[a-z0-9]+)\.execute-api\.localhost(:[0-9]+)?")


def read_origin(client: Any, config: Mapping[str, Any]) -> Origin:
    """Reads an item of `Origins` of the CloudFront API. Raises ConfigurationError."""
    custom = config.get("CustomOriginConfig") or _vpc_origin(client, config.get("VpcOriginConfig"))
    own = custom or config.get("S3OriginConfig", {})
    shared = {
        "domain_name": _domain_name(client, config["DomainName"]),
        "path": config.get("OriginPath", ""),
        "custom_headers": tuple((h["HeaderName"], h["HeaderValue"]) for h in items(config, "CustomHeaders")),
        "access_control": _access_control(client, config.get("OriginAccessControlId")),
        "connection_attempts": config.get("ConnectionAttempts", facts.ORIGIN_CONNECTION_ATTEMPTS_MAX),
        "connection_timeout": config.get("ConnectionTimeout", facts.ORIGIN_CONNECTION_SECONDS_MAX),
        "read_timeout": own.get("OriginReadTimeout", facts.ORIGIN_READ_SECONDS_DEFAULT),
        "response_completion_timeout": config.get("ResponseCompletionTimeout", 0),
    }
    return _custom_origin(own, shared) if custom else _s3_origin(own, shared)


def _domain_name(client: Any, name: str) -> str:
    """The domain name as on AWS: the attribute ApiEndpoint of ministack's HTTP APIs names this machine."""
    found = _LOCAL_API.fullmatch(name)
    return f"{found['api']}.execute-api.{client.meta.region_name}.amazonaws.com" if found else name


def _vpc_origin(client: Any, config: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The configuration of a VPC origin as that of a custom origin: ports and protocol are those of its endpoint."""
    if config is None:
        return None
    endpoint = found(client.get_vpc_origin, config["VpcOriginId"])["VpcOrigin"]["VpcOriginEndpointConfig"]
    return {**endpoint, **config}


def _s3_origin(config: Mapping[str, Any], shared: Mapping[str, Any]) -> S3Origin:
    identity = config.get("OriginAccessIdentity", "").removeprefix("origin-access-identity/cloudfront/")
    return S3Origin(
        **shared,
        region=s3_region(shared["domain_name"]),
        access_identity=identity,
        canonical_user=_canonical_user(identity) if identity else "",
    )


def _canonical_user(identity: str) -> str:
    """The S3 canonical user id that ministack's CloudFormation gives an origin access identity. Its CloudFront has no
    API that tells the id."""
    return hashlib.sha256(f"{ACCOUNT_ID}:{identity}".encode()).hexdigest()


def _custom_origin(config: Mapping[str, Any], shared: Mapping[str, Any]) -> CustomOrigin:
    policy = config.get("OriginProtocolPolicy")
    secure = policy != "http-only"
    return CustomOrigin(
        **shared,
        protocol="https" if secure else "http",
        port=config.get("HTTPSPort", 443) if secure else config.get("HTTPPort", 80),
        viewers_http_port=config.get("HTTPPort", 80) if policy == "match-viewer" else None,
        keepalive_timeout=config.get("OriginKeepaliveTimeout", facts.ORIGIN_KEEPALIVE_SECONDS_DEFAULT),
        ssl_protocols=tuple(config.get("OriginSslProtocols", {}).get("Items", ["TLSv1.2"])),
        vpc_endpoint=config.get("Arn", ""),
    )


def _access_control(client: Any, access_control_id: str | None) -> AccessControl | None:
    if not access_control_id:
        return None
    control = found(client.get_origin_access_control, access_control_id)["OriginAccessControl"]
    config = control["OriginAccessControlConfig"]
    return AccessControl(config["OriginAccessControlOriginType"], config["SigningBehavior"])
