"""Functions without end, and with too much: each ends within its limit, and the next call works."""

import asyncio
import time

import pytest

from cloudfront_local.functions.function import EdgeFunction
from cloudfront_local.functions.process import WALL_SECONDS, FunctionProcess
from cloudfront_local.functions.runtimes import JS_2
from cloudfront_local.functions.sandbox import Call
from cloudfront_local.functions.syntax.finding import SyntaxRefused

TOO_LONG = "InternalError: the function ran too long"
NO_MEMORY = "MemoryError: the function used more than 2 MB of memory"
RECURSION = "RangeError: Maximum call stack size exceeded"
NEVER = "Error: the promise that the handler returned never settles"

# What the handler's body does instead of an answer, and how the call ends.
BODIES = {
    "loop": ("while (true);", TOO_LONG),
    "loop in try": ("try { while (true); } catch (e) { return 1; } finally { return 2; }", TOO_LONG),
    "catastrophic pattern": ("return /(a+)+$/.test('a'.repeat(50) + 'b');", TOO_LONG),
    "nested quantifiers": ("return /((((a*)*)*)*)*b/.test('a'.repeat(40));", TOO_LONG),
    "endless sort": ("[3, 1, 2].sort(() => { while (true); });", TOO_LONG),
    "native loop": ("Array(4294967295).includes(1);", TOO_LONG),
    "getter in the result": ("return { get a() { while (true); } };", TOO_LONG),
    "toJSON in the result": ("return { toJSON() { while (true); } };", TOO_LONG),
    "toString": ("var o = { toString() { while (true); } }; return '' + o;", TOO_LONG),
    "objects": ("var a = []; while (true) a.push({});", NO_MEMORY),
    "string doubled": ("var s = 'abc'; while (true) s += s;", ""),
    "long string": ("return 'x'.repeat(1e9).length;", NO_MEMORY),
    "long array": ("return new Array(1e8).fill(0).length;", NO_MEMORY),
    "closures": ("var f = null; while (true) { let g = f; f = () => g; }", NO_MEMORY),
    "bytes": ("return new Uint8Array(1e8).length;", NO_MEMORY),
    "recursion": ("(function r() { r(); })();", RECURSION),
    "mutual recursion": ("var a = () => b(), b = () => a(); a();", RECURSION),
    "recursive getter": ("var o = { get a() { return this.a; } }; return o.a;", RECURSION),
    "deep JSON": ("return JSON.parse('['.repeat(100000));", RECURSION),
    "deep result": ("var o = {}; for (var i = 0; i < 5000; i++) o = { o }; return o;", RECURSION),
    "cycle": ("var o = {}; o.o = o; return o;", "TypeError: Nested too deep or a cyclic structure"),
    "promise without end": ("return new Promise(() => 0);", NEVER),
    "throwing getter": ("return { get a() { throw new Error('got'); } };", "Error: got"),
    "replaced toJSON": ("Object.prototype.toJSON = () => { while (true); }; return {};", TOO_LONG),
}


def loaded(body: str, keyword: str = "") -> EdgeFunction:
    return EdgeFunction.load(f"{keyword}function handler(event) {{ {body} }}", "f.js", JS_2)


@pytest.mark.parametrize("name", BODIES)
def test_end_of_a_call(name):
    """A call ends within its limit, with an error that says why. The next call of the function works."""
    body, message = BODIES[name]
    function = loaded(f"if (event.request.uri === '/ok') return 'fine'; {body}")
    started = time.perf_counter()
    outcome = function.run(Call({"request": {"uri": "/"}}))
    assert time.perf_counter() - started < 1.5
    assert outcome.error.message.startswith(message)
    assert outcome.result is None
    assert function.run(Call({"request": {"uri": "/ok"}})).result == "fine"


@pytest.mark.parametrize(
    "body",
    [
        "while (true) await null;",
        "await new Promise((r) => { const go = () => { Promise.resolve().then(go); }; go(); });",
    ],
)
def test_endless_jobs(body):
    """Promises that go on for ever end as a loop does."""
    outcome = loaded(body, "async ").run(Call({"request": {}}))
    assert outcome.error.message == TOO_LONG
    assert outcome.utilization == 100


def test_endless_top_level():
    """The limits hold for the code outside of the handler too."""
    outcome = EdgeFunction.load("while (true);\nfunction handler() {}", "f.js").run(Call({"request": {}}))
    assert outcome.error.message == TOO_LONG


def test_two_megabytes():
    """A function may use nearly 2 MB."""
    assert loaded("return 'x'.repeat(1.8e6).length;").run(Call({"request": {}})).result == 1_800_000


@pytest.mark.parametrize(("size", "refused"), [(10_240, False), (10_241, True)])
def test_size(size, refused):
    """Code has 10,240 bytes at most; comments and characters of several bytes count."""
    source = "function handler(event) { return event.request; } // é"
    source += "x" * (size - len(source.encode()))
    if refused:
        with pytest.raises(SyntaxRefused, match="FunctionSizeLimitExceeded: the code has 10,241 bytes"):
            EdgeFunction.load(source, "f.js")
    else:
        assert "No source says" in EdgeFunction.load(source, "f.js").warnings[0].message


@pytest.mark.parametrize(
    "forged",
    ["{ status: 'returned', result: '{' }", "{ status: 'returned', result: 5 }", "[]", "null", "'text'", "undefined",
     "{ status: 'returned', result: '[]', logs: 1, origin: 2, customLog: 3, kind: 4 }"],
)  # fmt: skip
def test_forged_state(forged):
    """A replaced toJSON changes what the function tells of itself, and nothing else."""
    body = f"Object.prototype.toJSON = () => ({forged}); return {{}};"
    outcome = loaded(body).run(Call({"request": {}}))
    assert outcome.error or outcome.result == []
    read = "Object.prototype.toJSON = () => 5; return await cf.kvs().get('a');"
    function = EdgeFunction.load(f"import cf from 'cloudfront';\nasync function handler(event) {{ {read} }}", "f.js")
    assert function.run(Call({"request": {}})).error.message.startswith("TypeError: a read")


async def test_process():
    """In a process of its own, a function answers as in this one, call after call."""
    process = FunctionProcess(loaded("return event.request;"))
    try:
        outcomes = await asyncio.gather(*(process.run(Call({"request": {"n": n}})) for n in range(20)))
    finally:
        await process.close()
    assert [outcome.result for outcome in outcomes] == [{"n": n} for n in range(20)]


async def test_nested_result():
    """A result that is nested deeply comes back, or is an error of the call, and the process lives on."""
    body = "var o = {}; for (var i = 0; i < event.request.depth; i++) o = { o }; return o;"
    process = FunctionProcess(loaded(body))
    try:
        for depth in (100, 500, 900, 2000, 1):
            outcome = await process.run(Call({"request": {"depth": depth}}))
            assert outcome.error is None or "process" not in outcome.error.message, depth
        assert outcome.result == {"o": {}}
    finally:
        await process.close()


@pytest.mark.parametrize(
    "native",
    [
        "var s = 'a'.repeat(600000), t = 'a'.repeat(300000) + 'b'; s.indexOf(t);",
        "var a = []; for (var i = 0; i < 40; i++) a = [a, a]; return a;",
    ],
)
async def test_native_code(native):
    """QuickJS cannot be interrupted in some native code: the process ends. The event loop and the next call go on."""
    process = FunctionProcess(loaded(f"if (event.request.uri === '/ok') return 'fine'; {native}"))
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.01)
            ticks += 1

    ticking = asyncio.create_task(tick())
    started = time.perf_counter()
    try:
        outcome = await process.run(Call({"request": {"uri": "/"}}))
        assert time.perf_counter() - started < WALL_SECONDS + 1
        assert outcome.error.message == TOO_LONG
        assert ticks > 50
        assert (await process.run(Call({"request": {"uri": "/ok"}}))).result == "fine"
    finally:
        ticking.cancel()
        await process.close()


async def test_cancelled_call():
    """A caller that goes away takes its answer along: the next caller gets its own."""
    process = FunctionProcess(loaded("return event.request.uri;"))
    try:
        await process.start()
        first = asyncio.create_task(process.run(Call({"request": {"uri": "/first"}})))
        await asyncio.sleep(0)
        first.cancel()
        assert (await process.run(Call({"request": {"uri": "/second"}}))).result == "/second"
    finally:
        await process.close()
