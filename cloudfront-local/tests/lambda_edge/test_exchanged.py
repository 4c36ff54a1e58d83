"""The trace of a request gets the JSON that a function was sent, and that which it answered."""

import json
import time

import pytest

from cloudfront_local.distribution import journal
from cloudfront_local.distribution.failure import FunctionFailed
from cloudfront_local.distribution.messages import Request
from cloudfront_local.distribution.trace import Call

EVENT = {"uri": "/ü", "headers": [{"key": "Host", "value": '"'}]}


async def test_exchanged(function):
    """Event and result are those of the function's own call."""
    function.write("def handler(event, context):\n    return {'got': event, 'text': '€'}")
    with journal.entry(Request("GET", "/"), time.time, is_traced=True) as entry:
        journal.called(call := Call("arn", "viewer-request", "lambda", EVENT, journal.station("viewer-request")))
        result = await function.invoke(EVENT)
    assert entry.trace.calls == [call]
    assert [json.loads(each) for each in call.exchanged] == [EVENT, result]
    assert result == {"got": EVENT, "text": "€"}


@pytest.mark.parametrize("result", ["1 / 0", "b'no JSON'"])
async def test_nothing_without_result(function, result):
    """A function that fails answered nothing that can be shown."""
    function.write(f"def handler(event, context):\n    return {result}")
    with journal.entry(Request("GET", "/"), time.time, is_traced=True):
        journal.called(call := Call("arn", "viewer-request", "lambda", EVENT, journal.station("viewer-request")))
        with pytest.raises(FunctionFailed):
            await function.invoke(EVENT)
    assert call.exchanged is None
