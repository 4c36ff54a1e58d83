class OnlyError(Exception):
    """Why nothing was changed. The text says what was wrong and what to do."""
