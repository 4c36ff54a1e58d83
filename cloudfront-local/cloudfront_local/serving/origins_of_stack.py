"""Puts together the origins that a stack's distribution can reach."""

from __future__ import annotations

from botocore.credentials import Credentials

from cloudfront_local.aws import apis, websites
from cloudfront_local.aws.embedded.data_planes import VIEWER_HOST
from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.distribution.unverified import Unverified
from cloudfront_local.origins.api_gateway import ApiGateway
from cloudfront_local.origins.fetch import Origins
from cloudfront_local.origins.function_url import Account, FunctionUrls
from cloudfront_local.origins.load_balancer import LoadBalancers
from cloudfront_local.origins.real_aws import RealAws
from cloudfront_local.origins.s3 import S3
from cloudfront_local.origins.transport import Transport
from cloudfront_local.origins.website import Websites
from cloudfront_local.origins.website_objects import Objects


def origins_of_stack(
    endpoint: Endpoint, transport: Transport, account: Account, distribution_arn: str, real_aws: RealAws | None
) -> Origins:
    """The origins of a distribution in the embedded AWS. What is not in the stack is in `real_aws`, if there is one."""
    root, told = Credentials(*endpoint.key), Unverified()
    return Origins(
        transport,
        S3(transport, distribution_arn, root, account, real_aws),
        (
            FunctionUrls(transport, account, distribution_arn, root, real_aws),
            Websites(Objects(transport, root), websites.sites(endpoint), real_aws, told),
            ApiGateway(transport, apis.apis(endpoint), real_aws, told),
            LoadBalancers(transport, apis.balancers(endpoint), VIEWER_HOST, told),
        ),
    )
