import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from authorizer.passwords import verify_password

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def stored(aws):
    """The users in the table: their password hashes by name."""

    def read():
        items = aws.dynamodb.scan(TableName=aws.table)["Items"]
        return {item["username"]["S"]: item["password"]["S"] for item in items}

    return read


def test_add(stack, stored):
    """A password from standard input is stored as a hash that the authorizer takes."""
    assert stack("users", "add", "ada", stdin="p:ss wörd\n") == (0, "", "ada may now sign in to shop.\n")
    assert list(stored()) == ["ada"]
    assert verify_password("p:ss wörd", stored()["ada"])


def test_add_generated(stack, stored):
    """Standard output holds only the generated password."""
    result = stack("users", "add", "ada", "--generate")
    assert (result.status, result.stderr) == (0, "ada may now sign in to shop. The password, shown only once:\n")
    password = result.stdout.removesuffix("\n")
    assert len(password) == 20
    assert verify_password(password, stored()["ada"])


def test_add_twice(stack, stored):
    """An existing user is not replaced without --replace."""
    stack("users", "add", "ada", stdin="first\n")
    assert stack("users", "add", "ada", stdin="second\n") == (
        1,
        "",
        "There is already a user 'ada'. To set a new password, add --replace.\n",
    )
    assert verify_password("first", stored()["ada"])
    assert stack("users", "add", "ada", "--replace", stdin="second\n").status == 0
    assert verify_password("second", stored()["ada"])


def test_add_composes_names(stack, stored):
    """A name is stored in NFC, as the authorizer reads it."""
    assert stack("users", "add", "Ame\u0301lie", stdin="secret\n").status == 0
    assert list(stored()) == ["Am\xe9lie"]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", "is empty"),
        ("a:b", "contains a colon, which basic authentication does not allow"),
        ("a\tb", "contains a control character"),
        ("a\x7fb", "contains a control character"),
        ("ä" * 129, "is longer than 256 bytes"),
        ("a\udcff", "is not UTF-8"),
    ],
)
def test_add_refuses_names(stack, stored, name, problem):
    """An invalid name is refused before the password is asked for."""
    assert stack("users", "add", name, stdin="secret\n") == (1, "", f"The name {name!r} {problem}. Choose another.\n")
    assert stored() == {}


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("", "is empty"),
        ("a\x00b", "contains a control character"),
        ("ä" * 513, "is longer than 1024 bytes"),
    ],
)
def test_add_refuses_passwords(stack, stored, password, problem):
    """An invalid password is refused, and the message does not quote it."""
    result = stack("users", "add", "ada", stdin=f"{password}\n")
    assert result == (1, "", f"The password {problem}. Choose another.\n")
    assert stored() == {}


def test_longest(stack, stored):
    """The longest name and password are taken, and all other allowed characters."""
    assert stack("users", "add", "ä" * 128, stdin="ü" * 512 + "\n").status == 0
    assert verify_password("ü" * 512, stored()["ä" * 128])


def test_password_is_no_argument(stack, capsys):
    """A password is not an argument, because it would be in the shell's history and the list of processes."""
    with pytest.raises(SystemExit):
        stack("users", "add", "ada", "--password", "secret")
    assert "unrecognized arguments: --password secret" in capsys.readouterr().err


def read_until(terminal, text):
    """The output of a terminal, up to and including a text."""
    shown = ""
    while text not in shown:
        shown += os.read(terminal, 1000).decode()
    return shown


@pytest.mark.parametrize(
    ("typed", "status", "message"),
    [
        (("secret", "secret"), 0, "ada may now sign in to shop."),
        (("secret", "secert"), 1, "The two passwords differ. Nothing was changed. Run the command again."),
    ],
)
def test_terminal(stored, typed, status, message):
    """At a terminal the password is asked for twice and not shown."""
    terminal, theirs = pty.openpty()
    command = [sys.executable, "-m", "stack", "users", "add", "ada"]
    environment = {**os.environ, "PYTHONPATH": f"{REPOSITORY}:{REPOSITORY}/cloudfront-local"}
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True):
        os.close(theirs)
        shown = read_until(terminal, "Password for ada: ")
        os.write(terminal, f"{typed[0]}\n".encode())
        shown += read_until(terminal, "Repeat the password: ")
        os.write(terminal, f"{typed[1]}\n".encode())
        shown += read_until(terminal, message)
    os.close(terminal)
    assert not any(password in shown for password in typed)
    assert list(stored()) == (["ada"] if status == 0 else [])


def test_remove(stack, stored):
    """A user is removed, and others are not."""
    stack("users", "add", "ada", stdin="secret\n")
    stack("users", "add", "bob", stdin="secret\n")
    assert stack("users", "remove", "ada") == (
        0,
        "",
        "ada is removed from shop. The edge may still accept the password for up to a minute.\n",
    )
    assert list(stored()) == ["bob"]


def test_remove_absent(stack):
    """The removal of an unknown user is an error."""
    assert stack("users", "remove", "ada") == (
        1,
        "",
        "There is no user 'ada' in shop. To see all users, run `users list`.\n",
    )


def test_list(stack):
    """The names are listed in order, one in a line, without hashes."""
    assert stack("users", "list") == (0, "", "shop has no users yet. Add one with `users add NAME`.\n")
    for name in ("bob", "ada", "é"):
        stack("users", "add", name, stdin="secret\n")
    assert stack("users", "list") == (0, "ada\nbob\né\n", "")


def test_list_many(stack, aws):
    """A table with several pages is listed completely."""
    names = [f"user-{number:05}" for number in range(60)]
    for name in names:
        item = {"username": {"S": name}, "password": {"S": "x" * 20_000}}  # DynamoDB: a page of at most 1 MB
        aws.dynamodb.put_item(TableName=aws.table, Item=item)
    assert stack("users", "list").stdout.splitlines() == names
