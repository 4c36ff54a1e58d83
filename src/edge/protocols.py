"""Requests and answers of AWS services: the JSON protocol, and the base class that it shares with edge.query.

Source: Smithy, "AWS JSON 1.0/1.1 protocol".
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from edge.http_reader import Answer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Service:
    """An AWS service. `name` is its name in signatures, `endpoint_id` its name in AWS_ENDPOINT_URL_<SERVICE>.

    `region` is set if the service has one endpoint for all Regions: requests to it are signed for this Region.
    """

    def __init__(self, name: str, endpoint_id: str, version: str, *, region: str | None = None) -> None:
        self.name = name
        self.endpoint_id = endpoint_id
        self.version = version
        self.region = region

    def encode(self, operation: str, parameters: Mapping[str, Any]) -> tuple[dict[str, str], bytes]:
        """The headers and body of a request for an operation."""
        raise NotImplementedError

    def decode(self, body: bytes) -> dict[str, Any]:
        """The result in the body of a 200. Raises ValueError."""
        raise NotImplementedError

    def error(self, answer: Answer) -> tuple[str, str]:
        """The error code and the message of an answer whose status is not 200; each is empty if the answer has none."""
        try:
            said = self.decode(answer.body)
        except (ValueError, RecursionError):
            said = {}
        code = said.get("__type") or said.get("Code") or answer.headers.get("x-amzn-errortype", "")
        # "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException", sometimes followed by ":http://..."
        code = str(code).rpartition("#")[2].partition(":")[0]
        return code, str(said.get("message") or said.get("Message") or "")


class JsonService(Service):
    """Parameters and results are JSON; `target` names the service in the X-Amz-Target header."""

    def __init__(self, name: str, endpoint_id: str, version: str, *, target: str) -> None:
        super().__init__(name, endpoint_id, version)
        self.target = target

    def encode(self, operation: str, parameters: Mapping[str, Any]) -> tuple[dict[str, str], bytes]:
        headers = {
            "content-type": f"application/x-amz-json-{self.version}",
            "x-amz-target": f"{self.target}.{operation}",
        }
        return headers, json.dumps(parameters).encode()

    def decode(self, body: bytes) -> dict[str, Any]:
        result = json.loads(body)
        if not isinstance(result, dict):
            raise ValueError("the answer is not a JSON object")
        return result


DYNAMODB = JsonService("dynamodb", "DYNAMODB", "1.0", target="DynamoDB_20120810")
SECRETS_MANAGER = JsonService("secretsmanager", "SECRETS_MANAGER", "1.1", target="secretsmanager")
