"""AWS::CloudFront::VpcOrigin, which ministack's CloudFormation lacks. ministack's own Python runs this module."""

# ruff: noqa: ARG001 - ministack calls its handlers with all arguments

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

from cloudfront_local.aws.embedded.handlers import Handler, Made, Properties


def vpc_origin(service: Any) -> Handler:
    """The handler, by the calls of `service`: ministack's module of CloudFront. An update makes a new VPC origin."""

    def create(logical_id: str, properties: Properties, stack_name: str) -> Made:
        answer = ElementTree.fromstring(_accepted(service._create_vpc_origin(_request(properties))))  # noqa: S314
        found = {element.tag.rpartition("}")[2]: element.text or "" for element in answer}
        return found["Id"], {"Id": found["Id"], "Arn": found["Arn"], "Status": "Deployed"}

    def delete(physical_id: str, properties: Properties) -> None:
        service._vpc_origins.pop(physical_id, None)

    return {"create": create, "delete": delete}


def _request(properties: Properties) -> bytes:
    config = properties["VpcOriginEndpointConfig"]
    root = ElementTree.Element("CreateVpcOriginRequest")
    made = ElementTree.SubElement(root, "VpcOriginEndpointConfig")
    values = {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "match-viewer"} | {
        name: config[name]
        for name in ("Name", "Arn", "HTTPPort", "HTTPSPort", "OriginProtocolPolicy")
        if name in config
    }
    for name, value in values.items():
        ElementTree.SubElement(made, name).text = str(value)
    if protocols := config.get("OriginSSLProtocols"):
        listed = ElementTree.SubElement(made, "OriginSslProtocols")
        ElementTree.SubElement(listed, "Quantity").text = str(len(protocols))
        items = ElementTree.SubElement(listed, "Items")
        for protocol in protocols:
            ElementTree.SubElement(items, "SslProtocol").text = str(protocol)
    return ElementTree.tostring(root)


def _accepted(answer: tuple[int, Any, Any]) -> Any:
    """The body of an answer. Raises ValueError with the message of a refusal."""
    status, _, body = answer
    if status >= 400:
        found = ElementTree.fromstring(body).find(".//{*}Message")  # noqa: S314 - ministack's own answer
        raise ValueError(found.text if found is not None else f"CloudFront answers {status}")
    return body
