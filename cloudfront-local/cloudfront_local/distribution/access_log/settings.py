"""Where a distribution's access logs go.

Source: Developer Guide, "Configure standard logging (legacy)".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Logging:
    """Where the distribution's access logs go: a bucket's name, and the beginning of the objects' keys."""

    bucket: str
    prefix: str = ""
    include_cookies: bool = False


def logging(config: Mapping[str, Any]) -> Logging | None:
    """The `Logging` of a `DistributionConfig` of the CloudFront API; None if it is off."""
    if not config.get("Enabled") or not config.get("Bucket"):
        return None
    bucket = re.sub(r"\.s3[.-].*$", "", config["Bucket"])
    prefix = config.get("Prefix", "")
    slash = "/" if prefix and not prefix.endswith("/") else ""
    return Logging(bucket, prefix + slash, bool(config.get("IncludeCookies")))
