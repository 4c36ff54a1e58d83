"""CloudFormation's AWS::S3::Bucket as ministack does not have it. ministack's own Python runs this module.

Website configurations that S3 refuses are refused. A bucket without a BucketName gets the same name at each start: kept
data belongs to the name, and tables may have the name in their items. ministack draws another name each time.

Sources: S3 API Reference, PutBucketWebsite and Redirect; the words: ceph/ceph#23429, scality/cloudserver.
"""

from __future__ import annotations

from typing import Any

from cloudfront_local.aws.embedded.handlers import Handler, Made, Properties, checking

_RULES = 50
# ministack hashes it with the names of the stack and the bucket.
_SEED = "first"


def bucket(known: Handler, provisioners: Any, s3: Any) -> Handler:
    """ministack's handler of AWS::S3::Bucket, changed. `provisioners` and `s3` are ministack's modules."""
    checked = checking(known, _check)

    def create(logical_id: str, properties: Properties, stack_name: str) -> Made:
        seed = provisioners._NAME_SEED
        if not properties.get("BucketName") and not seed.get():
            before = seed.set(_SEED)
            # A bucket that an earlier stack has left behind has this name.
            if provisioners._physical_name(stack_name, logical_id, lowercase=True, max_len=63) in s3._buckets:
                seed.reset(before)
        made: Made = checked["create"](logical_id, properties, stack_name)
        return made

    return {**checked, "create": create}


def _check(properties: Properties) -> None:
    """Raises ValueError with S3's message."""
    website = properties.get("WebsiteConfiguration") or {}
    rules = website.get("RoutingRules") or []
    if len(rules) > _RULES:
        raise ValueError(
            f"{len(rules)} routing rules provided, the number of routing rules in a website configuration is limited "
            f"to {_RULES}."
        )
    if any({"ReplaceKeyWith", "ReplaceKeyPrefixWith"} <= set(rule.get("RedirectRule") or {}) for rule in rules):
        raise ValueError("You can only define ReplaceKeyPrefix or ReplaceKey but not both.")
    if website.get("RedirectAllRequestsTo") and len(website) > 1:
        raise ValueError("RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules.")
