"""Programs in njs and here. njs 0.7.9, Debian's package, is the independent oracle: CloudFront's engine is a relative.

The programs are in programs.js. DIFFERENT has those whose outputs differ, with the reason, which FUNCTIONS.md lists.
"""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from cloudfront_local.functions.function import EdgeFunction
from cloudfront_local.functions.runtimes import JS_2
from cloudfront_local.functions.sandbox import Call
from cloudfront_local.functions.syntax.finding import SyntaxRefused
from cloudfront_local.functions.syntax.gate import findings

FOLDER = Path(__file__).parent
DOCUMENT = FOLDER.parents[1] / "FUNCTIONS.md"
PROGRAMS = [line for line in (FOLDER / "programs.js").read_text().splitlines() if line and not line.startswith("//")]
WRAPPED = """\
function run(program) { try { console.log(program()); } catch (e) { console.log(e.name + ': ' + e.message); } }
function handler(event) { run(() => (%s)); return event.request; }
"""

CODE_POINTS = "Strings are UTF-16, njs's are code points"
REGULAR_EXPRESSIONS = "Regular expressions are ECMAScript's, njs's are PCRE"
NUMBERS = "The last digit of a floating-point number"
NEWER = "njs 0.7.9 is older than the runtime 2.0"
TEXTS = "The text of a rare error"
NAMES = "Names of functions in arrays"
UPPER_CASE = "Upper case of single characters"

DIFFERENT = {
    "0.1 + 0.2": NUMBERS,
    "Math.cbrt(27)": NUMBERS,
    "Math.pow(2, 0.5)": NUMBERS,
    "typeof Array.from": NEWER,
    "new Date('2020-01-01T00:00:00+02:00').toISOString()": NEWER,
    "'😀'.length": CODE_POINTS,
    "'😀'.charCodeAt(0)": CODE_POINTS,
    "'ß'.toUpperCase()": UPPER_CASE,
    r"/a$/.test('a\n')": REGULAR_EXPRESSIONS,
    r"/./.test('\r')": REGULAR_EXPRESSIONS,
    r"/\s/.test('\u00a0')": REGULAR_EXPRESSIONS,
    "[() => 1]": NAMES,
    "[function f() { }]": NAMES,
    "({ get a() { return 1; } }).a = 2": TEXTS,
    "JSON.parse('[1,]')": TEXTS,
    "JSON.parse('x')": TEXTS,
    "null[Symbol.iterator]": TEXTS,
    "'abc'.repeat(-1)": TEXTS,
    "(1).toString(99)": TEXTS,
    "1 in 1": TEXTS,
    "new RegExp('(')": TEXTS,
    "(() => { var a = 1; a(); })()": TEXTS,
}

needs_njs = pytest.mark.skipif(shutil.which("njs") is None, reason="njs is missing: apt install njs")


def outputs_of_njs(programs: list[str], folder: Path) -> list[str]:
    """What njs prints for each program. One shell runs them all: a process of Python for each would take a minute."""
    for number, program in enumerate(programs):
        (folder / f"{number}.js").write_text(program)
    subprocess.run(["sh", "-c", "for f in *.js; do njs $f >$f.out 2>&1; done"], cwd=folder, check=False)
    return [(folder / f"{number}.js.out").read_text(errors="replace").rstrip("\n") for number in range(len(programs))]


def output_of_ours(program: str) -> str:
    try:
        outcome = EdgeFunction.load(program, "f.js").run(Call({"request": {}}))
    except SyntaxRefused as refused:
        return f"Thrown:\n{refused.findings[0].message}"
    return "\n".join([*outcome.logs, *([f"Thrown:\n{outcome.error.message}"] if outcome.error else [])])


def without_place(text: str) -> str:
    return re.sub(r" in \S+:\d+$", "", text)


@needs_njs
def test_programs(tmp_path):
    """Each program prints the same in njs and here, but for the listed differences, which are differences."""
    programs = [WRAPPED % program for program in PROGRAMS]
    theirs = outputs_of_njs([program + "handler({});\n" for program in programs], tmp_path)
    ours = [output_of_ours(program) for program in programs]
    different = {
        program: (our, their)
        for program, our, their in zip(PROGRAMS, ours, theirs, strict=True)
        if our != without_place(their)
    }
    assert len(PROGRAMS) > 500
    assert {program: pair for program, pair in different.items() if program not in DIFFERENT} == {}
    assert DIFFERENT.keys() - different.keys() == set()


# njs's messages for syntax. What njs reads in another way than as an error is not here.
SYNTAX = (FOLDER / "syntax.js").read_text().splitlines()
UNLIKE = re.compile(r"already been declared|Unexpected end of input|Unterminated|is forbidden|Duplicate __proto__")


@needs_njs
def test_syntax(tmp_path):
    """What njs refuses is refused here with njs's message, and what it accepts is accepted."""
    theirs = outputs_of_njs([f"{line}\n" for line in SYNTAX], tmp_path)
    wrong = {}
    for line, output in zip(SYNTAX, theirs, strict=True):
        errors = [found for found in findings(f"{line}\n", "f.js", JS_2) if found.message.startswith("SyntaxError")]
        errors += [found for found in findings(f"{line}\n", "f.js", JS_2) if "Invalid left-hand" in found.message]
        ours = errors[0].message if errors else ""
        message = re.search(r"(?:SyntaxError|ReferenceError: Invalid).*", without_place(output))
        njs = message[0] if message else ""
        if ours != njs and not (ours and UNLIKE.search(njs)):
            wrong[line] = (ours, njs)
    assert wrong == {}


def test_differences_are_documented():
    """FUNCTIONS.md names the reason of each difference."""
    document = DOCUMENT.read_text()
    assert [reason for reason in sorted(set(DIFFERENT.values())) if reason not in document] == []
