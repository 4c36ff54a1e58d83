"""HTTP over real sockets, with a server that misbehaves."""

import contextlib
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from edge import http
from edge.http import HttpError, split_url

SRC = Path(__file__).parents[3] / "src"
NO_ANSWER = "the server closed the connection without an answer"

# In a network of its own, whose name server takes questions and answers none.
SILENT_NAME_SERVER = """
import fcntl, socket, struct, time
from edge.http import HttpError, request

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
fcntl.ioctl(server, 0x8914, struct.pack("16sH14x", b"lo", 1))  # SIOCSIFFLAGS, IFF_UP
server.bind(("127.0.0.1", 53))
try:
    request("GET", "https://sts.us-east-1.amazonaws.com/", {}, deadline=time.monotonic() + 20, connect_timeout=0.2)
except HttpError as error:
    print(error)
"""


def soon():
    """A deadline that no test reaches."""
    return time.monotonic() + 20


def get(url, **options):
    """The status, headers and body of the answer to a GET."""
    answer = http.request("GET", url, {}, **{"deadline": soon(), **options})
    return answer.status, answer.headers, answer.body


def failure(url, **options):
    """The text of the error of a GET."""
    with pytest.raises(HttpError) as error:
        get(url, **options)
    assert str(error.value).isprintable()
    return str(error.value)


def test_request_as_it_arrives(misbehaving_server):
    """Method, target, headers and body arrive as given, with host and content-length."""
    misbehaving_server.reply(201, b"made", {"X-Id": "7"})
    url = f"{misbehaving_server.url}/a%20b?q=%2B&q#fragment"
    answer = http.request("POST", url, {"content-type": "text/plain", "x-name": "Zoë"}, b"\x00body", deadline=soon())
    assert (answer.status, answer.headers, answer.body) == (201, {"content-length": "4", "x-id": "7"}, b"made")
    [received] = misbehaving_server.requests
    assert (received.method, received.target, received.body) == ("POST", "/a%20b?q=%2B&q", b"\x00body")
    assert received.headers == {
        "host": f"127.0.0.1:{misbehaving_server.port}",
        "accept-encoding": "identity",
        "content-type": "text/plain",
        "x-name": "Zoë".encode().decode("latin-1"),
        "content-length": "5",
    }


def test_host_can_be_given(misbehaving_server):
    """The caller's host header replaces the URL's."""
    misbehaving_server.reply()
    http.request("GET", misbehaving_server.url, {"host": "b.s3.amazonaws.com"}, deadline=soon())
    assert misbehaving_server.requests[0].headers["host"] == "b.s3.amazonaws.com"


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("http://h", ("http", "h", "/")),
        ("https://h:8443/", ("https", "h:8443", "/")),
        ("http://h/a/b?c=d&e#f", ("http", "h", "/a/b?c=d&e")),
        ("http://h?c=/d", ("http", "h", "/?c=/d")),
        ("http://[::1]:80/x", ("http", "[::1]:80", "/x")),
    ],
)
def test_split_url(url, parts):
    """A URL is split into scheme, authority and target."""
    assert split_url(url) == parts


@pytest.mark.parametrize(
    "url",
    [
        "",
        "h",
        "/path",
        "ftp://h/",
        "http://",
        "http:///path",
        "http://u:secret@h/",
        "http://h/a b",
        "http://h/\r\nx: y",
        "http://h:port/",
        "http://[::1]:x/",
        "http://[::1/",
        "http://::1/",
        "http://h:-1/",
        "http://h:" + "9" * 5000,
    ],
)
def test_other_urls_are_refused(url):
    """An invalid URL raises HttpError, which does not show the URL, because it may contain a password."""
    assert failure(url) == "not an http:// or https:// URL"


@pytest.mark.parametrize("port", [0, 65536, 99999])
def test_impossible_port(port):
    """A port beyond 65535 or of 0 is refused."""
    assert failure(f"http://127.0.0.1:{port}/") == f"127.0.0.1:{port}: the port is not between 1 and 65535"


@pytest.mark.parametrize("headers", [{"x": "a\r\ny: b"}, {"x\n": "a"}, {"x": "a\x00"}])
def test_header_cannot_start_another(misbehaving_server, headers):
    """A header with a control character is refused before anything is sent."""
    with pytest.raises(HttpError) as error:
        http.request("GET", misbehaving_server.url, headers, deadline=soon())
    assert (str(error.value), misbehaving_server.requests) == ("a header contains a control character", [])


class TestConnection:
    """One connection for each host is kept."""

    def connections(self, server):
        return [request.connection for request in server.requests]

    def test_is_kept(self, misbehaving_server):
        """A second request uses the same connection."""
        misbehaving_server.reply(200, b"first").reply(404, b"second").reply(204)
        bodies = [get(misbehaving_server.url)[2] for _ in range(3)]
        assert (bodies, self.connections(misbehaving_server)) == ([b"first", b"second", b""], [1, 1, 1])

    def test_is_kept_after_chunks(self, misbehaving_server):
        """After a chunked answer, the connection is kept."""
        chunked = (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nT: r\r\n\r\n"
        )
        misbehaving_server.send(chunked, then_close=False)
        bodies = [get(misbehaving_server.url)[2] for _ in range(2)]
        assert (bodies, self.connections(misbehaving_server)) == ([b"abc0123456789"] * 2, [1, 1])

    def test_of_another_host_is_its_own(self, misbehaving_server):
        """Two names of one server have two connections."""
        misbehaving_server.reply()
        get(f"http://127.0.0.1:{misbehaving_server.port}")
        get(f"http://localhost:{misbehaving_server.port}")
        assert self.connections(misbehaving_server) == [1, 2]

    @pytest.mark.parametrize("header", ["close", "Close", "keep-alive, close"])
    def test_is_closed_when_asked(self, misbehaving_server, header):
        """After "Connection: close" the next request uses a new connection."""
        misbehaving_server.reply(200, b"x", {"Connection": header})
        assert [get(misbehaving_server.url)[2] for _ in range(2)] == [b"x", b"x"]
        assert self.connections(misbehaving_server) == [1, 2]

    def test_is_closed_for_http_1_0(self, misbehaving_server):
        """A connection with HTTP/1.0 is not kept."""
        misbehaving_server.send(b"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", then_close=False)
        assert [get(misbehaving_server.url)[2] for _ in range(2)] == [b"x", b"x"]
        assert self.connections(misbehaving_server) == [1, 2]

    def test_gone_stale_is_replaced_in_silence(self, misbehaving_server):
        """If the server has closed the kept connection, the request is sent on a new one."""
        misbehaving_server.reply(200, b"x", then_close=True)
        assert [get(misbehaving_server.url)[2] for _ in range(3)] == [b"x", b"x", b"x"]
        assert self.connections(misbehaving_server) == [1, 2, 3]

    @pytest.mark.parametrize("abort", ["close", "reset"])
    def test_aborted_on_reuse_is_replaced_in_silence(self, misbehaving_server, abort):
        """If the kept connection ends without an answer, the request is sent on a new one."""
        misbehaving_server.reply(200, b"first")
        misbehaving_server.send(b"") if abort == "close" else misbehaving_server.reset()
        misbehaving_server.reply(200, b"second")
        assert [get(misbehaving_server.url)[2] for _ in range(2)] == [b"first", b"second"]
        assert self.connections(misbehaving_server) == [1, 1, 2]

    def test_is_replaced_once(self, misbehaving_server):
        """If the new connection also ends without an answer, HttpError is raised."""
        misbehaving_server.reply(200, b"first").send(b"")
        get(misbehaving_server.url)
        assert failure(misbehaving_server.url) == f"127.0.0.1:{misbehaving_server.port}: {NO_ANSWER}"
        assert self.connections(misbehaving_server) == [1, 1, 2]

    @pytest.mark.parametrize(
        ("abort", "message"),
        [
            ("close", NO_ANSWER),
            ("reset", "Connection reset by peer"),
        ],
    )
    def test_new_is_not_retried(self, misbehaving_server, abort, message):
        """A failure on a new connection is not retried."""
        misbehaving_server.send(b"") if abort == "close" else misbehaving_server.reset()
        assert failure(misbehaving_server.url) == f"127.0.0.1:{misbehaving_server.port}: {message}"
        assert self.connections(misbehaving_server) == [1]

    def test_half_an_answer_is_not_retried(self, misbehaving_server):
        """A failure after the first byte of an answer is not retried."""
        misbehaving_server.reply(200, b"first").send(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")
        get(misbehaving_server.url)
        assert failure(misbehaving_server.url).endswith(": the answer ends in the middle")
        assert self.connections(misbehaving_server) == [1, 1]

    def test_reset_in_the_body_is_not_retried(self, misbehaving_server):
        """A reset in the body is not retried."""
        misbehaving_server.reply(200, b"first").reset(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf")
        get(misbehaving_server.url)
        assert failure(misbehaving_server.url).endswith(": Connection reset by peer")
        assert self.connections(misbehaving_server) == [1, 1]

    def test_that_hangs_is_not_retried(self, misbehaving_server):
        """A timeout on a kept connection is not retried, because the server has the request."""
        misbehaving_server.reply(200, b"first").hang()
        get(misbehaving_server.url)
        assert failure(misbehaving_server.url, read_timeout=0.1).endswith(": timed out")
        assert self.connections(misbehaving_server) == [1, 1]

    def test_that_failed_is_not_kept(self, misbehaving_server):
        """An answer after its timeout is not taken for the answer to the next request."""
        misbehaving_server.hang().reply(200, b"second")
        failure(misbehaving_server.url, read_timeout=0.1)
        assert get(misbehaving_server.url)[2] == b"second"
        assert self.connections(misbehaving_server) == [1, 2]


class TestAnswer:
    """Answers over real sockets. test_http_reader.py tests the grammar."""

    @pytest.mark.parametrize("interim", [b"100 Continue", b"103 Early Hints", b"199 Later"])
    def test_interim_answer(self, misbehaving_server, interim):
        """An interim answer is skipped, and the next request gets its own answer."""
        early = b"HTTP/1.1 " + interim + b"\r\nLink: </style.css>\r\n\r\n"
        for body in (b"first", b"other"):
            misbehaving_server.send(early + b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" + body, then_close=False)
        assert [get(misbehaving_server.url)[2] for _ in range(2)] == [b"first", b"other"]
        assert [request.connection for request in misbehaving_server.requests] == [1, 1]

    def test_unasked_answer(self, misbehaving_server):
        """A second answer closes the connection before its next use."""
        answer = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
        misbehaving_server.send(answer + b"first" + answer + b"alien", then_close=False).reply(200, b"other")
        assert [get(misbehaving_server.url)[2] for _ in range(2)] == [b"first", b"other"]
        assert [request.connection for request in misbehaving_server.requests] == [1, 2]

    def test_unasked_answer_later(self, misbehaving_server):
        """The same holds if the second answer arrives later."""
        answer = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
        misbehaving_server.send(answer + b"first", then_close=False).reply(200, b"other")
        assert get(misbehaving_server.url)[2] == b"first"
        misbehaving_server.speak(answer + b"alien")
        assert get(misbehaving_server.url)[2] == b"other"
        assert [request.connection for request in misbehaving_server.requests] == [1, 2]

    def test_malformed(self, misbehaving_server):
        """A malformed answer raises an error that does not quote it, and its connection is not kept."""
        misbehaving_server.send(b"SSH-2.0-secret\r\n\r\n", then_close=False).reply(200, b"other")
        assert failure(misbehaving_server.url).endswith(": the answer does not start with a status line of HTTP/1.1")
        assert get(misbehaving_server.url)[2] == b"other"
        assert [request.connection for request in misbehaving_server.requests] == [1, 2]

    def test_large_body(self, misbehaving_server):
        """A body of many packets arrives complete."""
        body = bytes(range(256)) * 4000
        misbehaving_server.reply(200, body)
        assert get(misbehaving_server.url)[2] == body


class TestTime:
    """Every wait ends at its timeout or at the deadline."""

    def test_no_answer(self, misbehaving_server):
        """Without an answer, the request ends after the read timeout."""
        misbehaving_server.hang()
        assert failure(misbehaving_server.url, read_timeout=0.1).endswith(": timed out")

    def test_no_answer_before_the_deadline(self, misbehaving_server):
        """Without an answer, the request ends at the deadline."""
        misbehaving_server.hang()
        assert failure(misbehaving_server.url, read_timeout=60, deadline=time.monotonic() + 0.2).endswith(": timed out")

    @pytest.mark.parametrize("bound", ["deadline", "read_timeout"])
    @pytest.mark.parametrize(
        ("beginning", "byte"),
        [
            (b"HTTP/1.1 200 ", b"x"),
            (b"HTTP/1.1 103 Early Hints\r\nLink: ", b"x"),
            (b"HTTP/1.1 200 OK\r\nA: ", b"x"),
            (b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
            (b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", b"x"),
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"0"),
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFF\r\n", b"x"),
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nTrailer: ", b"x"),
        ],
    )
    def test_drip(self, misbehaving_server, beginning, byte, bound):
        """However slowly any part of an answer arrives, the request ends in time."""
        misbehaving_server.drip(beginning, byte)
        options = {"deadline": time.monotonic() + 0.2} if bound == "deadline" else {"read_timeout": 0.2}
        assert failure(misbehaving_server.url, **options).partition(": ")[2] == "timed out"

    def test_deadline_in_the_past(self, misbehaving_server):
        """After the deadline, nothing is sent."""
        assert failure(misbehaving_server.url, deadline=time.monotonic() - 1).endswith(": no connection in time")
        assert misbehaving_server.requests == []

    def test_no_connection(self):
        """If a host does not accept the connection, the request ends after the connect timeout."""
        with contextlib.ExitStack() as sockets:
            listener = sockets.enter_context(socket.socket())
            listener.bind(("127.0.0.1", 0))
            listener.listen(0)
            for _ in range(4):  # fill its queue: the kernel then ignores further connections
                queued = sockets.enter_context(socket.socket())
                queued.setblocking(False)
                queued.connect_ex(listener.getsockname())
            port = listener.getsockname()[1]
            assert failure(f"http://127.0.0.1:{port}", connect_timeout=0.2) == (
                f"127.0.0.1:{port}: no connection in time"
            )

    def test_silent_name_server(self, tmp_path):
        """If DNS does not answer, the request ends after the connect timeout."""
        unshare = [shutil.which("unshare") or "unshare", "--map-root-user", "--net", "--mount"]
        if sys.platform != "linux" or subprocess.run([*unshare, "true"], capture_output=True, check=False).returncode:
            pytest.skip("no network of its own for a test: `unshare --map-root-user --net --mount` is refused here")
        (tmp_path / "resolv.conf").write_text("nameserver 127.0.0.1\n")
        (tmp_path / "program.py").write_text(SILENT_NAME_SERVER)
        command = f"mount --bind {tmp_path}/resolv.conf /etc/resolv.conf && exec {sys.executable} {tmp_path}/program.py"
        run = subprocess.run(
            [*unshare, "sh", "-c", command], env={"PYTHONPATH": str(SRC)}, capture_output=True, text=True, check=True
        )
        assert run.stdout == "sts.us-east-1.amazonaws.com: no connection in time\n"


def test_refused(refused_port):
    """A port without a listener raises HttpError."""
    assert failure(f"http://127.0.0.1:{refused_port}") == f"127.0.0.1:{refused_port}: Connection refused"


@pytest.mark.parametrize("name", ["no-such-host.invalid", "a" * 64 + ".example", ".."])
def test_unknown_name(name):
    """A name without an address raises HttpError."""
    assert failure(f"http://{name}/").startswith(f"{name}: ")


def test_second_address_is_tried(misbehaving_server):
    """If a name's first address refuses (::1 for localhost on many machines), the next is used."""
    misbehaving_server.reply(200, b"x")
    assert get(f"http://localhost:{misbehaving_server.port}")[2] == b"x"
