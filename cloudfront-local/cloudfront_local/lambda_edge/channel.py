"""The parent's end of the socket to a sandbox's process. bootstrap.py describes the messages."""

import asyncio
import socket
from contextlib import suppress

LENGTH = 4  # bytes before each message


class Channel(asyncio.Protocol):
    """Sends messages, and receives their answers one at a time. `open` makes it."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        self._received = bytearray()
        self._waiter: asyncio.Future[bytes] | None = None
        self._closed = asyncio.get_running_loop().create_future()

    @classmethod
    async def open(cls, end: socket.socket) -> "Channel":
        """Takes over one end of a socket pair. `close` closes it."""
        loop = asyncio.get_running_loop()
        _, channel = await loop.create_unix_connection(lambda: cls(end), sock=end)
        return channel

    @property
    def is_open(self) -> bool:
        """Whether the other end is open. The socket itself is asked: the loop may not have noticed yet."""
        if self._closed.done():
            return False
        try:
            return self._end.recv(1, socket.MSG_PEEK) != b""
        except BlockingIOError:
            return True
        except OSError:
            return False

    async def ask(self, message: bytes) -> bytes:
        """Sends a message and returns the answer to it.

        Raises EOFError if the other end closes the channel before it has answered, and ConnectionError if it did so
        before it had read the message.
        """
        if self._closed.done():
            raise ConnectionResetError
        self._waiter = asyncio.get_running_loop().create_future()
        try:
            self._transport.write(len(message).to_bytes(LENGTH, "big") + message)
            return await self._waiter
        finally:
            self._waiter = None

    async def close(self) -> None:
        """Closes the channel. A caller of `ask` stops waiting. A process that left the group may hold the other end."""
        with suppress(OSError):
            self._end.shutdown(socket.SHUT_RDWR)
        self._transport.abort()
        await self._closed

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - a stream socket
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        end = LENGTH + int.from_bytes(self._received[:LENGTH], "big")
        if len(self._received) >= max(end, LENGTH + 1):
            answer = bytes(self._received[LENGTH:end])
            del self._received[:end]
            if self._waiter is not None and not self._waiter.done():
                self._waiter.set_result(answer)

    def connection_lost(self, error: Exception | None) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_exception(error if isinstance(error, ConnectionError) else EOFError())
        self._closed.set_result(None)
