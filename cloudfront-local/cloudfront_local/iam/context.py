"""The condition keys of requests that reach an origin from the edge. Names are in lower case.

Source: IAM User Guide, "AWS global condition context keys".
"""

from __future__ import annotations


def of_role(role_arn: str, user_agent: str) -> dict[str, str]:
    """The keys of a request that an edge function signed. `aws:PrincipalArn` is the role's ARN, not the session's."""
    return {
        "aws:principalarn": role_arn,
        "aws:principalaccount": role_arn.split(":")[4],
        "aws:principaltype": "AssumedRole",
        "aws:principalisawsservice": "false",
        "aws:securetransport": "true",
        "aws:useragent": user_agent,
        "aws:viaawsservice": "false",
    }


def of_cloudfront(distribution_arn: str) -> dict[str, str]:
    """The keys of a request that CloudFront signs with an origin access control."""
    return {
        "aws:principalisawsservice": "true",
        "aws:principalservicename": "cloudfront.amazonaws.com",
        "aws:securetransport": "true",
        "aws:sourceaccount": distribution_arn.split(":")[4],
        "aws:sourcearn": distribution_arn,
        "aws:viaawsservice": "false",
    }
