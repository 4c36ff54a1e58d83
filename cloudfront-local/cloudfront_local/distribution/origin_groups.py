"""Origin groups: a primary origin, and a secondary origin that CloudFront asks if the primary one fails.

Source: CloudFront Developer Guide, "Optimize high availability with CloudFront origin failover".
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any

from cloudfront_local.rules import facts


@dataclass(frozen=True)
class OriginGroup:
    """The ids of two origins. `statuses` are the statuses of the primary origin that make CloudFront ask the other one.

    503 also stands for a failed connection, and 504 for a timeout.
    """

    primary: str
    secondary: str
    statuses: frozenset[int]


def origin_group(config: Mapping[str, Any], origins: Container[str]) -> OriginGroup:
    """The group of an item of `OriginGroups` of the CloudFront API. `origins` has the ids of all origins.

    Raises ValueError, with what is wrong and what to do, for a group that CloudFront refuses.
    """
    members = [member["OriginId"] for member in config.get("Members", {}).get("Items", [])]
    statuses = frozenset(map(int, config.get("FailoverCriteria", {}).get("StatusCodes", {}).get("Items", [])))
    where = f"The origin group {config['Id']}"
    if len(members) != 2:
        raise ValueError(f"{where} has {len(members)} members. Give it two: the primary origin and the secondary.")
    for member in members:
        if member not in origins:
            raise ValueError(f"{where} names {member}, which is no origin of the distribution. Correct the id.")
    if not statuses or statuses - facts.FAILOVER_STATUSES:
        allowed = ", ".join(map(str, sorted(facts.FAILOVER_STATUSES)))
        raise ValueError(f"{where}: the failover StatusCodes must be one or more of {allowed}.")
    return OriginGroup(members[0], members[1], statuses)
