"""The events under events/ come from the stack as it is: a viewer who signs in, and the functions behind that."""

import logging
from pathlib import Path

import pytest

from cloudfront_local.serving.recording.recorder import result_of
from tests.events.record import EVENTS, VISITS, record


@pytest.mark.long
async def test_recorded(running_stack, tmp_path: Path) -> None:
    """The stack of today records the same. `make events` records what has changed on purpose."""
    logging.disable()  # the 403 and 404 that are asked for
    try:
        await record(running_stack.description, tmp_path)
    finally:
        logging.disable(logging.NOTSET)
    for visit in VISITS:
        for path in (tmp_path / f"{visit.name}.json", result_of(tmp_path / f"{visit.name}.json")):
            assert path.read_text() == (EVENTS / path.relative_to(tmp_path)).read_text(), path.relative_to(tmp_path)
