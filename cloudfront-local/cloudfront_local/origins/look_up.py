"""Look-ups in the embedded AWS on the way to an origin: when they fail, the origin has failed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from botocore.exceptions import BotoCoreError, ClientError, ReadTimeoutError

from cloudfront_local.distribution import journal, pages
from cloudfront_local.distribution.pages import OriginFailed

T = TypeVar("T")


async def answered(look_up: Awaitable[T], seconds: float) -> T:
    """The answer of a look-up. Without an answer, raises OriginFailed: 504 after so many seconds, 502 at an error."""
    try:
        async with asyncio.timeout(seconds):
            return await look_up
    except (TimeoutError, ReadTimeoutError) as error:
        journal.remark(f"The embedded AWS did not answer within {seconds:.0f} s. Start `cloudfront-local` again.")
        raise OriginFailed(*pages.ORIGIN_TIMEOUT) from error
    except (BotoCoreError, ClientError) as error:
        journal.remark(f"The embedded AWS gives no answer: {error}")
        raise OriginFailed(*pages.ORIGIN_UNREACHABLE) from error
