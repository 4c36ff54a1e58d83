"""The scope of a signature for API Gateway, which ministack does not check. ministack's own Python runs this module."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from cloudfront_local.aws.embedded import signature

_HOST = re.compile(r"[a-z0-9]+\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(:[0-9]+)?")
_FORBIDDEN = (403, {"Content-Type": "application/json"}, b'{"message":"Forbidden"}')


def install() -> None:
    """Refuses a signature for another service or Region, where a method or a route takes signed requests only."""
    from ministack import app  # type: ignore[import-not-found]
    from ministack.core.iam_evaluator import AuthError  # type: ignore[import-not-found]
    from ministack.services import apigateway_v1  # type: ignore[import-not-found]

    known: Callable[..., Any] = app._enforce_execute_api

    def enforced(
        api: str, stage: str, method: str, path: str, headers: dict[str, str], query: dict[str, Any], **more: Any
    ) -> Any:
        kind = app._execute_api_authorization_type(api, stage, method, path)
        if kind == "AWS_IAM" and (message := fault(headers)):
            error = AuthError("CredentialDateMismatch", message)  # becomes InvalidSignatureException
            refused = apigateway_v1.authentication_error_response(api, stage, error, headers, query)
            return refused or _FORBIDDEN
        return known(api, stage, method, path, headers, query, **more)

    app._enforce_execute_api = enforced


def fault(headers: Mapping[str, str]) -> str | None:
    """What is wrong with the scope of the signature in the headers, whose names are in lower case; None if nothing is.

    Source: IAM User Guide, "Troubleshoot Signature Version 4 signing for AWS API requests".
    """
    signed = signature.from_header(headers.get("authorization", ""), headers)
    host = _HOST.fullmatch(headers.get("host", ""))
    if signed and signed.service != "execute-api":
        return "Credential should be scoped to correct service: 'execute-api'. "
    if signed and host and signed.region != host[1]:
        return f"Credential should be scoped to a valid region, not '{signed.region}'. "
    return None
