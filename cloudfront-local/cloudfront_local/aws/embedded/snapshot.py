"""The data of tables and buckets, kept and put back: tests share one stack. ministack's own Python runs this module.

A request for the path ADDRESS that may administer ministack keeps the data of this moment (PUT), or puts the kept data
back (POST). Source: ministack's modules, which hold their data in dictionaries by account.
"""

from __future__ import annotations

import copy
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

ADDRESS = "/_cloudfront-local/snapshot"
App = Callable[..., Awaitable[None]]


def answering(app: App) -> App:
    """The application, which also answers requests for ADDRESS. The door lets those of an administrator through."""
    kept: dict[tuple[str, str], Any] = {}

    async def answered(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["path"] != ADDRESS:
            await app(scope, receive, send)
            return
        if scope["method"] == "PUT":
            kept.clear()
            kept.update({name: copy.deepcopy(data) for name, data in _stores().items()})
        else:
            for name, data in _stores().items():
                data.clear()
                data.update(copy.deepcopy(kept.get(name, {})))
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    return answered


def _stores() -> dict[tuple[str, str], MutableMapping[Any, Any]]:
    """The dictionaries that hold the data of tables and buckets, by the names of their modules and variables."""
    from ministack.core.responses import AccountRegionScopedDict, AccountScopedDict  # type: ignore[import-not-found]
    from ministack.services import dynamodb, s3  # type: ignore[import-not-found]

    return {
        (module.__name__, name): value._data
        for module in (dynamodb, s3)
        for name, value in vars(module).items()
        if isinstance(value, (AccountScopedDict, AccountRegionScopedDict))
    }
