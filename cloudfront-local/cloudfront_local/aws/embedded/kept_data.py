"""The data of tables, buckets, user pools and key value stores, kept in a file from one start to the next. ministack's
own Python runs this module.

The stack's template makes the resources anew at each start. A resource gets its data from the file when it is there and
no stack is being deployed. The file is written a second after a request that may have changed data, and at the end.
Source: ministack's modules, which hold their data in dictionaries.
"""

from __future__ import annotations

import asyncio
import io
import pickle
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Mapping, MutableMapping
from pathlib import Path
from typing import Any, Protocol

from cloudfront_local.aws import private_file

ADDRESS = "/_cloudfront-local/kept-data"

# The data of each resource, by its kind and its name.
Data = dict[str, dict[str, Any]]
App = Callable[..., Awaitable[None]]

_SECONDS = 1.0
# Of the time, at most this part goes into writing: data may be large.
_SHARE = 0.05
# The bucket where `sam deploy` puts each deployment's code.
_OF_SAM = "aws-sam-cli-managed-default"
# What S3 has of objects beside them, by tuples that begin with the bucket and the key.
_OF_OBJECTS = (
    "_object_tags",
    "_object_acl",
    "_object_annotations",
    "_object_versions",
    "_object_retention",
    "_object_legal_hold",
)


class Kind(Protocol):
    """A kind of resources that hold data."""

    def read(self) -> Iterator[tuple[str, Any]]:
        """The name and the data of each resource that is there."""

    def write(self, name: str, data: Any) -> int | None:
        """Puts the data into the resource. Returns how many items it leaves out; None if there is no such resource."""


class KeptData:
    """An ASGI application that keeps the data of another one, `app`, in the file `path`.

    PUT for ADDRESS writes the file at once. The door lets such requests of an administrator through. `note(line)` gets
    a line for each fault.
    """

    def __init__(self, app: App, path: Path, note: Callable[[str], None]) -> None:
        self._app = app
        self._path = path
        self._note = note
        self._kinds = _kinds()
        self._waiting = read(path) if path.exists() else {}
        self._is_due = False
        self._pause = _SECONDS

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        self._give()
        if scope["path"] != ADDRESS:
            await self._app(scope, receive, send)
            if may_change(scope):
                self._write_soon()
            return
        self._write()
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    def _give(self) -> None:
        """Puts data of the file into the resources that are there by now."""
        if not any(self._waiting.values()) or _is_deploying():
            return
        for kind, resources in self._waiting.items():
            for name in list(resources):
                refused = self._kinds[kind].write(name, resources[name])
                if refused:
                    self._note(f"left {refused} items of {name} out: they lack the key that the table has now.")
                if refused is not None:
                    del resources[name]

    def _write_soon(self) -> None:
        if not self._is_due:
            self._is_due = True
            asyncio.get_running_loop().call_later(self._pause, self._write)

    def _write(self) -> None:
        self._is_due = False
        began = time.perf_counter()
        try:
            # A resource that waits for its data may be there, and be empty.
            found = {name: {**dict(kind.read()), **self._waiting.get(name, {})} for name, kind in self._kinds.items()}
            private_file.write(self._path, _packed(found))
        except RuntimeError:  # A thread of ministack has just changed a dictionary.
            self._write_soon()
        except (OSError, pickle.PicklingError) as error:
            self._note(f"cannot keep the data in {self._path}: {error}.")
        self._pause = max(_SECONDS, (time.perf_counter() - began) / _SHARE)


def read(path: Path) -> Data:
    """The data in the file. Raises ValueError if the file does not hold any."""
    try:
        found: Any = _Plain(io.BytesIO(path.read_bytes())).load()
    except Exception:  # pickle raises errors of all kinds for bytes that are no pickle.
        found = None
    match found:
        case {"format": 1, "data": {"tables": {}, "buckets": {}, "users": {}, "keys": {}} as data}:
            return dict(data)
    raise ValueError(f"{path} is damaged, or another version of cloudfront-local wrote the file.")


def may_change(scope: Mapping[str, Any]) -> bool:
    """Whether a request may change data: it is not known to read only."""
    if scope["method"] in ("GET", "HEAD", "OPTIONS"):
        return False
    headers = dict(scope["headers"])
    operation = headers.get(b"x-amz-target", b"").rpartition(b".")[2]
    reads = (b"Get", b"List", b"Describe", b"Query", b"Scan", b"BatchGet", b"TransactGet")
    return not operation.startswith(reads)


class _Plain(pickle.Unpickler):
    """Reads data alone. A file that names a class or a function is refused."""

    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"{module}.{name}")


class _PlainPickler(pickle.Pickler):
    """Writes what _Plain reads."""

    def reducer_override(self, value: Any) -> Any:
        raise pickle.PicklingError(f"{type(value).__name__} is not plain data")


def _packed(data: Data) -> bytes:
    packed = io.BytesIO()
    _PlainPickler(packed, pickle.HIGHEST_PROTOCOL).dump({"format": 1, "data": data})
    return packed.getvalue()


def _kinds() -> dict[str, Kind]:
    from ministack.services import cloudfront_keyvaluestore, cognito, dynamodb, s3  # type: ignore[import-not-found]

    return {
        "tables": Tables(dynamodb),
        "buckets": Buckets(s3),
        "users": UserPools(cognito),
        "keys": KeyValueStores(cloudfront_keyvaluestore),
    }


def _is_deploying() -> bool:
    from ministack.services import cloudformation

    return any(stack["StackStatus"].endswith("_IN_PROGRESS") for _, stack in cloudformation._stacks.all_items())


class Tables:
    """The tables of DynamoDB, by Region and name, and their items."""

    def __init__(self, dynamodb: Any) -> None:
        self._dynamodb = dynamodb

    def read(self) -> Iterator[tuple[str, Any]]:
        for (_, region, name), table in self._dynamodb._tables.all_items():
            yield f"{region}/{name}", [item for items in table["items"].values() for item in items.values()]

    def write(self, name: str, data: Any) -> int | None:
        region, _, table_name = name.partition("/")
        table = self._dynamodb._tables.get_scoped(self._dynamodb.get_account_id(), region, table_name)
        if table is None:
            return None
        table["items"], refused = defaultdict(dict), 0
        for item in data:
            pk, sk, fault = self._dynamodb._resolve_table_key_values(table, item, True)
            if fault:
                refused += 1
            else:
                table["items"][pk][sk] = item
        self._dynamodb._items_replaced(table)
        return refused


class Buckets:
    """The buckets of S3 by name, and their objects with versions, tags and the like."""

    def __init__(self, s3: Any) -> None:
        self._s3 = s3
        self._more = {name: getattr(s3, name) for name in _OF_OBJECTS}

    def read(self) -> Iterator[tuple[str, Any]]:
        for name, bucket in self._s3._buckets.items():
            if not name.startswith(_OF_SAM):
                more = {of: [each for each in store.items() if each[0][0] == name] for of, store in self._more.items()}
                yield name, {"objects": dict(bucket["objects"]), "more": more}

    def write(self, name: str, data: Any) -> int | None:
        if name not in self._s3._buckets:
            return None
        self._s3._buckets[name]["objects"] = data["objects"]
        for of, entries in data["more"].items():
            self._more[of].update(dict(entries))
        return 0


class UserPools:
    """The user pools of Cognito, by Region and name, with their users and groups."""

    def __init__(self, cognito: Any) -> None:
        self._cognito = cognito

    def read(self) -> Iterator[tuple[str, Any]]:
        for (_, region, _), pool in self._cognito._user_pools.all_items():
            yield f"{region}/{pool['Name']}", {"users": dict(pool["_users"]), "groups": dict(pool["_groups"])}

    def write(self, name: str, data: Any) -> int | None:
        region, _, pool_name = name.partition("/")
        for (_, of, pool_id), pool in self._cognito._user_pools.all_items():
            if (of, pool["Name"]) == (region, pool_name):
                pool["_users"] = data["users"]
                pool["EstimatedNumberOfUsers"] = len(pool["_users"])
                for group, kept in data["groups"].items():
                    # The template's own groups are there already.
                    group_of_pool = pool["_groups"].setdefault(group, {**kept, "UserPoolId": pool_id})
                    group_of_pool["_members"] = kept["_members"]
                return 0
        return None


class KeyValueStores:
    """The key value stores of CloudFront by ARN, and their items."""

    def __init__(self, stores: Any) -> None:
        self._stores = stores

    def read(self) -> Iterator[tuple[str, Any]]:
        for arn, store in self._stores._stores.items():
            yield arn, dict(store["items"])

    def write(self, name: str, data: Any) -> int | None:
        if name not in self._stores._stores:
            return None
        self._stores._stores[name]["items"] = data
        return 0
