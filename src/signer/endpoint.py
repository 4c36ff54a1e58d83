"""Which AWS service answers at an origin's domain, and in which Region: what a signature is scoped to."""

from __future__ import annotations

from edge.cloudfront import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class UnknownEndpoint(ValueError):
    """The domain does not tell its service and Region, and no setting does."""


def scope(domain: str, settings: Mapping[str, str]) -> tuple[str, str]:
    """The service and Region to sign for, such as `("lambda", "eu-west-1")`. Raises UnknownEndpoint.

    The settings `service` and `region` take precedence over what the domain says.
    """
    service, region = _from_domain(domain)
    service, region = settings.get("service", service), settings.get("region", region)
    if not (service and region):
        raise UnknownEndpoint(
            f"{domain} does not tell its AWS service and Region: "
            "set the origin custom headers x-signer-service and x-signer-region"
        )
    return service, region


def _from_domain(domain: str) -> tuple[str, str]:
    """Service and Region by AWS's naming of endpoints; empty strings where it does not hold."""
    match domain.lower().split("."):
        case [_, "lambda-url", region, "on", "aws"]:
            return "lambda", region
        case [_, "execute-api", region, "amazonaws", "com"]:
            return "execute-api", region
        case [_, *_, "s3", region, "amazonaws", "com"]:
            return "s3", region
        case [_, *_, "s3", "dualstack", region, "amazonaws", "com"]:
            return "s3", region
        case _:
            return "", ""
