"""Statements about CloudFront that no source confirms, or that sources contradict: what this tool does instead.

The terminal shows each statement once, when a request first depends on it.
"""

from __future__ import annotations

from cloudfront_local.distribution import journal

ROOT_OBJECT = (
    "the default root object replaces / before the behavior is matched (as in a published experiment), so the "
    "viewer-request function sees the object's path"
)
ROOT_OF_CLOUDFRONT_FUNCTION = (
    "a CloudFront Function at viewer-request sees / in place of the default root object. Published functions rely on "
    "it; other tools show the object's path"
)
KEY_OF_ANOTHER = (
    "if the key of a function's header is the name of another header, the name that the item stands under counts. An "
    "example of the Developer Guide copies a header that way"
)
PAGE_FUNCTIONS = "origin-request and origin-response functions run when CloudFront fetches a custom error page"
PAGE_FOR_A_FAILED_FUNCTION = "CloudFront's own errors about Lambda@Edge functions (502, 503) get the custom error page"
PAGE_FOR_ORIGIN_REQUEST = "an error that an origin-request function generates gets the custom error page"
PAGE_FOR_VIEWER_REQUEST = (
    "an error that a viewer-request function generates gets the custom error page. An AWS sample says so "
    "(cloudfront-authorization-at-edge); for CloudFront Functions, the Developer Guide says the opposite"
)

ALIAS_WILDCARD = (
    "the * of an alias stands for one label or for several, such as a.b in a.b.example.org. The Developer Guide says "
    "only that it is at the beginning"
)

# Path patterns. The Developer Guide names // and dot segments, and points to RFC 3986, section 6.
NORMALIZED_PATH = (
    "paths are matched in their normal form, without // and dot segments, as the Developer Guide says, and with %61 "
    "as a. Functions, the cache key and the origin have the path as the viewer sent it. If the two forms match "
    "different behaviors, the normal form counts"
)

# The headers that CloudFront adds to requests
DEVICE_RULES = (
    "the headers CloudFront-Is-*-Viewer follow this tool's own reading of the User-Agent, because CloudFront's rules "
    "are not public. `--viewer-device` and the request header X-Local-Viewer-Device choose the device"
)
VIEWERS_CLOUDFRONT_HEADERS = (
    "headers that CloudFront makes do not reach the origin if a viewer sends them and no policy names them"
)
ALL_EXCEPT = (
    "an origin request policy for all headers except some also adds CloudFront's own headers about the viewer, as the "
    "Developer Guide says of AllViewerExceptHostHeader"
)

# Signed URLs and cookies
HASH_ALGORITHM = "the parameter Hash-Algorithm does not go to the origin, like the other parts of a signed URL"
SIGNED_COOKIES = "signed cookies do not go to the origin, even if a policy forwards them"
OTHER_REFUSALS = (
    "a Signature that is missing or no base64, and an unknown Hash-Algorithm, get AccessDenied, as a wrong Signature "
    "does. If both Policy and Expires are missing, the policy is malformed"
)
CASE_OF_RESOURCE = "upper and lower case count when the resource of a policy is compared with the URL"
ESCAPED_QUERY = (
    "\\? in the resource of a policy is the question mark that begins the query string. The Developer Guide says that "
    "it is not escaped, and shows it escaped"
)
COUNTRY_FIRST = "the geographic restriction is checked before the signature"
PAGE_WITHOUT_SIGNATURE = (
    "CloudFront fetches a custom error page without a signature, also if the page's behavior serves private content"
)
LATE_DATE = (
    "dates after the year 9999 are malformed. The Developer Guide allows up to 9223372036854775807, but dates in "
    "milliseconds have been refused as MalformedPolicy"
)

# Origin groups
FAILOVER_FUNCTIONS = (
    "origin-request and origin-response functions run for each attempt, also for the failed one. The second attempt "
    "starts from the viewer's request, without the first function's changes. The status that decides on the failover "
    "is the one that the origin-response function returns"
)
NO_FAILOVER_OF_GENERATED = "a response that an origin-request function generates is no failure of the primary origin"

# Response headers policies
PREFLIGHT = "every OPTIONS request with an Origin is a preflight request, even without Access-Control-Request-Method"
NO_ALLOW_HEADERS = (
    "a policy without Access-Control-Allow-Headers sends none, so the browser refuses this preflight request. The "
    "Developer Guide names none for CORS-With-Preflight; other sources say that this managed policy sends *"
)
ALLOW_HEADERS_WILDCARD = (
    "for a name with a wildcard, Access-Control-Allow-Headers names the headers that the preflight request asks for"
)
EXPOSE_HEADERS = (
    "Access-Control-Expose-Headers goes with every CORS response, as the Developer Guide says of this header. Of the "
    "managed policy CORS-With-Preflight, it says: with preflight requests only"
)
POLICY_FOR_GENERATED = "the response headers policy also applies to responses that viewer-request functions generate"
POLICY_FOR_REFUSED = "the response headers policy also applies to CloudFront's own error pages"
POLICY_FOR_PAGE = "a custom error page gets the response headers policy of the requested path's behavior"

# Origins
CLOSED_PORT = (
    "if a service of AWS does not listen at the origin's port, or not for CloudFront, the viewer gets 504, here at "
    "once and there after all connection attempts"
)
WEBSITE_QUERY = "S3 keeps the query string when a website's routing rule or RedirectAllRequestsTo redirects"
ERROR_DOCUMENT = "a website's error document goes with all errors. The S3 User Guide speaks of 404"


class Unverified:
    """Tells the developer each statement once."""

    def __init__(self) -> None:
        self._told: set[str] = set()

    def tell(self, statement: str, example: str = "") -> None:
        """Adds the statement to the current request's entry, unless an earlier request's entry had it. `example` is a
        sentence about the current request."""
        if statement not in self._told:
            self._told.add(statement)
            journal.remark(f"Not verified of CloudFront, assumed here: {statement}. {example}".rstrip())
