"""HTTP/1.1 over `http.client`: one kept-alive connection a host, every answer bounded in time and size.

For one request at a time, as Lambda gives them to a process: nothing here is safe for threads.
"""

from __future__ import annotations

import functools
import time
from _thread import allocate_lock, start_new_thread  # all of `threading` that is needed, without its import
from collections.abc import Callable, Mapping

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ssl
    from http.client import HTTPConnection, HTTPResponse

# What is open and idle: (scheme, authority) -> connection.
_kept: dict[tuple[str, str], HTTPConnection] = {}


class HttpError(Exception):
    """No whole answer came: no connection, a timeout, half an answer ... Its text is one line and holds no secret."""


class Answer:
    """Status, headers (names in lower case, repeated ones joined by ", ") and body."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body


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

    No wait exceeds its timeout, in seconds, or the deadline, a time of `time.monotonic()`. But `http.client` starts the
    read timeout anew for every packet of a server that drips its status line, headers or a chunk's size; what ends that
    is Lambda's own timeout. `limit` bounds the answer's body, in bytes.
    Header names in lower case; `host`, `content-length` and `accept-encoding: identity` are added.

    A kept connection that turns out closed, as after a sandbox slept, is replaced once, in silence. The server may
    have seen the request by then, so it has to be one that can be repeated. Raises HttpError.
    """
    scheme, authority, target = split_url(url)
    fields = _fields({"host": authority, **headers})

    def exchange(connection: HTTPConnection) -> Answer:
        sock = connection.sock  # http.client lets go of it when an answer says that it is the last

        def wait() -> None:
            sock.settimeout(_remaining(read_timeout, deadline))

        try:
            wait()
            connection.request(method, target, body or None, fields)
            wait()
            with connection.getresponse() as response:
                received = {name.lower(): response.getheader(name, "") for name in response.headers}
                answer = Answer(response.status, received, _body(response, limit, wait))
        except BaseException:
            connection.close()
            raise
        if connection.sock:
            _kept[scheme, authority] = connection
        return answer

    from http.client import HTTPException  # only now, for most visits need no network, and this takes 15 ms

    try:
        if kept := _kept.pop((scheme, authority), None):
            try:
                return exchange(kept)
            except OSError as error:
                if isinstance(error, TimeoutError):
                    raise
        return exchange(_connect(scheme, authority, connect_timeout, deadline))
    except (OSError, ValueError, OverflowError) as error:
        raise HttpError(f"{authority}: {getattr(error, 'strerror', None) or error}") from error
    except HTTPException as error:  # its own text may quote what the server sent
        raise HttpError(f"{authority}: no whole answer: {type(error).__name__}") from error


def close_connections() -> None:
    """Closes what is kept open. Lambda ends a process without asking; tests and benchmarks have no such luck."""
    while _kept:
        _kept.popitem()[1].close()


def split_url(url: str) -> tuple[str, str, str]:
    """Scheme, authority (what the Host header holds) and target (path and query) of a URL. Raises HttpError."""
    scheme, _, rest = url.partition("#")[0].partition("://")
    authority = rest.partition("/")[0].partition("?")[0]
    target = rest[len(authority) :]
    visible = url.isascii() and url.isprintable() and " " not in url
    if scheme not in ("http", "https") or not authority or "@" in authority or not visible:
        raise HttpError("not an http:// or https:// URL")  # and not shown, for it may hold a password
    return scheme, authority, target if target.startswith("/") else f"/{target}"


def _fields(headers: Mapping[str, str]) -> dict[str, bytes]:
    for name, value in headers.items():
        if not f"{name}{value}".isprintable():  # a line break would start a header of its own
            raise HttpError("a header holds a control character")
    return {name: value.encode() for name, value in headers.items()}


def _connect(scheme: str, authority: str, timeout: float, deadline: float) -> HTTPConnection:
    """In a thread, for none of the system's name look-ups takes a timeout. One that is given up ends by itself."""
    from http.client import HTTPConnection, HTTPSConnection

    timeout = _remaining(timeout, deadline, "no connection in time")
    connection = (
        HTTPSConnection(authority, timeout=timeout, context=_tls())
        if scheme == "https"
        else HTTPConnection(authority, timeout=timeout)
    )
    failures: list[BaseException] = []
    connecting = allocate_lock()
    connecting.acquire()

    def connect() -> None:
        try:
            connection.connect()
        except BaseException as error:  # raised again below
            failures.append(error)
        connecting.release()

    start_new_thread(connect, ())
    if not connecting.acquire(timeout=timeout):
        raise TimeoutError("no connection in time")
    for failure in failures:
        raise TimeoutError("no connection in time") if isinstance(failure, TimeoutError) else failure
    return connection


@functools.cache
def _tls() -> ssl.SSLContext:
    """One for the process: reading the system's certificates takes 20 ms."""
    import ssl  # only for https

    return ssl.create_default_context()


def _body(response: HTTPResponse, limit: int, wait: Callable[[], None]) -> bytes:
    from http.client import IncompleteRead

    length = response.length  # None: chunked, or all until the other side closes
    most = limit + 1 if length is None else min(length, limit + 1)
    body = bytearray()
    while len(body) < most:
        wait()
        try:
            piece = response.read1(min(most - len(body), 1 << 16))  # reads the socket once, so a drip meets `wait`
        except TimeoutError:
            raise
        except OSError as error:
            raise IncompleteRead(b"") from error
        if not piece:
            break
        body += piece
    if len(body) > limit:
        raise ValueError(f"the answer is longer than {limit} bytes")
    if length is not None and len(body) < length:
        raise IncompleteRead(b"")
    return bytes(body)


def _remaining(timeout: float, deadline: float, otherwise: str = "no time left") -> float:
    remaining = min(timeout, deadline - time.monotonic())
    if remaining <= 0:
        raise TimeoutError(otherwise)
    return remaining
