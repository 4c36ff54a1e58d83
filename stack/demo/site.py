"""The pages of `site/` beside the template, for a stack that has a bucket for them."""

from __future__ import annotations

from pathlib import Path

from cloudfront_local.aws.deployment import Deployment
from cloudfront_local.aws.endpoint import Endpoint
from stack.commands import site

FOLDER = "site"


def load(endpoint: Endpoint, deployment: Deployment, template_folder: Path) -> None:
    """Uploads the pages."""
    folder = template_folder / FOLDER
    if site.BUCKET_OUTPUT in deployment.outputs and folder.is_dir():
        site.upload(endpoint.client("s3"), deployment.outputs[site.BUCKET_OUTPUT], folder)
