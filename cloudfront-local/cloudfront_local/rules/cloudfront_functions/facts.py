"""Lists and limits of CloudFront Functions, each with its source. `rules/facts.py` says how sources are named.

Events, headers and quotas that Lambda@Edge shares are in rules/facts.py.
"""

# guide: edge-function-restrictions-all. The list of a response also holds for one that a viewer-request function
# generates [UNVERIFIED]. Lambda@Edge guards three more headers at viewer-response.
READ_ONLY_HEADERS = {
    "viewer-request": frozenset({"cdn-loop", "content-length", "host", "transfer-encoding", "via"}),
    "viewer-response": frozenset({"via", "warning"}),
}

# issue: cdklabs/construct-hub#1906; aws-samples/amazon-cloudfront-functions#56; a deployment of 2026-07
X_CACHE_VALIDATION = "FunctionValidationError from cloudfront"
X_CACHE_EXECUTION = "FunctionExecutionError from cloudfront"
X_CACHE_GENERATED = "FunctionGeneratedResponse from cloudfront"

# The sentence on CloudFront's error page.
# issue: cdklabs/construct-hub#402
SENTENCE_EXECUTION = "The CloudFront function associated with the CloudFront distribution is invalid or could not run."
# issue: aws-samples/amazon-cloudfront-functions#56
SENTENCE_ORIGIN = "The CloudFront function returned an invalid value for origin rewrite."
SENTENCE_DISALLOWED_HEADER = "The CloudFront function tried to add a disallowed header."
# `{}` is request or response; only that of a response is known.
SENTENCE_HEADER_NAME = (
    "The CloudFront function returned an invalid value: {}.headers must have header names in lower case."
)
# Only the beginning of this sentence is known.
SENTENCE_VALIDATION = "The CloudFront function returned an invalid value."

# guide: helper-functions-origin-modification
ORIGIN_CONNECTION_ATTEMPTS = (1, 3)
ORIGIN_TIMEOUTS = {"readTimeout": (1, 120), "keepAliveTimeout": (1, 120), "connectionTimeout": (1, 10)}
ORIGIN_ACCESS_CONTROL = {
    "signingBehavior": ("always", "never", "no-override"),
    "signingProtocol": ("sigv4",),
    "originType": ("s3", "mediapackagev2", "mediastore", "lambda"),
}
ORIGIN_IP_ADDRESS_TYPES = ("ipv4", "ipv6", "dualstack")
ALLOWED_CERTIFICATE_NAMES = 20
ALLOWED_CERTIFICATE_NAME_CHARACTERS = 64
SELECTION_CRITERIA = ("default", "media-quality-score")
