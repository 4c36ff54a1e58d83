"""HTTP APIs by their OpenAPI definition, as SAM writes it. ministack's own Python runs this module.

ministack makes the API without the routes of its `Body`.
Source: API Gateway Developer Guide, "OpenAPI definitions for HTTP APIs".
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from cloudfront_local.aws.embedded.handlers import Handler, Made, Properties

_METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch"})
_ANY = "x-amazon-apigateway-any-method"
_NAMES = {_ANY: "ANY"}
_INTEGRATION = "x-amazon-apigateway-integration"
_AUTHORIZER = "x-amazon-apigateway-authorizer"


def http_api(known: Handler, service: Any) -> Handler:
    """ministack's handler of AWS::ApiGatewayV2::Api, which also makes what a `Body` describes. `service` is ministack's
    module of such APIs."""

    def create(logical_id: str, properties: Properties, stack_name: str) -> Made:
        made: Made = known["create"](logical_id, properties, stack_name)
        return described(made, properties)

    def update(physical_id: str, old: Properties, new: Properties, *others: str) -> Made:
        made: Made = known["update"](physical_id, old, new, *others)
        return described(made, new) if new.get("Body") != old.get("Body") else made

    def described(made: Made, properties: Properties) -> Made:
        body = properties.get("Body")
        if isinstance(body, dict):
            for part in (service._routes, service._integrations, service._authorizers):
                part[made[0]] = {}
            _import(made[0], body, service)
        return made

    return {**known, "create": create, "update": update}


def _import(api: str, body: Mapping[str, Any], service: Any) -> None:
    if cors := body.get("x-amazon-apigateway-cors"):
        service._apis[api]["corsConfiguration"] = cors
    schemes = (body.get("components") or {}).get("securitySchemes") or {}
    authorizers = {name: _authorizer(api, name, scheme, service) for name, scheme in schemes.items()}
    for key, operation in _operations(body.get("paths") or {}):
        integration = operation.get(_INTEGRATION, {})
        made = _made(service._create_integration(api, _integration(integration)))["integrationId"]
        route = {"routeKey": key, "target": f"integrations/{made}"}
        service._create_route(api, route | _authorization(operation, schemes, authorizers))


def _operations(paths: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The key of each route, such as `GET /books`, with its operation."""
    for path, item in paths.items():
        for method, operation in (item or {}).items():
            if method != _ANY and method not in _METHODS:
                continue  # parameters and descriptions
            yield "$default" if path == "/$default" else f"{_NAMES.get(method, method.upper())} {path}", operation or {}


def _integration(found: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "integrationType": str(found.get("type", "")).upper(),
        "integrationUri": found.get("uri", ""),
        "integrationMethod": found.get("httpMethod", "POST"),
        "payloadFormatVersion": found.get("payloadFormatVersion", "2.0"),
        **({"requestParameters": found["requestParameters"]} if "requestParameters" in found else {}),
    }


def _authorizer(api: str, name: str, scheme: Mapping[str, Any], service: Any) -> str:
    """The id of the authorizer that a security scheme describes; empty if it describes none."""
    found = scheme.get(_AUTHORIZER)
    if not found:
        return ""
    sources = found.get("identitySource", "$request.header.Authorization")
    values = {key: found[key] for key in found if key not in ("type", "identitySource")}
    sources = [source.strip() for source in sources.split(",")] if isinstance(sources, str) else sources
    kind = str(found.get("type", "jwt")).upper()
    made = service._create_authorizer(api, values | {"name": name, "authorizerType": kind, "identitySource": sources})
    return str(_made(made)["authorizerId"])


def _authorization(
    operation: Mapping[str, Any], schemes: Mapping[str, Any], authorizers: Mapping[str, str]
) -> dict[str, Any]:
    for name, scopes in ((name, scopes) for each in operation.get("security", ()) for name, scopes in each.items()):
        scheme = schemes.get(name, {})
        if scheme.get("x-amazon-apigateway-authtype") == "awsSigv4":
            return {"authorizationType": "AWS_IAM"}
        if authorizers.get(name):
            kind = "JWT" if scheme[_AUTHORIZER].get("type", "jwt") == "jwt" else "CUSTOM"
            return {"authorizationType": kind, "authorizerId": authorizers[name], "authorizationScopes": scopes}
    return {}


def _made(answer: tuple[int, Any, Any]) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(answer[2])
    return made
