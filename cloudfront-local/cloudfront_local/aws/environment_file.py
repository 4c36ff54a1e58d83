"""The file `aws.env`: the address and the root key of the embedded AWS, for the other commands and for a shell.

. .aws-sam/local/aws.env && aws s3 ls
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cloudfront_local.aws import private_file
from cloudfront_local.aws.embedded.signature import Key
from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.errors import LocalError

NAME = "aws.env"


@contextmanager
def written(folder: Path, endpoint: Endpoint) -> Iterator[None]:
    """The file is in the folder while the `with` block runs. The user alone can read it."""
    path = folder / NAME
    values = {
        "AWS_ENDPOINT_URL": endpoint.url,
        "AWS_ENDPOINT_URL_CLOUDFRONT_KEYVALUESTORE": endpoint.key_value_store_url,
        "AWS_ACCESS_KEY_ID": endpoint.key.id,
        "AWS_SECRET_ACCESS_KEY": endpoint.key.secret,
        "AWS_DEFAULT_REGION": endpoint.region,
    }
    lines = [f"export {name}={shlex.quote(value)}" for name, value in values.items()]
    # A token or a profile of the shell would come before the key.
    private_file.write(path, "\n".join(["unset AWS_SESSION_TOKEN AWS_PROFILE", *lines, ""]))
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def read(folder: Path) -> Endpoint:
    """The embedded AWS that the file in the folder names. Raises LocalError if the file cannot be read."""
    path = folder / NAME
    try:
        words = shlex.split(path.read_text())
        found = dict(word.split("=", 1) for word in words if "=" in word)
        key = Key(found["AWS_ACCESS_KEY_ID"], found["AWS_SECRET_ACCESS_KEY"])
        return Endpoint(found["AWS_ENDPOINT_URL"], found["AWS_DEFAULT_REGION"], key)
    except (OSError, ValueError, KeyError):
        raise LocalError(
            f"{path} does not hold the address and the key of the embedded AWS. End the stack that runs from this "
            "folder with Ctrl-C in its terminal, and start it again."
        ) from None
