"""Marks in texts: what stays for whom."""

from pathlib import Path

import pytest

from only.marks import END, MARK, cut
from only.parts import ALL, TABLE

REPOSITORY = Path(__file__).parents[2]
MARKED = sorted(path for pattern in TABLE["marked"] for path in REPOSITORY.glob(pattern))


@pytest.mark.parametrize(
    ("text", "kept", "rest"),
    [
        ("a\nb # only: signer\n", ["signer"], "a\nb\n"),
        ("a\nb  # only: signer\n", ["router"], "a\n"),
        ("a # only: signer router\n", ["router"], "a\n"),
        ("# only: signer\na\n# end\nb\n", ["signer"], "a\nb\n"),
        ("# only: signer\na\n# end\nb\n", ["router"], "b\n"),
        ("# only: signer\na\n# only: router\nb\n# end\n# end\nc\n", ["signer"], "a\nc\n"),
        ("# only: signer\na\n# only: router\nb\n# end\n# end\nc\n", ["router"], "c\n"),
        ("a\n\n  # only: signer\n  b\n  # end\n\nc\n", ["router"], "a\n\nc\n"),
        ("key:\n  # only: signer\n  b\n  # end\n\n  c\n", ["router"], "key:\n  c\n"),
        ("a\n\n# only: signer\nb\n# end\n", ["router"], "a\n"),
        ("| a | b <!-- only: signer --> |\n", ["signer"], "| a | b |\n"),
        ("| a | b <!-- only: signer --> |\n", ["router"], "\n"),
        ("<!-- only: signer -->\na\n<!-- end -->\nb\n", ["router"], "b\n"),
        ("# Machines only: tokens, no people.\n", ["router"], "# Machines only: tokens, no people.\n"),
    ],
)
def test_cut(text, kept, rest):
    """A mark concerns its line, or the lines down to its end; what stays has no mark."""
    assert cut(text, kept) == rest


@pytest.mark.parametrize("path", MARKED, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_marks(path):
    """Every mark names functions that there are, and every mark that is alone on its line has its end."""
    depth = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        if mark := MARK.search(line):
            names = (mark["names"] or mark["named"]).split()
            assert set(names) <= {*ALL, "starter"}, line
            depth += not line[: mark.start()].strip()
        depth -= bool(END.fullmatch(line))
        assert depth >= 0, line
    assert depth == 0


@pytest.mark.parametrize("path", MARKED, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_all_kept(path):
    """With everything kept, nothing but the marks goes, and no line moves."""
    text = path.read_text(encoding="utf-8")
    lines = [MARK.sub("", line) for line in text.splitlines() if not END.fullmatch(line)]
    alone = [bool(MARK.search(line)) for line in text.splitlines() if not END.fullmatch(line)]
    assert cut(text, [*ALL, "starter"]).splitlines() == [
        line for line, marked in zip(lines, alone, strict=True) if line or not marked
    ]
