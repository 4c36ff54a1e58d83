"""Files are for those who signed in."""


def test_no_file_without_a_user(running_stack) -> None:
    """No file without a password, and none that was in the cache."""
    assert running_stack.get("/files/hello", "demo:demo").status == 200
    assert running_stack.get("/files/hello").status == 401
