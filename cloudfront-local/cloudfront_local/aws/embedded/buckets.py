"""Website configurations that S3 refuses, and ministack takes. ministack's own Python runs this module.

Sources: S3 API Reference, PutBucketWebsite and Redirect; the words: ceph/ceph#23429, scality/cloudserver.
"""

from __future__ import annotations

from cloudfront_local.aws.embedded.handlers import Handler, Properties, checking

_RULES = 50


def bucket(known: Handler) -> Handler:
    """ministack's handler of AWS::S3::Bucket, which refuses website configurations in S3's words."""

    return checking(known, _check)


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
