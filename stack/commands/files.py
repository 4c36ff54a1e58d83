"""Files in the buckets of many Regions, and the table that says which: `files add`, `files list`."""

from __future__ import annotations

import argparse
import functools
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from edge.file_id import FILE_ID
from router.location import locations
from router.rejection import BadAnswerError
from stack.commands import site
from stack.errors import StackError

if TYPE_CHECKING:
    from stack.target import Stack

NAME = "files"
HELP = "files in the buckets of many Regions"
PLACE = 3

# The stack's outputs that name the table, and the content bucket of the stack's own Region.
TABLE_OUTPUT = "FilesTableName"
BUCKET_OUTPUT = "ContentBucketName"

# Told of bytes sent.
Sent = Callable[[int], object]


class Location(TypedDict):
    """One copy of a file, as the lookup API says it."""

    bucket: str
    region: str
    key: str


def add_commands(parser: argparse.ArgumentParser) -> None:
    """Sets `run` to a function of the parsed options and the stack."""
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    adding = commands.add_parser("add", help="upload a file to one Region or more, and register where it lives")
    adding.add_argument("id", help="the file is /files/ID then: letters, digits, hyphens and underscores, at most 64")
    adding.add_argument("path", type=Path, help="what to upload")
    adding.add_argument(
        "--region",
        dest="regions",
        metavar="REGION",
        action="append",
        help="where to keep it; again for another copy, the preferred first (the stack's own Region)",
    )
    adding.add_argument("--content-type", help="the media type (by the path's suffix)")
    adding.add_argument(
        "--cache-control", default=site.ASSETS, help=f"how long CloudFront and browsers may keep it ({site.ASSETS})"
    )
    adding.add_argument("--replace", action="store_true", help="give an id that is taken to this file")
    adding.set_defaults(run=_add)
    commands.add_parser("list", help="list the copies: id, Region and S3 address").set_defaults(run=_list)


def _add(options: argparse.Namespace, stack: Stack) -> None:
    file_id = _checked(options.id)
    if not options.path.is_file():
        raise StackError(f"There is no file {options.path} to upload.")
    copies = placed(stack, file_id, options.path.name, options.regions or [stack.region])
    table = stack.output(TABLE_OUTPUT)
    dynamodb = stack.client("dynamodb")
    if not options.replace and "Item" in dynamodb.get_item(TableName=table, Key={"id": {"S": file_id}}):
        raise StackError(f"There is a file {file_id} already. To put this one in its place, add --replace.")
    content_type = options.content_type or site.content_type(options.path.name)
    with _progress(options.path.stat().st_size) as bar:
        for copy in copies:
            sent = bar(copy["region"])
            upload(stack, copy, options.path, content_type, options.cache_control, sent)
    register(dynamodb, table, file_id, copies, content_type)
    print(f"{file_id} is in {', '.join(copy['region'] for copy in copies)} now:", file=sys.stderr)
    print(f"/files/{file_id}")


def _list(_: argparse.Namespace, stack: Stack) -> None:
    found = sorted(registered(stack.client("dynamodb"), stack.output(TABLE_OUTPUT)))
    for file_id, copies in found:
        for copy in copies:
            print(f"{file_id}\t{copy['region']}\ts3://{copy['bucket']}/{copy['key']}")
    if not found:
        print(f"{stack.name} has no files yet. Add one with `files add ID PATH`.", file=sys.stderr)


def placed(stack: Stack, file_id: str, name: str, regions: Iterable[str]) -> list[Location]:
    """The copies of a file, one a Region, in content buckets that are there. Raises StackError."""
    prefix = stack.output(BUCKET_OUTPUT).removesuffix(stack.region)
    copies = [
        Location(bucket=f"{prefix}{region}", region=region, key=f"{file_id}/{name}")
        for region in dict.fromkeys(regions)
    ]
    try:  # The router's own opinion: it will be asked to follow this.
        locations(json.dumps({"locations": copies}).encode())
    except BadAnswerError as error:
        raise StackError(f"The router would not find the file: {error}.") from None
    for copy in copies:
        _check_bucket(stack, copy)
    return copies


def upload(
    stack: Stack, copy: Location, path: Path, content_type: str, cache_control: str, sent: Sent | None = None
) -> None:
    """Uploads a copy, with its Region as metadata: viewers see it as the header `x-amz-meta-region`."""
    headers = {"ContentType": content_type, "CacheControl": cache_control, "Metadata": {"region": copy["region"]}}
    with path.open("rb") as file:
        stack.client("s3", copy["region"]).upload_fileobj(
            file, copy["bucket"], copy["key"], ExtraArgs=headers, Callback=sent
        )


def register(dynamodb: Any, table: str, file_id: str, copies: Iterable[Location], content_type: str) -> None:
    """Says where a file lives, in place of what was said before."""
    item = {
        "id": {"S": file_id},
        "content_type": {"S": content_type},
        "locations": {"L": [{"M": {name: {"S": str(value)} for name, value in copy.items()}} for copy in copies]},
    }
    dynamodb.put_item(TableName=table, Item=item)


def registered(dynamodb: Any, table: str) -> Iterator[tuple[str, list[Location]]]:
    """The files by id, with their copies, in no order."""
    from boto3.dynamodb.types import TypeDeserializer

    deserialize = TypeDeserializer().deserialize
    for page in dynamodb.get_paginator("scan").paginate(TableName=table):
        for item in page["Items"]:
            yield deserialize(item["id"]), deserialize(item.get("locations", {"L": []}))


def _checked(file_id: str) -> str:
    if not FILE_ID.fullmatch(file_id):
        raise StackError(
            f"The id {file_id!r} is none: it has 1 to 64 letters, digits, hyphens and underscores. Choose another."
        )
    return file_id


def _check_bucket(stack: Stack, copy: Location) -> None:
    from botocore.exceptions import ClientError

    try:
        stack.client("s3", copy["region"]).head_bucket(Bucket=copy["bucket"])
    except ClientError as error:
        if error.response["Error"]["Code"] != "404":
            raise
        raise StackError(
            f"There is no bucket {copy['bucket']}. Make it: deploy regional.yaml in {copy['region']}, with "
            f"`deploy-region {copy['region']}`. Nothing was uploaded."
        ) from None


@contextmanager
def _progress(size: int) -> Iterator[Callable[[str], Sent]]:
    """Makes progress bars of `size` bytes by their text, at a terminal; elsewhere nothing shows."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        yield lambda text: functools.partial(progress.advance, progress.add_task(text, total=size))
