"""HTTP/1.1 over one kept-alive connection a host, each answer within a deadline.

Not over `http.client`, for two reasons. Importing it, which parses headers with `email`, costs a cold start 13 ms
more. And its timeout bounds each read, not the answer, so a server that drips keeps a visitor waiting without end.

For one request at a time, as Lambda gives them to a process: nothing here is safe for threads.
"""

from edge.answer import Answer, read_answer
from edge.connection import Connection, connect

# What type checkers take for `typing.TYPE_CHECKING`: importing `typing` costs a cold start 2 to 4 ms.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Answer", "HttpError", "request", "split_url"]

_PORTS = {"http": 80, "https": 443}

# What is open and idle: (scheme, authority) -> connection.
_kept: dict[tuple[str, str], Connection] = {}


class HttpError(Exception):
    """No whole answer came: no connection, a timeout, half an answer ... Its text is one line and holds no secret."""


def request(
    method: str,
    url: str,
    headers: "Mapping[str, str]",
    body: bytes = b"",
    *,
    deadline: float,
    connect_timeout: float = 1.0,
    read_timeout: float = 2.0,
    limit: int = 1 << 20,
) -> Answer:
    """The answer, whatever its status; redirects are not followed.

    No wait exceeds its timeout, in seconds, or the deadline, a time of `time.monotonic()`. `limit` bounds the answer's
    body, in bytes. Header names in lower case; `host` and `content-length` are added.

    A kept connection that turns out closed, as after a sandbox slept, is replaced once, in silence. The server may
    have seen the request by then, so it has to be one that can be repeated. Raises HttpError.
    """
    scheme, authority, target = split_url(url)
    message = _message(method, target, {"host": authority, **headers}, body)

    def exchange(connection: Connection) -> Answer:
        try:
            connection.send(message, read_timeout, deadline)
            answer, reusable = read_answer(connection, method, limit)
        except BaseException:
            connection.close()
            raise
        if reusable:
            _kept[scheme, authority] = connection
        else:
            connection.close()
        return answer

    try:
        if kept := _kept.pop((scheme, authority), None):
            try:
                return exchange(kept)
            except (OSError, EOFError) as error:
                if kept.answered or isinstance(error, TimeoutError):
                    raise
        host, port = _address(scheme, authority)
        return exchange(connect(host, port, scheme == "https", connect_timeout, deadline))
    except (OSError, EOFError, ValueError) as error:
        raise HttpError(f"{authority}: {getattr(error, 'strerror', None) or error}") from error


def split_url(url: str) -> tuple[str, str, str]:
    """Scheme, authority (what the Host header holds) and target (path and query) of a URL. Raises HttpError."""
    scheme, _, rest = url.partition("#")[0].partition("://")
    authority = rest.partition("/")[0].partition("?")[0]
    target = rest[len(authority) :]
    if scheme not in _PORTS or not authority or "@" in authority or not _visible(url):
        raise HttpError("not an http:// or https:// URL")  # and not shown, for it may hold a password
    return scheme, authority, target if target.startswith("/") else f"/{target}"


def _visible(text: str) -> bool:
    return text.isascii() and text.isprintable() and " " not in text


def _address(scheme: str, authority: str) -> tuple[str, int]:
    host, _, port = authority.rpartition(":")
    if not host or port.endswith("]"):  # no port, or an IPv6 address in brackets without one
        return authority.strip("[]"), _PORTS[scheme]
    if not port.isdigit() or int(port) > 65535:
        raise ValueError("the port is no number below 65536")
    return host.strip("[]"), int(port)


def _message(method: str, target: str, headers: "Mapping[str, str]", body: bytes) -> bytes:
    lines = [f"{method} {target} HTTP/1.1", *[f"{name}: {value}" for name, value in headers.items()]]
    if body or method in ("POST", "PUT", "PATCH"):
        lines.append(f"content-length: {len(body)}")
    if not all(map(str.isprintable, lines)):  # a line break would start a header of its own
        raise HttpError("a header holds a control character")
    return "\r\n".join([*lines, "", ""]).encode() + body
