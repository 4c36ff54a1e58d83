"""`files add`, `files list`: files in the content buckets, and the table that says which buckets hold a file."""

from __future__ import annotations

import argparse
import functools
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from edge.file_id import FILE_ID
from router.location import locations
from router.rejection import BadAnswerError
from stack import media_types
from stack.errors import StackError

if TYPE_CHECKING:
    from stack.target import Stack

NAME = "files"
HELP = "add and list files in the content buckets"
PLACE = 3

# The stack's outputs that name the files table and the content bucket of the stack's own Region.
TABLE_OUTPUT = "FilesTableName"
BUCKET_OUTPUT = "ContentBucketName"

# A function that receives the number of bytes sent since its last call.
Sent = Callable[[int], object]


class Location(TypedDict):
    """One copy of a file, in the form that the lookup API returns."""

    bucket: str
    region: str
    key: str


def add_commands(parser: argparse.ArgumentParser) -> None:
    """Adds the subcommands. Sets `run` to a function that takes the parsed options and the stack."""
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    adding = commands.add_parser("add", help="upload a file to one or more Regions, and register it in the files table")
    adding.add_argument("id", help="the file is then /files/ID; 1 to 64 letters, digits, hyphens and underscores")
    adding.add_argument("path", type=Path, help="the file to upload")
    adding.add_argument(
        "--region",
        dest="regions",
        metavar="REGION",
        action="append",
        help="the Region of a copy; repeat it for further copies, the preferred first (default: the stack's Region)",
    )
    adding.add_argument("--content-type", help="the media type (default: by the suffix of PATH)")
    adding.add_argument(
        "--cache-control",
        default=media_types.ASSETS,
        help=f"the Cache-Control header, for CloudFront and browsers (default: {media_types.ASSETS})",
    )
    adding.add_argument("--replace", action="store_true", help="replace the file that has this id")
    adding.set_defaults(run=_add)
    commands.add_parser("list", help="list the copies: id, Region and S3 URI").set_defaults(run=_list)


def paths(stack: Stack, outputs: Mapping[str, str]) -> Iterator[str]:
    """The path of one registered file."""
    if table := outputs.get(TABLE_OUTPUT):
        for item in stack.client("dynamodb").scan(TableName=table, Limit=1)["Items"]:
            yield f"/files/{item['id']['S']}"


def _add(options: argparse.Namespace, stack: Stack) -> None:
    file_id = _checked(options.id)
    if not options.path.is_file():
        raise StackError(f"There is no file {options.path} to upload. Check the path.")
    copies = placed(stack, file_id, options.path.name, options.regions or [stack.region])
    table = stack.output(TABLE_OUTPUT)
    dynamodb = stack.client("dynamodb")
    if not options.replace and "Item" in dynamodb.get_item(TableName=table, Key={"id": {"S": file_id}}):
        raise StackError(f"There is already a file {file_id}. To replace it, add --replace.")
    content_type = options.content_type or media_types.content_type(options.path.name)
    with _progress(options.path.stat().st_size) as bar:
        for copy in copies:
            sent = bar(copy["region"])
            upload(stack, copy, options.path, content_type, options.cache_control, sent)
    register(dynamodb, table, file_id, copies, content_type)
    print(f"{file_id} is now in {', '.join(copy['region'] for copy in copies)}:", file=sys.stderr)
    print(f"/files/{file_id}")


def _list(_: argparse.Namespace, stack: Stack) -> None:
    found = sorted(registered(stack.client("dynamodb"), stack.output(TABLE_OUTPUT)))
    for file_id, copies in found:
        for copy in copies:
            print(f"{file_id}\t{copy['region']}\ts3://{copy['bucket']}/{copy['key']}")
    if not found:
        print(f"{stack.name} has no files yet. Add one with `files add ID PATH`.", file=sys.stderr)


def placed(stack: Stack, file_id: str, name: str, regions: Iterable[str]) -> list[Location]:
    """The copies of a file, one in each Region. Raises StackError if a Region has no content bucket."""
    prefix = stack.output(BUCKET_OUTPUT).removesuffix(stack.region)
    copies = [
        Location(bucket=f"{prefix}{region}", region=region, key=f"{file_id}/{name}")
        for region in dict.fromkeys(regions)
    ]
    try:  # The router's own checks, because the router will read these locations.
        locations(json.dumps({"locations": copies}).encode())
    except BadAnswerError as error:
        raise StackError(f"The router would refuse this file: {error}.") from None
    for copy in copies:
        _check_bucket(stack, copy)
    return copies


def upload(
    stack: Stack, copy: Location, path: Path, content_type: str, cache_control: str, sent: Sent | None = None
) -> None:
    """Uploads a copy, with its Region as metadata. Viewers see the Region in the header `x-amz-meta-region`."""
    headers = {"ContentType": content_type, "CacheControl": cache_control, "Metadata": {"region": copy["region"]}}
    with path.open("rb") as file:
        stack.client("s3", copy["region"]).upload_fileobj(
            file, copy["bucket"], copy["key"], ExtraArgs=headers, Callback=sent
        )


def register(dynamodb: Any, table: str, file_id: str, copies: Iterable[Location], content_type: str) -> None:
    """Stores the copies of a file in the files table. Replaces the file's earlier item."""
    item = {
        "id": {"S": file_id},
        "content_type": {"S": content_type},
        "locations": {"L": [{"M": {name: {"S": str(value)} for name, value in copy.items()}} for copy in copies]},
    }
    dynamodb.put_item(TableName=table, Item=item)


def registered(dynamodb: Any, table: str) -> Iterator[tuple[str, list[Location]]]:
    """The ids of all files, each with its copies, in arbitrary order."""
    from boto3.dynamodb.types import TypeDeserializer

    deserialize = TypeDeserializer().deserialize
    for page in dynamodb.get_paginator("scan").paginate(TableName=table):
        for item in page["Items"]:
            yield deserialize(item["id"]), deserialize(item.get("locations", {"L": []}))


def _checked(file_id: str) -> str:
    if not FILE_ID.fullmatch(file_id):
        raise StackError(f"{file_id!r} cannot be a file's id. Choose 1 to 64 letters, digits, hyphens and underscores.")
    return file_id


def _check_bucket(stack: Stack, copy: Location) -> None:
    from botocore.exceptions import ClientError

    try:
        stack.client("s3", copy["region"]).head_bucket(Bucket=copy["bucket"])
    except ClientError as error:
        if error.response["Error"]["Code"] != "404":
            raise
        raise StackError(
            f"There is no bucket {copy['bucket']}. Nothing was uploaded. Create the bucket first, with "
            f"`deploy-region {copy['region']}`."
        ) from None


@contextmanager
def _progress(size: int) -> Iterator[Callable[[str], Sent]]:
    """Yields a function that adds a progress bar of `size` bytes with a text. Only a terminal shows the bars."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        yield lambda text: functools.partial(progress.advance, progress.add_task(text, total=size))
