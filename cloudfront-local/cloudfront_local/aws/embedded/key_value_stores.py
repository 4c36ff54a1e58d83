"""Key value stores of CloudFront Functions: what ministack lacks of them. ministack's own Python runs this module.

A store's ARN ends with its id, a new store reads its ImportSource, a write that exceeds a quota is refused, and each
write is noted.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import unquote

from cloudfront_local.functions.key_value_store import ImportFailed, KeyValueStore, StoreRefused, imported

NOTE = "store"
TYPE = "AWS::CloudFront::KeyValueStore"

_KEYS = re.compile(r"/key-value-stores/(?P<arn>arn:.+?/[a-zA-Z0-9_-]+)/keys(/(?P<key>.+))?/?")
_OBJECT = re.compile(r"arn:aws:s3:::(?P<bucket>[^/]+)/(?P<key>.+)")

Handle = Callable[..., Awaitable[Any]]


def install(note: Callable[[str], None]) -> None:
    """Calls `note` with a line for each write: NOTE and the store's ARN."""
    from ministack.services import cloudfront, s3  # type: ignore[import-not-found]
    from ministack.services import cloudfront_keyvaluestore as data
    from ministack.services.cloudformation import provisioners  # type: ignore[import-not-found]

    _identify(cloudfront, data)
    data.handle_request = checked(data.handle_request, data, note)
    handlers = provisioners._RESOURCE_HANDLERS
    known = handlers[TYPE]["create"]

    def create(logical_id: str, properties: dict[str, Any], stack_name: str) -> Any:
        items = _items(properties.get("ImportSource"), s3._get_object_data, note)
        name, attributes = known(logical_id, properties, stack_name)
        data._stores.pop(attributes["Arn"], None)  # a store of this name that is gone
        store, _ = data._get_store(attributes["Arn"])
        store["items"].update(items)
        cloudfront._kvstores[name]["Id"] = _id_of(attributes["Arn"])
        return name, {**attributes, "Id": _id_of(attributes["Arn"])}

    handlers[TYPE] = {**handlers[TYPE], "create": create}


def _identify(cloudfront: Any, data: Any) -> None:
    """Makes ARNs end with the store's id, as on AWS. ministack ends them with the name."""
    get_store, create = data._get_store, cloudfront._create_kvs

    def arn_of(name: str) -> str:
        account = cloudfront.get_account_id()
        return f"arn:aws:cloudfront::{account}:key-value-store/{uuid.uuid5(uuid.NAMESPACE_URL, f'{account}/{name}')}"

    def get_store_by_arn(arn: str) -> Any:
        if arn not in data._stores and any(store["ARN"] == arn for store in cloudfront._kvstores.values()):
            data._stores[arn] = {"etag": cloudfront.new_uuid(), "items": {}}
        return get_store(arn)

    def created(headers: Any, body: bytes) -> Any:
        known = dict(cloudfront._kvstores)
        status, answered, content = create(headers, body)
        for name, store in cloudfront._kvstores.items():
            if name not in known:
                data._stores.pop(store["ARN"], None)
                content = content.replace(store["Id"].encode(), _id_of(store["ARN"]).encode())
                store["Id"] = _id_of(store["ARN"])
        return status, answered, content

    cloudfront._kvs_arn, cloudfront._create_kvs, data._get_store = arn_of, created, get_store_by_arn


def _id_of(arn: str) -> str:
    return arn.rpartition("/")[2]


def _items(source: Any, read: Callable[[str, str], bytes | None], note: Callable[[str], None]) -> dict[str, str]:
    """The items of an import source. Raises ValueError, with the reason, if it cannot be imported.

    A file that is not there makes an empty store: on AWS, the file is there before the stack.
    """
    if not source:
        return {}
    arn = str(source.get("SourceArn", ""))
    place = _OBJECT.fullmatch(arn)
    content = read(place["bucket"], place["key"]) if place else None
    if content is None:
        note(f"has no object {arn}: the key value store that would import the object is empty.")
        return {}
    try:
        return dict(KeyValueStore("import", imported(content)).items)
    except (ImportFailed, StoreRefused) as error:
        raise ValueError(f"IMPORT FAILED: {arn}: {error}") from None


def checked(handle: Handle, data: Any, note: Callable[[str], None]) -> Handle:
    """The data plane's handler of requests, which also checks the quotas of writes."""

    async def handled(method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
        found = _KEYS.fullmatch(path)
        if found is None or method == "GET":
            return await handle(method, path, headers, body, query)
        arn = unquote(found["arn"])
        try:
            _refuse(data, arn, unquote(found["key"] or ""), method, body)
        except StoreRefused as refused:
            return data._error(refused.code, str(refused), refused.status)
        answer = await handle(method, path, headers, body, query)
        note(f"{NOTE} {arn}")
        return answer

    return handled


def _refuse(data: Any, arn: str, key: str, method: str, body: bytes) -> None:
    """Raises StoreRefused if a write would exceed a quota. What is malformed is ministack's to refuse."""
    store, fault = data._get_store(arn)
    try:
        request = json.loads(body or b"{}")
    except ValueError:
        return
    if fault or method == "DELETE" or not isinstance(request, dict):
        return
    puts = {key: request.get("Value")} if method == "PUT" else _named(request.get("Puts"))
    deletes = () if method == "PUT" else tuple(_named(request.get("Deletes")))
    if all(isinstance(value, str) for value in puts.values()):
        KeyValueStore(arn, store["items"]).changed({name: str(value) for name, value in puts.items()}, deletes)


def _named(items: Any) -> dict[str, Any]:
    listed = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    return {item["Key"]: item.get("Value") for item in listed if isinstance(item.get("Key"), str)}
