"""Demo data: what makes a fresh stack worth a visit. Each part only where the stack has the output it goes to."""

from __future__ import annotations

from pathlib import Path

from local.aws import demo_files
from local.aws.deployment import Deployment
from local.aws.endpoint import Endpoint
from stack.commands import site, users

USER = "demo"
PASSWORD = "demo"  # noqa: S105 - opens nothing but a stack on this machine


def has_user(deployment: Deployment) -> bool:
    """Whether there is a table for the demo user."""
    return users.TABLE_OUTPUT in deployment.outputs


def load(endpoint: Endpoint, deployment: Deployment, template_folder: Path) -> None:
    """Adds the demo user, and uploads the pages of `site/` and the files of `demo/files/` beside the template."""
    if has_user(deployment):
        table = deployment.outputs[users.TABLE_OUTPUT]
        users.put(endpoint.client("dynamodb"), table, USER, PASSWORD, replace=True)
    folder = template_folder / "site"
    if site.BUCKET_OUTPUT in deployment.outputs and folder.is_dir():
        site.upload(endpoint.client("s3"), deployment.outputs[site.BUCKET_OUTPUT], folder)
    demo_files.load(endpoint, deployment, template_folder)
