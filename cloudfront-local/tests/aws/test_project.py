"""A project's folder for builds, and its settings."""

from pathlib import Path

import pytest

from cloudfront_local.aws.project import Project
from cloudfront_local.errors import LocalError


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "template.yaml").touch()
    return Project(tmp_path / "template.yaml")


def test_what_earlier_runs_left_is_removed(project, tmp_path):
    """`clear` removes builds and downloaded code of earlier runs, and leaves the user's own builds and the lock."""
    left = ["local/downloaded/shop-Inline/index.py", "local/deployment-1/build/Greeter/app.py"]
    kept = ["local/lock", "build/Greeter/app.py"]
    for name in (*left, *kept):
        path = tmp_path / ".aws-sam" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    project.clear()
    files = [path for path in (tmp_path / ".aws-sam").rglob("*") if path.is_file()]
    assert sorted(str(path.relative_to(tmp_path / ".aws-sam")) for path in files) == sorted(kept)


def test_clear_without_earlier_runs(project):
    """Nothing to remove is no error."""
    project.clear()


def test_deployments_have_builds_of_their_own(project):
    """Two deployments of a run do not share a folder."""
    later = Project(project.template, deployment=2)
    assert {project.build_dir, project.rebuilt}.isdisjoint({later.build_dir, later.rebuilt})


def test_watch(project, tmp_path):
    """`watch` names a command for each folder; without it, no folder is watched."""
    assert project.watch == {}
    (tmp_path / "pyproject.toml").write_text('[tool.cloudfront-local]\nwatch = { site = "upload it" }\n')
    assert Project(project.template).watch == {"site": "upload it"}


@pytest.mark.parametrize("watch", ['"site"', '["site"]', "{ site = 1 }"])
def test_watch_that_is_no_table(project, tmp_path, watch):
    """Another value is an error that shows how to write it."""
    (tmp_path / "pyproject.toml").write_text(f"[tool.cloudfront-local]\nwatch = {watch}\n")
    with pytest.raises(LocalError, match=r"pyproject\.toml: in .* such as watch = \{ \"site\" = "):
        _ = project.watch
