"""The parse gate: syntax and names that the runtimes do not have are refused, with their place."""

import pytest

from cloudfront_local.functions.function import EdgeFunction
from cloudfront_local.functions.runtimes import JS_1, JS_2
from cloudfront_local.functions.syntax.finding import SyntaxRefused
from cloudfront_local.functions.syntax.gate import findings

HANDLER = "\nfunction handler(event) { return event.request; }\n"

# Syntax, and njs's message: see test_njs.py, which asks njs itself.
REFUSED = {
    "for (const x of []) ;": 'Token "of" not supported in this version',
    "class A { }": 'Token "class" not supported in this version',
    "var A = class { };": 'Token "class" not supported in this version',
    "var o = { m() { return super.x; } };": 'Token "super" not supported in this version',
    "function f() { return new.target; }": 'Unexpected token "."',
    "var { a } = {};": 'Token "a" not supported in this version',
    "var [b, c] = [1];": 'Token "b" not supported in this version',
    "function f({ a }) { }": 'Token "{" not supported in this version',
    "function f([a]) { }": 'Token "[" not supported in this version',
    "var f = ({ a }) => a;": 'Unexpected token "=>"',
    "function f(a = 1) { }": 'Unexpected token "="',
    "var f = (a = 1) => a;": 'Unexpected token "=>"',
    "try { } catch ({ message }) { }": 'Token "{" not supported in this version',
    "try { } catch { }": 'Token "{" not supported in this version',
    "[handler, handler] = [1];": "Invalid left-hand side in assignment",
    "Math.max(...[1]);": 'Unexpected token "..."',
    "var a = [...[1]];": 'Unexpected token "..."',
    "var a = { ...{} };": 'Token "..." not supported in this version',
    "var a; a?.b;": 'Unexpected token ";"',
    "var a; a?.[0];": 'Unexpected token "["',
    "var a; a?.();": 'Unexpected token "("',
    "var a; a ??= 1;": 'Unexpected token "="',
    "var a; a ||= 1;": 'Unexpected token "="',
    "var a; a &&= 1;": 'Unexpected token "="',
    "function* g() { }": 'Unexpected token "*"',
    "var g = function* () { };": 'Token "*" not supported in this version',
    "var o = { *g() { } };": 'Unexpected token "*"',
    "var n = 10n;": 'Unexpected token "n"',
    "async function f() { for await (const x of []) ; }": 'Token "await" not supported in this version',
    "async function f(x) { f(await x); }": "await in arguments not supported",
    "async function f(x) { f(1, (await x)); }": "await in arguments not supported",
    "var x; await x;": "await is only valid in async functions",
    "import { a } from 'fs';": "Non-default import is not supported",
    "import * as a from 'fs';": "Non-default import is not supported",
    "import('fs');": "Non-default import is not supported",
    "export default 1;": "Illegal export statement",
    "export var a = 1;": "Illegal export statement",
    "/a/u;": 'Invalid RegExp flags "u"',
    "/a/gs;": 'Invalid RegExp flags "gs"',
    "with (handler) { }": 'Token "(" not supported in this version',
    "var a = 017;": 'Unexpected token "01"',
    "var a = ;": 'Unexpected token ";"',
    "return 1;": "Illegal return statement",
    "const a;": "missing initializer in const declaration",
    "function f(a, a) { }": "Duplicate parameter names",
    "break;": "Illegal break statement",
    "var t = <div></div>;": 'Unexpected token "<"',
    "var f = function () => 1;": "Unexpected token",
    "handler.#b;": 'Unexpected token "#"',
}

ACCEPTED = [
    "var f = (a) => a;",
    "var f = (a, ...rest) => rest;",
    "`a${1}`;",
    "handler`a${1}`;",
    "for (var x in { a: 1 }) ;",
    "for (const x in { a: 1 }) ;",
    "null ?? 1;",
    "2 ** 3;",
    "1_000;",
    "var o = { get a() { return 1; }, set a(v) { }, ['b' + 1]: 2, m() { }, handler };",
    "async function f(x) { return await x; }",
    "var f = async (x) => { const y = await x; return y; };",
    "var o = { async m(x) { await x; } };",
    "async function f(x) { return [await x, `${await x}`, (await x).y, x ? await x : 1]; }",
    "async function f(x) { try { await x; } finally { await x; } while (await x) ; if (await x) ; }",
    "async function f(x) { return f((async () => { await x; })()); }",
    "var f = function (a, b,) { };",
    "async function f() { } async function g() { await f(); const p = f(); return p; }",
    "outer: for (;;) { break outer; }",
    "/(?<year>\\d+)(?<=a)/giy;",
    "debugger;",
    "new Promise((resolve) => resolve(1));",
    "switch (1) { case 1: break; default: }",
    "'\\u{61}';",
]


@pytest.mark.parametrize("source", REFUSED)
def test_refused(source):
    """Syntax that the runtime does not have is refused, in the words of njs."""
    with pytest.raises(SyntaxRefused) as refused:
        EdgeFunction.load(source + HANDLER, "f.js")
    assert REFUSED[source] in refused.value.findings[0].message


@pytest.mark.parametrize("source", ACCEPTED)
def test_accepted(source):
    """Syntax that the runtime has passes, without a warning."""
    assert findings(source + HANDLER, "f.js", JS_2) == []


@pytest.mark.parametrize(
    ("source", "token"),
    [
        ("let a = 1;", "let"),
        ("const a = 1;", "const"),
        ("async function f() { }", "async"),
        ("var f = async () => 1;", "async"),
        ("var n = 1_000;", "_"),
        ("/a/y;", "y"),
        ("var b = Buffer.from('a');", "Buffer"),
        ("var b = atob('YQ==');", "atob"),
    ],
)
def test_refused_by_runtime_1(source, token):
    """Runtime 1.0 has no let, const and async functions, and fewer globals."""
    assert findings(source + HANDLER, "f.js", JS_2) == []
    found = findings(source + HANDLER, "f.js", JS_1)
    assert f'"{token}"' in found[0].message
    assert not found[0].is_warning


def test_every_finding_has_its_place():
    """All findings are reported at once, each with file, line, column and what to write instead."""
    source = "function handler(event) {\n  var é = 'ü'; for (const x of [1]) { }\n  return event?.request;\n}"
    with pytest.raises(SyntaxRefused) as refused:
        EdgeFunction.load(source, "src/f.js")
    assert str(refused.value).splitlines() == [
        'src/f.js:2:29: SyntaxError: Token "of" not supported in this version. Write a loop with an index, or forEach',
        'src/f.js:3:15: SyntaxError: Unexpected token ";". Test each step: a && a.b',
    ]


@pytest.mark.parametrize(
    ("source", "name", "advice"),
    [
        ("setTimeout(handler, 1);", "setTimeout", "no timers"),
        ("fetch('https://example.org');", "fetch", "no network"),
        ("process.env.NAME;", "process", "no environment variables"),
        ("exports.handler = handler;", "exports", "Remove the line"),
        ("module.exports = { handler };", "module", "Remove the line"),
        ("new Map();", "Map", "Use an object"),
        ("new URL('/');", "URL", "event.request.uri"),
        ("structuredClone({});", "structuredClone", "JSON.parse"),
    ],
)
def test_absent_globals(source, name, advice):
    """A global that the runtime does not have is refused before the first request."""
    [found] = findings(source + HANDLER, "f.js", JS_2)
    assert found.message == f'ReferenceError: "{name}" is not defined'
    assert advice in found.advice
    assert not found.is_warning


@pytest.mark.parametrize(
    "source",
    [
        "if (typeof module !== 'undefined') module.exports = { handler };",
        "try { exports.handler = handler; } catch (e) { }",
        "var Map = {}; Map.a;",
        "function f(process) { return process; }",
        "var f = (fetch) => fetch;",
        "var o = { fetch: 1 }; o.fetch;",
    ],
)
def test_guarded_and_own_names(source):
    """A name that the source tests, catches or declares is the source's own affair."""
    assert findings(source + HANDLER, "f.js", JS_2) == []


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("'😀';", "outside the Basic Multilingual Plane"),
        ("/\\Aabc/;", "as PCRE does"),
        ("/[[:alpha:]]/;", "as PCRE does"),
        ("console.log(1, 2);", "takes one value"),
        ("console.error(1);", "console.log only"),
        ("[1].flat();", 'no method "flat"'),
        ("'a'.at(0);", 'no method "at"'),
        ("async function f() { }\nf();", "Nothing awaits this promise"),
        ("const f = async () => 1;\nf();", "Nothing awaits this promise"),
        ("unknownName;", '"unknownName" is not defined'),
        ("import crypto from 'crypto';", "imports 'crypto'"),
        ("\nimport cf from 'cloudfront';", "on the first line"),
    ],
)
def test_warnings(source, message):
    """A difference that shows no error on one side is warned of."""
    function = EdgeFunction.load(source + HANDLER, "f.js")
    assert [message in warning.message for warning in function.warnings] == [True]


def test_constant_handler():
    """A handler that const declares works here, and is warned of."""
    function = EdgeFunction.load("const handler = (event) => event.request;", "f.js")
    assert "const or let" in function.warnings[0].message


def test_unreadable():
    """A source with NUL or a lone surrogate is refused."""
    with pytest.raises(SyntaxRefused, match=r"f\.js:2:1: SyntaxError: The source has a NUL"):
        EdgeFunction.load("function handler() {}\n\0", "f.js")
    with pytest.raises(SyntaxRefused, match="not UTF-8"):
        EdgeFunction.load("function handler() {} // \ud800", "f.js")


def test_loading_runs_nothing():
    """The gate compiles the source and does not run it."""
    EdgeFunction.load("while (true);\nfunction handler() {}", "f.js")
    with pytest.raises(SyntaxRefused):
        EdgeFunction.load("}); while (true); (function () {\nfunction handler() {}", "f.js")
