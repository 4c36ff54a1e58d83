"""The type of an event that does not name it, as the events of `sam local generate-event cloudfront` do not."""

from __future__ import annotations

from typing import Any


def named(event: Any) -> str:
    """Adds the missing `config.eventType` to an event. Returns the sentence that says so; "" if nothing was added.

    An event with a response is a response event. Only origin events have an origin.
    """
    try:
        cf = event["Records"][0]["cf"]
        config = cf["config"]
        if "eventType" in config or not cf.keys() & {"request", "response"}:
            return ""
        origin = "origin" if "origin" in cf.get("request", {}) else "viewer"
        config["eventType"] = f"{origin}-{'response' if 'response' in cf else 'request'}"
    except (AttributeError, IndexError, KeyError, TypeError):
        return ""
    return (
        f"config.eventType is missing, so the event is taken for a {config['eventType']} event. CloudFront always "
        "sends it. Add it to Records[0].cf.config if the function runs at another event."
    )
