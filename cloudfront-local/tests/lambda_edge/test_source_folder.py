"""Edits are noticed once they are whole, and each concerns the functions whose builds it may change."""

from pathlib import Path

import pytest

from cloudfront_local.lambda_edge.artifact import Artifact
from cloudfront_local.lambda_edge.source_folder import Source, fingerprint, links_out, settled

FILES = {
    "Makefile": "build-One: ...",
    "tools/pack.py": "...",
    "one/handler.py": "import shared.both",
    "two/handler.py": "import shared.both, shared.second",
    "shared/both.py": "",
    "shared/second.py": "SECOND = 2",
}
ONE = ("one/handler.py", "shared/both.py")
TWO = ("two/handler.py", "shared/both.py", "shared/second.py")


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def built(folder: Path, names: tuple[str, ...], **generated: str) -> Path:
    byte_code = {"shared/__pycache__/both.cpython-313.pyc": "byte code"}
    return write(folder, {name: FILES[name] for name in names} | generated | byte_code)


@pytest.fixture
def source(tmp_path: Path) -> Source:
    return Source(write(tmp_path / "source", FILES))


@pytest.mark.parametrize(
    ("edited", "concerned"),
    [
        ("one/handler.py", {"one"}),
        ("two/handler.py", {"two"}),
        ("shared/both.py", {"one", "two"}),
        ("shared/second.py", {"two"}),
        ("Makefile", {"one", "two"}),
        ("tools/pack.py", {"one", "two"}),
        ("shared/new.py", {"one", "two"}),
        ("one/.handler.py.swp", set()),
    ],
)
def test_functions_that_an_edit_concerns(tmp_path, source, edited, concerned):
    """A file that builds copy concerns those functions; a file that no build copies concerns every function."""
    source.learn("one", built(tmp_path / "one", ONE))
    source.learn("two", built(tmp_path / "two", TWO))
    before = source.fingerprint()
    write(source.folder, {edited: "# edited"})
    now = source.fingerprint()
    assert {name for name in ("one", "two") if source.concerns(name, before, now)} == concerned


def test_a_removed_file_concerns_its_function(tmp_path, source):
    """A file that was removed concerns the functions whose builds have a copy."""
    source.learn("one", built(tmp_path / "one", ONE))
    source.learn("two", built(tmp_path / "two", TWO))
    before = source.fingerprint()
    (source.folder / "shared" / "second.py").unlink()
    now = source.fingerprint()
    assert [source.concerns(name, before, now) for name in ("one", "two")] == [False, True]


def test_a_build_that_holds_more_than_copies(tmp_path, source):
    """A build with a generated or changed file may have been made from any file: every edit concerns its function."""
    source.learn("one", built(tmp_path / "one", ONE, **{"version.py": "1"}))
    source.learn("two", built(tmp_path / "two", TWO))
    before = source.fingerprint()
    write(source.folder, {"shared/second.py": "# edited"})
    assert source.concerns("one", before, source.fingerprint())


def test_a_build_of_the_whole_folder(tmp_path, source):
    """A function whose build copies the whole folder, its Makefile too, owns no file alone."""
    source.learn("one", built(tmp_path / "one", ONE))
    source.learn("two", built(tmp_path / "two", tuple(FILES)))
    before = source.fingerprint()
    write(source.folder, {"tools/pack.py": "# edited"})
    assert source.concerns("one", before, source.fingerprint())


async def test_an_edit_of_another_function_builds_nothing(tmp_path, source):
    """An artifact of one function is not built again for an edit of another function, and is for its own."""
    builds = []

    async def rebuild(name: str, names: tuple[str, ...], folder: Path) -> Path:
        builds.append(name)
        return write(folder / name, {file: (source.folder / file).read_text() for file in names})

    artifacts = {
        name: Artifact(source, lambda folder, name=name, names=names: rebuild(name, names, folder), scratch=tmp_path)
        for name, names in (("one", ONE), ("two", TWO))
    }
    for artifact in artifacts.values():
        await artifact.current()
    write(source.folder, {"two/handler.py": "# edited"})
    folders = [(await artifact.current()).folder for artifact in artifacts.values()]
    assert builds == ["one", "two", "two"]
    assert (folders[1] / "two" / "handler.py").read_text() == "# edited"


@pytest.mark.parametrize(
    "name", [".x.swp", "x.py~", "#x.py#", ".#x.py", "4913", "x.py___jb_tmp___", "__pycache__/x.pyc"]
)
def test_temporary_files_of_editors(tmp_path, name):
    """Files that an editor or Python makes beside the source are no edit."""
    before = fingerprint(tmp_path)
    write(tmp_path, {name: "x"})
    assert fingerprint(tmp_path) == before


@pytest.mark.parametrize(("manifest", "counts"), [("package.json", False), ("index.js", True)])
def test_installed_packages(tmp_path, manifest, counts):
    """node_modules beside a package.json does not count: `sam build` installs the packages anew. Else it is copied."""
    source = Source(write(tmp_path / "source", {f"lib/{manifest}": "", "lib/node_modules/x/index.js": ""}))
    before = source.fingerprint()
    write(source.folder, {"lib/node_modules/x/index.js": "edited"})
    assert (source.fingerprint() != before) == counts


async def test_half_written_files(tmp_path):
    """A file that an editor empties and then writes counts once it is whole."""
    path = write(tmp_path, {"app.py": "old"}) / "app.py"
    steps = iter(["", "half", "whole", "whole"])

    def look():
        if (text := next(steps)) != path.read_text():
            path.write_text(text)
        return fingerprint(tmp_path)

    seen = await settled(look)
    assert (path.read_text(), next(steps, None)) == ("whole", None)
    assert seen == fingerprint(tmp_path)


def test_links_that_lead_out(tmp_path):
    """Links to files and folders outside the project are found; links within it and hidden files are not."""
    project = write(tmp_path / "project", {"src/one/handler.py": "", "shared/both.py": ""})
    outside = write(tmp_path / "outside", {"key": "secret", "folder/key": "secret"})
    links = {
        "src/one/both.py": project / "shared" / "both.py",
        "src/one/key": outside / "key",
        "src/folder": outside / "folder",
        "src/gone": outside / "gone",
        "src/.venv": outside,
    }
    for name, target in links.items():
        (project / name).symlink_to(target)
    found = [str(link.relative_to(project)) for link in links_out(project / "src", project)]
    assert found == ["src/folder", "src/gone", "src/one/key"]
