"""The embedded AWS over TLS, as a function finds it near and far from its Region."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import authority, relay

FAR = 0.2  # seconds a round trip, as from Sydney to us-east-1


@contextmanager
def addresses(upstream: int) -> Iterator[tuple[Mapping[str, str], Mapping[str, str]]]:
    """What the environment of a function says of AWS's addresses: near, and far.

    Near, a round trip takes what it takes on this machine. Far, IAM and DynamoDB are 200 ms away. STS, of which every
    Region has its own, stays near.
    """
    with TemporaryDirectory() as directory:
        server, trusted = Path(directory, "server.pem"), Path(directory, "trusted.pem")
        authority.write(server, trusted, relay.HOST)
        with relay.running(upstream, server, [0, FAR]) as ports:
            near_url, far_url = (f"https://{relay.HOST}:{port}" for port in ports)
            # The first is for Python's ssl, the second for boto3, which brings a bundle of its own.
            near = {"SSL_CERT_FILE": str(trusted), "AWS_CA_BUNDLE": str(trusted), "AWS_ENDPOINT_URL": near_url}
            yield near, {**near, "AWS_ENDPOINT_URL_IAM": far_url, "AWS_ENDPOINT_URL_DYNAMODB": far_url}
