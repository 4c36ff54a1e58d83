"""The objects in the stack's buckets. CloudFormation deletes only empty buckets, so this module empties them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from stack.errors import StackError

# S3 API Reference, DeleteObjects.
MAX_DELETED_AT_ONCE = 1000


def holds_objects(s3: Any, bucket: str) -> bool:
    """Whether a bucket holds an object, an old version or a delete marker. False if there is no such bucket."""
    return next(_versions(s3, bucket), None) is not None


def keys(s3: Any, bucket: str) -> set[str]:
    """The keys of all objects in a bucket."""
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return {item["Key"] for page in pages for item in page.get("Contents", [])}


def empty(s3: Any, bucket: str) -> None:
    """Deletes every version of every object permanently. Raises StackError for the first that S3 does not delete."""
    while batch := list(islice(_versions(s3, bucket), MAX_DELETED_AT_ONCE)):
        answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": batch, "Quiet": True})
        for error in answer.get("Errors", []):
            raise StackError(f"S3 did not delete {error['Key']!r} in the bucket {bucket}: {error['Code']}.")


def _versions(s3: Any, bucket: str) -> Iterator[dict[str, str]]:
    try:
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
            for item in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
                yield {"Key": item["Key"], "VersionId": item["VersionId"]}
    except s3.exceptions.NoSuchBucket:
        return
