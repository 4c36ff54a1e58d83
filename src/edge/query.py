"""Services of the Query protocol. Apart, so that functions which ask none of them do not ship it.

Source: Smithy, "AWS Query protocol".
"""

from __future__ import annotations

from collections.abc import Mapping
from xml.parsers import expat  # a quarter of what xml.etree costs

from edge.percent import percent_encode
from edge.protocols import Service

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class QueryService(Service):
    """Parameters are a form of strings. A result is the texts of the XML answer's leaves by element name."""

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
    """The text of every XML element without elements inside; of several of one name the first."""
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
