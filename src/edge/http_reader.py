"""Parses one HTTP/1.1 answer (RFC 9112) from the octets of a connection. Does no I/O.

    reader = AnswerReader("GET", limit=1 << 20)
    while reader.answer is None:
        reader.receive(sock.recv(65536))

There is no answer until it is complete. Where RFC 9112 lets a client tolerate or refuse a fault, this reader refuses
it: a lone LF, a folded line, `Transfer-Encoding` together with `Content-Length`. Every part is bounded in size.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator

# RFC 9112 §4:   status-line = HTTP-version SP status-code SP [ reason-phrase ]     (the last SP is often left out)
#           §5:   field-line = field-name ":" OWS field-value OWS
#         §7.1:   chunk      = chunk-size [ chunk-ext ] CRLF chunk-data CRLF
# RFC 9110 §5.5:  field-vchar = VCHAR / obs-text;  §5.6.2: tchar;  §8.6: Content-Length = 1*DIGIT
_TEXT = rb"[\t\x20-\x7e\x80-\xff]*"
_STATUS_LINE = re.compile(rb"HTTP/1\.([01]) ([1-5][0-9]{2})(?: " + _TEXT + rb")?")
_FIELD_LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):(" + _TEXT + rb")")
_CHUNK_LINE = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;" + _TEXT + rb")?")
_LENGTH = re.compile(r"[0-9]{1,20}")

# The greatest number of octets besides the body: status lines, headers, chunk sizes, trailers. No header that AWS sends
# is longer than a tenth of it.
_MOST_FRAMING = 1 << 17
_MOST_FIELDS = 100


class MalformedAnswerError(ValueError):
    """The octets are not a complete answer, or the answer is too large. The text quotes none of the octets."""


class Answer:
    """Status, headers (names in lower case, repeated ones joined by ", ") and body."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body


class AnswerReader:
    """Reads one answer to a request with this method, with at most `limit` octets of body.

    `answer` is None until the answer is complete. `keeps_alive` then says whether the connection can serve another
    request: the end of the answer is unambiguous, and the server has sent nothing after it.
    """

    def __init__(self, method: str, limit: int) -> None:
        self.answer: Answer | None = None
        self.keeps_alive = False
        self._method = method
        self._limit = limit
        self._octets = bytearray()
        self._ended = False
        self._ends_for_sure = True
        self._framing = _MOST_FRAMING
        self._steps = self._read()
        next(self._steps)

    def receive(self, octets: bytes) -> None:
        """Takes octets from the connection. b"" means that the server closed it. Raises MalformedAnswerError."""
        self._octets += octets
        self._ended = not octets
        next(self._steps, None)

    def _read(self) -> Generator[None, None, None]:
        version, status, headers = yield from self._head()
        while status < 200:  # RFC 9110 §15.2: any number of interim answers may come before the final one
            if status == 101:
                raise MalformedAnswerError("the server switches to another protocol, without being asked to")
            version, status, headers = yield from self._head()
        body = yield from self._body(version, status, headers)
        self.answer = Answer(status, headers, bytes(body))
        close = "close" in [option.strip().lower() for option in headers.get("connection", "").split(",")]
        self.keeps_alive = version == 1 and self._ends_for_sure and not (close or self._ended or self._octets)

    def _head(self) -> Generator[None, None, tuple[int, int, dict[str, str]]]:
        """The minor version, the status and the headers."""
        line = _STATUS_LINE.fullmatch((yield from self._line()))
        if not line:
            raise MalformedAnswerError("the answer does not start with a status line of HTTP/1.1")
        return int(line[1]), int(line[2]), (yield from self._fields())

    def _fields(self) -> Generator[None, None, dict[str, str]]:
        fields: dict[str, str] = {}
        for _ in range(_MOST_FIELDS + 1):
            line = yield from self._line()
            if not line:
                return fields
            field = _FIELD_LINE.fullmatch(line)
            if not field:
                raise MalformedAnswerError("a line of the headers is malformed")
            name, value = field[1].decode("ascii").lower(), field[2].decode("latin-1").strip(" \t")
            fields[name] = f"{fields[name]}, {value}" if name in fields else value
        raise MalformedAnswerError(f"the answer has more than {_MOST_FIELDS} headers")

    def _body(self, version: int, status: int, headers: dict[str, str]) -> Generator[None, None, bytearray]:
        """The body. The checks that find its length are in the order of RFC 9112 §6.3."""
        coding, length = headers.get("transfer-encoding"), headers.get("content-length")
        size = None if length is None else _content_length(length)
        if self._method == "HEAD":
            return bytearray()
        if status in (204, 304):  # These have no body, but some servers send the one that they announce.
            self._ends_for_sure = coding is None and not size
            return bytearray()
        if coding is not None:
            if coding.lower() != "chunked" or length is not None or version == 0:
                raise MalformedAnswerError("the length of the answer is ambiguous")
            return (yield from self._chunks())
        if size is not None:
            return (yield from self._take(self._bounded(size)))
        while not self._ended:
            self._bounded(len(self._octets))
            yield
        return (yield from self._take(len(self._octets)))

    def _chunks(self) -> Generator[None, None, bytearray]:
        body = bytearray()
        while True:
            line = _CHUNK_LINE.fullmatch((yield from self._line()))
            if not line:
                raise MalformedAnswerError("the length of a chunk is malformed")
            size = int(line[1], 16)
            if size == 0:
                yield from self._fields()  # RFC 9112 §7.1.2: trailers, which a client may discard
                return body
            self._bounded(len(body) + size)
            body += yield from self._take(size)
            if (yield from self._line()):
                raise MalformedAnswerError("a chunk is longer than its stated length")

    def _line(self) -> Generator[None, None, bytes]:
        """The next line, without its CRLF."""
        while (end := self._octets.find(b"\r\n")) < 0 and len(self._octets) <= self._framing:
            yield from self._more()
        self._framing -= (len(self._octets) if end < 0 else end) + 2
        if self._framing < 0:
            raise MalformedAnswerError(f"the answer has more than {_MOST_FRAMING} bytes besides its body")
        return bytes((yield from self._take(end + 2))[:-2])

    def _take(self, size: int) -> Generator[None, None, bytearray]:
        while len(self._octets) < size:
            yield from self._more()
        taken = self._octets[:size]
        del self._octets[:size]
        return taken

    def _more(self) -> Generator[None, None, None]:
        if self._ended:
            raise MalformedAnswerError("the answer ends in the middle")
        yield

    def _bounded(self, size: int) -> int:
        if size > self._limit:
            raise MalformedAnswerError(f"the answer is longer than {self._limit} bytes")
        return size


def _content_length(value: str) -> int:
    """The number in Content-Length. It may be repeated in a list (RFC 9110 §8.6)."""
    lengths = {length.strip(" \t") for length in value.split(",")}
    if len(lengths) != 1 or not _LENGTH.fullmatch(length := lengths.pop()):
        raise MalformedAnswerError("the length of the answer is ambiguous")
    return int(length)
