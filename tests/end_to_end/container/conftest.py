"""A container engine for `sam local invoke`: the one that runs. Without one, skips and says why."""

from collections.abc import Iterator
from typing import Any

import docker
import pytest
from docker.errors import DockerException, ImageNotFound

IMAGE = "public.ecr.aws/lambda/python:3.13-x86_64"


@pytest.fixture(scope="session")
def engine() -> Iterator[Any]:
    try:
        engine = docker.from_env(timeout=10)
        engine.ping()
    except DockerException as error:
        pytest.skip(f"no container engine: start Docker, or set DOCKER_HOST ({error})")
    try:
        engine.images.get(IMAGE)
    except ImageNotFound:
        pytest.skip(f"no image for SAM's container: `docker pull {IMAGE}`")
    yield engine
    engine.close()
