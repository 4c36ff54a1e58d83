"""The demo files of `/files/{id}`, in the content buckets of three Regions."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from stack import media_types
from stack.commands import files, regional

if TYPE_CHECKING:
    from stack.target import Stack

REGIONS = ("us-east-1", "eu-west-1", "ap-southeast-2")
# The name of a folder under FOLDER is the Region of the files in it. Files in EVERYWHERE go to all three Regions.
FOLDER = Path("demo", "files")
EVERYWHERE = "everywhere"
TEMPLATE = "regional.yaml"


def load(stack: Stack, outputs: Mapping[str, str], folder: Path) -> None:
    """Creates the content buckets of the other Regions, uploads the files and registers them.

    A file's id is its name without the suffix. Does nothing if the stack has no files table, or if `folder` lacks the
    template for further Regions or the demo files.
    """
    template, demo = folder / TEMPLATE, folder / FOLDER
    if files.TABLE_OUTPUT not in outputs or not template.is_file() or not demo.is_dir():
        return
    for region in REGIONS:
        if region != stack.region:
            regional.deploy(stack, region, template.read_text(), say=lambda _: None)
    for path in sorted(demo.glob("*/*")):
        regions = REGIONS if path.parent.name == EVERYWHERE else [path.parent.name]
        copies = files.placed(stack, path.stem, path.name, regions)
        content_type = media_types.content_type(path.name)
        for copy in copies:
            files.upload(stack, copy, path, content_type, media_types.ASSETS)
        files.register(stack.client("dynamodb"), outputs[files.TABLE_OUTPUT], path.stem, copies, content_type)
