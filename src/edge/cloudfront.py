"""The event that CloudFront gives to a Lambda@Edge function, and the responses that CloudFront takes.

Shapes: CloudFront Developer Guide, "Lambda@Edge event structure".
"""

from __future__ import annotations

# Type checkers treat any variable TYPE_CHECKING like `typing.TYPE_CHECKING`. Each module that needs the variable
# defines it, because the import of `typing` costs 2 to 4 ms of a cold start.
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
        requestId: NotRequired[str]

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
        origin: NotRequired[Origin]  # origin events only; origin-response events of the past had none

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
    Header = Headers = Config = Body = CustomOrigin = S3Origin = Origin = dict
    Request = Response = CloudFront = Record = Event = dict

# The fields that functions rely on, and their types.
_CONFIG = {"eventType": str, "distributionDomainName": str}
_REQUEST = {"clientIp": str, "method": str, "uri": str, "querystring": str, "headers": dict}
_BODY = {"inputTruncated": bool, "encoding": str, "data": str}
_ORIGIN: Mapping[str, Mapping[str, type]] = {  # by kind
    "custom": {"domainName": str, "path": str, "customHeaders": dict, "protocol": str, "port": int},
    "s3": {"domainName": str, "path": str, "customHeaders": dict, "region": str, "authMethod": str},
}
_RESPONSE = {"status": str, "headers": dict}

# RFC 9110 §15: the reason phrases of the statuses that these functions use. CloudFront allows a response without one.
_PHRASES = {
    200: "OK",
    204: "No Content",
    302: "Found",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    413: "Content Too Large",
    414: "URI Too Long",
    502: "Bad Gateway",
    503: "Service Unavailable",
}


def viewer_request(event: object) -> tuple[Config, Request]:
    """The configuration and request of a viewer-request event.

    Raises ValueError, which names the missing part, or the event's type and the expected type.
    """
    cf = _cf(event, "viewer-request")
    return cf["config"], cf["request"]


def origin_request(event: object) -> tuple[Config, Request]:
    """The configuration and request of an origin-request event. Raises like `viewer_request`."""
    cf = _cf(event, "origin-request")
    _require_origin(cf["request"])
    if "body" in cf["request"]:
        _require(cf["request"]["body"], "request.body", _BODY)
    return cf["config"], cf["request"]


def origin_response(event: object) -> tuple[Config, Request, Response]:
    """The configuration, request and response of an origin-response event. Raises like `viewer_request`."""
    config, request, response = _response(event, "origin-response")
    if "origin" in request:
        _require_origin(request)
    return config, request, response


def viewer_response(event: object) -> tuple[Config, Request, Response]:
    """The configuration, request and response of a viewer-response event. Raises like `viewer_request`."""
    return _response(event, "viewer-response")


def origin_of(request: Request) -> CustomOrigin | S3Origin:
    """The origin of the request in an origin event, of either kind."""
    origin = request["origin"]
    return origin["custom"] if "custom" in origin else origin["s3"]


def header(headers: Headers, name: str) -> str | None:
    """The first value of a header, or None. Raises like `header_values`."""
    try:
        for item in headers.get(name.lower(), ()):
            return item["value"]
    except (LookupError, TypeError):
        raise _without_value(name) from None
    return None


def header_values(headers: Headers, name: str) -> list[str]:
    """Every value of a header, in the order received. Raises ValueError if one has no value."""
    try:
        return [item["value"] for item in headers.get(name.lower(), ())]
    except (LookupError, TypeError):
        raise _without_value(name) from None


def set_header(headers: Headers, name: str, value: str) -> None:
    """Replaces every value of a header. `name` is spelled as it is to be sent, such as "WWW-Authenticate"."""
    headers[name.lower()] = [{"key": name, "value": value}]


def generated_response(status: int, headers: Mapping[str, str], body: str = "") -> Response:
    """A response that the function generates, with a text body. Header names are spelled as they are to be sent."""
    response: Response = {
        "status": str(status),
        "statusDescription": _PHRASES.get(status, ""),
        "headers": {name.lower(): [{"key": name, "value": value}] for name, value in headers.items()},
    }
    # CloudFront refuses a 204 from a viewer-request function that has a body, even an empty one.
    if body:
        response["body"] = body
        response["bodyEncoding"] = "text"
    return response


def _cf(event: object, event_type: str) -> CloudFront:
    """The `cf` part of the event's one record, after the checks that every function relies on. Raises ValueError."""
    try:
        cf: CloudFront = event["Records"][0]["cf"]  # type: ignore[index]  # another type is a ValueError, below
        config, request = cf.get("config"), cf.get("request")
    except (LookupError, TypeError, AttributeError):
        raise ValueError("not a CloudFront event: no Records[0].cf") from None
    found = config.get("eventType") if isinstance(config, dict) else None
    if found != event_type and isinstance(found, str):
        raise ValueError(
            f"the event's type is {found}, but this function is for {event_type}: "
            "correct its EventType in the distribution"
        )
    _require(config, "config", _CONFIG)
    _require(request, "request", _REQUEST)
    return cf


def _response(event: object, event_type: str) -> tuple[Config, Request, Response]:
    cf = _cf(event, event_type)
    _require(cf.get("response"), "response", _RESPONSE)
    return cf["config"], cf["request"], cf["response"]


def _without_value(name: str) -> ValueError:
    return ValueError(f"not a CloudFront event: no value of the header {name.lower()}")


def _require_origin(request: Request) -> None:
    """Raises ValueError unless the request has an origin of either kind, with the fields of that kind."""
    origin: object = request.get("origin")
    for kind, fields in _ORIGIN.items():
        if isinstance(origin, dict) and kind in origin:
            _require(origin[kind], f"request.origin.{kind}", fields)
            return
    raise ValueError("not a CloudFront event: no Records[0].cf.request.origin.custom or .s3")


def _require(part: object, where: str, fields: Mapping[str, type]) -> None:
    """Raises ValueError unless `part`, which is at `where` in `cf`, has these fields."""
    found = part if isinstance(part, dict) else {}
    for field, kind in fields.items():
        if not isinstance(found.get(field), kind):
            raise ValueError(f"not a CloudFront event: no Records[0].cf.{where}.{field}")
