"""Ports of the loopback interface."""

import os
import socket

from cloudfront_local.errors import LocalError

HOST = "127.0.0.1"


def available_port(port: int, variable: str) -> int:
    """The port itself if a server can have it, a free one for 0. Raises LocalError, which names the variable to set."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise unavailable(port, variable, error) from None
        return int(probe.getsockname()[1])


def unavailable(port: int, variable: str, error: OSError) -> LocalError:
    """What to say of a port that a server could not have."""
    other = port + 1 if 1024 <= port < 65535 else 8081
    return LocalError(
        f"Port {port} cannot be had: {os.strerror(error.errno or 0)}. Take another, such as {variable}={other}."
    )
