"""The events under events/redirect."""

from redirect.handler import handler


def test_recorded(recorded, edge):
    """Each event has its recorded result."""
    assert edge(handler)(recorded.event) == recorded.result
