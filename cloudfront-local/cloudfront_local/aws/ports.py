"""Ports of 127.0.0.1 that a server can listen on."""

import os
import socket

from cloudfront_local.errors import LocalError

HOST = "127.0.0.1"


def bound(port: int, variable: str) -> socket.socket:
    """A socket on the port, or on a free port for 0, that does not listen yet. Nobody else can take the port.

    Raises LocalError if the port is taken; its text names the environment variable `variable`.
    """
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        listener.close()
        other = port + 1 if 1024 <= port < 65535 else 8081
        reason = os.strerror(error.errno or 0)
        raise LocalError(
            f"Port {port} is not available: {reason}. Choose another port, such as {variable}={other}."
        ) from None
    return listener


def port_of(listener: socket.socket) -> int:
    """The port that a socket is bound to."""
    return int(listener.getsockname()[1])


def available_port(port: int, variable: str) -> int:
    """The port, or a free one for 0, for a server that does not take a socket. Raises as `bound` does."""
    with bound(port, variable) as listener:
        return port_of(listener)
