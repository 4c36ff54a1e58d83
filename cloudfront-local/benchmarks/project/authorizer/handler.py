"""Viewer-request: HTTP basic auth with one user, `demo`, whose password is `demo`."""

import base64
import hmac
from typing import Any

EXPECTED = "Basic " + base64.b64encode(b"demo:demo").decode()


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    request: dict[str, Any] = event["Records"][0]["cf"]["request"]
    given = request["headers"].get("authorization", [{"value": ""}])[0]["value"]
    if hmac.compare_digest(given.encode(), EXPECTED.encode()):
        return request
    return {"status": "401", "headers": {"www-authenticate": [{"value": 'Basic realm="benchmark"'}]}}
