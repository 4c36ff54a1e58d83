"""Finds an origin's AWS service and Region in its domain name."""

from __future__ import annotations

from functools import lru_cache

from edge.cloudfront import Origin
from signer.settings import MisconfiguredError, Settings

_PORTS = {"https": 443, "http": 80}

# Services whose name in a signature differs from the name in their domain. Source: botocore's service models,
# `endpointPrefix` and `signingName`; for S3, botocore's endpoint rules, `authSchemes`.
_SIGNED_AS = {
    "appconfigdata": "appconfig",
    "appsync-api": "appsync",
    "bedrock-agent-runtime": "bedrock",
    "bedrock-runtime": "bedrock",
    "email": "ses",
    "lambda-url": "",  # function URLs are under on.aws only
    "personalize-events": "personalize",
    "personalize-runtime": "personalize",
    "pinpoint": "mobiletargeting",
    "runtime-v2-lex": "lex",
    "s3-accesspoint": "s3",
    "s3-control": "s3",
    "s3-website": "",  # takes no signature
}


def scope(domain: str, settings: Settings) -> tuple[str, str]:
    """The service and Region to sign for, such as `("lambda", "eu-west-1")`.

    The settings take precedence over the domain. If neither names the service or the Region, raises MisconfiguredError
    in the mode `sign`, and returns "" in the mode `body-hash`.
    """
    service, region = _named(domain)
    service, region = settings.service or service, settings.region or region
    if not (service and region) and settings.mode == "sign":
        missing = [name for name, value in (("service", service), ("Region", region)) if not value]
        names = " and ".join([f"x-signer-{name.lower()}" for name in missing])
        raise MisconfiguredError(
            f"{domain} does not name its AWS {' and '.join(missing)}: "
            f"set the origin custom header{'s' if len(missing) > 1 else ''} {names}"
        )
    return service, region


def host(origin: Origin, domain: str) -> str:
    """The value of `Host`: the domain, followed by the port unless it is the protocol's default (RFC 9110 §7.2)."""
    custom = origin.get("custom")
    if custom is None or custom["port"] == _PORTS.get(custom["protocol"]):
        return domain
    return f"{domain}:{custom['port']}"


@lru_cache(maxsize=16)
def _named(domain: str) -> tuple[str, str]:
    """The service and Region in the domain of an AWS endpoint; each is empty if the domain does not name it.

    The suffixes are `dnsSuffix` and `dualStackDnsSuffix` of botocore's partitions.json, and `on.aws`. The latter is the
    only suffix of function URLs (Lambda Developer Guide), and OpenSearch's for dual-stack domains.
    """
    match domain.lower().split("."):
        case [_, "lambda-url", region, "on", "aws"]:
            return "lambda", region
        case [_, "aos", region, "on", "aws"]:
            return "es", region
        case (
            [*labels, "amazonaws", "com" | "eu"]
            | [*labels, "amazonaws", "com", "cn"]
            | [*labels, "api", "aws"]
            | [*labels, "api", "amazonwebservices", "eu"]
            | [*labels, "api", "amazonwebservices", "com", "cn"]
        ):
            return _endpoint([label.removesuffix("-fips") for label in labels if label != "dualstack"])
        case _:
            return "", ""


def _endpoint(labels: list[str]) -> tuple[str, str]:
    """The service and Region in the labels before the suffix: `[..., service, region]`, except for a few services."""
    match labels:
        case [_, "iot", region] if _is_region(region):
            return "iotdata", region
        case [*_, service, region] if _is_region(region):
            return _SIGNED_AS.get(service, service), region
        case [*_, region, ("aoss" | "cloudsearch" | "es") as service] if _is_region(region):
            return service, region
        case [*_, "s3" | "s3-accelerate"]:
            return "s3", ""
        case [*_, label] if label.startswith("s3-") and _is_region(region := label[3:].removeprefix("fips-")):
            return "s3", region  # S3 User Guide, "Virtual hosting of buckets", "S3 dash Region"
        case _:
            return "", ""


def _is_region(label: str) -> bool:
    """Whether a label is a Region, such as `eu-west-1`, `us-gov-west-1` or `eusc-de-east-1`.

    Source: botocore's partitions.json, `regionRegex`.
    """
    area, *place = label.split("-")
    return area.isalpha() and len(area) in (2, 4) and len(place) in (2, 3) and place[-1].isdigit()
