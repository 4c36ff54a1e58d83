"""Demo files in the buckets of three Regions: what `/files/{id}` has to show on a fresh stack."""

from __future__ import annotations

import functools
from pathlib import Path

from cloudfront_local.aws.deployment import Deployment
from cloudfront_local.aws.endpoint import Endpoint
from stack.commands import files, regional, site
from stack.target import Stack

REGIONS = ("us-east-1", "eu-west-1", "ap-southeast-2")
# Beside the template. Each file is in a folder that is named for its Region, or in the one for files of all three.
FOLDER = Path("demo", "files")
EVERYWHERE = "everywhere"
TEMPLATE = "regional.yaml"


def load(endpoint: Endpoint, deployment: Deployment, template_folder: Path) -> None:
    """Makes the content buckets that the stack itself has not, uploads the files and registers them by their names.

    Only for a stack that has a table of files, with the template of a further Region and the files beside its own.
    """
    template, folder = template_folder / TEMPLATE, template_folder / FOLDER
    if files.TABLE_OUTPUT not in deployment.outputs or not template.is_file() or not folder.is_dir():
        return
    stack = Stack(deployment.stack_name, endpoint.region, functools.cache(endpoint.client))
    for region in REGIONS:
        if region != stack.region:
            regional.deploy(stack, region, template.read_text(), say=lambda _: None)
    for path in sorted(folder.glob("*/*")):
        regions = REGIONS if path.parent.name == EVERYWHERE else [path.parent.name]
        copies = files.placed(stack, path.stem, path.name, regions)
        content_type = site.content_type(path.name)
        for copy in copies:
            files.upload(stack, copy, path, content_type, site.ASSETS)
        files.register(
            stack.client("dynamodb"), deployment.outputs[files.TABLE_OUTPUT], path.stem, copies, content_type
        )
