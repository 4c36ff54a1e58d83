"""The pages under `site/`, uploaded to the stack's bucket: `site`."""

from __future__ import annotations

import argparse
import mimetypes
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stack import buckets
from stack.errors import StackError

if TYPE_CHECKING:
    from stack.target import Stack

NAME = "site"
HELP = "upload the pages to the stack's bucket"
PLACE = 4

# The stack's output that names the bucket.
BUCKET_OUTPUT = "SiteBucketName"

# What Python's own table lacks, or calls differently from one version to the next.
CONTENT_TYPES = {
    ".avif": "image/avif",
    ".ico": "image/x-icon",
    ".js": "text/javascript",
    ".json": "application/json",
    ".map": "application/json",
    ".mjs": "text/javascript",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}

# Pages are asked for anew each time, which costs an answer without a body; what they load may be five minutes old.
PAGES = "no-cache"
ASSETS = "max-age=300"


def add_commands(parser: argparse.ArgumentParser) -> None:
    """Sets `run` to a function of the parsed options and the stack."""
    parser.description = (
        "Uploads the pages to the stack's bucket. It removes nothing there, and nothing from CloudFront's cache: pages "
        "are checked at each visit, what they load may be five minutes old."
    )
    parser.add_argument("--folder", type=Path, default=Path("site"), help="what to upload (site)")
    parser.set_defaults(run=_upload)


def advice(stack: Stack, outputs: Mapping[str, str]) -> Iterator[str]:
    """What a new stack lacks."""
    bucket = outputs.get(BUCKET_OUTPUT)
    if bucket and not buckets.holds_objects(stack.client("s3"), bucket):
        yield f"There are no pages yet. Upload those under site/: {stack.command} site"


def _upload(options: argparse.Namespace, stack: Stack) -> None:
    bucket = stack.output(BUCKET_OUTPUT)
    for key in upload(stack.client("s3"), bucket, options.folder):
        print(key)
    print(f"The pages of {stack.name} are in the bucket {bucket}.", file=sys.stderr)


def upload(s3: Any, bucket: str, folder: Path) -> list[str]:
    """Uploads every file under a folder but hidden ones, under its path. Removes nothing. Returns the keys."""
    if not folder.is_dir():
        raise StackError(f"There is no folder {folder} to upload.")
    keys = []
    for path in sorted(folder.rglob("*")):
        key = path.relative_to(folder).as_posix()
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts):
            headers = {"ContentType": content_type(path.name), "CacheControl": cache_control(path.name)}
            s3.put_object(Bucket=bucket, Key=key, Body=path.read_bytes(), **headers)
            keys.append(key)
    return keys


def content_type(name: str) -> str:
    """The media type by the name's suffix, with the charset for text; the same on every machine."""
    table = mimetypes.MimeTypes()  # Python's own table, without the machine's files.
    suffix = Path(name).suffix.lower()
    found = CONTENT_TYPES.get(suffix) or table.guess_type(f"x{suffix}")[0] or "application/octet-stream"
    return f"{found}; charset=utf-8" if found.startswith("text/") else found


def cache_control(name: str) -> str:
    return PAGES if content_type(name).startswith("text/html") else ASSETS
