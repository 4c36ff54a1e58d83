"""Log groups in many Regions, read at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

# A line may come to CloudWatch that much later than a younger one of its group.
LATE_MILLISECONDS = 15_000
# Groups come to be with the first visitor of a Region: those that are missing are asked for in each so many looks.
MISSING_EVERY = 10
# Each waits for the network nearly all of its time.
THREADS = 48


class Source(NamedTuple):
    """A log group in a Region. `label` is what writes there."""

    region: str
    group: str
    label: str


class Event(NamedTuple):
    """A line. `time` is in ms of the epoch."""

    time: int
    source: Source
    text: str


class Group:
    """One log group, of which each line is read once. `since` is in ms of the epoch."""

    def __init__(self, logs: Any, source: Source, since: int) -> None:
        self.source = source
        self.missing = False
        self._logs = logs
        self._since = since
        self._seen: dict[str, int] = {}

    def read(self) -> list[Event]:
        """What has come since the last time. Raises what the AWS SDK raises, but for a group that is not there."""
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
    """Log groups in many Regions. `skipped` says of each Region that could not be read at first why not."""

    def __init__(self, groups: Iterable[Group]) -> None:
        self._groups = list(groups)
        self._looks = 0
        self.skipped: dict[str, Exception] = {}

    def read(self) -> list[Event]:
        """What is new in all groups, the oldest first.

        A Region that fails at the first look is skipped from then on; one that fails later is asked again at the next.
        Raises the SDK's exception if each of them fails.
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
