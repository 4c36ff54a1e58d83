"""Calls of functions: what the code sees, and what a call gives."""

import pytest

from cloudfront_local.functions.function import EdgeFunction
from cloudfront_local.functions.key_value_store import KeyValueStore
from cloudfront_local.functions.outcome import OriginChoice
from cloudfront_local.functions.runtimes import JS_1
from cloudfront_local.functions.sandbox import Call
from cloudfront_local.functions.syntax.finding import SyntaxRefused

START = 1_600_000_000_000


def test_changed_request(run, event):
    """A function gets the event, changes the request and returns it."""
    outcome = run("function handler(event) { event.request.uri += 'index.html'; return event.request; }")
    assert outcome.result == event["request"] | {"uri": "/blog/index.html"}
    assert outcome.error is None
    assert 0 < outcome.utilization <= 100


@pytest.mark.parametrize(
    "declaration", ["function handler(e) {", "var handler = function (e) {", "var handler = (e) => {"]
)
def test_forms_of_the_handler(run, declaration):
    """A handler is a function or a variable."""
    assert run(f"{declaration} return 1; }}").result == 1


def test_no_handler():
    """A source without a handler fails at the call, as on CloudFront."""
    outcome = EdgeFunction.load("function other() {}", "f.js").run(Call({"request": {}}))
    assert outcome.error.message == 'ReferenceError: "handler" is not defined'


def test_async_handler(run):
    """An async handler's promise is awaited; what its code awaits in turn as well."""
    outcome = run("async function handler(event) { const a = await Promise.resolve(2); return { a: await a }; }")
    assert outcome.result == {"a": 2}


def test_no_state_between_calls():
    """Nothing that a call leaves behind is there in the next call."""
    source = "var n = 0; function handler(e) { Array.prototype.left = 1; globalThis.m = (globalThis.m || 0) + 1; n++; "
    function = EdgeFunction.load(source + "return [n, m]; }", "f.js")
    call = Call({"request": {}})
    assert [function.run(call).result, function.run(call).result] == [[1, 1], [1, 1]]


@pytest.mark.parametrize(
    ("source", "message", "line", "column"),
    [
        ("function handler(event) {\n  var a = {};\n  return a.b.c;\n}", "TypeError: cannot get property", 3, 10),
        ("function handler(event) {\n  throw new Error('boom');\n}", "Error: boom", 2, 13),
        ("function f() {\n  return event.request.nope();\n}\nfunction handler(event) { return 1 + g(event); }\n"
         "function g(event) {\n  event.request.nope(); }", 'TypeError: (intermediate value)["nope"] is', 6, 17),
        ("function handler(event) {\n  var é = 'ü😀'; undefinedName;\n}", 'ReferenceError: "undefinedName"', 2, 17),
        ("\nfoo.bar();\nfunction handler(event) { }", 'ReferenceError: "foo" is not defined', 2, 1),
        ("async function handler(event) {\n  await null;\n  null.x;\n}", 'TypeError: cannot get property "x"', 3, 3),
    ],
)  # fmt: skip
def test_place_of_an_error(run, source, message, line, column):
    """An error has the file, the line and the column of the source, in the words of njs."""
    error = run(source).error
    assert error.message.startswith(message)
    assert (error.file, error.line, error.column) == ("f.js", line, column)


def test_stack(run):
    """An error's stack names the functions of the source, and none of the runtime's."""
    outcome = run("function inner() { null.x; }\nfunction handler(e) { [1].map(inner); }")
    assert [line.split()[1] for line in outcome.error.stack.splitlines()] == ["inner", "map", "handler"]


@pytest.mark.parametrize(
    ("thrown", "message"),
    [("'text'", "text"), ("{ a: 1 }", "{a:1}"), ("undefined", "undefined"), ("new RangeError()", "RangeError")],
)
def test_thrown_values(run, thrown, message):
    """A function may throw any value."""
    assert run(f"function handler(e) {{ throw {thrown}; }}").error.message == message


def test_logs(run):
    """console.log shows values as njs does; the log is cut after 10 KB."""
    outcome = run("function handler(e) { console.log({ a: [1, 'x'] }); console.log('text'); return 1; }")
    assert outcome.logs == ("{a:[1,'x']}", "text")
    outcome = run("function handler(e) { for (var i = 0; i < 20; i++) console.log('x'.repeat(1000)); }")
    assert sum(map(len, outcome.logs)) == 10 * 1024


def test_logs_of_a_failed_call(run):
    """What a call logged before its error is not lost."""
    outcome = run("function handler(e) { console.log('before'); null.x; }")
    assert outcome.logs == ("before",)
    assert outcome.error


def test_clock_stands_still(value):
    """Every "now" of a call is its start, and the time zone is UTC."""
    spin = "(() => { for (let i = 0; i < 1e5; i++); return Date.now() - new Date().getTime(); })()"
    assert value(spin, now=START) == 0
    assert value("Date.now()", now=START) == START
    assert value("String(new Date())", now=START) == "Sun Sep 13 2020 12:26:40 GMT+0000 (UTC)"
    assert value("Date()", now=START) == "Sun Sep 13 2020 12:26:40 GMT+0000 (UTC)"


def test_random_is_seeded(value):
    """Math.random depends on the call's seed alone."""
    expression = "[Math.random(), Math.random()]"
    first = value(expression, seed=1)
    assert first == value(expression, seed=1) != value(expression, seed=2)
    assert all(0 <= number < 1 for number in first)
    assert first[0] != first[1]


def test_raw_query_string(value):
    """request.rawQueryString() is the query as sent, "" for a bare ?, undefined without ?; runtime 1.0 has it not."""
    expression = "String(event.request.rawQueryString())"
    assert value(expression, raw_query="a=%41") == "a=%41"
    assert value(expression, raw_query="") == ""
    assert value(expression) == "undefined"
    assert value("Object.keys(event.request).includes('rawQueryString')", raw_query="a") is False


def test_runtime_1(value):
    """Runtime 1.0 has byte strings; it has neither Buffer nor replaceAll nor promises' combinators."""
    assert value("String.bytesFrom('YWJj', 'base64')", runtime=JS_1) == "abc"
    assert value("'é'.toUTF8().length", runtime=JS_1) == 2
    assert value("'\\u00c3\\u00a9'.fromUTF8()", runtime=JS_1) == "é"
    assert value("require('crypto').createHash('md5').update('a').digest().length", runtime=JS_1) == 16
    absent = "[typeof Buffer, typeof atob, typeof 'a'.replaceAll, typeof Promise.all, typeof globalThis]"
    assert set(value(absent, runtime=JS_1)) == {"undefined"}
    assert value("typeof String.bytesFrom") == "undefined"


def test_unknown_runtime():
    """A runtime that CloudFront does not have is refused."""
    with pytest.raises(ValueError, match=r"cloudfront-js-3\.0 is no runtime"):
        EdgeFunction.load("function handler() {}", "f.js", "cloudfront-js-3.0")


@pytest.mark.parametrize("head", ["import crypto from 'crypto';", "const crypto = require('crypto');"])
def test_imported_modules(value, head):
    """Modules come from require, or from a default import."""
    assert value("crypto.createHash('sha1').update('abc').digest('hex')", head) == (
        "a9993e364706816aba3e25717850c26c9cd0d89d"
    )


STORE = KeyValueStore("store-1", {"text": "value", "json": '{"a": [1]}', "bytes": "é"})
IMPORT = "import cf from 'cloudfront';\nconst store = cf.kvs();\n"


@pytest.mark.parametrize(
    ("read", "result"),
    [
        ("store.get('text')", "value"),
        ("store.get('json', { format: 'json' })", {"a": [1]}),
        ("store.get('bytes', { format: 'bytes' })", {"type": "Buffer", "data": [195, 169]}),
        ("store.exists('text')", True),
        ("store.exists('none')", False),
        ("store.count()", 3),
        ("cf.kvs('store-1').get('text')", "value"),
    ],
)
def test_reads_of_a_store(run, read, result):
    """Functions read the store that is associated, at any time of the call."""
    source = f"{IMPORT}async function handler(event) {{ const found = await {read}; return found; }}"
    assert run(source, store=STORE).result == result


@pytest.mark.parametrize(
    ("read", "message"),
    [
        ("store.get('none')", "Error: KeyNotFound"),
        ("store.get(1)", "TypeError: The key must be a string"),
        ("store.get('text', { format: 'xml' })", 'TypeError: The format must be "string", "json" or "bytes"'),
        ("cf.kvs('other').get('text')", "Error: KeyValueStore other is not associated with the function"),
        ("store.get('text', { format: 'json' })", "SyntaxError: "),
    ],
)
def test_refused_reads(run, read, message):
    """A read that fails rejects its promise: the function may catch it."""
    error = run(f"{IMPORT}async function handler(event) {{ return await {read}; }}", store=STORE).error
    assert error.message.startswith(message)
    caught = (
        f"{IMPORT}async function handler(event) {{ try {{ return await {read}; }} catch (e) {{ return 'caught'; }} }}"
    )
    assert run(caught, store=STORE).result == "caught"


def test_no_store(run):
    """Without an associated store, reads are rejected."""
    error = run(f"{IMPORT}async function handler(event) {{ return await store.get('a'); }}").error
    assert error.message == "Error: KeyValueStore is not associated with the function"


def test_meta(run):
    """meta() has the times in ISO 8601 and the number of keys."""
    meta = run(f"{IMPORT}async function handler(event) {{ return store.meta(); }}", store=STORE).result
    assert meta["keyCount"] == 3
    assert meta["creationDateTime"].endswith("Z")


def test_reads_together(run):
    """Several reads may wait at the same time."""
    source = f"{IMPORT}async function handler(e) {{ return Promise.all([store.get('text'), store.exists('none')]); }}"
    assert run(source, store=STORE).result == ["value", False]


@pytest.mark.parametrize(
    ("call", "choice"),
    [
        (
            "cf.updateRequestOrigin({ domainName: 'a.example' })",
            OriginChoice("updateRequestOrigin", {"domainName": "a.example"}),
        ),
        ("cf.selectRequestOriginById('blue')", OriginChoice("selectRequestOriginById", {}, "blue")),
        (
            "cf.createRequestOriginGroup({ originIds: ['a', 'b'] })",
            OriginChoice("createRequestOriginGroup", {"originIds": ["a", "b"]}),
        ),
    ],
)
def test_origin_helpers(run, event, call, choice):
    """The origin helpers record a choice; they return nothing, and work at viewer-request only."""
    source = f"import cf from 'cloudfront';\nfunction handler(event) {{ return {{ returned: {call} }}; }}"
    outcome = run(source)
    assert outcome.origin == choice
    assert outcome.result == {}
    event["context"]["eventType"] = "viewer-response"
    assert "viewer-request only" in run(source, event=event).error.message


def test_edge_location_and_custom_data(run):
    """cf.edgeLocation is what the host says; of cf.logCustomData, the last text counts."""
    source = (
        "import cf from 'cloudfront';\nfunction handler(event) {"
        " cf.logCustomData('one'); cf.logCustomData('x'.repeat(900)); return cf.edgeLocation; }"
    )
    outcome = run(source, edge_location={"name": "FRA56"})
    assert outcome.result == {"name": "FRA56"}
    assert outcome.custom_log == "x" * 800


def test_runtime_1_imports_nothing():
    """Runtime 1.0 has no import."""
    with pytest.raises(SyntaxRefused, match="Illegal import statement"):
        EdgeFunction.load("import cf from 'cloudfront';\nfunction handler() {}", "f.js", JS_1)


@pytest.mark.parametrize(
    ("returned", "kind"), [("", "undefined"), (" null", "null"), (" 'text'", "string"), (" { a: 1 }", "object")]
)
def test_kind_of_the_result(run, returned, kind):
    """An outcome tells undefined from null, which JSON does not."""
    assert run(f"function handler(e) {{ return{returned}; }}").returned == kind


def test_text_of_any_kind(value):
    """NUL and lone surrogates reach the result as JavaScript has them."""
    assert value("'a\\0b'") == "a\0b"
    assert value("'\\ud800'") == "\ud800"
    assert value("event.request.uri.length", event={"request": {"uri": "/\0é"}}) == 3
