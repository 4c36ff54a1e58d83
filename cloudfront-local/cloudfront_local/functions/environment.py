"""The JavaScript that runs before a function's code: what QuickJS lacks is added, what it has in excess is removed.

Each call has a fresh context, so that the environment must be small. It depends on the words of the function's source:
a global that the source does not name is neither added nor removed, unless the source can reach globals by other ways.
The larger parts are compiled before the call if the source names them, else when they are first used.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import quickjs

from cloudfront_local.functions.runtimes import JS_1, JS_2
from cloudfront_local.functions.surface import excess

# With one of these words, a source reaches properties whose names it does not contain.
_REACHES_ALL = frozenset({"globalThis", "global", "this", "constructor", "__proto__", "prototype"})
_REACHES_ALL_BY = re.compile(r"getOwnProperty|getPrototypeOf|\\u")

# The part that has a global or a method, by the object and the name.
_ADDED = {
    ("G", "Date"): "clock",
    ("Math", "random"): "random",
    ("G", "console"): "console",
    ("G", "require"): "modules",
}
_ADDED_IN = {
    JS_1: _ADDED
    | {("String", "bytesFrom"): "bytestrings", ("G", "MemoryError"): "bytestrings"}
    | {("String.prototype", name): "bytestrings" for name in ("fromBytes", "fromUTF8", "toBytes", "toUTF8")},
    JS_2: _ADDED
    | {("G", "TextEncoder"): "text", ("G", "TextDecoder"): "text", ("G", "Buffer"): "buffer"}
    | {("G", "atob"): "base64", ("G", "btoa"): "base64"},
}
# The parts that a word of the source most probably uses: they are compiled with the environment, before the call.
_PREPARED = {
    "console": ("inspect", "console"),
    "Date": ("clock",),
    "random": ("random",),
    "crypto": ("modules", "crypto"),
    "querystring": ("modules", "querystring"),
    "digest": ("bytes",),
    "catch": ("messages",),
}
_PREPARED_IN_2 = {"Buffer": ("buffer",), "TextEncoder": ("text",), "TextDecoder": ("text",), "atob": ("base64",)}
_LIBRARY = """
    base64 buffer bytes bytestrings clock cloudfront console crypto inspect messages modules outcome querystring random
    text tools
"""


@dataclass(frozen=True)
class Environment:
    """The JavaScript that runs before a function's code. `library` is the text of the parts that are compiled late.
    `script` is the function's, for messages."""

    program: str
    library: str
    script: str

    def prepare(self, context: quickjs.Context) -> quickjs.Object:
        """Makes a fresh context the runtime. Returns the function that the host calls: see prelude/host.js."""
        context.set("library", self.library)
        context.set("source", self.script)
        return context.eval(self.program)


def environment(script: str, file_name: str, runtime: str, cloudfront: str = "") -> Environment:
    """The environment of a function with this script (see syntax/script.py). `cloudfront` is the name under which it
    imports the module of that name; empty if it does not.

    The program is one line: the function's own code begins on the second line, so that an error's position tells the
    two apart.
    """
    words = set(re.findall(r"[\w$]+", script))
    everything = bool(words & _REACHES_ALL) or _REACHES_ALL_BY.search(script) is not None
    added = [
        f"lazily({path}, '{name}', '{part}');"
        for (path, name), part in _ADDED_IN[runtime].items()
        if everything or name in words
    ]
    if everything:
        added.append("hide(G, 'global', G);")
    if cloudfront:
        added.append(f"lazily(G, '{cloudfront}', 'cloudfront', 'cloudfront');")
    removed = [
        f"delete {path.replace('globalThis', 'G')}[{json.dumps(name)}];"
        for path, names in excess(runtime).items()
        for name in names
        if everything or name in words
    ]
    prepared = [f"use('{part}');" for part in _prepared(words, runtime, cloudfront)]
    # A parameter of this name makes a call of it a direct eval, also after the global `eval` is closed.
    compiler = "const compile = (text) => eval(\"'use strict'; \" + text);"
    modern = f"const modern = {json.dumps(runtime == JS_2)}, fileName = {json.dumps(file_name)};"
    own = " ".join([compiler, modern, _part("base"), *removed, *added, _part("host"), _part("closed"), *prepared])
    program = f"(function (eval) {{ return (function () {{ 'use strict'; {own} return host; }})(); }})(eval)"
    return Environment(program, _library(), script)


def _prepared(words: set[str], runtime: str, cloudfront: str) -> list[str]:
    """The parts to compile with the environment."""
    by_word = _PREPARED | (_PREPARED_IN_2 if runtime == JS_2 else {})
    parts = [part for word, parts in by_word.items() if word in words for part in parts]
    return [*parts, "cloudfront", "outcome"] if cloudfront else parts


@cache
def _library() -> str:
    """Text reaches a context faster as a value than as a literal of a program."""
    return "\n" + "".join(f"{part}:{_part(part)}\n" for part in _LIBRARY.split())


@cache
def _part(name: str) -> str:
    lines = files("cloudfront_local.functions").joinpath("prelude", f"{name}.js").read_text("utf-8").splitlines()
    return " ".join(line.strip() for line in lines if not line.lstrip().startswith("//"))
