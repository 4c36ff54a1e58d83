"""The commands people run: `cloudfront-local lint`, and cfn-lint and sam, which .cfnlintrc brings the rules to."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

import cloudfront_local

HERE = Path(__file__).resolve().parent
# Where the tool is installed, or lies beside its tests.
TOOL = Path(cloudfront_local.__file__).parents[1]
FOLDER = str(TOOL / "cloudfront_local" / "lint" / "plugin")
MODULE = "cloudfront_local.lint.plugin"
BAD = str(HERE / "templates" / "E9013" / "bad.yaml")
GOOD = str(HERE / "templates" / "E9013" / "good.yaml")


@pytest.fixture
def run(tmp_path):
    """A command of this environment, started in a project whose settings name the rules."""

    def run(*command, rules=FOLDER, path=""):
        settings = {"regions": ["us-east-1"], "append_rules": [rules]}
        (tmp_path / ".cfnlintrc").write_text(json.dumps(settings))  # JSON is YAML.
        environment = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "SAM_CLI_TELEMETRY": "0", "PYTHONPATH": path}
        return subprocess.run(
            [str(Path(sys.executable).with_name(command[0])), *command[1:]],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


@pytest.mark.parametrize(
    ("rules", "path"),
    [(FOLDER, ""), (MODULE, str(TOOL)), (f"{MODULE}.lambda_at_edge", str(TOOL))],
    ids=["folder", "module", "file"],
)
def test_cfn_lint(rules, path, run):
    """A template that keeps every rule passes; one that breaks one fails the command, by line and rule."""
    result = run("cfn-lint", "--format", "parseable", GOOD, BAD, rules=rules, path=path)
    [line] = [line for line in result.stdout.splitlines() if ":E9" in line]
    assert line.startswith(
        f"{BAD}:16:7:16:14:E9013:Function (at viewer-request of Distribution's DefaultCacheBehavior)"
    )
    assert result.returncode != 0


def test_rules_that_are_not_there(run):
    """A command that does not find the rules says so and fails; it never passes a template without them."""
    result = run("cfn-lint", GOOD, rules="cloudfront_local.lint.plugins")
    assert (result.returncode, result.stdout) != (0, "")
    assert "Tried to append rules but got an error" in result.stdout + result.stderr


@pytest.mark.skipif(find_spec("samcli") is None, reason="sam is not installed")
def test_sam_validate(run):
    """`sam validate --lint` goes by the same rules."""
    result = run("sam", "validate", "--lint", "--region", "us-east-1", "--template", BAD)
    assert "[E9013: An edge function's timeout is at most 30 seconds]" in result.stdout
    assert "Linting failed" in result.stderr


@pytest.fixture
def lint(run):
    """`cloudfront-local lint` on a template, in the project with other settings."""

    def lint(*arguments):
        return run("python", "-m", "cloudfront_local", "lint", *map(str, arguments), path=str(TOOL))

    return lint


@pytest.mark.parametrize(
    ("form", "start"),
    [
        ("text", "E9013 Function (at viewer-request of "),
        ("github", f"::error file={BAD},line=16,col=7,title=E9013::Function (at viewer-request of "),
    ],
)
def test_formats(form, start, lint):
    """A finding is a line of text with its place, or an annotation of GitHub's."""
    result = lint(BAD, "--format", form)
    assert result.returncode == 1
    assert any(line.startswith(start) for line in result.stdout.splitlines())


def test_json(lint):
    """JSON has every finding with its rule, level and place."""
    found = json.loads(lint(BAD, "--format", "json").stdout)
    assert [(match["Rule"]["Id"], match["Level"], match["Location"]["Start"]["LineNumber"]) for match in found] == [
        ("I9001", "Informational", 12),
        ("E9013", "Error", 16),
    ]


@pytest.mark.skipif(find_spec("sarif_om") is None, reason="cfn-lint[sarif] is not installed")
def test_sarif(lint):
    """SARIF has the same."""
    [run] = json.loads(lint(BAD, "--format", "sarif").stdout)["runs"]
    assert [result["ruleId"] for result in run["results"]] == ["I9001", "E9013"]


def test_several(lint):
    """Several templates, as pre-commit names them, are linted in one run; one that is not there stops it."""
    other = HERE / "templates" / "E9011" / "bad.yaml"
    found = json.loads(lint(BAD, GOOD, other, "--format", "json").stdout)
    errors = [(match["Filename"], match["Rule"]["Id"]) for match in found if match["Level"] == "Error"]
    assert errors == [(str(other), "E9011"), (BAD, "E9013")]
    result = lint(BAD, "nowhere.yaml")
    assert (result.returncode, result.stdout) == (1, "")
    assert "There is no template nowhere.yaml." in result.stderr


def test_plan(lint):
    """--plan is the plan of all distributions: this one has no web ACL, which every plan asks for."""
    assert lint(GOOD).returncode == 0
    result = lint(GOOD, "--plan", "free")
    assert result.returncode == 1
    assert "E9103 Distribution, under the plan free, has no web ACL" in result.stdout


def test_errors_of_cfn_lint(lint, tmp_path):
    """A role that is not there is an error, too; cfn-lint's warnings are not shown."""
    template = tmp_path / "template.yaml"
    text = Path(GOOD).read_text().replace("arn:aws:iam::111122223333:role/edge", "!GetAtt Rolle.Arn")
    template.write_text(text.replace("Resources:", "Parameters: { Unused: { Type: String } }\nResources:"))
    result = lint(template)
    assert result.returncode == 1
    assert "E1010 'Rolle' is not one of " in result.stdout
    assert "W2001" not in result.stdout


def test_all_properties_in_globals(lint, tmp_path):
    """SAM takes AutoPublishAliasAllProperties in Globals, and so does lint."""
    template = tmp_path / "template.yaml"
    settings = "Globals: { Function: { AutoPublishAliasAllProperties: true } }\nResources:"
    template.write_text(Path(GOOD).read_text().replace("Resources:", settings))
    assert lint(template).returncode == 0


def test_not_yaml(lint, tmp_path):
    """A file that is no template is an error, not silence."""
    template = tmp_path / "template.yaml"
    template.write_text("Resources: [1")
    result = lint(template)
    assert (result.returncode, result.stdout[:5]) == (1, "E0000")


def test_explain(run):
    """A rule's explanation has all of its parts, the example among them."""
    result = run("python", "-m", "cloudfront_local", "lint", "--explain", "e9013", path=str(TOOL))
    assert result.stdout.startswith("E9013 An edge function's timeout is at most 30 seconds.\n\nWhy: ")
    assert "\n\nWhat to do: " in result.stdout
    assert "\n\nSource: https://" in result.stdout
    assert result.stdout.endswith(":\n\nbad:\n  Timeout: 31\ngood:\n  Timeout: 30\n")


def test_explain_unknown(run):
    """An id that is not here fails, and the ids that are here are named."""
    result = run("python", "-m", "cloudfront_local", "lint", "--explain", "E3006", path=str(TOOL))
    assert result.returncode == 1
    assert "There is no rule E3006 here. The rules are E9001, E9002, " in result.stderr


def test_nothing_is_said_twice(lint, tmp_path):
    """An unknown origin is one finding: cfn-lint has a rule of its own."""
    template = tmp_path / "template.yaml"
    template.write_text(Path(GOOD).read_text().replace("TargetOriginId: site", "TargetOriginId: sight"))
    found = [line for line in lint(template).stdout.splitlines() if "sight" in line]
    assert len(found) == 1
    assert found[0].startswith("E9030 NoSuchOrigin: Distribution has no origin sight.")
