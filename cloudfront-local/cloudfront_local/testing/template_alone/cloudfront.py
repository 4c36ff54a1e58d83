"""What CloudFront's API would tell of a template's resources, without AWS."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from cloudfront_local.aws.cloudfront_functions import Deployed
from cloudfront_local.aws.configuration import ConfigurationError
from cloudfront_local.aws.endpoint import ACCOUNT_ID
from cloudfront_local.errors import LocalError
from cloudfront_local.testing.template_alone.api_form import api_form
from cloudfront_local.testing.template_alone.values import Values

DISTRIBUTION = "AWS::CloudFront::Distribution"
DOMAIN_NAME = "d111111abcdef8.cloudfront.net"


class TemplateCloudFront:
    """Answers as boto3's client does, for `cloudfront_local.aws.distribution.read`. Ids are logical ids."""

    def __init__(self, values: Values) -> None:
        self._values = values

    def get_distribution(self, Id: str) -> dict[str, Any]:  # noqa: N803 - the API's name, here and below
        """A distribution, or the first one for an empty Id. Raises LocalError if the template has none."""
        for name, properties in self._values.resources(DISTRIBUTION):
            if Id in ("", name):
                config = api_form("DistributionConfig", properties.get("DistributionConfig", {}))
                arn = f"arn:aws:cloudfront::{ACCOUNT_ID}:distribution/{name}"
                return {"Distribution": {"ARN": arn, "DomainName": DOMAIN_NAME, "DistributionConfig": config}}
        raise LocalError(f"The template has no {DISTRIBUTION} {Id}".strip() + ".")

    def get_cache_policy(self, Id: str) -> dict[str, Any]:  # noqa: N803
        return {"CachePolicy": self._policy("CachePolicy", Id)}

    def get_origin_request_policy(self, Id: str) -> dict[str, Any]:  # noqa: N803
        return {"OriginRequestPolicy": self._policy("OriginRequestPolicy", Id)}

    def get_response_headers_policy(self, Id: str) -> dict[str, Any]:  # noqa: N803
        return {"ResponseHeadersPolicy": self._policy("ResponseHeadersPolicy", Id)}

    def get_origin_access_control(self, Id: str) -> dict[str, Any]:  # noqa: N803
        return {"OriginAccessControl": self._resource("OriginAccessControl", Id)}

    def get_vpc_origin(self, Id: str) -> dict[str, Any]:  # noqa: N803
        return {"VpcOrigin": self._resource("VpcOrigin", Id, "VpcOriginEndpointConfig")}

    def get_key_group(self, Id: str) -> dict[str, Any]:  # noqa: N803
        return {"KeyGroup": self._resource("KeyGroup", Id)}

    def get_public_key(self, Id: str) -> dict[str, Any]:  # noqa: N803
        return {"PublicKey": self._resource("PublicKey", Id)}

    def functions(self) -> dict[str, Deployed]:
        """The template's CloudFront Functions, by their ARNs."""
        return dict(map(_function, self._values.resources("AWS::CloudFront::Function")))

    def _policy(self, kind: str, policy_id: str) -> dict[str, Any]:
        managed = managed_policies()[kind].get(policy_id)
        return {f"{kind}Config": managed} if managed else self._resource(kind, policy_id)

    def _resource(self, kind: str, name: str, config: str = "") -> dict[str, Any]:
        """The resource's configuration under its name in the API. Raises ConfigurationError."""
        config = config or f"{kind}Config"
        for other, properties in self._values.resources(f"AWS::CloudFront::{kind}"):
            if other == name:
                return {config: api_form(config, properties.get(config, {}))}
        raise ConfigurationError(
            f"The distribution names the {kind} {name}, which is neither in the template nor one of AWS's own. Correct "
            "the name, or use the fixture `distribution`."
        )


def _function(resource: tuple[str, Mapping[str, Any]]) -> tuple[str, Deployed]:
    name, properties = resource
    config = properties.get("FunctionConfig", {})
    stores = [each["KeyValueStoreARN"] for each in config.get("KeyValueStoreAssociations", [])]
    code = str(properties.get("FunctionCode", ""))
    return f"arn:aws:cloudfront::{ACCOUNT_ID}:function/{name}", Deployed(name, code, config["Runtime"], tuple(stores))


@cache
def managed_policies() -> Mapping[str, Mapping[str, Any]]:
    """AWS's managed policies by kind and id, in the API's form.

    Source: CloudFront Developer Guide, "Use managed cache policies", "Use managed origin request policies" and "Use
    managed response headers policies".
    """
    text = files(__package__).joinpath("managed_policies.json").read_text("utf-8")
    found: Mapping[str, Mapping[str, Any]] = json.loads(text)
    return found
