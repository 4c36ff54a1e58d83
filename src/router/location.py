"""Where a file lives, taken from the lookup API's answer and believed only as far as it holds against S3's rules.

What passes names an S3 bucket and nothing else: the router never sends a request to an address the API made up.
Source: S3 User Guide, "General purpose bucket naming rules" and "Naming Amazon S3 objects".
"""

from __future__ import annotations

import json
import re

from edge.sigv4 import percent_encode

_BUCKET = re.compile(r"(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_BUCKET_ENDINGS = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")
_IP_ADDRESS = re.compile(r"[0-9]+(\.[0-9]+){3}")
_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+){1,3}-[0-9]{1,2}")
_DOMAIN = re.compile(r"(?P<bucket>[a-z0-9.-]+)\.s3\.(?P<region>[a-z0-9-]+)\.amazonaws\.com")
# CloudFront Developer Guide, "Lambda@Edge event structure": domainName of an S3 origin, in characters.
_LONGEST_DOMAIN = 128
_LONGEST_KEY = 1024  # bytes of UTF-8
# CloudFront Developer Guide, quotas: path and query string together stay below 8,192 characters.
_LONGEST_URI = 8191


class BadAnswerError(Exception):
    """The lookup API's answer cannot be followed; its text says why, in one line."""


class Location:
    """An object in a bucket. `uri` is the path to ask the bucket for: its key, percent-encoded."""

    __slots__ = ("bucket", "key", "region", "uri")

    def __init__(self, bucket: str, region: str, key: str) -> None:
        self.bucket = bucket
        self.region = region
        self.key = key
        self.uri = "/" + "/".join(percent_encode(segment.encode()) for segment in key.split("/"))

    @property
    def domain(self) -> str:
        return f"{self.bucket}.s3.{self.region}.amazonaws.com"


def locations(body: bytes) -> list[Location]:
    """The locations that an answer lists, in its order; at least one.

    In: `{"locations": [{"bucket" or "domain": ..., "region": ..., "key": ...}, ...]}`. Raises BadAnswerError.
    """
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        raise BadAnswerError("it is not JSON") from None
    listed = answer.get("locations") if isinstance(answer, dict) else None
    if not isinstance(listed, list) or not listed:
        raise BadAnswerError("it lists no locations")
    return [_location(item) for item in listed]


def _location(item: object) -> Location:
    if not isinstance(item, dict):
        raise BadAnswerError("a location is not an object")
    bucket, region = _bucket_and_region(item)
    if not _is_bucket(bucket):
        raise BadAnswerError(f"{bucket!r} is no bucket's name")
    if not isinstance(region, str) or not _REGION.fullmatch(region):
        raise BadAnswerError(f"{region!r} is no Region")
    location = Location(bucket, region, _key(item.get("key")))
    if len(location.domain) > _LONGEST_DOMAIN or len(location.uri) > _LONGEST_URI:
        raise BadAnswerError("the bucket's domain or the key is longer than CloudFront takes")
    return location


def _bucket_and_region(item: dict[str, object]) -> tuple[str, object]:
    bucket, domain, region = item.get("bucket"), item.get("domain"), item.get("region")
    if domain is None:
        return bucket if isinstance(bucket, str) else "", region
    found = _DOMAIN.fullmatch(domain) if isinstance(domain, str) else None
    if not found:
        raise BadAnswerError(f"{domain!r} is no S3 bucket's domain")
    if region not in (None, found["region"]) or bucket not in (None, found["bucket"]):
        raise BadAnswerError(f"{domain!r} is not in the bucket and Region it is listed with")
    return found["bucket"], found["region"]


def _is_bucket(name: str) -> bool:
    return (
        _BUCKET.fullmatch(name) is not None
        and ".." not in name
        and not name.endswith(_BUCKET_ENDINGS)
        and not _IP_ADDRESS.fullmatch(name)
    )


def _key(key: object) -> str:
    if not isinstance(key, str) or not key:
        raise BadAnswerError("a location has no key")
    try:
        size = len(key.encode())
    except UnicodeEncodeError:
        raise BadAnswerError("a key is not Unicode") from None
    if size > _LONGEST_KEY:
        raise BadAnswerError("a key is longer than S3's 1,024 bytes")
    if any(ord(character) < 32 or 127 <= ord(character) < 160 for character in key):
        raise BadAnswerError("a key has a control character")
    if any(segment in (".", "..") for segment in key.split("/")):
        raise BadAnswerError("a key leaves its folder with . or ..")
    return key
