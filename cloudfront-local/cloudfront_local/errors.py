class LocalError(Exception):
    """Something that the person at the terminal can put right. The text says what was wrong and what to do."""
