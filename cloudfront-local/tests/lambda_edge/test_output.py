"""Lines that a function prints reach the console, with the function's name and the request's id."""

import pytest

from cloudfront_local.distribution.failure import FunctionFailed


async def test_prints_carry_name_and_request(function):
    """Lines of stdout and stderr keep their order; lines of the initialization have no id."""
    function.write("""
import sys
print("loading")
def handler(event, context):
    print("one\\ntwo")
    print("careful", file=sys.stderr)
    print("ünfinished", end="")
    return context.aws_request_id
""")
    async with function.running() as runtime:
        first = await runtime.invoke(function.arn, None)
        second = await runtime.invoke(function.arn, None)
    name = "shop-Greeter-1A2B"
    lines = ["one", "two", "careful", "ünfinished"]
    assert function.printed == [
        (name, "", "loading"),
        *[(name, first, line) for line in lines],
        *[(name, second, line) for line in lines],
    ]


async def test_megabytes_are_relayed_before_the_result(function):
    """Printing far more than a pipe holds neither blocks the function nor loses a line."""
    function.write("def handler(event, context):\n    for n in range(event): print(f'{n:099}')\n    return 'done'")
    async with function.running() as runtime:
        assert await runtime.invoke(function.arn, 30_000) == "done"
        assert function.lines == [f"{number:099}" for number in range(30_000)]


async def test_a_line_without_end_is_cut(function):
    """A line of a megabyte is split into pieces, and no byte is lost."""
    function.write("def handler(event, context): print('x' * 1_000_000)")
    await function.invoke()
    assert len(function.lines) > 1
    assert "".join(function.lines) == "x" * 1_000_000


async def test_bytes_that_are_not_utf_8_are_replaced(function):
    """Bytes that are not UTF-8 do not stop the output."""
    function.write("import os\ndef handler(event, context): os.write(1, b'a\\xffb\\n')")
    await function.invoke()
    assert function.lines == ["a\ufffdb"]


async def test_a_function_that_closes_its_output(function):
    """A function may close stdout and stderr; its requests are still answered."""
    function.write("import os\ndef handler(event, context):\n    os.closerange(1, 3)\n    return 'fine'")
    async with function.running() as runtime:
        assert [await runtime.invoke(function.arn, None) for _ in range(2)] == ["fine", "fine"]


async def test_lines_before_an_exit_are_relayed(function):
    """Lines that a process printed before it ended are shown, with the request's id."""
    function.write("import os\ndef handler(event, context):\n    print('here we go')\n    os._exit(1)")
    async with function.running() as runtime:
        with pytest.raises(FunctionFailed, match="exit status 1"):
            await runtime.invoke(function.arn, None)
        [(_, request_id, line)] = function.printed
    assert line == "here we go"
    assert len(request_id) == 36
