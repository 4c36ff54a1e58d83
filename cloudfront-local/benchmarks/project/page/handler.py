"""Origin-request: a page of 4 KB that CloudFront keeps for an hour."""

from typing import Any

PAGE = "x" * 4096


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    headers = {"cache-control": [{"value": "max-age=3600"}], "content-type": [{"value": "text/plain"}]}
    return {"status": "200", "headers": headers, "body": PAGE}
