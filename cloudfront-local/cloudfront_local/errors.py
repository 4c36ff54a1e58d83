class LocalError(Exception):
    """An error that the person at the terminal can correct. The text says what was wrong and what to do."""
