"""The window of a distribution, in Chromium."""

import hashlib
import subprocess
import tarfile

import pytest

AXE = "axe-core@4.14.1"
SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The text of axe-core, from npm's registry. Without npm or the registry, the tests are skipped."""
    folder = tmp_path_factory.mktemp("axe")
    try:
        subprocess.run(["npm", "pack", "--silent", AXE], cwd=folder, check=True, capture_output=True, timeout=60)
    except (OSError, subprocess.SubprocessError) as error:
        pytest.skip(f"no axe-core: `npm pack {AXE}` does not work here ({error})")
    with tarfile.open(next(folder.glob("*.tgz"))) as packed:
        file = packed.extractfile("package/axe.min.js")
        assert file is not None
        text = file.read()
    assert hashlib.sha256(text).hexdigest() == SHA256
    return text.decode()
