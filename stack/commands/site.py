"""`site`: uploads the pages under `site/` to the stack's bucket."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from stack import buckets
from stack.errors import StackError
from stack.media_types import cache_control, content_type

if TYPE_CHECKING:
    from stack.target import Stack

NAME = "site"
HELP = "upload the pages to the stack's bucket"
PLACE = 4

# The stack's output that names the bucket.
BUCKET_OUTPUT = "SiteBucketName"


def add_commands(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments. Sets `run` to a function that takes the parsed options and the stack."""
    parser.description = (
        "Uploads the pages to the stack's bucket. It deletes nothing from the bucket or from CloudFront's cache. New "
        "pages appear at once, scripts, styles and images within five minutes."
    )
    parser.add_argument("--folder", type=Path, default=Path("site"), help="the folder to upload (default: site)")
    parser.set_defaults(run=_upload)


def advice(stack: Stack, outputs: Mapping[str, str]) -> Iterator[str]:
    """The next step if the stack has no pages yet."""
    bucket = outputs.get(BUCKET_OUTPUT)
    if bucket and not buckets.holds_objects(stack.client("s3"), bucket):
        yield f"The stack has no pages yet. Upload those under site/: {stack.command} site"


def paths(stack: Stack, outputs: Mapping[str, str]) -> Iterator[str]:
    """The paths of the first thousand objects in the bucket, pages before other files."""
    if bucket := outputs.get(BUCKET_OUTPUT):
        objects = stack.client("s3").list_objects_v2(Bucket=bucket).get("Contents", [])
        keys = [item["Key"] for item in objects]
        yield from (f"/{quote(key)}" for key in sorted(keys, key=lambda key: not key.endswith(".html")))


def _upload(options: argparse.Namespace, stack: Stack) -> None:
    bucket = stack.output(BUCKET_OUTPUT)
    for key in upload(stack.client("s3"), bucket, options.folder):
        print(key)
    print(f"The pages of {stack.name} are in the bucket {bucket}.", file=sys.stderr)


def upload(s3: Any, bucket: str, folder: Path) -> list[str]:
    """Uploads every file under a folder except hidden ones, with its path as key. Deletes nothing. Returns the keys.

    A link that leads out of the folder is not followed: standard error names the link.
    """
    if not folder.is_dir():
        raise StackError(f"There is no folder {folder} to upload. Check the path.")
    keys = []
    for path in sorted(folder.rglob("*")):
        key = path.relative_to(folder).as_posix()
        if not path.is_file() or any(part.startswith(".") for part in path.relative_to(folder).parts):
            continue
        if not path.resolve().is_relative_to(folder.resolve()):
            print(f"Not uploaded: {path} is a link that leads out of {folder}. Copy the file.", file=sys.stderr)
        else:
            headers = {"ContentType": content_type(path.name), "CacheControl": cache_control(path.name)}
            s3.put_object(Bucket=bucket, Key=key, Body=path.read_bytes(), **headers)
            keys.append(key)
    return keys
