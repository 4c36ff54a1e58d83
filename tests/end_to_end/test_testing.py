"""The tests that docs/testing.md shows pass with the template that it shows, in a project that has nothing else."""

import json
import re
import subprocess
import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

DOCUMENT = Path(__file__).parents[2] / "docs" / "testing.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_first_five(tmp_path: Path) -> None:
    blocks = dict(BLOCK.findall(DOCUMENT.read_text()))
    key = ec.generate_private_key(ec.SECP256R1())
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    (tmp_path / "test-key.pem").write_bytes(private)
    (tmp_path / "template.yaml").write_text(blocks["yaml"].replace('"PUBLIC_KEY"', json.dumps(public)))
    (tmp_path / "test_first.py").write_text(blocks["python"])
    command = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path))
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout
    assert "5 passed" in result.stdout
