"""The module `cfnresponse`, which Lambda gives to inline Python functions of custom resources.

Source: CloudFormation User Guide, "cfn-response module".
"""

import json
import urllib.request
from typing import Any

SUCCESS = "SUCCESS"
FAILED = "FAILED"


def send(
    event: dict[str, Any],
    context: Any,
    responseStatus: str,  # noqa: N803 - the names of AWS's module
    responseData: dict[str, Any] | None,  # noqa: N803
    physicalResourceId: str | None = None,  # noqa: N803
    noEcho: bool = False,  # noqa: N803
    reason: str | None = None,
) -> None:
    """Tells CloudFormation how the request of a custom resource ended. Prints an error, and never raises one."""
    body = {
        "Status": responseStatus,
        "Reason": reason or f"See the details in CloudWatch Log Stream: {context.log_stream_name}",
        "PhysicalResourceId": physicalResourceId or context.log_stream_name,
        "StackId": event["StackId"],
        "RequestId": event["RequestId"],
        "LogicalResourceId": event["LogicalResourceId"],
        "NoEcho": noEcho,
        "Data": responseData,
    }
    headers = {"Content-Type": ""}
    request = urllib.request.Request(event["ResponseURL"], json.dumps(body).encode(), headers, method="PUT")  # noqa: S310
    try:
        with urllib.request.urlopen(request) as response:  # noqa: S310
            print("Status code:", response.status)  # noqa: T201 - the function's log
    except OSError as error:
        print("send(..) failed executing http.request(..):", error)  # noqa: T201
