"""The names of edge locations in Via and X-Amz-Cf-Pop, by the Region that runs the functions for them."""

from __future__ import annotations

import hashlib

from cloudfront_local.distribution.headers import EdgeHost

# The airport code of each Region's nearest edge location: X-Amz-Cf-Pop begins with this code.
_AIRPORTS = {
    "us-east-1": "IAD",
    "us-east-2": "CMH",
    "us-west-1": "SFO",
    "us-west-2": "HIO",
    "ca-central-1": "YUL",
    "sa-east-1": "GRU",
    "eu-west-1": "DUB",
    "eu-west-2": "LHR",
    "eu-west-3": "CDG",
    "eu-central-1": "FRA",
    "eu-north-1": "ARN",
    "eu-south-1": "MXP",
    "ap-northeast-1": "NRT",
    "ap-northeast-2": "ICN",
    "ap-northeast-3": "KIX",
    "ap-south-1": "BOM",
    "ap-southeast-1": "SIN",
    "ap-southeast-2": "SYD",
    "af-south-1": "CPT",
    "me-south-1": "BAH",
}


def edge_host(region: str) -> EdgeHost:
    """The names of the edge location nearest to a Region. A Region that the list does not have gets IAD."""
    digest = hashlib.sha256(region.encode()).hexdigest()[:32]
    return EdgeHost(via=f"{digest}.cloudfront.net (CloudFront)", pop=f"{_AIRPORTS.get(region, 'IAD')}1-P1")
