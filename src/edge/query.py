"""AWS services that use the Query protocol. A function that calls none of them does not ship this module.

Source: Smithy, "AWS Query protocol".
"""

from __future__ import annotations

from collections.abc import Mapping
from xml.parsers import expat  # its import takes a quarter of the time of xml.etree's

from edge.percent import percent_encode
from edge.protocols import Service

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class QueryService(Service):
    """Parameters are strings, sent as a form. A result maps names of XML elements without children to their texts."""

    def encode(self, operation: str, parameters: Mapping[str, Any]) -> tuple[dict[str, str], bytes]:
        form = {"Action": operation, "Version": self.version, **parameters}
        body = "&".join([f"{name}={percent_encode(value.encode())}" for name, value in form.items()])
        return {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}, body.encode()

    def decode(self, body: bytes) -> dict[str, Any]:
        return _leaves(body)


STS = QueryService("sts", "STS", "2011-06-15")
# One endpoint for all Regions: https://docs.aws.amazon.com/general/latest/gr/iam-service.html
IAM = QueryService("iam", "IAM", "2010-05-08", region="us-east-1")


def _leaves(document: bytes) -> dict[str, str]:
    """The texts of the XML elements without child elements, by name. Of several with one name, the first."""
    leaves: dict[str, str] = {}
    texts: list[str] | None = None  # parts of the text of the element opened last; None after it is closed

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
        raise ValueError(f"the answer is not XML: {error}") from None
    return leaves
