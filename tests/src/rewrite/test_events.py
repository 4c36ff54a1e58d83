"""The events under events/rewrite."""


def test_recorded(recorded, edge):
    """Each event has its recorded result."""
    assert edge("src/rewrite/index.js")(recorded.event) == recorded.result
