"""The embedded AWS over TLS, at the distances of a function near its Region and far from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import authority, relay

FAR = 0.2  # the seconds of a round trip from Sydney to us-east-1


@contextmanager
def addresses(upstream: int) -> Iterator[tuple[Mapping[str, str], Mapping[str, str]]]:
    """The environment variables for AWS's addresses: for a near function, and for a far one.

    For the near one, a round trip is as short as on this machine. For the far one, a round trip to IAM and DynamoDB
    takes 200 ms. STS is near for both, because every Region has its own.
    """
    with TemporaryDirectory() as directory:
        server, trusted = Path(directory, "server.pem"), Path(directory, "trusted.pem")
        authority.write(server, trusted, relay.HOST)
        with relay.running(upstream, server, [0, FAR]) as ports:
            near_url, far_url = (f"https://{relay.HOST}:{port}" for port in ports)
            # Python's ssl reads SSL_CERT_FILE. boto3 has its own bundle and reads AWS_CA_BUNDLE.
            near = {"SSL_CERT_FILE": str(trusted), "AWS_CA_BUNDLE": str(trusted), "AWS_ENDPOINT_URL": near_url}
            yield near, {**near, "AWS_ENDPOINT_URL_IAM": far_url, "AWS_ENDPOINT_URL_DYNAMODB": far_url}
