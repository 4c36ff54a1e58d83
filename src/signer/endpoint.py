"""What an origin's domain says about itself: which AWS service answers there, in which Region, by which name."""

from __future__ import annotations

from edge.cloudfront import Origin
from signer.settings import MisconfiguredError, Settings

_PORTS = {"https": 443, "http": 80}


def scope(domain: str, settings: Settings) -> tuple[str, str]:
    """The service and Region to sign for, such as `("lambda", "eu-west-1")`.

    The settings take precedence over the domain. Raises MisconfiguredError if neither tells.
    """
    service, region = _named(domain)
    service, region = settings.service or service, settings.region or region
    if not (service and region):
        raise MisconfiguredError(
            f"{domain} does not tell its AWS service and Region: "
            "set the origin custom headers x-signer-service and x-signer-region"
        )
    return service, region


def host(origin: Origin, domain: str) -> str:
    """What `Host` says: the domain, with the port unless it is the protocol's own (RFC 9110 §7.2)."""
    custom = origin.get("custom")
    if custom is None or custom["port"] == _PORTS[custom["protocol"]]:
        return domain
    return f"{domain}:{custom['port']}"


def _named(domain: str) -> tuple[str, str]:
    """Service and Region as AWS names its endpoints; both empty for any other domain."""
    match domain.lower().split("."):
        case [_, "lambda-url", region, "on", "aws"]:
            return "lambda", region
        case [_, "execute-api", region, "amazonaws", "com"]:
            return "execute-api", region
        case [*_, "s3", region, "amazonaws", "com"] | [*_, "s3", "dualstack", region, "amazonaws", "com"]:
            return "s3", region
        case _:
            return "", ""
