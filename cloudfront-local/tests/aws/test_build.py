"""Builds without sam are the same as sam's own, to the byte."""

import shutil
import sys
from pathlib import Path

import pytest

from cloudfront_local.aws.build import Builder
from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.aws.project import Project
from cloudfront_local.aws.sam import Sam
from cloudfront_local.errors import LocalError

# sam wants this Python where pip is used.
RUNTIME = "python{}.{}".format(*sys.version_info)
TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Globals: { Function: { Handler: app.handler, Runtime: RUNTIME } }
Resources:
  Made:
    Type: AWS::Serverless::Function
    Metadata: { BuildMethod: makefile }
    Properties: { CodeUri: made/ }
  Copied:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: copied/ }
  Required:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: required/ }
"""
FILES = {
    "made/Makefile": """
build-Made:
	cp -R app.py data $(ARTIFACTS_DIR)
	basename $(CURDIR) > /dev/null && ls -A > $(ARTIFACTS_DIR)/files
	sort $(lastword $(MAKEFILE_LIST)) > $(ARTIFACTS_DIR)/sorted
""",
    "made/app.py": "def handler(event, context): ...\n",
    "made/data/words.txt": "äöü\n",
    "made/.hidden": "",
    "made/.git/config": "",
    "copied/app.py": "def handler(event, context): ...\n",
    "copied/run.sh": "#!/bin/sh\n",
    "copied/package/module.py": "",
    "copied/package/__pycache__/module.cpython-313.pyc": "",
    "copied/package/library.so": "",
    "copied/.env": "",
    "copied/.hidden": "",
    "copied/data.env": "",
    "copied/venv/bin/python": "",
    "required/app.py": "",
    "required/requirements.txt": "",
}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "copied" / "run.sh").chmod(0o755)
    (tmp_path / "copied" / "link.py").symlink_to("app.py")
    (tmp_path / "template.yaml").write_text(TEMPLATE.replace("RUNTIME", RUNTIME))
    return Project(tmp_path / "template.yaml")


def content(folder: Path) -> dict[str, tuple[bytes, int]]:
    """The bytes and the mode of each file."""
    files = [path for path in folder.rglob("*") if not path.is_dir()]
    return {str(path.relative_to(folder)): (path.read_bytes(), path.lstat().st_mode) for path in files}


async def test_the_same_as_sam(project, tmp_path):
    """A function that make builds, and one that is copied, have the same files with the same modes as sam's builds."""
    endpoint = Endpoint("http://127.0.0.1:9")
    sam = Sam(project, endpoint)
    await sam.build()
    builder = Builder(project, sam, endpoint.environment())
    assert set(builder.definitions) == {"Made", "Copied", "Required"}
    for name in builder.definitions:
        empty = tmp_path / f"empty-{name}"
        empty.mkdir()
        own = await builder.build(name, empty)
        assert content(own) == content(project.build_dir / name)

    # A failure is told in make's words, without the copy in which it ran.
    (tmp_path / "made" / "app.py").unlink()
    (tmp_path / "broken").mkdir()
    with pytest.raises(LocalError, match=r"app\.py.*(?s:.)*\*\*\*"):
        await builder.build("Made", tmp_path / "broken")


async def test_sam_builds_the_rest(project, tmp_path):
    """sam builds a function with requirements, and every function if samconfig.toml has options for `sam build`."""
    endpoint = Endpoint("http://127.0.0.1:9")
    await Sam(project, endpoint).build()
    for name, samconfig in (("Required", ""), ("Copied", "[default.build.parameters]\nskip_pull_image = true\n")):
        (tmp_path / "samconfig.toml").write_text(samconfig)
        same = Project(project.template)  # It reads the settings anew.
        empty = tmp_path / f"empty-{name}"
        empty.mkdir()
        built = await Builder(same, Sam(same, endpoint), endpoint.environment()).build(name, empty)
        assert built == empty / "build" / name  # sam's own folders
        assert (built / "app.py").exists()


NODE_TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Globals: { Function: { Handler: index.handler, Runtime: nodejs22.x } }
Resources:
  Copied:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: copied/ }
  Packed:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: packed/, Runtime: nodejs12.x }
"""
NODE_FILES = {
    "template.yaml": NODE_TEMPLATE,
    "copied/index.js": "exports.handler = async () => null;\n",
    "copied/node_modules/own/index.js": "",
    "copied/.hidden": "",
    "copied/.git/config": "",
    "packed/index.js": "exports.handler = async () => null;\n",
    "packed/package.json": '{ "name": "packed", "version": "1.0.0", "files": ["index.js"] }',
    "packed/left-out.js": "",
}


@pytest.mark.skipif(not shutil.which("npm"), reason="this machine has no `npm`, which `sam build` needs for Node.js")
async def test_the_same_as_sam_in_node(tmp_path):
    """A Node.js function without package.json is copied as sam copies it; one with a package.json is built by sam, also
    for a runtime that AWS has ended."""
    for name, text in NODE_FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    project, endpoint = Project(tmp_path / "template.yaml"), Endpoint("http://127.0.0.1:9")
    sam = Sam(project, endpoint)
    await sam.build()
    builder = Builder(project, sam, endpoint.environment())
    for name, built in (("Copied", "empty-Copied/Copied"), ("Packed", "empty-Packed/build/Packed")):
        empty = tmp_path / f"empty-{name}"
        empty.mkdir()
        own = await builder.build(name, empty)
        assert own == tmp_path / built
        assert content(own) == content(project.build_dir / name)
    assert set(content(project.build_dir / "Packed")) == {"index.js", "package.json"}
