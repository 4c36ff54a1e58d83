"""Lambda's GetRuntimeManagementConfig, which ministack lacks. ministack's own Python runs this module.

Each runtime is updated by Lambda itself: PutRuntimeManagementConfig stays unknown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

_GET = re.compile(r"/2021-07-20/functions/[^/]+/runtime-management-config")

Answer = tuple[int, dict[str, str], bytes]
Handle = Callable[..., Awaitable[Answer]]


def install() -> None:
    """Changes ministack."""
    from ministack.services import lambda_svc  # type: ignore[import-not-found]

    lambda_svc.handle_request = automatic(lambda_svc.handle_request)


def automatic(handle: Handle) -> Handle:
    """ministack's Lambda, which also answers GetRuntimeManagementConfig."""

    async def answered(method: str, path: str, *others: Any) -> Answer:
        if method == "GET" and _GET.fullmatch(path):
            return 200, {"Content-Type": "application/json"}, json.dumps({"UpdateRuntimeOn": "Auto"}).encode()
        return await handle(method, path, *others)

    return answered
