"""The embedded AWS over TLS, near and far: here a server that repeats what it is told."""

import asyncio
import ssl
import time
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest

from benchmarks import near_and_far, relay

pytestmark = pytest.mark.long

OCTETS = bytes(range(256)) * 1000


@asynccontextmanager
async def repeating():
    """The port of a server that repeats what it is told, until the other side is through."""
    connections = []

    async def repeat(reader, writer):
        connections.append(asyncio.current_task())
        while piece := await reader.read(1 << 16):
            writer.write(piece)
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(repeat, relay.HOST, 0) as server:
        yield server.sockets[0].getsockname()[1]
        await asyncio.gather(*connections)


async def exchange(url, context, octets):
    """What comes back, and the seconds that opening and asking took."""
    began = time.monotonic()
    reader, writer = await asyncio.open_connection(urlsplit(url).hostname, urlsplit(url).port, ssl=context)
    writer.write(octets)
    received = await reader.readexactly(len(octets))
    taken = time.monotonic() - began
    writer.close()
    await writer.wait_closed()
    return received, taken


async def test_near_and_far():
    """Octets pass unchanged; far, IAM and DynamoDB are three round trips away, and STS is where it was."""
    async with repeating() as port:
        with near_and_far.addresses(port) as (near, far):
            context = ssl.create_default_context(cafile=near["SSL_CERT_FILE"])
            received, _ = await exchange(near["AWS_ENDPOINT_URL"], context, OCTETS)
            far_received, taken = await exchange(far["AWS_ENDPOINT_URL_DYNAMODB"], context, OCTETS)
    assert received == far_received == OCTETS
    assert taken >= 3 * near_and_far.FAR  # to open the connection, for TLS, and for the question
    assert far["AWS_ENDPOINT_URL"] == near["AWS_ENDPOINT_URL"]
    assert far["AWS_ENDPOINT_URL_IAM"] == far["AWS_ENDPOINT_URL_DYNAMODB"] != near["AWS_ENDPOINT_URL"]


async def test_only_its_own_authority_is_trusted():
    """A client that does not know the authority gets no connection; AWS's functions know it by their environment."""
    async with repeating() as port:
        with near_and_far.addresses(port) as (near, _):
            with pytest.raises(ssl.SSLCertVerificationError):
                await exchange(near["AWS_ENDPOINT_URL"], ssl.create_default_context(), b"?")
            assert near["AWS_CA_BUNDLE"] == near["SSL_CERT_FILE"]
