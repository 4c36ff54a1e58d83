"""A container engine for `sam local invoke`: the one that runs. Without one, skips and says why."""

import subprocess
import sys

import pytest

IMAGE = "public.ecr.aws/lambda/python:3.13-x86_64"

# In a process of its own, for the library leaves sockets open where there is no engine.
PROBE = """
import sys
import docker
from docker.errors import DockerException, ImageNotFound
try:
    docker.from_env(timeout=10).images.get(sys.argv[1])
except ImageNotFound:
    sys.exit(f"no image for SAM's container: `docker pull {sys.argv[1]}`")
except DockerException as error:
    sys.exit(f"no container engine: start Docker, or set DOCKER_HOST ({error})")
"""


@pytest.fixture(scope="session")
def engine() -> None:
    """Has the image that SAM builds upon."""
    probe = subprocess.run([sys.executable, "-c", PROBE, IMAGE], capture_output=True, text=True)
    if probe.returncode:
        pytest.skip(probe.stderr.strip().splitlines()[-1])
