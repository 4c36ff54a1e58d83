"""Looks up APIs and load balancers of the embedded AWS, as origins."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.aws.fresh import Fresh
from cloudfront_local.origins.api_gateway import Api, Apis
from cloudfront_local.origins.load_balancer import Balancers, LoadBalancer


def apis(endpoint: Endpoint) -> Apis:
    """Returns a look-up in the embedded AWS. Answers are kept for one second: a changed API soon applies."""
    return Fresh[tuple[str, str], Api | None](lambda key: _api(endpoint, *key))


def _api(endpoint: Endpoint, region: str, name: str) -> Api | None:
    try:
        rest = endpoint.client("apigateway", region)
        stages = rest.get_stages(restApiId=name)["item"]
        return Api("REST", frozenset(stage["stageName"] for stage in stages))
    except ClientError as error:
        _raise_unless_missing(error)
    try:
        http = endpoint.client("apigatewayv2", region)
        return Api("HTTP", frozenset(stage["StageName"] for stage in http.get_stages(ApiId=name)["Items"]))
    except ClientError as error:
        _raise_unless_missing(error)
    return None


def _raise_unless_missing(error: ClientError) -> None:
    if error.response["ResponseMetadata"]["HTTPStatusCode"] != 404:
        raise error


def balancers(endpoint: Endpoint) -> Balancers:
    """Returns a look-up in the embedded AWS, by domain name or by ARN."""
    return Fresh[str, LoadBalancer | None](lambda key: _balancer(endpoint, key))


def _balancer(endpoint: Endpoint, key: str) -> LoadBalancer | None:
    region = key.split(":")[3] if key.startswith("arn:") else next(p for p in key.split(".")[1:] if p != "elb")
    client = endpoint.client("elbv2", region)
    for page in client.get_paginator("describe_load_balancers").paginate():
        for found in page["LoadBalancers"]:
            if key in (found["LoadBalancerArn"], found["DNSName"].lower()):
                return LoadBalancer(found["DNSName"], found["Scheme"] == "internal", _listeners(client, found))
    return None


def _listeners(client: Any, balancer: dict[str, Any]) -> dict[int, str]:
    listeners = client.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    return {listener["Port"]: listener["Protocol"] for listener in listeners}
