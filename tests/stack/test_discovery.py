import re
import sys

import pytest

from stack import commands

GREET = """
NAME = "greet"
HELP = "say hello"
PLACE = 0

def add_commands(parser):
    parser.set_defaults(run=lambda options, stack: print("Hello,", stack.name))
"""


@pytest.fixture
def greet(tmp_path, monkeypatch):
    """A further module in the folder of commands."""
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "greet.py").write_text(GREET)
    monkeypatch.setattr(commands, "__path__", [*commands.__path__, str(folder)])
    yield
    sys.modules.pop("stack.commands.greet", None)


@pytest.mark.usefixtures("greet")
def test_a_file_is_a_command(stack):
    """A module in the folder is a command. No list names it."""
    assert stack("greet") == (0, "Hello, shop\n", "")


@pytest.mark.usefixtures("greet")
def test_order(stack, capsys):
    """The help lists the commands by PLACE."""
    with pytest.raises(SystemExit, match="0"):
        stack("--help")
    listed = re.findall(r"^    ([a-z-]+) ", capsys.readouterr().out, re.MULTILINE)
    assert (listed[0], listed[-1]) == ("greet", "destroy")
