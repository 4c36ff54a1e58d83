"""Looks up APIs and load balancers of the embedded AWS, as origins."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from botocore.exceptions import ClientError

from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.aws.fresh import Fresh
from cloudfront_local.origins.api_gateway import Api, Apis
from cloudfront_local.origins.load_balancer import Balancers, LoadBalancer

# Making a client costs tens of milliseconds. Each Region needs one.
_CLIENTS = 16


def apis(endpoint: Endpoint) -> Apis:
    """Returns a look-up in the embedded AWS. Answers are kept for one second: a changed API soon applies."""
    client = lru_cache(_CLIENTS)(endpoint.client)
    return Fresh[tuple[str, str], Api | None](lambda key: _api(client, *key))


def _api(client: Callable[..., Any], region: str, name: str) -> Api | None:
    try:
        stages = client("apigateway", region).get_stages(restApiId=name)["item"]
        return Api("REST", frozenset(stage["stageName"] for stage in stages))
    except ClientError as error:
        _raise_unless_missing(error)
    try:
        stages = client("apigatewayv2", region).get_stages(ApiId=name)["Items"]
        return Api("HTTP", frozenset(stage["StageName"] for stage in stages))
    except ClientError as error:
        _raise_unless_missing(error)
    return None


def _raise_unless_missing(error: ClientError) -> None:
    if error.response["ResponseMetadata"]["HTTPStatusCode"] != 404:
        raise error


def balancers(endpoint: Endpoint) -> Balancers:
    """Returns a look-up in the embedded AWS, by domain name or by ARN."""
    client = lru_cache(_CLIENTS)(endpoint.client)
    return Fresh[str, LoadBalancer | None](lambda key: _balancer(client, key))


def _balancer(client: Callable[..., Any], key: str) -> LoadBalancer | None:
    region = key.split(":")[3] if key.startswith("arn:") else next(p for p in key.split(".")[1:] if p != "elb")
    elb = client("elbv2", region)
    for page in elb.get_paginator("describe_load_balancers").paginate():
        for found in page["LoadBalancers"]:
            if key in (found["LoadBalancerArn"], found["DNSName"].lower()):
                return LoadBalancer(found["DNSName"].lower(), found["Scheme"] == "internal", _listeners(elb, found))
    return None


def _listeners(client: Any, balancer: dict[str, Any]) -> dict[int, str]:
    listeners = client.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    return {listener["Port"]: listener["Protocol"] for listener in listeners}
