"""Calls to AWS, with retries, within a deadline.

    item = aws.call(protocols.DYNAMODB, "GetItem", {"TableName": ..., "Key": ...}, deadline=deadline)["Item"]
    arn = aws.call(query.STS, "GetCallerIdentity", {}, deadline=deadline)["Arn"]

Use these functions only for operations that change nothing, because a retry may send a call to AWS more than once.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Mapping

from edge import http
from edge.http_reader import Answer
from edge.retries import with_retries
from edge.sigv4 import Credentials, credentials_from_environment, signed_headers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from edge.protocols import Service

# Error codes that the AWS SDKs treat as throttling, without those that these services do not use.
_THROTTLED = {
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
}


# The characters of AWS's error codes. A code with other characters is not logged: it may quote the request.
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,99}")


class AwsError(Exception):
    """A call that failed. Its text is one line and holds no secret.

    `code` is AWS's error code, or "NoAnswer", "MalformedAnswer", "NotConfigured". `status` is the HTTP status, None
    without an answer. `detail` is the cause if there was no usable answer, AWS's message if access was denied, and
    otherwise empty.
    """

    def __init__(self, service: str, operation: str, code: str, status: int | None, detail: str = "") -> None:
        parts = [f"{service} {operation}: {code}", f" (HTTP {status})" if status else "", detail and f": {detail}"]
        super().__init__("".join(parts))
        self.service = service
        self.operation = operation
        self.code = code
        self.status = status
        self.detail = detail

    @property
    def transient(self) -> bool:
        """Whether the same call may succeed in a moment."""
        return (
            self.code == "NoAnswer" or self.code in _THROTTLED or self.status in (408, 429) or (self.status or 0) >= 500
        )


def call(
    service: Service,
    operation: str,
    parameters: Mapping[str, Any],
    *,
    deadline: float,
    region: str | None = None,
    sleep: Callable[[float], object] = time.sleep,
    jitter: Callable[[], float] | None = None,
) -> dict[str, Any]:
    """The result of an operation: a JSON object, or a QueryService's texts by element name (edge.query).

    `deadline` is a time of `time.monotonic()`. Without `region`, the function's Region is called. After throttling, a
    5xx or no answer, the call is repeated (edge.retries). Each attempt reads credentials and endpoints from the
    environment. Raises AwsError.
    """
    return with_retries(
        lambda: _attempt(service, operation, parameters, region, deadline),
        lambda error: isinstance(error, AwsError) and error.transient,
        deadline=deadline,
        sleep=sleep,
        jitter=jitter,
    )


def connect_ahead(service: Service, region: str) -> None:
    """Opens a connection to a service in a thread, so that the first call does not wait for it (edge.http)."""
    http.connect_ahead(endpoint(service, region))


def endpoint(service: Service, region: str) -> str:
    """The URL of a service, overridden by AWS_ENDPOINT_URL_<SERVICE> or AWS_ENDPOINT_URL as in every AWS SDK."""
    if os.environ.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() != "true":
        for variable in (f"AWS_ENDPOINT_URL_{service.endpoint_id}", "AWS_ENDPOINT_URL"):
            if url := os.environ.get(variable):
                return url
    return (
        f"https://{service.name}.amazonaws.com" if service.region else f"https://{service.name}.{region}.amazonaws.com"
    )


def _attempt(
    service: Service, operation: str, parameters: Mapping[str, Any], region: str | None, deadline: float
) -> dict[str, Any]:
    try:
        region = service.region or region or os.environ["AWS_REGION"]
        credentials = credentials_from_environment()
    except KeyError as missing:
        raise AwsError(service.name, operation, "NotConfigured", None, f"{missing.args[0]} is not set") from None
    try:
        answer = _post(service, region, credentials, *service.encode(operation, parameters), deadline)
        if answer.status == 200:
            return service.decode(answer.body)
    except http.HttpError as error:
        raise AwsError(service.name, operation, "NoAnswer", None, str(error)) from error
    except (ValueError, RecursionError) as error:
        raise AwsError(service.name, operation, "MalformedAnswer", 200, str(error)) from None
    code, message = service.error(answer)
    # Other messages may quote the request. The message about a wrong signature quotes the session token.
    detail = _line(message, 400) if code.startswith("AccessDenied") else ""
    raise AwsError(service.name, operation, code if _CODE.fullmatch(code) else "NoCode", answer.status, detail)


def _line(text: str, limit: int) -> str:
    return " ".join("".join([each if each.isprintable() else " " for each in text]).split())[:limit]


def _post(
    service: Service, region: str, credentials: Credentials, headers: dict[str, str], body: bytes, deadline: float
) -> Answer:
    url = endpoint(service, region)
    _, host, path = http.split_url(url)
    signed = signed_headers(
        "POST",
        host,
        path,
        "",
        headers,
        body,
        service=service.name,
        region=region,
        credentials=credentials,
        now=time.time(),
    )
    return http.request("POST", url, {**headers, **signed}, body, deadline=deadline)
