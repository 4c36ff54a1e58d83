"""The grammar of an answer (RFC 9112), for every split into pieces, with h11 as reference."""

import h11
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from edge.http_reader import AnswerReader, MalformedAnswerError

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def read(sent, method="GET", limit=1000, pieces=1):
    """Status, headers and body of an answer that arrives in pieces of this many octets before the server closes.

    The last value says whether the connection can be kept if the server does not close it.
    """
    reader = AnswerReader(method, limit)
    for start in range(0, len(sent), pieces):
        if reader.answer is None:
            reader.receive(sent[start : start + pieces])
    if reader.answer is None:
        reader.receive(b"")
    return (reader.answer.status, reader.answer.headers, reader.answer.body), reader.keeps_alive


def refusal(sent, **options):
    """The text of the error, which is the same for an answer at once and for an answer octet by octet."""
    texts = set()
    for pieces in (1, len(sent) + 1):
        with pytest.raises(MalformedAnswerError) as error:
            read(sent, pieces=pieces, **options)
        texts.add(str(error.value))
    [text] = texts
    return text


@pytest.mark.parametrize("pieces", [1, 2, 1000])
@pytest.mark.parametrize(
    ("sent", "answer", "keeps_alive"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\nto the end", (200, {}, b"to the end"), False),
        (b"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", (200, {"content-length": "0"}, b""), True),
        (b"HTTP/1.1 204 No\r\n\r\n", (204, {}, b""), True),
        (b"HTTP/1.1 304 No\r\nContent-Length: 9\r\n\r\n", (304, {"content-length": "9"}, b""), False),
        (b"HTTP/1.1 200 OK\r\nA: b\r\na:\tc \r\nB:\r\n\r\n", (200, {"a": "b, c", "b": ""}, b""), False),
        (
            b"HTTP/1.1 200 OK\r\nA: \xe9\r\nContent-Length: 0\r\n\r\n",
            (200, {"a": "\xe9", "content-length": "0"}, b""),
            True,
        ),
        (b"HTTP/1.1 302 Found\r\nLocation: /x\r\n\r\n", (302, {"location": "/x"}, b""), False),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", (200, {"content-length": "1"}, b"x"), False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1, 1\r\n\r\nx", (200, {"content-length": "1, 1"}, b"x"), True),
        (
            b"HTTP/1.1 200 OK\r\nConnection: Keep-Alive, Close\r\nContent-Length: 1\r\n\r\nx",
            (200, {"connection": "Keep-Alive, Close", "content-length": "1"}, b"x"),
            False,
        ),
        (
            CHUNKED + b"3;x=y\r\nabc\r\nA \r\n0123456789\r\n0\r\nTrailer: discarded\r\n\r\n",
            (200, {"transfer-encoding": "chunked"}, b"abc0123456789"),
            True,
        ),
        (
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
            b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",
            (200, {"content-length": "1"}, b"x"),
            True,
        ),
    ],
)
def test_whole_answer(sent, answer, keeps_alive, pieces):
    """An answer with each kind of end is read, in any number of pieces."""
    assert read(sent, pieces=pieces) == (answer, keeps_alive)


def test_head_has_no_body():
    """The answer to HEAD has no body, whatever its Content-Length."""
    sent = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n"
    assert read(sent, method="HEAD") == ((200, {"content-length": "99"}, b""), True)


@pytest.mark.parametrize(
    "headers", [b"Content-Length: 38\r\n", b"Transfer-Encoding: chunked\r\n", b"Content-Length: 0\r\n", b""]
)
@pytest.mark.parametrize("status", [b"204", b"304"])
def test_body_that_cannot_be(status, headers):
    """After a 204 or 304 that announces a body, the connection is not used again: the body may follow."""
    _, keeps_alive = read(b"HTTP/1.1 " + status + b" No\r\n" + headers + b"\r\n")
    assert keeps_alive == (headers in (b"", b"Content-Length: 0\r\n"))


@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_length_is_read_even_where_no_body_is(method):
    """A length that is no number is refused in the answer to a HEAD and in a 304 as well."""
    status = "200" if method == "HEAD" else "304"
    with pytest.raises(MalformedAnswerError):
        read(f"HTTP/1.1 {status} OK\r\nContent-Length: +3\r\n\r\n".encode(), method=method)


def test_octets_after_the_answer():
    """A connection with octets after the answer is not kept."""
    sent = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"
    assert read(sent + b"H", pieces=1000) == ((200, {"content-length": "1"}, b"x"), False)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"H",
        b"garbage",
        b"HTTP/1.1",
        b"HTTP/1.1 20 OK",
        b"HTTP/1.1 2000 OK",
        b"HTTP/1.1 abc OK",
        b"HTTP/1.1 099 OK",
        b"HTTP/1.1 600 OK",
        b"HTTP/1.1  200 OK",
        b"http/1.1 200 OK",
        b"HTTP/2 200",
        b"HTTP/1.1 200 O\x00K",
        b"220 mail.example.org ESMTP",
        b"\x16\x03\x01\x02\x00",
    ],
)
def test_malformed_status_line(line):
    """A malformed status line is refused (RFC 9112 §4)."""
    assert (
        refusal(line + b"\r\nContent-Length: 0\r\n\r\n") == "the answer does not start with a status line of HTTP/1.1"
    )


@pytest.mark.parametrize(
    "line",
    [b"no colon", b": value", b"a b: c", b"a : b", b"a: b\x00c", b"a: b\nc: d", b" folded", b"\xe9: a", b"a: b\rc"],
)
def test_malformed_header(line):
    """A malformed header line is refused."""
    sent = b"HTTP/1.1 200 OK\r\nA: b\r\n" + line + b"\r\nContent-Length: 0\r\n\r\n"
    assert refusal(sent) == "a line of the headers is malformed"


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Length: 1\r\nTransfer-Encoding: chunked",
        b"Content-Length: 1\r\nContent-Length: 2",
        b"Content-Length: 1, 2",
        b"Content-Length: -1",
        b"Content-Length: +1",
        b"Content-Length: 0x1",
        b"Content-Length: 1_0",
        b"Content-Length:",
        b"Content-Length: " + b"9" * 5000,
        "Content-Length: ¹".encode("latin-1"),
        b"Transfer-Encoding: gzip, chunked",
        b"Transfer-Encoding: chunked, chunked",
        b"Transfer-Encoding: identity",
        b"Transfer-Encoding:",
    ],
)
def test_length_in_doubt(headers):
    """An answer with an ambiguous length is refused."""
    sent = b"HTTP/1.1 200 OK\r\n" + headers + b"\r\n\r\n0\r\n\r\n"
    assert refusal(sent) == "the length of the answer is ambiguous"


def test_chunks_of_http_1_0():
    """Chunks in HTTP/1.0 are refused (RFC 9112 §6.1)."""
    assert refusal(CHUNKED.replace(b"1.1", b"1.0") + b"0\r\n\r\n") == "the length of the answer is ambiguous"


@pytest.mark.parametrize("line", [b"", b"g", b"-1", b"+1", b"1_0", b"0x1", b"1 1", b"1\x00", b"F" * 17, b" 1"])
def test_malformed_chunk_length(line):
    """A malformed length of a chunk is refused."""
    assert refusal(CHUNKED + line + b"\r\nx\r\n0\r\n\r\n") == "the length of a chunk is malformed"


def test_chunk_longer_than_it_says():
    """A chunk that is longer than its length is refused."""
    assert refusal(CHUNKED + b"1\r\nxx\r\n0\r\n\r\n") == "a chunk is longer than its stated length"


def test_switched_protocol():
    """101 is refused, because no request asks for another protocol."""
    assert (
        refusal(b"HTTP/1.1 101 Switching\r\n\r\n") == "the server switches to another protocol, without being asked to"
    )


@pytest.mark.parametrize(
    "framed",
    [
        b"Content-Length: 1001\r\n\r\n" + b"x" * 1001,
        b"Content-Length: 99999999999999999999\r\n\r\n" + b"x" * 1001,
        b"\r\n" + b"x" * 1001,
        b"Transfer-Encoding: chunked\r\n\r\n3E9\r\n" + b"x" * 1001 + b"\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n3E8\r\n" + b"x" * 1000 + b"\r\n1\r\nx\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n" + b"x" * 1001,
    ],
)
def test_too_long(framed):
    """A body above the limit is refused, however its end is marked."""
    assert refusal(b"HTTP/1.1 200 OK\r\n" + framed) == "the answer is longer than 1000 bytes"


@pytest.mark.parametrize(
    "framed",
    [
        b"Content-Length: 1000\r\n\r\n" + b"x" * 1000,
        b"\r\n" + b"x" * 1000,
        b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 1000 + b"0\r\n\r\n",
    ],
)
def test_as_long_as_may_be(framed):
    """A body of exactly the limit is taken."""
    assert read(b"HTTP/1.1 200 OK\r\n" + framed, pieces=100)[0][2] == b"x" * 1000


@pytest.mark.parametrize(
    "endless",
    [
        b"x" * 200_000,
        b"HTTP/1.1 200 " + b"x" * 200_000,
        b"HTTP/1.1 103 Early Hints\r\n\r\n" * 10_000,
        b"HTTP/1.1 200 OK\r\nA: " + b"x" * 200_000,
        CHUNKED + b"1;" + b"x" * 200_000,
        CHUNKED + (b"1;" + b"x" * 1000 + b"\r\nx\r\n") * 200,
        CHUNKED + b"0\r\nA: " + b"x" * 200_000,
    ],
)
def test_endless_framing(endless):
    """Everything besides the body is bounded in total."""
    with pytest.raises(MalformedAnswerError, match=r"^the answer has more than 131072 bytes besides its body$"):
        read(endless, pieces=1000)


@pytest.mark.parametrize("beginning", [b"HTTP/1.1 200 OK\r\n", CHUNKED + b"0\r\n"])
def test_too_many_headers(beginning):
    """More than a hundred headers are refused, also in trailers."""
    assert refusal(beginning + b"A: b\r\n" * 101 + b"\r\n") == "the answer has more than 100 headers"


TOKENS = st.text("abcXYZ019-_!~", min_size=1, max_size=8).filter(
    lambda name: name.lower() not in ("connection", "content-length", "transfer-encoding")
)
VALUES = st.text("abc 019,;=/\t\x7e\xe9", max_size=12)
FIELDS = st.lists(st.tuples(TOKENS, VALUES), max_size=3)


def lines(start, fields):
    """The head of an answer."""
    return "".join([f"{start}\r\n", *[f"{name}: {value}\r\n" for name, value in fields], "\r\n"]).encode("latin-1")


@st.composite
def answers(draw):
    """The octets of an answer with any framing, with interim answers and trailers."""
    interim = [
        lines(f"HTTP/1.1 {draw(st.sampled_from([100, 102, 103]))} Wait", draw(FIELDS))
        for _ in range(draw(st.integers(0, 2)))
    ]
    status = draw(st.sampled_from([200, 201, 204, 302, 304, 404, 503]))
    fields = draw(FIELDS) + draw(st.sampled_from([[], [("Connection", "close")], [("connection", "keep-alive")]]))
    body = draw(st.binary(max_size=20))
    framing = draw(st.sampled_from(["length", "chunks", "close"]))
    if framing == "length":
        fields.insert(draw(st.integers(0, len(fields))), ("Content-Length", str(len(body))))
    elif framing == "chunks":
        fields.append(("Transfer-Encoding", draw(st.sampled_from(["chunked", "Chunked"]))))
        cut = draw(st.integers(0, len(body)))
        chunks = [chunk for chunk in (body[:cut], body[cut:]) if chunk]
        extension = draw(st.sampled_from(["", ";a=b", ";x"]))
        body = b"".join([f"{len(chunk):x}{extension}\r\n".encode() + chunk + b"\r\n" for chunk in chunks])
        body += lines("0", draw(FIELDS))
    phrase = draw(st.sampled_from(["", " ", " OK", " Not so good"]))
    return b"".join(interim) + lines(f"HTTP/1.1 {status}{phrase}", fields) + (b"" if status in (204, 304) else body)


def by_h11(sent, method):
    """The status, headers and body that h11 reads; None if the answer is incomplete."""
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method=method, target="/", headers=[("Host", "h")]))
    connection.send(h11.EndOfMessage())
    connection.receive_data(sent)
    connection.receive_data(b"")
    status, headers, body = 0, {}, b""
    while True:
        try:
            event = connection.next_event()
        except h11.RemoteProtocolError:
            return None
        if isinstance(event, h11.Response):
            status = event.status_code
            for name, value in event.headers:
                key, text = name.decode(), value.decode("latin-1")
                headers[key] = f"{headers[key]}, {text}" if key in headers else text
        elif isinstance(event, h11.Data):
            body += bytes(event.data)
        elif isinstance(event, h11.EndOfMessage):
            return status, headers, body
        elif event in (h11.NEED_DATA, h11.PAUSED) or isinstance(event, h11.ConnectionClosed):
            return None


@given(sent=answers(), method=st.sampled_from(["GET", "POST", "HEAD"]))
@example(sent=b"HTTP/1.1 200 OK\r\n\r\n", method="GET")
def test_against_h11(sent, method):
    """Cut at any octet, this reader and h11 agree whether the answer is complete, and on its parts."""
    for end in range(len(sent) + 1):
        try:
            answer, _ = read(sent[:end], method=method, pieces=7)
        except MalformedAnswerError:
            answer = None
        expected = by_h11(sent[:end], method)
        if answer and expected:  # h11 writes the one coding that there is in lower case
            answer[1].update({"transfer-encoding": "chunked"} if "transfer-encoding" in answer[1] else {})
        assert answer == expected, sent[:end]
