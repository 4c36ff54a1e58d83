"""Demo files in the buckets of three Regions: what `/files/{id}` has to show on a fresh stack."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from stack.commands import files, regional, site

if TYPE_CHECKING:
    from stack.target import Stack

REGIONS = ("us-east-1", "eu-west-1", "ap-southeast-2")
# Each file is in a folder that is named for its Region, or in the one for files of all three.
FOLDER = Path("demo", "files")
EVERYWHERE = "everywhere"
TEMPLATE = "regional.yaml"


def load(stack: Stack, outputs: Mapping[str, str], folder: Path) -> None:
    """Makes the content buckets that the stack itself has not, uploads the files and registers them by their names.

    Only for a stack that has a table of files, with the template of a further Region and the files in the folder.
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
        content_type = site.content_type(path.name)
        for copy in copies:
            files.upload(stack, copy, path, content_type, site.ASSETS)
        files.register(stack.client("dynamodb"), outputs[files.TABLE_OUTPUT], path.stem, copies, content_type)
