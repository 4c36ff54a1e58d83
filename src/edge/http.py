"""HTTP/1.1 requests. An answer is returned only when it is complete, and its time and size are bounded."""

from __future__ import annotations

import re
import time
from _thread import start_new_thread  # without the cost of importing `threading`

from edge import connections
from edge.http_reader import Answer, AnswerReader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from socket import socket

_PORTS = {"http": 80, "https": 443}
# RFC 3986 §3.2 without userinfo: host [ ":" port ]. The host is a name, an IPv4 address or "[" IPv6 address "]".
_AUTHORITY = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([^:\[\]@]+))(?::([0-9]{1,5}))?")


class HttpError(Exception):
    """No complete answer came: no connection, a timeout, half an answer ... The text is one line without secrets."""


def request(
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes = b"",
    *,
    deadline: float,
    connect_timeout: float = 1.0,
    read_timeout: float = 2.0,
    limit: int = 1 << 20,
) -> Answer:
    """The answer, whatever its status. Redirects are not followed.

    The names in `headers` are in lower case; `host`, `content-length` and `accept-encoding: identity` are added.
    `limit` is the greatest size of the answer's body, in bytes. In seconds, `connect_timeout` bounds the DNS look-up,
    TCP and the TLS handshake together, and `read_timeout` bounds the whole exchange from the first octet of the request
    to the last octet of the answer. `deadline`, a time of `time.monotonic()`, ends both.

    If the server has closed the kept connection, for example while the sandbox was frozen, the request is sent once
    more on a new connection. The server may have seen the first request, so the request has to be repeatable. Raises
    HttpError.
    """
    scheme, authority, target = split_url(url)
    server = _server(scheme, authority)
    octets = _octets(method, target, {"host": authority, "accept-encoding": "identity", **headers}, body)

    def exchange(connection: socket) -> Answer:
        reader = AnswerReader(method, limit)
        try:
            return _converse(connection, octets, reader, time.monotonic() + _remaining(deadline, read_timeout))
        finally:
            if reader.keeps_alive:
                connections.keep(server, connection)
            else:
                connection.close()

    try:
        if kept := connections.take_kept(server):
            try:
                return exchange(kept)
            except _StaleError:
                pass
        return exchange(connections.connect(server, _remaining(deadline, connect_timeout, "no connection in time")))
    except (OSError, ValueError) as error:
        raise HttpError(f"{authority}: {getattr(error, 'strerror', None) or error}") from error


def connect_ahead(url: str, timeout: float = 3.0) -> None:
    """Opens a connection to a URL's server in a thread, and keeps it for the first request.

    `timeout` is in seconds. If this fails, the first request opens a connection itself.
    """

    def connect() -> None:
        try:
            scheme, authority, _ = split_url(url)
            server = _server(scheme, authority)
            connections.keep(server, connections.connect(server, timeout))
        except Exception:  # the first request tries again, and reports an error that persists
            return

    start_new_thread(connect, ())


def split_url(url: str) -> tuple[str, str, str]:
    """Scheme, authority (the value of the Host header) and target (path and query) of a URL. Raises HttpError."""
    scheme, _, rest = url.partition("#")[0].partition("://")
    authority = rest.partition("/")[0].partition("?")[0]
    target = rest[len(authority) :]
    visible = url.isascii() and url.isprintable() and " " not in url
    if scheme not in _PORTS or not _AUTHORITY.fullmatch(authority) or not visible:
        raise HttpError("not an http:// or https:// URL")  # without the URL, which may contain a password
    return scheme, authority, target if target.startswith("/") else f"/{target}"


class _StaleError(OSError):
    """The connection ended before the first octet of an answer."""


def _converse(connection: socket, octets: bytes, reader: AnswerReader, until: float) -> Answer:
    """Sends a request and reads until the answer is complete. Raises OSError, ValueError."""
    heard = False
    try:
        connection.settimeout(_remaining(until))
        connection.sendall(octets)
        while reader.answer is None:
            connection.settimeout(_remaining(until))
            received = connection.recv(1 << 16)
            if not (received or heard):
                raise ConnectionResetError("the server closed the connection without an answer")
            heard = True
            reader.receive(received)
        return reader.answer
    except TimeoutError:
        raise
    except OSError as error:
        if heard:
            raise
        raise _StaleError(error.strerror or str(error)) from error


def _server(scheme: str, authority: str) -> connections.Server:
    address, name, port = _AUTHORITY.fullmatch(authority).groups()  # type: ignore[union-attr] # split_url has seen it
    number = int(port or _PORTS[scheme])
    if not 0 < number < 1 << 16:
        raise HttpError(f"{authority}: the port is not between 1 and 65535")
    return scheme, address or name, number


def _octets(method: str, target: str, headers: Mapping[str, str], body: bytes) -> bytes:
    """The request as it is sent (RFC 9112 §3)."""
    lines = [f"{method} {target} HTTP/1.1", *[f"{name}: {value}" for name, value in headers.items()]]
    if body or method in ("POST", "PUT", "PATCH"):  # RFC 9110 §8.6: a server may expect a body with these methods
        lines.append(f"content-length: {len(body)}")
    if not "".join(lines).isprintable():  # a line break would start another header
        raise HttpError("a header contains a control character")
    return "\r\n".join([*lines, "", ""]).encode() + body


def _remaining(deadline: float, most: float = float("inf"), otherwise: str = "timed out") -> float:
    """Seconds until the deadline, at most `most`. After the deadline, raises TimeoutError with the text `otherwise`."""
    remaining = min(most, deadline - time.monotonic())
    if remaining <= 0:
        raise TimeoutError(otherwise)
    return remaining
