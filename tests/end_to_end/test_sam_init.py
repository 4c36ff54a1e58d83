"""A copy of the repository by `sam init`."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]


@pytest.mark.long
@pytest.mark.skipif(not (REPOSITORY / ".git").exists(), reason="sam takes a repository")
def test_sam_init(tmp_path):
    """`sam init --location` copies every file as it is, programs stay programs, and make works there."""
    sam = Path(sys.executable).with_name("sam")
    environment = {**os.environ, "HOME": str(tmp_path), "SAM_CLI_TELEMETRY": "0"}
    subprocess.run(["git", "clone", "--quiet", REPOSITORY, "origin"], cwd=tmp_path, check=True)
    command = [sam, "init", "--location", f"git+file://{tmp_path}/origin", "--name", "my-edge", "--no-input"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    listed = subprocess.run(["git", "ls-files"], cwd=tmp_path / "origin", check=True, capture_output=True, text=True)
    for name in listed.stdout.splitlines():
        original, copy = tmp_path / "origin" / name, tmp_path / "my-edge" / name
        assert (copy.read_bytes(), copy.stat().st_mode) == (original.read_bytes(), original.stat().st_mode), name
    made = subprocess.run(["make", "-n", "local"], cwd=tmp_path / "my-edge", capture_output=True, text=True)
    assert "cloudfront_local serve" in made.stdout
