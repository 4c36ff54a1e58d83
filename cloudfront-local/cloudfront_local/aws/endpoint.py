"""Access to the embedded AWS for tools and commands: as root, without the user's own AWS settings."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from cloudfront_local.aws.embedded.door import PASS, Purpose, pass_of
from cloudfront_local.aws.embedded.signature import Key

ACCOUNT_ID = "123456789012"


@dataclass(frozen=True)
class Endpoint:
    """The address of the embedded AWS: `url` is `http://127.0.0.1:4566`. `key` is the key of its root user.

    The key is for tools alone: functions must not get it. It is never printed.
    """

    url: str
    region: str = "us-east-1"
    key: Key = field(default=Key("none", "none"), repr=False)

    def headers(self, purpose: Purpose) -> dict[str, str]:
        """The header by which the embedded AWS's door knows unsigned requests of this tool."""
        return {PASS: pass_of(self.key.secret, purpose)}

    def client(self, service: str, region: str | None = None, read_timeout: float = 60) -> Any:
        """Returns a boto3 client with root keys. It ignores the user's profiles, proxies and environment variables.

        A call waits `read_timeout` seconds for an answer at most.
        """
        from botocore.config import Config

        # No retries: on 127.0.0.1, no answer means that the embedded AWS has ended.
        config = Config(proxies={}, retries={"total_max_attempts": 1}, read_timeout=read_timeout)
        url = self.key_value_store_url if service == "cloudfront-keyvaluestore" else self.url
        return _session(self.key).client(service, endpoint_url=url, region_name=region or self.region, config=config)

    @property
    def key_value_store_url(self) -> str:
        """The endpoint for clients of key value stores. They put the account's id and a dot before it.

        As a part of the user's name, the id does not change the host: `http://123456789012.account@127.0.0.1:4566`.
        """
        return self.url.replace("://", "://account@")

    def environment(self) -> dict[str, str]:
        """Returns the environment for a command line tool: the user's variables, with those for AWS replaced."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "SAM_CLI_"))}
        # The tools of this Python's environment come before others of the same name.
        path = os.pathsep.join([str(Path(sys.executable).parent), kept.get("PATH", os.defpath)])
        return kept | {
            "PATH": path,
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ENDPOINT_URL_CLOUDFRONT_KEYVALUESTORE": self.key_value_store_url,
            "AWS_ACCESS_KEY_ID": self.key.id,
            "AWS_SECRET_ACCESS_KEY": self.key.secret,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": "127.0.0.1",
            "no_proxy": "127.0.0.1",
        }


@cache
def _session(key: Key) -> Any:
    import boto3
    import botocore.session

    nowhere = (None, None, os.devnull, None)
    variables = {"profile": (None, None, None, None), "config_file": nowhere, "credentials_file": nowhere}
    session = botocore.session.Session(session_vars=variables)
    session.set_credentials(*key)
    return boto3.Session(botocore_session=session)
