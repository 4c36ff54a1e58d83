"""The events under events/security_headers."""

from security_headers.handler import handler


def test_recorded(recorded, edge):
    """Each event has its recorded result."""
    assert edge(handler)(recorded.event) == recorded.result
