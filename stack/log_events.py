"""Reads log groups in many Regions at the same time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

# CloudWatch may receive a line this much later than a newer line of the same group.
LATE_MILLISECONDS = 15_000
# Lambda creates a function's log group in a Region with the first request there. Groups that are missing are read again
# in every tenth round only.
MISSING_EVERY = 10
# Many, because a thread waits for the network nearly all the time.
THREADS = 48


class Source(NamedTuple):
    """A log group in a Region. `label` names the function that writes to it, or CloudFront."""

    region: str
    group: str
    label: str


class Event(NamedTuple):
    """A line of a log. `time` is in milliseconds since the epoch."""

    time: int
    source: Source
    text: str


class Group:
    """Reads one log group from the time `since`, in milliseconds since the epoch. Returns each line once.

    `missing` says whether the last read found no such group.
    """

    def __init__(self, logs: Any, source: Source, since: int) -> None:
        self.source = source
        self.missing = False
        self._logs = logs
        self._since = since
        self._seen: dict[str, int] = {}

    def read(self) -> list[Event]:
        """The lines that are new since the last read; none if the group is missing. Raises the AWS SDK's exceptions."""
        pages = self._logs.get_paginator("filter_log_events")
        found = []
        self.missing = False
        try:
            for page in pages.paginate(logGroupName=self.source.group, startTime=self._since):
                found += [event for event in page["events"] if event["eventId"] not in self._seen]
        except self._logs.exceptions.ResourceNotFoundException:
            self.missing = True
        self._remember(found)
        return [Event(event["timestamp"], self.source, event["message"].rstrip()) for event in found]

    def _remember(self, found: Iterable[Mapping[str, Any]]) -> None:
        self._seen |= {event["eventId"]: event["timestamp"] for event in found}
        self._since = max([self._since, *(time - LATE_MILLISECONDS for time in self._seen.values())])
        self._seen = {event_id: time for event_id, time in self._seen.items() if time >= self._since}


class Reader:
    """Reads log groups in many Regions. `skipped` has the Regions that failed in the first read, with the errors."""

    def __init__(self, groups: Iterable[Group]) -> None:
        self._groups = list(groups)
        self._looks = 0
        self.skipped: dict[str, Exception] = {}

    def read(self) -> list[Event]:
        """The new lines of all groups, the oldest first.

        A Region that fails in the first read is skipped from then on. A Region that fails later is read again the next
        time. Raises the SDK's exception if all Regions fail.
        """
        asked = [group for group in self._groups if not group.missing or self._looks % MISSING_EVERY == 0]
        with ThreadPoolExecutor(THREADS) as pool:
            answers = list(pool.map(_read, asked))
        failed = {group.source.region: error for group, (_, error) in zip(asked, answers, strict=True) if error}
        if failed and failed.keys() == {group.source.region for group in asked}:
            raise next(iter(failed.values()))
        if self._looks == 0:
            self.skipped = failed
            self._groups = [group for group in self._groups if group.source.region not in failed]
        self._looks += 1
        return sorted(event for events, _ in answers for event in events)


def _read(group: Group) -> tuple[list[Event], Exception | None]:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return group.read(), None
    except (BotoCoreError, ClientError) as error:
        return [], error
