"""The current items of key value stores, for CloudFront Functions."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

import aiohttp
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from yarl import URL

from cloudfront_local.aws.cloudfront_functions import Deployed
from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.errors import LocalError
from cloudfront_local.functions.key_value_store import KeyValueStore

_SERVICE = "cloudfront-keyvaluestore"
_PAGE = 50  # the API's maximum
_TIMEOUT = aiohttp.ClientTimeout(total=10)


class KeyValueStores:
    """Reads stores when they are first asked for, and again after each write."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._known: dict[str, asyncio.Task[KeyValueStore]] = {}

    async def of(self, function: Deployed) -> KeyValueStore | None:
        """The store of a function, if it has one. Raises LocalError if the embedded AWS does not answer."""
        for arn in function.stores:
            if arn not in self._known:
                self._known[arn] = asyncio.create_task(self._read(arn))
            try:
                return await asyncio.shield(self._known[arn])
            except (aiohttp.ClientError, TimeoutError) as error:
                self._known.pop(arn, None)
                raise LocalError(f"The key value store {arn} cannot be read from the embedded AWS: {error}") from None
        return None

    def changed(self, arn: str) -> None:
        """The store has been written: its next reader gets the new items."""
        self._known.pop(arn, None)

    async def _read(self, arn: str) -> KeyValueStore:
        items: dict[str, str] = {}
        token = ""
        async with aiohttp.ClientSession(raise_for_status=True, timeout=_TIMEOUT) as session:
            while True:
                page = await self._get(session, arn, token)
                items.update(_pairs(page))
                token = page.get("NextToken", "")
                if not token:
                    break
        now = datetime.now(UTC)
        return KeyValueStore(arn.rpartition("/")[2], items, now, now)

    async def _get(self, session: aiohttp.ClientSession, arn: str, token: str) -> Any:
        query = {"MaxResults": str(_PAGE), **({"NextToken": token} if token else {})}
        url = f"{self._endpoint.url}/key-value-stores/{quote(arn, safe='')}/keys?{urlencode(query)}"
        request = AWSRequest("GET", url)
        SigV4Auth(Credentials(*self._endpoint.key), _SERVICE, self._endpoint.region).add_auth(request)
        async with session.get(URL(url, encoded=True), headers=dict(request.headers.items())) as answer:
            return json.loads(await answer.read())


def _pairs(page: Any) -> Iterator[tuple[str, str]]:
    for item in page.get("Items", []):
        yield item["Key"], item["Value"]
