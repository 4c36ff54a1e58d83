"""Replaces AWS addresses in origin custom headers by addresses of the embedded AWS.

AWS_ENDPOINT_URL sends a function's SDK calls to the embedded AWS. An origin custom header may hold other AWS addresses:
of an API in API Gateway, or of a token endpoint of Cognito. They would lead to the Internet, so they are replaced.
Only here do a function's settings differ from those at the edge.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.distribution.config import DistributionConfig

# https://<api>.execute-api.<region>.amazonaws.com[/<stage>]/...: the embedded AWS finds an API by the path, not by the
# host.
_API = re.compile(r"^https://(?P<api>[a-z0-9]+)\.execute-api\.[a-z0-9-]+\.amazonaws\.com(?P<path>/.*)?$")
_TOKENS = re.compile(r"^https://[a-z0-9-]+\.auth\.[a-z0-9-]+\.amazoncognito\.com(?P<path>/.*)?$")


def localized(
    config: DistributionConfig, endpoint: Endpoint, has_default_stage: Callable[[str], bool]
) -> DistributionConfig:
    """Returns the distribution with each such address in a custom header's value replaced.

    `has_default_stage(api id)` says whether an API has the stage $default. On AWS, the addresses of such an API name no
    stage; in the embedded AWS, they must name $default.
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
    """Returns a function that says whether an API is an HTTP API with the stage $default."""
    client = endpoint.client("apigatewayv2")
    http_apis = {api["ApiId"] for api in client.get_apis()["Items"]}

    def has_default_stage(api: str) -> bool:
        return api in http_apis and any(s["StageName"] == "$default" for s in client.get_stages(ApiId=api)["Items"])

    return has_default_stage
