"""`make new`: what it makes is whole, and it refuses what cannot be."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cfnlint.decode import decode

from new.__main__ import main
from only.marks import cut
from only.parts import PARTS as FUNCTIONS
from stack import attachments

REPOSITORY = Path(__file__).parents[2]
PARTS = (
    "Makefile",
    "docs",
    "events",
    "new",
    "pipeline.yaml",
    "pyproject.toml",
    "src",
    "template.yaml",
    "tests",
    ".cfnlintrc",
)
MADE = {
    "geo": "viewer-request",
    "pick_origin": "origin-request",
    "tidy": "origin-response",
    "stamp": "viewer-response",
}
Run = Callable[..., "subprocess.CompletedProcess[str]"]


def copy_of_parts(folder: Path) -> None:
    for part in PARTS:
        if (REPOSITORY / part).is_dir():
            shutil.copytree(REPOSITORY / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(REPOSITORY / part, folder / part)
    (folder / "cloudfront-local").symlink_to(REPOSITORY / "cloudfront-local")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A repository to add functions to. Its cloudfront-local is this one's."""
    folder = Path(tmp_path_factory.mktemp("new"))
    copy_of_parts(folder)
    return folder


@pytest.fixture(scope="module")
def run(folder) -> Run:
    """Runs a module of Python in the repository."""
    return lambda *arguments: subprocess.run(
        [sys.executable, "-m", *arguments], cwd=folder, capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def made(folder, run) -> Path:
    """The repository with a function for each event type, its blocks pasted as the command says."""
    template = folder / "template.yaml"
    for name, event in MADE.items():
        done = run("new", name, event)
        assert (done.returncode, done.stderr) == (0, "")
        resources = re.search(r"under Resources:\n\n(.*?)\n2\. ", done.stdout, re.DOTALL)[1]
        association = re.findall(r" +- EventType: .*\n.*\n", done.stdout)[-1]
        text = template.read_text().replace("Resources:\n", f"Resources:\n{resources}\n", 1)
        template.write_text(_associated(text, association))
    return folder


def _associated(template: str, association: str, name: str = "") -> str:
    """The template with a behavior of its own for the function. A `name` is that of a CloudFront Function."""
    key = "FunctionAssociations" if name else "LambdaFunctionAssociations"
    name = name or re.search(r"!Ref (\w+)Function", association)[1].lower()
    behavior = f"""\
          - PathPattern: /{name}/*
            TargetOriginId: site
            ViewerProtocolPolicy: redirect-to-https
            CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6
            {key}:
"""
    if "        CacheBehaviors:" not in template:
        template = template.replace("\nOutputs:", "        CacheBehaviors:\n\nOutputs:", 1)
    return re.sub(r"(        CacheBehaviors:.*\n)", lambda line: line[0] + behavior + association, template, count=1)


@pytest.mark.long
def test_checks(made, run):
    """What is made, and the template with its blocks, pass the repository's own checks."""
    for check in (("ruff", "check", "--no-cache"), ("ruff", "format", "--check", "--no-cache")):
        done = run(*check, "src", *(f"tests/src/{name}" for name in MADE))
        assert done.returncode == 0, done.stdout
    done = run("mypy", "--cache-dir", "/dev/null", *(f"src/{name}" for name in MADE))
    assert done.returncode == 0, done.stdout
    # The behaviors that this test adds have no authorizer, on purpose: W9061. E3724: see .cfnlintrc.
    lint = [Path(sys.executable).with_name("cfn-lint"), "--ignore-checks", "W9061", "E3724"]
    done = subprocess.run(lint, cwd=made, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


def test_tests(made, run):
    """Its tests pass, and one fails once the function returns nothing."""
    tests = ("pytest", "-q", "-p", "no:cacheprovider", *(f"tests/src/{name}" for name in MADE))
    done = run(*tests)
    assert f"{2 * len(MADE)} passed" in done.stdout, done.stdout
    handler = made / "src" / "geo" / "handler.py"
    whole = handler.read_text()
    handler.write_text(whole.replace("return request", "return None"))
    assert "2 failed" in run(*tests).stdout
    handler.write_text(whole)


@pytest.fixture(scope="module")
def in_javascript(folder, run) -> Path:
    """The repository with two CloudFront Functions, each on a behavior of its own."""
    template = folder / "template.yaml"
    for name, *more in (("tag", "viewer-request"), ("mark", "viewer-response", "--runtime", "cloudfront-js-1.0")):
        done = run("new", name, *more, *(() if more[1:] else ("--runtime", "cloudfront-js-2.0")))
        assert (done.returncode, done.stderr) == (0, "")
        assert "a line in src/Makefile" not in done.stdout
        resources = re.search(r"under Resources:\n\n(.*?)\n2\. ", done.stdout, re.DOTALL)[1]
        association = re.findall(r" +- EventType: .*\n.*\n", done.stdout)[-1]
        assert "FunctionAssociations" in done.stdout
        text = template.read_text().replace("Resources:\n", f"Resources:\n{resources}\n", 1)
        template.write_text(_associated(text, association, name))
    return folder


def test_cloudfront_functions(in_javascript, run):
    """What is made passes lint and its tests. An edit without `make inline` fails one, a wrong result two more."""
    lint = [Path(sys.executable).with_name("cfn-lint"), "--ignore-checks", "W9061", "E3724"]
    done = subprocess.run(lint, cwd=in_javascript, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")
    tests = ("pytest", "-q", "-p", "no:cacheprovider", "tests/src/tag", "tests/src/mark", "tests/src/test_inline.py")
    done = run(*tests)
    assert "7 passed" in done.stdout, done.stdout
    source = in_javascript / "src" / "tag" / "index.js"
    whole = source.read_text()
    source.write_text(whole.replace("return request", "return null"))
    assert "3 failed" in run(*tests).stdout
    subprocess.run([sys.executable, "src/inline.py"], cwd=in_javascript, check=True)
    assert "2 failed" in run(*tests).stdout
    source.write_text(whole)
    subprocess.run([sys.executable, "src/inline.py"], cwd=in_javascript, check=True)
    table = (in_javascript / "events" / "tag" / "README.md").read_text()
    assert "| [`example`](example.json) | `/index.html?a=1`" in table


@pytest.mark.parametrize("name", MADE)
def test_build(made, tmp_path, name):
    """The zip holds the function and what it imports."""
    function = f"{name.title().replace('_', '')}Function"
    build = ["make", "--silent", "-C", "src", f"build-{function}", f"ARTIFACTS_DIR={tmp_path}"]
    subprocess.run(build, cwd=made, check=True)
    built = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.py")}
    assert {f"{name}/__init__.py", f"{name}/handler.py", "edge/__init__.py", "edge/cloudfront.py"} <= built


@pytest.mark.parametrize("name", MADE)
def test_events(made, name):
    """There is an event with its result, a table for it, and a visit that records it."""
    event = json.loads((made / "events" / name / "example.json").read_text())
    assert event["Records"][0]["cf"]["config"]["eventType"] == MADE[name]
    assert (
        f"| [`example`](example.json) | `{event['Records'][0]['cf']['request']['uri']}"
        in (made / "events" / name / "README.md").read_text()
    )


def test_behaviors(folder, run):
    """The command says which behaviors have a function at the event, and what to do there."""
    text = (folder / "template.yaml").read_text()
    other = re.search(r"- EventType: viewer-request\n +LambdaFunctionARN: !Ref (\w+)\.", text)
    done = run("new", "other", "viewer-request")
    shutil.rmtree(folder / "src" / "other")
    shutil.rmtree(folder / "tests" / "src" / "other")
    shutil.rmtree(folder / "events" / "other")
    assert f": {other[1]} runs at viewer-request.\n" in done.stdout
    assert "from other.handler import handler as other_handler" in done.stdout


@pytest.mark.parametrize("indented", [True, False], ids=["indented lists", "lists not indented"])
@pytest.mark.parametrize(
    ("key", "arguments"),
    [
        ("LambdaFunctionAssociations", ["origin-request"]),
        ("FunctionAssociations", ["viewer-request", "--runtime", "cloudfront-js-2.0"]),
    ],
)
def test_blocks(tmp_path, key, arguments, indented):
    """Each behavior's block, pasted there as it is printed, runs the function in that behavior and nowhere else."""
    copy_of_parts(tmp_path)
    template = tmp_path / "template.yaml"
    text = template.read_text()
    if not indented:
        text = re.sub(r"(?<=FunctionAssociations:\n)(?: {14}.*\n)+", lambda block: dedented(block[0]), text)
        template.write_text(text)
    command = [sys.executable, "-m", "new", "pasted", *arguments]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    blocks = dict(printed_blocks(done.stdout))
    assert blocks.keys() == associations(template, key).keys()
    for name, (place, block) in blocks.items():
        begin = text.index(f"        {name}:\n" if name == "DefaultCacheBehavior" else f"- PathPattern: {name}\n")
        if place == "under":
            begin = text.index(f" {key}:", begin)
        begin = text.index("\n", begin) + 1
        template.write_text(text[:begin] + block + text[begin:])
        running = [each for each, functions in associations(template, key).items() if "PastedFunction" in functions]
        assert running == [name]


def dedented(text: str) -> str:
    return "".join(f"{line[2:]}\n" for line in text.splitlines())


def printed_blocks(report: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """Each behavior of the report, with the place and the text of its block."""
    pattern = r"\n((?:   \S+: .*\n)+)   Paste this (under|beside) .*:\n\n((?: +\S.*\n)+)"
    for behaviors, place, block in re.findall(pattern, report):
        yield from ((line.split(": ")[0].strip(), (place, block)) for line in behaviors.splitlines())


def associations(template: Path, key: str) -> dict[str, str]:
    """The functions that each behavior of the template runs by this key, as text."""
    found, faults = decode(str(template))
    assert faults == []
    config = found["Resources"]["Distribution"]["Properties"]["DistributionConfig"]
    behaviors = {"DefaultCacheBehavior": config["DefaultCacheBehavior"]}
    behaviors |= {behavior["PathPattern"]: behavior for behavior in config["CacheBehaviors"]}
    return {name: str(behavior.get(key)) for name, behavior in behaviors.items()}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "Say which function, and at which event: make new FUNCTION=geo EVENT=viewer-request\n"),
        (("geo2",), "Say which function, and at which event: make new FUNCTION=geo EVENT=viewer-request\n"),
        (
            ("geo2", "viewer"),
            "There is no event type 'viewer'. There are: viewer-request, origin-request, origin-response, "
            "viewer-response.\n",
        ),
        (("edge", "viewer-request"), "There is a src/edge already. Choose another name, or remove the folder.\n"),
        (
            ("geo", "viewer-request", "--runtime", "nodejs22.x"),
            "There is no RUNTIME 'nodejs22.x' to choose. For a CloudFront Function, name cloudfront-js-2.0 or "
            "cloudfront-js-1.0. Without RUNTIME, the function is one of Lambda@Edge, in Python.\n",
        ),
        (
            ("geo", "origin-request", "--runtime", "cloudfront-js-2.0"),
            "CloudFront Functions run at viewer-request and viewer-response, not at origin-request.\n",
        ),
        *(
            (
                (name, "viewer-request"),
                f"{name!r} cannot name a function. Use lower-case letters, digits and underscores, such as geo or "
                "show_country, at most 24 characters.\n",
            )
            for name in ("Geo", "a-b", "../geo", "1a", "_a", "a.b", "a" * 25, "é")
        ),
        (
            ("geo", "viewer-request", "--runtime", "nodejs22.x"),
            "There is no RUNTIME 'nodejs22.x' to choose. For a CloudFront Function, name cloudfront-js-2.0 or "
            "cloudfront-js-1.0. Without RUNTIME, the function is one of Lambda@Edge, in Python.\n",
        ),
        (
            ("geo", "origin-request", "--runtime", "cloudfront-js-2.0"),
            "CloudFront Functions run at viewer-request and viewer-response, not at origin-request.\n",
        ),
        *(
            (
                (name, "viewer-request"),
                f"{name!r} means something else in Python, which src/{name} would hide. Choose another name.\n",
            )
            for name in ("json", "boto3", "tests", "new", "lambda")
        ),
    ],
)
def test_refusals(folder, monkeypatch, capsys, arguments, message):
    """A name that cannot be, one that is taken, and an event that is none are refused, and nothing is made."""
    before = sorted(folder.rglob("*.py"))
    monkeypatch.chdir(folder)
    assert (main(list(arguments)), *capsys.readouterr()) == (1, "", message)
    assert sorted(folder.rglob("*.py")) == before


def test_first_zip(tmp_path):
    """Where src/Makefile builds nothing yet, the function's line follows the Python that builds."""
    copy_of_parts(tmp_path)
    makefile = tmp_path / "src" / "Makefile"
    makefile.write_text(re.sub(r"build-\w+: PACKAGE = .*\n", "", makefile.read_text()))
    command = [sys.executable, "-m", "new", "geo", "viewer-request"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "\nPYTHON ?= python3\n\nbuild-GeoFunction: PACKAGE = geo\n" in makefile.read_text()


def test_without_distribution(tmp_path):
    """For a template without a distribution, the second block has outputs, by which `attach` finds the function."""
    copy_of_parts(tmp_path)
    template = tmp_path / "template.yaml"
    template.write_text(
        cut(template.read_text(), [*(name for name in FUNCTIONS if name not in ("rewrite", "sign_in")), "attach"])
    )
    command = [sys.executable, "-m", "new", "pick_origin", "origin-request"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "make events" not in done.stdout
    resources = re.search(r"under Resources:\n\n(.*?)\n2\. ", done.stdout, re.DOTALL)[1]
    outputs = re.search(r"under Outputs, .*:\n\n(.*?)\n\n3\. ", done.stdout, re.DOTALL)[1]
    text = template.read_text().replace("Resources:\n", f"Resources:\n{resources}\n", 1)
    template.write_text(text.replace("Outputs:\n", f"Outputs:\n{outputs}\n", 1))
    found, faults = decode(str(template))
    assert faults == []
    assert found["Outputs"]["PickOriginFunctionVersion"]["Value"] == {"Ref": "PickOriginFunction.Version"}
    association = found["Outputs"]["PickOriginFunctionAssociation"]["Value"]
    outputs = {"PickOriginFunctionVersion": "arn", "PickOriginFunctionAssociation": association}
    attachment = attachments.read(outputs, "PickOriginFunction", {})
    assert (attachment.event_type, attachment.prefix) == ("origin-request", "x-pick-origin-")
    lint = subprocess.run([Path(sys.executable).with_name("cfn-lint")], cwd=tmp_path, capture_output=True, text=True)
    assert (lint.returncode, lint.stdout) == (0, "")

    done = subprocess.run(
        [*command[:3], "tag", "viewer-request", "--runtime", "cloudfront-js-2.0"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (
        1,
        "template.yaml has no distribution, which a CloudFront Function needs. Add one, or leave RUNTIME out.\n",
    )
    assert not (tmp_path / "src" / "tag").exists()
