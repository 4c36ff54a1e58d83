"""The options of `serve`: the command line, the shell's variables, and the project's own settings."""

import argparse
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from cloudfront_local import options
from cloudfront_local.aws.project import SETTINGS as SETTINGS_OF_PROJECT
from cloudfront_local.errors import LocalError

SETTINGS = """
[tool.cloudfront-local]
port = 8123
edge-region = "eu-west-1"
parameter-overrides = ["Greeting=hello", "Color=red"]
"""


@pytest.fixture
def chosen(tmp_path, monkeypatch):
    """The options of a command line, in a folder whose pyproject.toml has `settings`."""
    for variable in ("PORT", "AWS_PORT", "WINDOW_PORT", "HTTPS_PORT"):
        monkeypatch.delenv(variable, raising=False)

    def choose(*arguments, settings=SETTINGS):
        (tmp_path / "pyproject.toml").write_text(settings)
        arguments = ["--template", str(tmp_path / "template.yaml"), *arguments]
        parser = argparse.ArgumentParser(parents=[options.template()])
        options.add(parser, options.settings(arguments))
        return parser.parse_args(arguments)

    return choose


def test_settings(chosen):
    """Where the command line says nothing, the project's settings count, and then the tool's own."""
    found = chosen()
    assert (found.port, found.aws_port, found.edge_region) == (8123, 0, "eu-west-1")
    assert found.parameter_overrides == ["Greeting=hello", "Color=red"]


def test_settings_of_readme(chosen):
    """The README's settings are all that there are, and the tool takes them."""
    readme = (Path(__file__).parents[1] / "README.md").read_text()
    settings = readme.partition("```toml\n[tool.cloudfront-local]\n")[2].partition("```")[0]
    assert set(tomllib.loads(settings)) == SETTINGS_OF_PROJECT
    found = chosen(settings=f"[tool.cloudfront-local]\n{settings}")
    assert (found.window, found.window_port, found.keep, found.https) == (True, 8081, False, False)


@pytest.mark.parametrize(
    ("setting", "name", "value"),
    [
        ("window = false", "window", False),
        ("window-port = 8090", "window_port", 8090),
        ("https = true", "https", True),
        ("https-port = 9443", "https_port", 9443),
        ('distribution = "Shop"', "distribution", "Shop"),
        ("pass-through = true", "pass_through", True),
        ("keep = true", "keep", True),
    ],
)
def test_each_setting(chosen, setting, name, value):
    """A setting changes the option's default."""
    assert getattr(chosen(settings=f"[tool.cloudfront-local]\n{setting}\n"), name) == value


@pytest.mark.parametrize("name", ["https", "window", "keep", "pass-through"])
def test_not_a_switch(chosen, name):
    """A setting that is true or false has no other values."""
    with pytest.raises(LocalError, match=rf"\[tool.cloudfront-local\] {name} is 'no'\. Write true or false\."):
        chosen(settings=f'[tool.cloudfront-local]\n{name} = "no"\n')


def test_fresh(chosen):
    """--fresh comes before the project's `keep = true`."""
    settings = "[tool.cloudfront-local]\nkeep = true\n"
    assert not chosen("--fresh", settings=settings).keep
    assert chosen("--fresh", "--keep").keep


def test_command_line(chosen):
    """The command line comes before the project's settings."""
    found = chosen("--port", "0", "--edge-region", "us-west-2", "--parameter-overrides", "Color=blue")
    assert (found.port, found.edge_region, found.parameter_overrides) == (0, "us-west-2", ["Color=blue"])


def test_variable(chosen, monkeypatch):
    """The shell's variable comes before the project's settings."""
    monkeypatch.setenv("PORT", "9000")
    assert chosen().port == 9000


def test_one_string(chosen):
    """Parameters may stand in one string, as in samconfig.toml."""
    found = chosen(settings='[tool.cloudfront-local]\nparameter-overrides = "Greeting=hello Color=red"\n')
    assert found.parameter_overrides == ["Greeting=hello Color=red"]


@pytest.mark.parametrize("port", ["65536", "-1", "٣", "1e3", "9" * 5000])
def test_port(chosen, port):
    """A port is a number from 0 to 65535."""
    with pytest.raises(SystemExit):
        chosen(f"--port={port}")


def test_viewer(chosen):
    """The viewer's country and device come from the command line, else from the settings, else they are the usual."""
    usual = chosen()
    assert (usual.viewer_country.country, usual.viewer_device) == ("US", None)
    settings = '[tool.cloudfront-local]\nviewer-country = "NZ"\nviewer-device = "tablet,ios"\n'
    set_ = chosen(settings=settings)
    assert (set_.viewer_country.city, set_.viewer_device) == ("Auckland", {"tablet", "ios"})
    given = chosen("--viewer-country", "de", "--viewer-device", "auto", settings=settings)
    assert (given.viewer_country.country, given.viewer_device) == ("DE", None)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--viewer-country", "XX"], "'XX' is not a country. Give a two-letter code of ISO 3166-1, such as NZ."),
        (["--viewer-device", "watch"], "'watch' is not a device. Give desktop, mobile, tablet or smart-tv"),
        (["--viewer-device", "ios"], "'ios' is not a device."),
    ],
)
def test_no_such_viewer(chosen, capsys, arguments, says):
    """A country that there is not, and a device that CloudFront has no header for, are refused in one line."""
    with pytest.raises(SystemExit):
        chosen(*arguments)
    assert says in capsys.readouterr().err.splitlines()[-1]


def test_unknown_setting(tmp_path):
    """A setting that the tool does not have is refused by its name, with those that it has."""
    (tmp_path / "pyproject.toml").write_text("[tool.cloudfront-local]\nprot = 8123\n")
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    command = [sys.executable, "-m", "cloudfront_local", "serve"]
    run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (
        1,
        f"{tmp_path}/pyproject.toml: [tool.cloudfront-local] has no setting prot. "
        f"Its settings are: {', '.join(sorted(SETTINGS_OF_PROJECT))}.\n",
    )
