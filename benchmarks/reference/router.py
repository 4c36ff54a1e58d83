"""The usual way to write the router: boto3 for the secret, requests for the token and for the lookup API.

It does the same as src/router when no server fails: it has no retries, and does not check the API's answers.
"""

from __future__ import annotations

import os
import time
from typing import Any

import boto3
import requests

session = requests.Session()
secrets: Any = boto3.client("secretsmanager", region_name="us-east-1")
tokens: dict[str, tuple[str, float]] = {}
files: dict[str, tuple[dict[str, str], float]] = {}


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Send the request to the bucket that holds the file."""
    request: dict[str, Any] = event["Records"][0]["cf"]["request"]
    origin = request["origin"]["s3"]
    setting = {name: values[0]["value"] for name, values in origin["customHeaders"].items()}
    url = setting["x-router-lookup-url"] + request["uri"].rpartition("/")[2]
    location, until = files.get(url, ({}, 0.0))
    if time.time() >= until:
        headers = {"Authorization": f"Bearer {token(setting)}"}
        locations = session.get(url, headers=headers, timeout=2).json()["locations"]
        location = next((each for each in locations if each["region"] == os.environ["AWS_REGION"]), locations[0])
        files[url] = location, time.time() + 60
    domain = f"{location['bucket']}.s3.{location['region']}.amazonaws.com"
    origin.update(domainName=domain, region=location["region"], path="", customHeaders={})
    request["uri"] = f"/{location['key']}"
    request["headers"]["host"] = [{"key": "Host", "value": domain}]
    return request


def token(setting: dict[str, str]) -> str:
    """An access token, used until a minute before it expires."""
    client = setting["x-router-client-id"]
    found, until = tokens.get(client, ("", 0.0))
    if time.time() >= until:
        secret = secrets.get_secret_value(SecretId=setting["x-router-client-secret-arn"])["SecretString"]
        form = {"grant_type": "client_credentials", "scope": setting["x-router-scope"]}
        answer = session.post(setting["x-router-token-url"], data=form, auth=(client, secret), timeout=2).json()
        found = answer["access_token"]
        tokens[client] = found, time.time() + answer["expires_in"] - 60
    return found
