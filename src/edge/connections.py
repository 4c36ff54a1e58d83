"""Connections to servers, plain and with TLS: opened within a time, and one kept for each server.

A kept connection belongs to whoever took it until it is kept again, so two threads never share one.
"""

from __future__ import annotations

import ssl
from _thread import allocate_lock, start_new_thread  # all of `threading` that is needed, without its import
from socket import IPPROTO_TCP, TCP_NODELAY, create_connection, socket

Server = tuple[str, str, int]  # scheme, host name or address, port

# Made while the sandbox initialises, with a whole processor: reading the system's certificates takes 20 ms of one, and
# a request at 128 MB has a fourteenth.
_TLS = ssl.create_default_context()

_kept: dict[Server, socket] = {}


def take_kept(server: Server) -> socket | None:
    """The connection kept for a server, unless the server closed it or sent what nobody asked for."""
    connection = _kept.pop(server, None)
    if connection is None or _is_silent(connection):
        return connection
    connection.close()
    return None


def keep(server: Server, connection: socket) -> None:
    """Keeps an idle connection in place of the one that was kept for the server before."""
    if previous := _kept.pop(server, None):
        previous.close()
    _kept[server] = connection


def close_kept() -> None:
    """Closes all kept connections. Lambda ends a process without asking; tests and measurements have no such luck."""
    while _kept:
        _kept.popitem()[1].close()


def connect(server: Server, timeout: float) -> socket:
    """A new connection, with TLS for https. `timeout`, in seconds, bounds everything: name, address, handshake.

    In a thread, because no look-up of a name takes a timeout. Raises OSError, TimeoutError among them, and ValueError
    for a host that cannot be a name.
    """
    outcome: list[socket | BaseException] = []
    given_up: list[bool] = []
    connecting = allocate_lock()
    connecting.acquire()

    def run() -> None:
        try:
            outcome.append(_connect(server, timeout))
            if given_up:
                outcome.pop().close()  # type: ignore[union-attr]
        except BaseException as error:  # raised again below
            outcome.append(error)
        connecting.release()

    start_new_thread(run, ())
    if not connecting.acquire(timeout=timeout):
        given_up.append(True)
        raise TimeoutError("no connection in time")
    if isinstance(outcome[0], TimeoutError):
        raise TimeoutError("no connection in time")
    if isinstance(outcome[0], BaseException):
        raise outcome[0]
    return outcome[0]


def _connect(server: Server, timeout: float) -> socket:
    scheme, name, port = server
    host = name.encode("ascii")  # for text, Python would import its codec of international names, within a request
    connection = create_connection((host, port), timeout)  # type: ignore[arg-type] # getaddrinfo takes octets
    try:
        connection.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)  # a body does not wait for the headers' acknowledgement
        if scheme == "https":
            # A connection that ends without TLS's farewell is an error: somebody on the way may have cut the answer.
            return _TLS.wrap_socket(connection, server_hostname=host, suppress_ragged_eofs=False)
    except BaseException:
        connection.close()
        raise
    return connection


def _is_silent(connection: socket) -> bool:
    """Whether nothing waits to be read, neither octets nor an end; TLS's own messages, such as tickets, aside."""
    connection.setblocking(False)
    try:
        connection.recv(1)
    except (BlockingIOError, ssl.SSLWantReadError):
        return True
    except OSError:
        return False
    return False
