"""Answers with the event."""

import json


def handler(event, _):
    return {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": json.dumps(event)}
