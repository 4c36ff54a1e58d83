"""The pages of `site/`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from stack.commands import site

if TYPE_CHECKING:
    from stack.target import Stack

FOLDER = "site"


def load(stack: Stack, outputs: Mapping[str, str], folder: Path) -> None:
    """Uploads the pages, if the stack has a bucket for them."""
    pages = folder / FOLDER
    if site.BUCKET_OUTPUT in outputs and pages.is_dir():
        site.upload(stack.client("s3"), outputs[site.BUCKET_OUTPUT], pages)
