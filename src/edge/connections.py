"""Connections to servers, with or without TLS. Each is opened within a timeout, and one for each server is kept.

A thread that takes the kept connection is its only user until it keeps the connection again.
"""

from __future__ import annotations

import ssl
from _thread import allocate_lock, start_new_thread  # without the cost of importing `threading`
from socket import IPPROTO_TCP, MSG_PEEK, TCP_NODELAY, create_connection, socket

Server = tuple[str, str, int]  # scheme, host name or address, port

# Created at import: while Lambda initializes a sandbox, it has a whole processor, and reading the system's certificates
# takes 20 ms of one. During a request at 128 MB the sandbox has a fourteenth.
_TLS = ssl.create_default_context()

_kept: dict[Server, socket] = {}


def take_kept(server: Server) -> socket | None:
    """The connection kept for a server. None if there is none, or if the server has closed it or sent data on it."""
    connection = _kept.pop(server, None)
    if connection is None or _is_silent(connection):
        return connection
    connection.close()
    return None


def keep(server: Server, connection: socket) -> None:
    """Keeps an idle connection for a server. Closes the one that was kept before."""
    if previous := _kept.pop(server, None):
        previous.close()
    _kept[server] = connection


def close_kept() -> None:
    """Closes all kept connections. Tests and measurements need this; Lambda just ends the process."""
    while _kept:
        _kept.popitem()[1].close()


def connect(server: Server, timeout: float) -> socket:
    """A new connection, with TLS for https. `timeout`, in seconds, bounds DNS, TCP and the TLS handshake together.

    Connects in a thread, because a DNS look-up has no timeout of its own. Raises OSError, including TimeoutError, and
    ValueError for an invalid host name.
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
    host = name.encode("ascii")  # for a str, Python would import its codec for international names during the request
    connection = create_connection((host, port), timeout)  # type: ignore[arg-type] # getaddrinfo takes octets
    try:
        connection.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)  # send a body before the headers are acknowledged
        if scheme == "https":
            # A connection that ends without TLS's close_notify is an error: an attacker may have truncated the answer.
            return _TLS.wrap_socket(connection, server_hostname=host, suppress_ragged_eofs=False)
    except BaseException:
        connection.close()
        raise
    return connection


def _is_silent(connection: socket) -> bool:
    """Whether the connection is open and has nothing to read, apart from TLS's own messages, such as tickets."""
    connection.setblocking(False)
    try:
        if isinstance(connection, ssl.SSLSocket) and not _are_whole_records(_waiting(connection)):
            return False
        connection.recv(1)
    except (BlockingIOError, ssl.SSLWantReadError):
        return True
    except OSError:
        return False
    return False


def _waiting(connection: socket) -> bytes:
    """The octets that arrived, still encrypted. They stay unread."""
    try:
        return socket.recv(connection, 1 << 16, MSG_PEEK)
    except BlockingIOError:
        return b""


def _are_whole_records(octets: bytes) -> bool:
    """RFC 8446 §5.1: a TLS record is a type, a version and a length, of 1, 2 and 2 octets, and a fragment."""
    while octets:
        end = 5 + int.from_bytes(octets[3:5], "big")
        if len(octets) < max(end, 5):
            return False
        octets = octets[end:]
    return True
