"""How AWS services are asked and how they answer: the JSON protocol and the Query protocol.

Source: Smithy, "AWS JSON 1.0/1.1 protocol" and "AWS Query protocol".
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from edge.cloudfront import TYPE_CHECKING
from edge.http import Answer
from edge.sigv4 import percent_encode

if TYPE_CHECKING:
    from typing import Any


class Service:
    """An AWS service; `name` as signatures name it, `endpoint_id` as AWS_ENDPOINT_URL_<SERVICE> does.

    `region` is set for a service that has one endpoint for the world, and is where its signatures are good.
    """

    def __init__(self, name: str, endpoint_id: str, version: str, *, region: str | None = None) -> None:
        self.name = name
        self.endpoint_id = endpoint_id
        self.version = version
        self.region = region

    def encode(self, operation: str, parameters: Mapping[str, Any]) -> tuple[dict[str, str], bytes]:
        """The headers and body that ask for an operation."""
        raise NotImplementedError

    def decode(self, body: bytes) -> dict[str, Any]:
        """The result, of the body of a 200. Raises ValueError."""
        raise NotImplementedError

    def error(self, answer: Answer) -> tuple[str, str]:
        """The code and the message of an answer that is no 200; empty if it says none."""
        try:
            said = self.decode(answer.body)
        except (ValueError, RecursionError):
            said = {}
        code = said.get("__type") or said.get("Code") or answer.headers.get("x-amzn-errortype", "")
        # "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException", or with ":http://..." behind it
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
            raise ValueError("the answer is no JSON object")
        return result


class QueryService(Service):
    """Parameters are a form of strings. A result is the texts of the XML answer's leaves by element name."""

    def encode(self, operation: str, parameters: Mapping[str, Any]) -> tuple[dict[str, str], bytes]:
        form = {"Action": operation, "Version": self.version, **parameters}
        body = "&".join([f"{name}={percent_encode(value.encode())}" for name, value in form.items()])
        return {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}, body.encode()

    def decode(self, body: bytes) -> dict[str, Any]:
        return _leaves(body)


def _leaves(document: bytes) -> dict[str, str]:
    """The text of every XML element without elements inside; of several of one name the first."""
    from xml.parsers import expat  # a quarter of what xml.etree costs

    leaves: dict[str, str] = {}
    texts: list[str] | None = None  # of the element that was opened last, unless it is closed

    def open_element(_name: str, _attributes: object) -> None:
        nonlocal texts
        texts = []

    def close_element(name: str) -> None:
        nonlocal texts
        if texts is not None:
            leaves.setdefault(name, "".join(texts))
        texts = None

    def add_text(text: str) -> None:
        if texts is not None:
            texts.append(text)

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = open_element, close_element
    parser.CharacterDataHandler = add_text
    try:
        parser.Parse(document, True)
    except expat.ExpatError as error:
        raise ValueError(f"the answer is no XML: {error}") from None
    return leaves
