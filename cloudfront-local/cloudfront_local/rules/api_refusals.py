"""What the API of CloudFront refuses in a configuration.

Source: CloudFront API Reference; Developer Guide, "Quotas" (cloudfront-limits), 2026.
"""

import re

METHOD_SETS = (
    frozenset({"GET", "HEAD"}),
    frozenset({"GET", "HEAD", "OPTIONS"}),
    frozenset({"GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"}),
)
# Settings of CloudFormation are named by the type of the resource behind AWS::CloudFront, and the path in its
# properties, with * for each item of a list. The errors are those of the API Reference.
_CACHE_KEY = "CachePolicy/CachePolicyConfig/ParametersInCacheKeyAndForwardedToOrigin"
_FORWARDED = "OriginRequestPolicy/OriginRequestPolicyConfig"
_ADDED = "ResponseHeadersPolicy/ResponseHeadersPolicyConfig"
# The API's error for a list with more items than the quota.
QUOTAS = {
    "Distribution/DistributionConfig/CacheBehaviors": ("TooManyCacheBehaviors", 75),
    "Distribution/DistributionConfig/Origins": ("TooManyOrigins", 100),
    "Distribution/DistributionConfig/OriginGroups/Items": ("TooManyOriginGroupsPerDistribution", 10),
    "Distribution/DistributionConfig/Aliases": ("TooManyDistributionCNAMEs", 100),
    "Distribution/DistributionConfig/DefaultCacheBehavior/TrustedKeyGroups": (
        "TooManyKeyGroupsAssociatedToDistribution",
        4,
    ),
    "Distribution/DistributionConfig/CacheBehaviors/*/TrustedKeyGroups": (
        "TooManyKeyGroupsAssociatedToDistribution",
        4,
    ),
    "KeyGroup/KeyGroupConfig/Items": ("TooManyPublicKeysInKeyGroup", 5),
    f"{_CACHE_KEY}/HeadersConfig/Headers": ("TooManyHeadersInCachePolicy", 10),
    f"{_CACHE_KEY}/CookiesConfig/Cookies": ("TooManyCookiesInCachePolicy", 10),
    f"{_CACHE_KEY}/QueryStringsConfig/QueryStrings": ("TooManyQueryStringsInCachePolicy", 10),
    f"{_FORWARDED}/HeadersConfig/Headers": ("TooManyHeadersInOriginRequestPolicy", 10),
    f"{_FORWARDED}/CookiesConfig/Cookies": ("TooManyCookiesInOriginRequestPolicy", 10),
    f"{_FORWARDED}/QueryStringsConfig/QueryStrings": ("TooManyQueryStringsInOriginRequestPolicy", 10),
    f"{_ADDED}/CustomHeadersConfig/Items": ("TooManyCustomHeadersInResponseHeadersPolicy", 10),
}
# Lambda@Edge functions of a distribution.
DISTRIBUTION_FUNCTIONS = 100
# Names of headers, cookies and query strings of a policy, all together.
POLICY_NAMES_CHARACTERS = 1024
# The API's error for a text with more characters than this.
LENGTHS = {
    "Distribution/DistributionConfig/Comment": ("InvalidArgument", 128),
    "Distribution/DistributionConfig/CacheBehaviors/*/PathPattern": ("InvalidArgument", 255),
    "Distribution/DistributionConfig/Origins/*/OriginPath": ("InvalidRelativePath", 255),
    "Distribution/DistributionConfig/DefaultRootObject": ("InvalidDefaultRootObject", 255),
    "CachePolicy/CachePolicyConfig/Comment": ("InvalidArgument", 128),
    "OriginRequestPolicy/OriginRequestPolicyConfig/Comment": ("InvalidArgument", 128),
    f"{_ADDED}/Comment": ("InvalidArgument", 128),
    f"{_ADDED}/CustomHeadersConfig/Items/*/Header": ("InvalidArgument", 256),
    f"{_ADDED}/CustomHeadersConfig/Items/*/Value": ("InvalidArgument", 1783),
    f"{_ADDED}/SecurityHeadersConfig/ContentSecurityPolicy/ContentSecurityPolicy": (
        "TooLongCSPInResponseHeadersPolicy",
        1783,
    ),
}
# The API's error for a number outside of these, both included. ConnectionAttempts and ConnectionTimeout are
# InvalidArgument in the absence of an error of their own [UNVERIFIED].
_ORIGIN = "Distribution/DistributionConfig/Origins/*"
NUMBERS = {
    f"{_ORIGIN}/{kind}/{key}": (f"Invalid{key}", least, most)
    for kind in ("CustomOriginConfig", "S3OriginConfig", "VpcOriginConfig")
    # cloudfront-limits, autumn 2026: 300 s to keep a connection; functions are held to 120 s.
    for key, least, most in (("OriginReadTimeout", 1, 120), ("OriginKeepaliveTimeout", 1, 300))
} | {
    f"{_ORIGIN}/ConnectionAttempts": ("InvalidArgument", 1, 3),
    f"{_ORIGIN}/ConnectionTimeout": ("InvalidArgument", 1, 10),
    f"{_ADDED}/ServerTimingHeadersConfig/SamplingRate": ("InvalidArgument", 0, 100),
}
# What a setting may name: the type of the resource, and the API's error when there is none.
REFERENCES = {
    "CachePolicyId": ("CachePolicy", "NoSuchCachePolicy"),
    "OriginRequestPolicyId": ("OriginRequestPolicy", "NoSuchOriginRequestPolicy"),
    "ResponseHeadersPolicyId": ("ResponseHeadersPolicy", "NoSuchResponseHeadersPolicy"),
    "TrustedKeyGroups": ("KeyGroup", "TrustedKeyGroupDoesNotExist"),
}
# The values that a setting may have.
_CHOICES = ("none", "whitelist", "allExcept", "all")
VALUES = {
    f"{_CACHE_KEY}/HeadersConfig/HeaderBehavior": ("none", "whitelist"),
    f"{_CACHE_KEY}/CookiesConfig/CookieBehavior": _CHOICES,
    f"{_CACHE_KEY}/QueryStringsConfig/QueryStringBehavior": _CHOICES,
    f"{_FORWARDED}/HeadersConfig/HeaderBehavior": (
        "none",
        "whitelist",
        "allViewer",
        "allViewerAndWhitelistCloudFront",
        "allExcept",
    ),
    f"{_FORWARDED}/CookiesConfig/CookieBehavior": _CHOICES,
    f"{_FORWARDED}/QueryStringsConfig/QueryStringBehavior": _CHOICES,
    f"{_ORIGIN}/CustomOriginConfig/OriginProtocolPolicy": ("http-only", "https-only", "match-viewer"),
    f"{_ORIGIN}/CustomOriginConfig/OriginSSLProtocols/*": ("SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2"),
}
POLICY_SELECTIONS = tuple(
    f"{policy}/{keys}"
    for policy in (_CACHE_KEY, _FORWARDED)
    for keys in ("HeadersConfig/Headers", "CookiesConfig/Cookies", "QueryStringsConfig/QueryStrings")
)
# Legacy ForwardedValues: headers by name.
LEGACY_HEADERS_MAX = 10
# Mappings with Items and a Quantity.
_GROUPS = "Distribution/DistributionConfig/OriginGroups"
COUNTED = (
    _GROUPS,
    f"{_GROUPS}/Items/*/Members",
    f"{_GROUPS}/Items/*/FailoverCriteria/StatusCodes",
)
# An entry of Access-Control-Allow-Origin. guide: understanding-response-headers-policies-cors
CORS_ORIGIN = re.compile(
    r"(?P<scheme>https?://)?(?P<any>\*\.)?(?P<host>[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*)(?::(?P<port>[0-9*]+))?"
)
# The API's error for a value that a setting does not have, where it is not InvalidArgument.
VALUE_ERRORS = {
    "ErrorCode": "InvalidErrorCode",
    "Locations": "InvalidLocationCode",
    "MinimumProtocolVersion": "InvalidMinimumProtocolVersion",
    "ResponseCode": "InvalidResponseCode",
    "RestrictionType": "InvalidGeoRestrictionParameter",
}
