"""Lists and limits of CloudFront and Lambda@Edge, each with its source. The emulator, the rules and the lint use them.

The comments name the sources like this:
    guide    Amazon CloudFront Developer Guide, April 2026, by the name of the page
    lambda   AWS Lambda Developer Guide, 2026, by the name of the page
    issue    a public GitHub issue that shows the message or the behavior of the service
    [UNVERIFIED] no source confirms the value: the tool takes the stricter reading

The tool does not enforce these rules, which no longer hold. The current rule is in parentheses:
    timeouts of 1, 3 and 5 s, 128 MB and a 1 MB zip for viewer functions (all events: 30 s, Lambda's memory, 50 MB);
    generated responses of 256 KB at origin-request (1 MB); requests of 20,480 bytes (32,768);
    every X-Amzn-* header disallowed (only the ten named below: functions may set X-Amz-Date and X-Amzn-Trace-Id);
    Accept, Accept-Charset, Accept-Language, Authorization, Referer and TE restricted at origin-request (2018);
    Range read-only at origin-request (2019); Content-Encoding and Content-Length read-only at origin-response (2018);
    10 origin custom headers (30); keep-alive 1-60 s and read timeout 4-60 s (both 1-120);
    execution errors as 500 (503).
"""

from datetime import date

KB = 1024
MB = 1024 * KB

# ── Events ────────────────────────────────────────────────────────────────────────────────────────────────────────────
# guide: lambda-cloudfront-trigger-events

REQUEST_EVENTS = ("viewer-request", "origin-request")
RESPONSE_EVENTS = ("origin-response", "viewer-response")
VIEWER_EVENTS = ("viewer-request", "viewer-response")
ORIGIN_EVENTS = ("origin-request", "origin-response")
EVENT_TYPES = (*REQUEST_EVENTS, *RESPONSE_EVENTS)

# ── Headers ───────────────────────────────────────────────────────────────────────────────────────────────────────────
# guide: edge-function-restrictions-all

# Functions never see these headers. A result that adds one fails validation. With the two prefixes, the list has 30
# entries. The guide of April 2026 did not have the three about the viewer's certificate; that of autumn 2026 does.
DISALLOWED_HEADERS = frozenset(
    {
        "client-cert",
        "client-cert-chain",
        "cloudfront-viewer-cert-pem",
        "connection",
        "expect",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "trailer",
        "upgrade",
        "x-accel-buffering",
        "x-accel-charset",
        "x-accel-limit-rate",
        "x-accel-redirect",
        "x-amzn-auth",
        "x-amzn-cf-billing",
        "x-amzn-cf-id",
        "x-amzn-cf-xff",
        "x-amzn-errortype",
        "x-amzn-fle-profile",
        "x-amzn-header-count",
        "x-amzn-header-order",
        "x-amzn-lambda-integration-tag",
        "x-amzn-requestid",
        "x-cache",
        "x-forwarded-proto",
        "x-real-ip",
    }
)
DISALLOWED_HEADER_PREFIXES = ("x-amz-cf-", "x-edge-")


def is_disallowed(name: str) -> bool:
    """Whether functions cannot see this header and may not add it. `name` is in lower case."""
    return name in DISALLOWED_HEADERS or name.startswith(DISALLOWED_HEADER_PREFIXES)


# guide: lambda-at-edge-function-restrictions
DISALLOWED_AT_VIEWER_REQUEST = frozenset({"cloudfront-viewer-country"})

# A result that adds, changes or deletes one of these headers fails validation. The list of a request event also holds
# for a response that the function generates at that event (issue: opennextjs/opennextjs-aws#427).
READ_ONLY_HEADERS = {
    "viewer-request": frozenset({"cdn-loop", "content-length", "host", "transfer-encoding", "via"}),
    "origin-request": frozenset(
        {
            "accept-encoding",
            "cdn-loop",
            "content-length",
            "if-modified-since",
            "if-none-match",
            "if-range",
            "if-unmodified-since",
            "transfer-encoding",
            "via",
        }
    ),
    "origin-response": frozenset({"transfer-encoding", "via"}),
    "viewer-response": frozenset({"content-encoding", "content-length", "transfer-encoding", "via", "warning"}),
}

# ── Requests and responses of a function ──────────────────────────────────────────────────────────────────────────────

# URI and query string together have fewer characters than this. guide: cloudfront-limits
URI_AND_QUERYSTRING_BELOW = 8192

# guide: lambda-event-structure
READ_ONLY_REQUEST_FIELDS = ("clientIp", "method")
BODY_ACTIONS = ("read-only", "replace")
BODY_ENCODINGS = ("base64", "text")

# CloudFront cuts a longer request body before a function sees it (inputTruncated). guide: lambda-include-body-access
BODY_EXPOSED_BYTES = {"viewer-request": 40 * KB, "origin-request": MB}

# The most bytes of a replaced body, by event and encoding. guide: cloudfront-limits gives 53.2 KB and 1.33 MB for
# base64. That is a little less than 40 KB and 1 MB have in base64; the exact number of bytes is [UNVERIFIED].
BODY_REPLACED_BYTES = {
    "viewer-request": {"text": 40 * KB, "base64": 54_476},
    "origin-request": {"text": MB, "base64": 1_394_606},
}

# The most bytes of header names, header values and body together. guide: cloudfront-limits. An issue confirms 1,048,576
# (aws-amplify/amplify-hosting#2221); 40,960 is by analogy. A base64 body counts as encoded [UNVERIFIED].
GENERATED_RESPONSE_BYTES = {"viewer-request": 40 * KB, "origin-request": MB, "origin-response": MB}

# guide: lambda-generating-http-responses
STATUS_MIN, STATUS_MAX = 200, 599

# ── Origins ───────────────────────────────────────────────────────────────────────────────────────────────────────────
# guide: lambda-event-structure

ORIGIN_KINDS = ("custom", "s3")
ORIGIN_DOMAIN_NAME_CHARACTERS = {"custom": 253, "s3": 128}
ORIGIN_PATH_CHARACTERS = 255  # custom origins
ORIGIN_PORTS = (80, 443)
ORIGIN_PORT_MIN, ORIGIN_PORT_MAX = 1024, 65535
ORIGIN_PROTOCOLS = ("http", "https")
# In autumn 2026, cloudfront-limits gives 300 s for distributions, and this page still 120 s for functions [UNVERIFIED].
ORIGIN_KEEPALIVE_SECONDS_MIN, ORIGIN_KEEPALIVE_SECONDS_MAX = 1, 120
ORIGIN_READ_SECONDS_MIN, ORIGIN_READ_SECONDS_MAX = 1, 120  # a quota: AWS raises the upper limit on request
ORIGIN_READ_SECONDS_DEFAULT = 30
ORIGIN_SSL_PROTOCOLS = ("TLSv1.2", "TLSv1.1", "TLSv1", "SSLv3")
S3_AUTH_METHODS = ("none", "origin-access-identity")

# Origins in the guide's samples (lambda-examples) have all these fields. Whether one may be left out is [UNVERIFIED].
ORIGIN_REQUIRED_FIELDS = {
    "custom": (
        "domainName",
        "path",
        "port",
        "protocol",
        "keepaliveTimeout",
        "readTimeout",
        "sslProtocols",
        "customHeaders",
    ),
    "s3": ("domainName", "path", "authMethod", "customHeaders"),
}

# guide: cloudfront-limits (custom headers)
CUSTOM_HEADERS = 30
CUSTOM_HEADER_NAME_CHARACTERS = 256
CUSTOM_HEADER_VALUE_CHARACTERS = 1783
CUSTOM_HEADERS_CHARACTERS = 10_240  # names and values together

# guide: add-origin-custom-headers
CUSTOM_HEADERS_DENIED = frozenset(
    {
        "cache-control",
        "connection",
        "content-length",
        "cookie",
        "host",
        "if-match",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "if-unmodified-since",
        "max-forwards",
        "pragma",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "range",
        "request-range",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "via",
        "x-real-ip",
    }
)
CUSTOM_HEADERS_DENIED_PREFIXES = ("x-amz-", "x-edge-")

# ── Answers to the viewer after a failure ─────────────────────────────────────────────────────────────────────────────

# guide: http-502-bad-gateway, http-503-service-unavailable
VALIDATION_STATUS = 502
EXECUTION_STATUS = 503

# issue: serverless-nextjs/serverless-next.js#181, #898; guide until 2019: lambda-edge-testing-debugging
X_CACHE_VALIDATION = "LambdaValidationError from cloudfront"
X_CACHE_EXECUTION = "LambdaExecutionError from cloudfront"
X_CACHE_GENERATED = "LambdaGeneratedResponse from cloudfront"
X_CACHE_HIT = "Hit from cloudfront"
X_CACHE_REFRESH_HIT = "RefreshHit from cloudfront"
X_CACHE_MISS = "Miss from cloudfront"
X_CACHE_REDIRECT = "Redirect from cloudfront"
X_CACHE_ERROR = "Error from cloudfront"

# The sentence on CloudFront's error page.
# issue: opennextjs/opennextjs-aws#392
SENTENCE_DISALLOWED_HEADER = (
    "The Lambda function result failed validation: The function tried to add a blacklisted header."
)
SENTENCE_READ_ONLY_HEADER = (
    "The Lambda function result failed validation: The function tried to add, delete, or change a read-only header."
)
SENTENCE_BODY = (
    "The Lambda function result failed validation: "
    "The body is not a string, is not an object, or exceeds the maximum size."
)
SENTENCE_HEADER_ARRAY = (
    "The Lambda function returned an invalid entry in the headers object: "
    "Each header entry in the headers object must be an array."
)
# issue: aws-amplify/amplify-cli#8604
SENTENCE_CUSTOM_HEADER = (
    "The Lambda function returned an invalid origin configuration: "
    "One or more HeaderName or HeaderValue values are invalid."
)
# issue: serverless-nextjs/serverless-next.js#525
SENTENCE_INVALID_JSON = "The Lambda function returned invalid json: The json output is not parsable."
# issue: aws-samples/react-ssr-lambda#28
SENTENCE_NOT_AN_OBJECT = "The Lambda function returned invalid JSON: The JSON output must be an object type."
# issue: marksteele/edge-rewrite#6
SENTENCE_URI = "The Lambda function result failed validation: The specified URI is in an invalid format."
# Only the beginning of these sentences is known.
SENTENCE_VALIDATION = "The Lambda function result failed validation."
SENTENCE_HEADERS = "The Lambda function returned an invalid entry in the headers object."
SENTENCE_ORIGIN = "The Lambda function returned an invalid origin configuration."
# guide: http-503-service-unavailable
SENTENCE_EXECUTION = (
    "The Lambda function associated with the CloudFront distribution is invalid "
    "or doesn't have the required permissions."
)

# ── Quotas of CloudFront ──────────────────────────────────────────────────────────────────────────────────────────────
# guide: cloudfront-limits

URL_BYTES = 8192  # CloudFront answers a longer URL with 414 and closes the connection
REQUEST_BYTES = 32_768  # path, query string and headers; CloudFront answers 494 to more and closes the connection
ORIGIN_RESPONSE_HEADER_BYTES = 32_768
# guide: ServingCompressedFiles
COMPRESS_BYTES_MIN, COMPRESS_BYTES_MAX = 1000, 10_000_000
COMPRESS_STATUSES = (200, 403, 404)
COMPRESS_CONTENT_TYPES = frozenset(
    {
        "application/dash+xml",
        "application/eot",
        "application/font",
        "application/font-sfnt",
        "application/javascript",
        "application/json",
        "application/opentype",
        "application/otf",
        "application/pdf",
        "application/pkcs7-mime",
        "application/protobuf",
        "application/rss+xml",
        "application/truetype",
        "application/ttf",
        "application/vnd.apple.mpegurl",
        "application/vnd.mapbox-vector-tile",
        "application/vnd.ms-fontobject",
        "application/wasm",
        "application/xhtml+xml",
        "application/xml",
        "application/x-font-opentype",
        "application/x-font-truetype",
        "application/x-font-ttf",
        "application/x-httpd-cgi",
        "application/x-javascript",
        "application/x-mpegurl",
        "application/x-opentype",
        "application/x-otf",
        "application/x-perl",
        "application/x-ttf",
        "font/eot",
        "font/opentype",
        "font/otf",
        "font/ttf",
        "image/svg+xml",
        "text/css",
        "text/csv",
        "text/html",
        "text/javascript",
        "text/js",
        "text/plain",
        "text/richtext",
        "text/tab-separated-values",
        "text/xml",
        "text/x-component",
        "text/x-java-source",
        "text/x-script",
        "vnd.apple.mpegurl",
    }
)

# Legacy cache settings: TTLs that are not set, in seconds, and the headers that may not be forwarded by name.
# cloudformation: CacheBehavior; guide: header-caching
LEGACY_DEFAULT_TTL = 86_400
LEGACY_MAX_TTL = 31_536_000
LEGACY_HEADERS_REFUSED = frozenset({"connection", "cookie", "proxy-authorization", "te", "upgrade"})
# Headers that CloudFront adds to requests. A cache policy may not name those of CACHE_POLICY_HEADERS_REFUSED.
# guide: adding-cloudfront-headers, viewer-mtls-headers
HEADER_ORDER_CHARACTERS = 7680
TLS_FINGERPRINT_HEADERS = frozenset({"cloudfront-viewer-ja3-fingerprint", "cloudfront-viewer-ja4-fingerprint"})
CLIENT_CERTIFICATE_HEADERS = frozenset(
    {
        "cloudfront-viewer-cert-issuer",
        "cloudfront-viewer-cert-pem",
        "cloudfront-viewer-cert-present",
        "cloudfront-viewer-cert-serial-number",
        "cloudfront-viewer-cert-sha256",
        "cloudfront-viewer-cert-subject",
        "cloudfront-viewer-cert-validity",
    }
)
CACHE_POLICY_HEADERS_REFUSED = TLS_FINGERPRINT_HEADERS | {
    "cloudfront-viewer-address",
    "cloudfront-viewer-asn",
    "cloudfront-viewer-tls",
}
# The statuses of a primary origin at which CloudFront may ask the secondary one.
# guide: high-availability-origin-failover
FAILOVER_STATUSES = frozenset({400, 403, 404, 416, 429, 500, 502, 503, 504})
# The statuses that may have a custom error response. guide: creating-custom-error-pages, httpstatuscodes
ERROR_PAGE_STATUSES = frozenset({400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504})
# CloudFront closes the viewer's connection after a custom error page for one of these errors. guide: the same page
ERROR_PAGE_CLOSING = frozenset({400, 405, 414, 416, 500, 501})
# The headers that a response headers policy may not remove, in lower case. X-Cache was one of them until autumn 2026.
# guide: understanding-response-headers-policies
NOT_REMOVABLE_HEADERS = frozenset(
    {
        "connection",
        "content-encoding",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "via",
        "warning",
        "x-accel-buffering",
        "x-accel-charset",
        "x-accel-limit-rate",
        "x-accel-redirect",
        "x-amzn-auth",
        "x-amzn-cf-billing",
        "x-amzn-cf-id",
        "x-amzn-cf-xff",
        "x-amzn-errortype",
        "x-amzn-fle-profile",
        "x-amzn-header-count",
        "x-amzn-header-order",
        "x-amzn-lambda-integration-tag",
        "x-amzn-requestid",
        "x-forwarded-proto",
        "x-real-ip",
    }
)
NOT_REMOVABLE_HEADER_PREFIXES = ("x-amz-cf-", "x-edge-")


def is_kept(name: str) -> bool:
    """Whether no response headers policy removes a header, given in lower case."""
    return name in NOT_REMOVABLE_HEADERS or name.startswith(NOT_REMOVABLE_HEADER_PREFIXES)


# guide: custom-error-pages-expiration
ERROR_CACHING_SECONDS_DEFAULT = 10.0
ERROR_CACHING_SECONDS_MIN_S3 = 1.0

ORIGIN_CONNECTION_ATTEMPTS_MAX = 3
ORIGIN_CONNECTION_SECONDS_MAX = 10
ORIGIN_KEEPALIVE_SECONDS_DEFAULT = 5

# ── Lambda@Edge functions ─────────────────────────────────────────────────────────────────────────────────────────────

# guide: cloudfront-limits
FUNCTION_TIMEOUT_SECONDS = 30
FUNCTION_ZIP_BYTES = 50 * MB
# Since early 2026, Lambda's own quota holds at all events (Lambda Developer Guide, gettingstarted-limits). Before that,
# functions at viewer events had 128 MB.
FUNCTION_MEMORY_MB = 10_240

# guide: lambda-at-edge-function-restrictions
FUNCTION_REGION = "us-east-1"
FUNCTION_ARCHITECTURE = "x86_64"
FUNCTION_EPHEMERAL_STORAGE_MB = 512
FUNCTION_ROLE_PRINCIPALS = ("lambda.amazonaws.com", "edgelambda.amazonaws.com")

# lambda: lambda-runtimes. AWS calls the dates a forecast.
RUNTIME_DEPRECATION = {
    "python3.14": date(2029, 6, 30),
    "python3.13": date(2029, 6, 30),
    "python3.12": date(2028, 10, 31),
    "python3.11": date(2027, 6, 30),
    "python3.10": date(2026, 10, 31),
    "python3.9": date(2025, 12, 15),
    "python3.8": date(2024, 10, 14),
}
RUNTIME_BLOCK_CREATE = {
    "python3.14": date(2029, 7, 31),
    "python3.13": date(2029, 7, 31),
    "python3.12": date(2028, 11, 30),
    "python3.11": date(2027, 7, 31),
    "python3.10": date(2026, 11, 30),
    "python3.9": date(2026, 8, 31),
    "python3.8": date(2026, 8, 31),
}
RUNTIME_BLOCK_UPDATE = {
    "python3.14": date(2029, 8, 31),
    "python3.13": date(2029, 8, 31),
    "python3.12": date(2029, 1, 10),
    "python3.11": date(2027, 8, 31),
    "python3.10": date(2027, 1, 15),
    "python3.9": date(2026, 9, 30),
    "python3.8": date(2026, 9, 30),
}

# lambda: urls-auth. A caller of a function URL needs both actions. For a time, callers of URLs from before October 2025
# needed the first only.
FUNCTION_URL_ACTIONS = ("lambda:InvokeFunctionUrl", "lambda:InvokeFunction")

# Runtime families at the edge. guide: lambda-at-edge-function-restrictions
FUNCTION_RUNTIMES = ("python", "nodejs")

# ── Managed policies ──────────────────────────────────────────────────────────────────────────────────────────────────

# The viewer's headers that a managed policy puts in the cache key and sends to the origin. Each policy id maps to the
# policy's name, its HeaderBehavior and the headers in lower case. guide: using-managed-cache-policies
MANAGED_CACHE_POLICY_HEADERS = {
    "658327ea-f89d-4fab-a63d-7e88639e58f6": ("CachingOptimized", "none", ()),
    "b2884449-e4de-46a7-ac36-70bc7f1ddd6d": ("CachingOptimizedForUncompressedObjects", "none", ()),
    "4135ea2d-6df8-44a3-9df3-4b5a84be39ad": ("CachingDisabled", "none", ()),
    "83da9c7e-98b4-4e11-a168-04f0df8e2c65": (
        "UseOriginCacheControlHeaders",
        "whitelist",
        ("host", "origin", "x-http-method-override", "x-http-method", "x-method-override"),
    ),
    "4cc15a8a-d715-48a4-82b8-cc0b614638fe": (
        "UseOriginCacheControlHeaders-QueryStrings",
        "whitelist",
        ("host", "origin", "x-http-method-override", "x-http-method", "x-method-override"),
    ),
    "08627262-05a9-4f76-9ded-b50ca2e3a84f": ("Elemental-MediaPackage", "whitelist", ("origin",)),
    "2e54312d-136d-493c-8eb9-b001f22f67d2": (
        "Amplify",
        "whitelist",
        ("authorization", "cloudfront-viewer-country", "host"),
    ),
}

# The viewer's headers that a managed policy sends to the origin, in the same form.
# guide: using-managed-origin-request-policies
MANAGED_ORIGIN_REQUEST_POLICY_HEADERS = {
    "216adef6-5c7f-47e4-b989-5492eafa07d3": ("AllViewer", "allViewer", ()),
    "b689b0a8-53d0-40ab-baf2-68738e2966ac": ("AllViewerExceptHostHeader", "allExcept", ("host",)),
    "33f36d7e-f396-46d9-90e0-52428a34d9dc": (
        "AllViewerAndCloudFrontHeaders-2022-06",
        "allViewerAndWhitelistCloudFront",
        (),
    ),
    "59781a5b-3903-41f3-afcb-af62929ccde1": ("CORS-CustomOrigin", "whitelist", ("origin",)),
    "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf": (
        "CORS-S3Origin",
        "whitelist",
        ("origin", "access-control-request-headers", "access-control-request-method"),
    ),
    "775133bc-15f2-49f9-abea-afb2e0bf67d2": (
        "Elemental-MediaTailor-PersonalizedManifests",
        "whitelist",
        (
            "origin",
            "access-control-request-headers",
            "access-control-request-method",
            "user-agent",
            "x-forwarded-for",
        ),
    ),
    "bf0718e1-ba1e-49d1-88b1-f726733018ae": ("HostHeaderOnly", "whitelist", ("host",)),
    "acba4595-bd28-49b8-b9fe-13317c0390fa": (
        "UserAgentRefererHeaders",
        "whitelist",
        ("user-agent", "referer"),
    ),
}

# Managed cache policies that cache, whatever the viewer's cookies. guide: using-managed-cache-policies
COOKIELESS_CACHE_POLICIES = frozenset(
    {
        "658327ea-f89d-4fab-a63d-7e88639e58f6",  # CachingOptimized
        "b2884449-e4de-46a7-ac36-70bc7f1ddd6d",  # CachingOptimizedForUncompressedObjects
        "08627262-05a9-4f76-9ded-b50ca2e3a84f",  # Elemental-MediaPackage
    }
)

# The managed response headers policies. guide: using-managed-response-headers-policies
MANAGED_RESPONSE_HEADERS_POLICIES = {
    "67f7725c-6f97-4210-82d7-5512b31e9d03": "SecurityHeadersPolicy",
    "60669652-455b-4ae9-85a4-c4c02393f86c": "SimpleCORS",
    "5cc3b908-e619-4b99-88e5-2cf7f45965bd": "CORS-With-Preflight",
    "e61eb60c-9c35-4d20-a928-2b84e02af89c": "CORS-and-SecurityHeadersPolicy",
    "eaab4381-ed33-4a86-88ca-d9558dc6cd63": "CORS-with-preflight-and-SecurityHeadersPolicy",
}

# Those for preflight requests.
PREFLIGHT_POLICIES = {
    "5cc3b908-e619-4b99-88e5-2cf7f45965bd": "CORS-With-Preflight",
    "eaab4381-ed33-4a86-88ca-d9558dc6cd63": "CORS-with-preflight-and-SecurityHeadersPolicy",
}

# ── Flat-rate plans ───────────────────────────────────────────────────────────────────────────────────────────────────
# guide, autumn 2026: flat-rate-pricing-plan

# Cache behaviors a distribution. Whether the default behavior counts is [UNVERIFIED]: here it does not.
PLAN_BEHAVIORS = {"free": 5, "pro": 10, "business": 50, "premium": 100}
PLANS = tuple(PLAN_BEHAVIORS)
PLANS_WITH_OWN_POLICIES = ("business", "premium")
PLANS_WITH_FAILOVER = ("premium",)
