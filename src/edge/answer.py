"""Reads one HTTP/1.1 answer from a connection. RFC 9112."""

from edge.connection import Connection

_MOST_HEADERS = 100


class Answer:
    """Status, headers (names in lower case, repeated ones joined by ", ") and body."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body


def read_answer(connection: Connection, method: str, limit: int) -> tuple[Answer, bool]:
    """The final answer to a request of this method, and whether the connection can take another request.

    Raises ValueError if it is malformed or its body exceeds `limit` bytes, and what the connection raises.
    """
    status = 100
    while status < 200:  # 1xx: the final answer is still to come
        version, status = _status_line(connection.line())
        headers = _headers(connection)
    # RFC 9112 §6.3: what ends the body
    if method == "HEAD" or status in (204, 304):
        body = b""
    elif "transfer-encoding" in headers:
        body = _chunks(connection, headers["transfer-encoding"], limit)
    elif "content-length" in headers:
        body = connection.octets(_within(_number(headers["content-length"], "0123456789"), limit))
    else:
        return Answer(status, headers, connection.rest(limit)), False
    kept_alive = version == b"HTTP/1.1" and "close" not in headers.get("connection", "").lower()
    return Answer(status, headers, body), kept_alive and connection.drained()


def _status_line(line: bytes) -> tuple[bytes, int]:
    version, _, rest = line.partition(b" ")
    status, _, _ = rest.partition(b" ")
    if not version.startswith(b"HTTP/1.") or len(status) != 3 or not status.isdigit() or status < b"100":
        raise ValueError("the answer is not HTTP/1")
    return version, int(status)


def _headers(connection: Connection) -> dict[str, str]:
    headers: dict[str, str] = {}
    for _ in range(_MOST_HEADERS + 1):
        line = connection.line().decode("latin-1")
        if not line:
            return headers
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip():
            raise ValueError("the answer has a malformed header")
        name, value = name.lower(), value.strip()
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    raise ValueError(f"the answer has more than {_MOST_HEADERS} headers")


def _chunks(connection: Connection, coding: str, limit: int) -> bytes:
    """RFC 9112 §7.1."""
    if coding.lower() != "chunked":
        raise ValueError("the answer has a transfer coding that was not asked for")
    body = bytearray()
    while size := _number(connection.line().partition(b";")[0].decode("latin-1"), "0123456789abcdef"):
        _within(len(body) + size, limit)
        body += connection.octets(size)
        if connection.line():
            raise ValueError("the answer has a malformed chunk")
    _headers(connection)  # the trailer
    return bytes(body)


def _number(text: str, digits: str) -> int:
    text = text.strip().lower()
    if not text or text.strip(digits):  # int() would take "+1", "-1" and "1_0" as well
        raise ValueError("the answer has a malformed length")
    return int(text[:18], len(digits))


def _within(size: int, limit: int) -> int:
    if size > limit:
        raise ValueError(f"the answer is longer than {limit} bytes")
    return size
