"""Finds ports of 127.0.0.1 that a server can listen on."""

import os
import socket

from cloudfront_local.errors import LocalError

HOST = "127.0.0.1"


def available_port(port: int, variable: str) -> int:
    """Returns `port` if a server can listen on it, or a free port for 0.

    Raises LocalError if the port is taken; its text names the environment variable `variable`.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise unavailable(port, variable, error) from None
        return int(probe.getsockname()[1])


def unavailable(port: int, variable: str, error: OSError) -> LocalError:
    """The error for a port that is taken. `variable` is the environment variable that sets the port."""
    other = port + 1 if 1024 <= port < 65535 else 8081
    reason = os.strerror(error.errno or 0)
    return LocalError(f"Port {port} is not available: {reason}. Choose another port, such as {variable}={other}.")
