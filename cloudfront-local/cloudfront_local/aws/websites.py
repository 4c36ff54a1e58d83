"""Looks up buckets of the embedded AWS as websites."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.aws.fresh import Fresh
from cloudfront_local.origins.website_configuration import website
from cloudfront_local.origins.website_objects import Site, Sites


def sites(endpoint: Endpoint) -> Sites:
    """Returns a look-up in the embedded AWS. Answers are kept for one second: a changed bucket soon applies."""
    client = endpoint.client("s3")
    return Fresh[str, Site | None](lambda bucket: _site(client, bucket))


def _site(client: Any, bucket: str) -> Site | None:
    head = _unless_missing(client.head_bucket, bucket)
    if head is None:
        return None
    configuration = _unless_missing(client.get_bucket_website, bucket)
    policy = _unless_missing(client.get_bucket_policy, bucket)
    block = _unless_missing(client.get_public_access_block, bucket) or {}
    return Site(
        region=head["BucketRegion"],
        website=website(configuration) if configuration else None,
        policies=[json.loads(policy["Policy"])] if policy else [],
        is_restricted=block.get("PublicAccessBlockConfiguration", {}).get("RestrictPublicBuckets", False),
    )


def _unless_missing(call: Callable[..., Any], bucket: str) -> Any:
    """The answer of a call about a bucket; None if there is no such bucket or configuration, or the name is none."""
    try:
        return call(Bucket=bucket)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] in (400, 404):
            return None
        raise
