"""Reads CloudFront Functions as they are deployed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from cloudfront_local.aws.configuration import ConfigurationError


@dataclass(frozen=True)
class Deployed:
    """A function in the stage LIVE. `stores` are the ARNs of its key value stores: one at most."""

    name: str
    source: str
    runtime: str
    stores: tuple[str, ...] = ()


def read(client: Any, arn: str) -> Deployed:
    """Reads a function with a boto3 CloudFront client. Raises ConfigurationError if the function is not LIVE."""
    name = arn.rpartition("/")[2]
    try:
        summary = client.describe_function(Name=name, Stage="LIVE")["FunctionSummary"]
        code = client.get_function(Name=name, Stage="LIVE")["FunctionCode"].read()
    except ClientError as error:
        raise ConfigurationError(
            f"The distribution names the CloudFront Function {name}, which is not LIVE: {error}. Set AutoPublish."
        ) from error
    config = summary["FunctionConfig"]
    stores = config.get("KeyValueStoreAssociations", {}).get("Items", [])
    source = code.decode("utf-8", "replace")
    return Deployed(name, source, config["Runtime"], tuple(each["KeyValueStoreARN"] for each in stores))
