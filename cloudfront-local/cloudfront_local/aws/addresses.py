"""Where AWS's own HTTPS addresses are found on this machine, as far as origin custom headers hold them.

A function's SDK calls are turned to the embedded AWS by AWS_ENDPOINT_URL. Other addresses in its settings, of an API or
a token endpoint, would lead to the Internet: they are replaced in the settings that the function sees. This is the one
place where a function here is told something else than at the edge.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.distribution.config import DistributionConfig

# https://<api>.execute-api.<region>.amazonaws.com[/<stage>]/...: the embedded AWS finds APIs by path only.
_API = re.compile(r"^https://(?P<api>[a-z0-9]+)\.execute-api\.[a-z0-9-]+\.amazonaws\.com(?P<path>/.*)?$")
_TOKENS = re.compile(r"^https://[a-z0-9-]+\.auth\.[a-z0-9-]+\.amazoncognito\.com(?P<path>/.*)?$")


def localized(
    config: DistributionConfig, endpoint: Endpoint, has_default_stage: Callable[[str], bool]
) -> DistributionConfig:
    """The distribution with every such address in a custom header's value replaced.

    `has_default_stage(api id)` tells an API whose addresses name no stage.
    """

    def local(value: str) -> str:
        if found := _API.match(value):
            stage = "/$default" if has_default_stage(found["api"]) else ""
            return f"{endpoint.url}/_aws/execute-api/{found['api']}{stage}{found['path'] or '/'}"
        if found := _TOKENS.match(value):
            return f"{endpoint.url}{found['path'] or '/'}"
        return value

    origins = {
        name: replace(origin, custom_headers=tuple((key, local(value)) for key, value in origin.custom_headers))
        for name, origin in config.origins.items()
    }
    return replace(config, origins=origins)


def default_stages(endpoint: Endpoint) -> Callable[[str], bool]:
    """Asks API Gateway whether an HTTP API has the stage $default."""
    client = endpoint.client("apigatewayv2")
    http_apis = {api["ApiId"] for api in client.get_apis()["Items"]}

    def has_default_stage(api: str) -> bool:
        return api in http_apis and any(s["StageName"] == "$default" for s in client.get_stages(ApiId=api)["Items"])

    return has_default_stage
