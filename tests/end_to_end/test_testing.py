"""The tests that docs/testing.md shows pass with the template that it shows, in a project that has nothing else."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

DOCUMENT = Path(__file__).parents[2] / "docs" / "testing.md"
PYTEST = ("pytest", "-q", "-p", "no:cacheprovider", "--rootdir", ".")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


WHOLE_STACK = 'def test_login(distribution): assert distribution.get("/reports/1").status == 401'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with the document's template, its key and its tests."""
    blocks = dict(BLOCK.findall(DOCUMENT.read_text()))
    key = ec.generate_private_key(ec.SECP256R1())
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    (tmp_path / "test-key.pem").write_bytes(private)
    (tmp_path / "template.yaml").write_text(blocks["yaml"].replace('"PUBLIC_KEY"', json.dumps(public)))
    (tmp_path / "test_first.py").write_text(blocks["python"])
    return tmp_path


def run(folder: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    """A Python module's command in the project."""
    return subprocess.run([sys.executable, "-m", *command], cwd=folder, capture_output=True, text=True)


def test_first_five(folder: Path) -> None:
    """The tests pass, without a warning."""
    result = run(folder, *PYTEST)
    assert result.returncode == 0, result.stdout
    assert re.search("^5 passed in", result.stdout, re.MULTILINE)


def test_lint(folder: Path) -> None:
    """Lint finds nothing in the template."""
    result = run(folder, "cloudfront_local", "lint")
    assert (result.returncode, result.stdout) == (0, ""), result.stderr


@pytest.mark.long
def test_whole_stack(folder: Path) -> None:
    """The fixture `distribution` deploys the template."""
    (folder / "test_first.py").write_text(WHOLE_STACK)
    result = run(folder, *PYTEST)
    assert result.returncode == 0, result.stdout
    assert "1 passed" in result.stdout
