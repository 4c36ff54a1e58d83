"""Reads where a file lives from the lookup API's answer, and checks it by S3's rules.

A location that passes the checks names an S3 bucket, so the lookup API cannot send a request to another kind of server.
Source: S3 User Guide, "General purpose bucket naming rules" and "Naming Amazon S3 objects".
"""

import json
import re

from edge.percent import percent_encode
from router.rejection import BadAnswerError, ForeignAnswerError

# Each label of a bucket's name has to be a DNS label. S3 is less strict, but CloudFront takes no other origin.
_LABEL = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_BUCKET = re.compile(rf"(?=.{{3,63}}$)(?!xn--|sthree-|amzn-s3-demo-|[0-9]+(?:\.[0-9]+){{3}}$){_LABEL}(?:\.{_LABEL})*")
_BUCKET_ENDINGS = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")
# With the longest bucket name and the longest Region, a domain has fewer than the 128 characters that CloudFront takes.
_REGION = re.compile(r"[a-z]{2}(?:-[a-z]{2,12}){1,2}-[0-9]{1,2}")
# A bucket's domain: regional, dual-stack, or global. The global domain names no Region.
_DOMAIN = re.compile(r"(?P<bucket>[a-z0-9.-]+)\.s3(?:[.-](?:dualstack\.)?(?P<region>[a-z0-9-]+))?\.amazonaws\.com")
_LONGEST_KEY = 1024  # bytes of UTF-8


class Location:
    """An object in a bucket. `domain` is the bucket's regional domain, `uri` the percent-encoded path of the object."""

    __slots__ = ("bucket", "domain", "region", "uri")

    def __init__(self, bucket: str, region: str, key: str) -> None:
        self.bucket = bucket
        self.region = region
        self.domain = f"{bucket}.s3.{region}.amazonaws.com"
        self.uri = "/" + "/".join([percent_encode(segment.encode()) for segment in key.split("/")])


def locations(body: bytes) -> list[Location]:
    """The locations in the body of an answer, at least one, in the order of the answer.

    In: `{"locations": [{"bucket" or "domain": ..., "region": ..., "key": ...}, ...]}`. Raises BadAnswerError, and
    ForeignAnswerError if the body is not JSON.
    """
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        raise ForeignAnswerError("lookup API: its answer is not JSON") from None
    listed = answer.get("locations") if isinstance(answer, dict) else None
    if not isinstance(listed, list) or not listed:
        raise BadAnswerError("lookup API: its answer lists no locations")
    return [_location(item) for item in listed]


def _location(item: object) -> Location:
    if not isinstance(item, dict):
        raise BadAnswerError("lookup API: a location is not a JSON object")
    bucket, region = _bucket_and_region(item)
    if not isinstance(bucket, str) or not _BUCKET.fullmatch(bucket) or bucket.endswith(_BUCKET_ENDINGS):
        raise BadAnswerError(f"lookup API: {_shown(bucket)} is not a bucket's name")
    if not isinstance(region, str) or not _REGION.fullmatch(region):
        raise BadAnswerError(f"lookup API: {_shown(region)} is not a Region")
    return Location(bucket, region, _key(item.get("key")))


def _bucket_and_region(item: dict[str, object]) -> tuple[object, object]:
    """The bucket and Region that the item names, or that its domain names. The two must not contradict each other."""
    bucket, domain, region = item.get("bucket"), item.get("domain"), item.get("region")
    if domain is None:
        return bucket, region
    found = _DOMAIN.fullmatch(domain) if isinstance(domain, str) else None
    if not found:
        raise BadAnswerError(f"lookup API: {_shown(domain)} is not the domain of an S3 bucket")
    if bucket not in (None, found["bucket"]) or (region and found["region"] not in (None, region)):
        raise BadAnswerError(f"lookup API: {_shown(domain)} contradicts the bucket or Region of the same location")
    return found["bucket"], found["region"] or region


def _key(key: object) -> str:
    if not isinstance(key, str) or not key:
        raise BadAnswerError("lookup API: a location has no key")
    try:
        size = len(key.encode())
    except UnicodeEncodeError:
        raise BadAnswerError("lookup API: a key is not valid Unicode") from None
    if size > _LONGEST_KEY:
        raise BadAnswerError(f"lookup API: a key is longer than S3's {_LONGEST_KEY} bytes")
    if any(character < " " or "\x7f" <= character < "\xa0" for character in key):
        raise BadAnswerError("lookup API: a key contains a control character")
    if any(segment in (".", "..") for segment in key.split("/")):
        raise BadAnswerError("lookup API: a key contains the path segment . or ..")
    return key


def _shown(value: object) -> str:
    """A value from the answer, short enough for a log line."""
    return repr(value[:100]) if isinstance(value, str) else type(value).__name__
