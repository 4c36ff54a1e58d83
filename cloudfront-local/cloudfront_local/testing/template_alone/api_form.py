"""CloudFormation's properties of CloudFront's resources, in the form of CloudFront's API.

The API has `{"Quantity": 1, "Items": [...]}` where CloudFormation has a list, and writes some names in another way. The
API's form is read from botocore's description of the API.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import botocore.session
from botocore.model import ListShape, ServiceModel, Shape, StructureShape

# CloudFormation's names that are others than the API's in more than their case, by the API's name.
# Source: AWS::CloudFront::Distribution in CloudFormation's reference, beside the API's.
OTHER_NAMES = {"CustomHeaders": "OriginCustomHeaders", "IsIPV6Enabled": "IPV6Enabled"}


@cache
def _model() -> ServiceModel:
    return botocore.session.get_session().get_service_model("cloudfront")


def api_form(shape: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    """The properties in the form of one of the API's shapes, such as DistributionConfig."""
    formed: dict[str, Any] = _formed(_model().shape_for(shape), properties)
    return formed


def _formed(shape: Shape, plain: Any) -> Any:
    match shape:
        case StructureShape() if isinstance(plain, list):
            return _listed(shape, plain)
        case StructureShape() if isinstance(plain, Mapping):
            return _structure(shape, plain)
        case ListShape() if isinstance(plain, list):
            return [_formed(shape.member, each) for each in plain]
        case Shape(type_name="integer" | "long"):
            return int(plain)
        case Shape(type_name="double"):
            return float(plain)
        case Shape(type_name="boolean"):
            return str(plain).lower() == "true"
        case Shape(type_name="string"):
            return str(plain)
    return plain


def _listed(shape: StructureShape, plain: list[Any]) -> dict[str, Any]:
    """A list of CloudFormation's. The API also says whether it counts."""
    formed = {"Quantity": len(plain), "Items": _formed(shape.members["Items"], plain)}
    return {"Enabled": bool(plain), **formed} if "Enabled" in shape.members else formed


def _structure(shape: StructureShape, plain: Mapping[str, Any]) -> dict[str, Any]:
    written = {str(key).lower(): value for key, value in plain.items()}
    formed = {}
    for name, member in shape.members.items():
        key = OTHER_NAMES.get(name, name).lower()
        if key in written:
            formed[name] = _formed(member, written[key])
    match shape.name, plain:
        case "DefaultCacheBehavior" | "CacheBehavior", {"CachedMethods": list(methods)}:
            formed.setdefault("AllowedMethods", {})["CachedMethods"] = {"Quantity": len(methods), "Items": methods}
        case "GeoRestriction", {"Locations": list(countries)}:
            formed |= {"Quantity": len(countries), "Items": countries}
        case "LoggingConfig", {"Bucket": _}:
            formed["Enabled"] = True
    return formed
