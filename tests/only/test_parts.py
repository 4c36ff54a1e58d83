"""parts.toml: whatever it names is there, and every package of src/ belongs to somebody."""

from pathlib import Path

import pytest
from cfnlint.decode import decode

from only.parts import ALL, PARTS, TABLE

REPOSITORY = Path(__file__).parents[2]
FILES = [*TABLE["starter"]["files"], *(name for part in ALL.values() for name in part.files)]


@pytest.mark.parametrize("name", [name for name in FILES if "*" not in name])
def test_files(name):
    """Every file in the table is there."""
    assert (REPOSITORY / name).exists()


def test_packages():
    """Every folder of src/ is a function's, but for what they share."""
    folders = {path.parent.name for path in (REPOSITORY / "src").glob("*/__init__.py")}
    assert folders - {package for part in PARTS.values() for package in part.packages} == {"edge"}


def test_not_attachable():
    """Functions for the stack's own distribution alone: `attach` refuses those that `make only` does."""
    template, _ = decode(str(REPOSITORY / "template.yaml"))
    refused = {name for name, output in template["Outputs"].items() if "NotAttachable" in str(output["Value"])}
    of_parts = {
        f"{name.title().replace('_', '')}FunctionAssociation" for name, part in PARTS.items() if part.not_attachable
    }
    assert refused == of_parts & set(template["Outputs"]) == {"SignInFunctionAssociation"}


def test_instead():
    """Each text that is to be replaced stands in a document."""
    documents = "".join(path.read_text() for path in (REPOSITORY / "docs").glob("*.md"))
    assert [old for part in PARTS.values() for old, _ in part.instead if old not in documents] == []
