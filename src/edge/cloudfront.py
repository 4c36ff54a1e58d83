"""The event that CloudFront hands to a Lambda@Edge function, and the answers it takes back.

Shapes: CloudFront Developer Guide, "Lambda@Edge event structure".
"""

# What type checkers take for `typing.TYPE_CHECKING`: importing `typing` costs a cold start 2 to 4 ms.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import NotRequired, TypedDict

    class Header(TypedDict):
        key: NotRequired[str]  # the name in the spelling to send
        value: str

    Headers = dict[str, list[Header]]  # lower-case name -> one item per value

    class Config(TypedDict):
        distributionDomainName: str
        distributionId: str
        eventType: str
        requestId: str

    class Body(TypedDict):
        inputTruncated: bool
        action: str  # "read-only" or "replace"
        encoding: str  # "base64" or "text"
        data: str

    class CustomOrigin(TypedDict):
        customHeaders: Headers
        domainName: str
        keepaliveTimeout: int
        path: str
        port: int
        protocol: str
        readTimeout: int
        responseCompletionTimeout: NotRequired[int]
        sslProtocols: list[str]

    class S3Origin(TypedDict):
        authMethod: str  # "none" or "origin-access-identity"
        customHeaders: Headers
        domainName: str
        path: str
        region: str
        readTimeout: NotRequired[int]
        responseCompletionTimeout: NotRequired[int]

    class Origin(TypedDict, total=False):  # exactly one of the two
        custom: CustomOrigin
        s3: S3Origin

    class Request(TypedDict):
        clientIp: str
        headers: Headers
        method: str
        querystring: str  # no leading "?"
        uri: str
        body: NotRequired[Body]  # only with IncludeBody
        origin: NotRequired[Origin]  # origin events only

    class Response(TypedDict):
        status: str
        statusDescription: NotRequired[str]
        headers: NotRequired[Headers]
        body: NotRequired[str]
        bodyEncoding: NotRequired[str]  # "text" or "base64"

    class CloudFront(TypedDict):
        config: Config
        request: Request
        response: NotRequired[Response]  # response events only

    class Record(TypedDict):
        cf: CloudFront

    class Event(TypedDict):
        Records: list[Record]

else:
    Mapping = Header = Headers = Config = Body = CustomOrigin = S3Origin = Origin = dict
    Request = Response = CloudFront = Record = Event = dict

# RFC 9110 §15, RFC 6585: what the phrase of a generated response may be.
_PHRASES = {
    200: "OK",
    204: "No Content",
    301: "Moved Permanently",
    302: "Found",
    303: "See Other",
    304: "Not Modified",
    307: "Temporary Redirect",
    308: "Permanent Redirect",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    410: "Gone",
    412: "Precondition Failed",
    413: "Content Too Large",
    414: "URI Too Long",
    415: "Unsupported Media Type",
    422: "Unprocessable Content",
    429: "Too Many Requests",
    500: "Internal Server Error",
    501: "Not Implemented",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


def viewer_request(event: object) -> tuple[Config, Request]:
    """The configuration and request of a viewer-request event.

    Raises ValueError that names the part that is missing, or the event type found and the one expected.
    """
    cf = _cf(event, "viewer-request")
    return cf["config"], cf["request"]


def origin_request(event: object) -> tuple[Config, Request]:
    """The configuration and request of an origin-request event. Raises like `viewer_request`."""
    cf = _cf(event, "origin-request")
    _part(cf, "request.origin", dict)
    return cf["config"], cf["request"]


def origin_response(event: object) -> tuple[Config, Request, Response]:
    """The configuration, request and response of an origin-response event. Raises like `viewer_request`."""
    cf = _cf(event, "origin-response")
    _part(cf, "response.status", str)
    _part(cf, "response.headers", dict)
    return cf["config"], cf["request"], cf["response"]


def header(headers: Headers, name: str) -> str | None:
    """The first value of a header, or None."""
    for item in headers.get(name.lower(), ()):
        return item["value"]
    return None


def header_values(headers: Headers, name: str) -> list[str]:
    """Every value of a header, in the order received."""
    return [item["value"] for item in headers.get(name.lower(), ())]


def set_header(headers: Headers, name: str, value: str) -> None:
    """Replaces every value of a header; `name` in the spelling to send, such as "WWW-Authenticate"."""
    headers[name.lower()] = [{"key": name, "value": value}]


def generated_response(status: int, headers: "Mapping[str, str]", body: str = "") -> Response:
    """A response made at the edge, its body as text. Header names in the spelling to send."""
    response: Response = {
        "status": str(status),
        "statusDescription": _PHRASES.get(status, ""),
        "headers": {name.lower(): [{"key": name, "value": value}] for name, value in headers.items()},
    }
    # CloudFront: a 204 with a body, even an empty one, fails validation at viewer-request.
    if body:
        response["body"] = body
        response["bodyEncoding"] = "text"
    return response


def _cf(event: object, event_type: str) -> CloudFront:
    """The `cf` part of the event's one record, checked as far as every function relies on it."""
    try:
        cf: CloudFront = event["Records"][0]["cf"]  # type: ignore[index]  # whatever it is not, we say so
    except (LookupError, TypeError):
        raise ValueError("not a CloudFront event: no Records[0].cf") from None
    found = _part(cf, "config.eventType", str)
    if found != event_type:
        raise ValueError(f"a {found} event where a {event_type} event was expected: check the association")
    for name in (
        "config.requestId",
        "request.clientIp",
        "request.method",
        "request.uri",
        "request.querystring",
    ):
        _part(cf, name, str)
    _part(cf, "request.headers", dict)
    return cf


def _part(cf: object, path: str, kind: type) -> object:
    part = cf
    for name in path.split("."):
        part = part.get(name) if isinstance(part, dict) else None
    if not isinstance(part, kind):
        raise ValueError(f"not a CloudFront event: no Records[0].cf.{path}")
    return part
