"""HTTP/1.1 requests: every answer whole, and bounded in time and size."""

from __future__ import annotations

import re
import time
from _thread import start_new_thread  # all of `threading` that is needed, without its import

from edge import connections
from edge.http_reader import Answer, AnswerReader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from socket import socket

_PORTS = {"http": 80, "https": 443}
# RFC 3986 §3.2 without user information: host [ ":" port ], the host a name, an IPv4 address or "[" IPv6 address "]".
_AUTHORITY = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([^:\[\]@]+))(?::([0-9]{1,5}))?")


class HttpError(Exception):
    """No whole answer came: no connection, a timeout, half an answer ... Its text is one line and holds no secret."""


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
    """The answer, whatever its status; redirects are not followed.

    Header names in lower case; `host`, `content-length` and `accept-encoding: identity` are added. `limit` bounds the
    answer's body, in bytes. Two times, in seconds, end at the deadline, a time of `time.monotonic()`, at the latest:
    `connect_timeout` from the look-up of the name to the end of TLS's handshake, `read_timeout` from the first octet
    of the request to the last of the answer, however slowly a server drips.

    A kept connection that turns out closed, as after a sandbox slept, is replaced once, in silence. The server may
    have seen the request by then, so it has to be one that can be repeated. Raises HttpError.
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

    `timeout` is in seconds. A failure costs nothing but the gain: the request then opens a connection itself.
    """

    def connect() -> None:
        try:
            scheme, authority, _ = split_url(url)
            server = _server(scheme, authority)
            connections.keep(server, connections.connect(server, timeout))
        except Exception:  # whatever it is, the first request meets it again and says so
            return

    start_new_thread(connect, ())


def split_url(url: str) -> tuple[str, str, str]:
    """Scheme, authority (what the Host header holds) and target (path and query) of a URL. Raises HttpError."""
    scheme, _, rest = url.partition("#")[0].partition("://")
    authority = rest.partition("/")[0].partition("?")[0]
    target = rest[len(authority) :]
    visible = url.isascii() and url.isprintable() and " " not in url
    if scheme not in _PORTS or not _AUTHORITY.fullmatch(authority) or not visible:
        raise HttpError("not an http:// or https:// URL")  # and not shown, for it may hold a password
    return scheme, authority, target if target.startswith("/") else f"/{target}"


class _StaleError(OSError):
    """The connection ended before an octet of the answer came."""


def _converse(connection: socket, octets: bytes, reader: AnswerReader, until: float) -> Answer:
    """Sends a request and reads until the answer is whole. Raises OSError, ValueError."""
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
        raise HttpError(f"{authority}: no server can have this port")
    return scheme, address or name, number


def _octets(method: str, target: str, headers: Mapping[str, str], body: bytes) -> bytes:
    """The request as it is sent (RFC 9112 §3)."""
    lines = [f"{method} {target} HTTP/1.1", *[f"{name}: {value}" for name, value in headers.items()]]
    if body or method in ("POST", "PUT", "PATCH"):  # RFC 9110 §8.6: a server may expect a body from these
        lines.append(f"content-length: {len(body)}")
    if not "".join(lines).isprintable():  # a line break would start a header of its own
        raise HttpError("a header holds a control character")
    return "\r\n".join([*lines, "", ""]).encode() + body


def _remaining(deadline: float, most: float = float("inf"), otherwise: str = "timed out") -> float:
    """Seconds until the deadline, and no more than `most`."""
    remaining = min(most, deadline - time.monotonic())
    if remaining <= 0:
        raise TimeoutError(otherwise)
    return remaining
