"""The message of a failure."""

from cloudfront_local.distribution.failure import FunctionFailed


def test_a_failure_is_one_line():
    """`str()` is the function's name and the message on one line. The attributes keep their line breaks."""
    failed = FunctionFailed("error", "greeter", "ValueError: one\n  two", "Traceback ...")
    assert str(failed) == "greeter: ValueError: one two"
    assert (failed.kind, failed.function, failed.message) == ("error", "greeter", "ValueError: one\n  two")
    assert failed.detail == "Traceback ..."
