"""The process that one function runs in: `python -m cloudfront_local.functions.child`.

It reads messages from stdin, and writes an outcome to stdout for each call. A message is four bytes of length
(big-endian), then JSON.
    {"program": {...}}  the function; comes first
    {"store": {...}}    the key value store, or null; comes when it has changed
    {"call": {...}}     a call; answered with {...}, the fields of an Outcome
It ends when stdin ends.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from typing import Any, BinaryIO

from cloudfront_local.functions.environment import Environment
from cloudfront_local.functions.key_value_store import KeyValueStore
from cloudfront_local.functions.sandbox import Call, Program, Sandbox


def main(source: BinaryIO, sink: BinaryIO) -> None:
    sandbox = store = program = None
    while message := _read(source):
        if "program" in message:
            program = _program(message["program"])
        elif "store" in message:
            store = _store(message["store"])
        elif program:
            outcome = (sandbox or Sandbox(program)).call(Call(**message["call"]), store)
            payload = json.dumps(outcome.to_fields()).encode()
            sink.write(len(payload).to_bytes(4, "big") + payload)
            sink.flush()
        # The next call's context is made now, while nobody waits.
        sandbox = Sandbox(program) if program else None


def _read(source: BinaryIO) -> dict[str, Any] | None:
    length = source.read(4)
    message: dict[str, Any] | None = json.loads(source.read(int.from_bytes(length, "big"))) if length else None
    return message


def _program(fields: dict[str, Any]) -> Program:
    return Program(**fields | {"environment": Environment(**fields["environment"])})


def _store(fields: dict[str, Any] | None) -> KeyValueStore | None:
    if fields is None:
        return None
    times = {name: datetime.fromisoformat(fields[name]) for name in ("created", "updated")}
    return KeyValueStore(fields["id"], fields["items"], **times)


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
