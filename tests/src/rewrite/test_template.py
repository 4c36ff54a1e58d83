"""The template has the function's code."""

from pathlib import Path

from inline import TEMPLATE, inlined

REPOSITORY = Path(__file__).parents[3]


def test_in_step():
    """template.yaml holds a copy of src/rewrite/index.js."""
    template = (REPOSITORY / TEMPLATE).read_text()
    assert "FunctionCode: | # src/rewrite/index.js\n" in template
    assert inlined(template, REPOSITORY) == template, "Run `make inline`, which copies the code into template.yaml."
