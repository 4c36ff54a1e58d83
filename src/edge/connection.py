"""A TCP or TLS connection whose every wait ends at a deadline."""

import functools
import time

# What type checkers take for `typing.TYPE_CHECKING`: importing `typing` costs a cold start 2 to 4 ms.
TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    import ssl

_LONGEST_LINE = 1 << 16
_RECEIVE_SIZE = 1 << 16


class Connection:
    """Opened by `connect`. Times are those of `time.monotonic()`, in seconds.

    Raises OSError (TimeoutError is one), EOFError at an early end, ValueError at more than the caller bears.
    """

    def __init__(self, sock: "socket.socket") -> None:
        self.answered = False  # whether any octet came since the last `send`
        self._socket = sock
        self._buffer = bytearray()  # cheap to take from at the front, however short the pieces
        self._timeout = self._deadline = 0.0

    def send(self, octets: bytes, timeout: float, deadline: float) -> None:
        """Sends all of them. Neither this nor a wait for the answer's octets exceeds the timeout or the deadline."""
        self._timeout, self._deadline, self.answered = timeout, deadline, False
        self._socket.settimeout(_remaining(timeout, deadline))
        self._socket.sendall(octets)

    def line(self) -> bytes:
        """The next line, without its end."""
        while (end := self._buffer.find(b"\n")) < 0:
            if len(self._buffer) > _LONGEST_LINE:
                raise ValueError(f"a line is longer than {_LONGEST_LINE} bytes")
            self._receive()
        return self._take(end + 1).rstrip(b"\r\n")

    def octets(self, size: int) -> bytes:
        """The next `size` octets."""
        while len(self._buffer) < size:
            self._receive()
        return self._take(size)

    def rest(self, limit: int) -> bytes:
        """Everything until the other side closes."""
        try:
            while len(self._buffer) <= limit:
                self._receive()
        except EOFError:
            return bytes(self._buffer)
        raise ValueError(f"the answer is longer than {limit} bytes")

    def drained(self) -> bool:
        """Whether all that came has been read."""
        return not self._buffer

    def close(self) -> None:
        """Closes it; nothing more can be sent or read."""
        self._socket.close()

    def _take(self, size: int) -> bytes:
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken

    def _receive(self) -> None:
        self._socket.settimeout(_remaining(self._timeout, self._deadline))
        received = self._socket.recv(_RECEIVE_SIZE)
        if not received:
            raise EOFError("closed before the answer was whole" if self.answered else "closed without an answer")
        self.answered = True
        self._buffer += received


def connect(host: str, port: int, tls: bool, timeout: float, deadline: float) -> Connection:
    """A connection to the first of the host's addresses that takes one within `timeout` seconds and the deadline.

    The system's resolver keeps its own time: Python cannot bound it. Raises OSError.
    """
    import socket  # only now, for most visits need no network

    failure = OSError("the name has no address")
    # The name as octets: for a str, Python would import its codec for international names, 1 ms.
    for family, kind, protocol, _, address in socket.getaddrinfo(host.encode(), port, type=socket.SOCK_STREAM):
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(_remaining(timeout, deadline))
            sock.connect(address)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.settimeout(_remaining(timeout, deadline))
            return Connection(_tls().wrap_socket(sock, server_hostname=host.encode()) if tls else sock)
        except OSError as error:
            sock.close()
            failure = TimeoutError("no connection in time") if isinstance(error, TimeoutError) else error
    raise failure


@functools.cache
def _tls() -> "ssl.SSLContext":
    """One for the process: reading the system's certificates takes 20 ms."""
    import ssl  # only for https

    return ssl.create_default_context()


def _remaining(timeout: float, deadline: float) -> float:
    remaining = min(timeout, deadline - time.monotonic())
    if remaining <= 0:
        raise TimeoutError("no time left")
    return remaining
