"""Files are for those who signed in."""


def test_no_file_without_a_user(distribution) -> None:
    """No file without a password, and none that was in the cache."""
    assert distribution.get("/files/hello", user=("demo", "demo")).status == 200
    assert distribution.get("/files/hello").status == 401
