"""What every suite of the edge's code shares."""

from collections.abc import Iterator

import pytest

from edge.http import close_connections


@pytest.fixture(autouse=True)
def no_connection_survives() -> Iterator[None]:
    """Each test begins without kept connections, and leaves none open."""
    yield
    close_connections()
