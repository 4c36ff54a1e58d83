"""Edge locations: how one names itself, by the Region whose replicas it uses."""

from __future__ import annotations

import hashlib

from cloudfront_local.distribution.headers import EdgeHost

# The airport of each Region's nearest edge location, as X-Amz-Cf-Pop starts.
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
    """The edge location next to a Region. Regions without one of their own in the list are served from IAD."""
    digest = hashlib.sha256(region.encode()).hexdigest()[:32]
    return EdgeHost(via=f"{digest}.cloudfront.net (CloudFront)", pop=f"{_AIRPORTS.get(region, 'IAD')}1-P1")
