"""The reduced repository: it is whole, and nothing in it is about what is gone."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from cfnlint.decode import decode

from only.parts import ALL, TABLE

pytestmark = pytest.mark.long

REPOSITORY = Path(__file__).parents[2]
LINES = 11_000
# How texts speak of a function that is gone, besides its files and its names in the template.
WORDS = {
    "authorizer": (
        r"(?i:(?<!jwt )(?<!::)\bauthorizer\b)|AUTHORIZER_REALM|(?<!sign-in )\busers (add|list|remove)\b|`users`"
    ),
    "sign_in": r"\bsign_in\b|\bsign-in (configure|rotate-keys|users add)\b|/members\b|\bOpenID provider\b",
    "signer": r"(?i:\bsigner\b)|\bbooks\b|/api/",
    "router": r"(?i:\brouter\b|\blookup API\b|\bcontent buckets?\b)|deploy-region|/files/|`files`|\bfiles add\b",
    "redirect": r"\bthe redirect\b|`redirect`|redirect\.handler|/demo/",
    "rewrite": r"(?<!com)/blog\b|\bthe blog\b|CloudFront Function\b(?= rewr)",
    "security_headers": r"(?i:\bsecurity[_-]headers\b)|\bthe security headers\b",
    "distribution": r"(?<!\w)site/(?!$)|\bmake (site|urls)\b|localhost:8080|`(site|urls|sign-url)`",
    "attach": r"stack attach\b|\battach\.md\b|`(attach|detach)`",
}
# Names in the template that texts have for other things, too.
WORDS_OF_CODE = {"Distribution", "Url"}
STARTER = r"\bmake (only|bench|mutants|test-(tool|fork|sam|browser))\b|\bbenchmarks\b"
MAKE = re.compile(r"\bmake((?: \w+=\S+)*) (?P<target>[a-z][a-z-]*)\b")
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?://)(?P<path>[^()\s#]*)#?(?P<anchor>[^()\s]*)\)")


def texts(folder: Path, pattern: str = "*") -> dict[str, str]:
    """The files of a repository that belong to its owner, by their paths."""
    return {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob(pattern))
        if path.is_file() and not {"cloudfront-local", "__pycache__"} & set(path.relative_to(folder).parts)
    }


def names(folder: Path) -> set[str]:
    """The template's parameters, conditions, resources and outputs."""
    template, faults = decode(str(folder / "template.yaml"))
    assert faults == []
    sections = ("Parameters", "Conditions", "Resources", "Outputs")
    return {str(name) for section in sections for name in template.get(section, {})}


def kept(folder: Path) -> list[str]:
    """The functions that stay, and the place where they run."""
    functions = folder.name.split()
    return functions if "attach" in functions else [*functions, "distribution"]


def gone(folder: Path) -> Iterator[str]:
    """Patterns for what no text may speak of any more."""
    yield STARTER
    yield from (words for name, words in WORDS.items() if name not in kept(folder))
    files = [str(path.relative_to(REPOSITORY)) for path in (REPOSITORY / "docs").glob("*.md")]
    files += [name for part in ALL.values() for name in part.files]
    files += [f"src/{name}" for part in ALL.values() for name in part.packages]
    yield from (
        rf"\b{re.escape(name)}\b" for name in files if not (folder / name).exists() and name not in ("demo", "site")
    )
    yield from (rf"(?<!::)\b{name}\b" for name in names(REPOSITORY) - names(folder) - WORDS_OF_CODE)


def test_nothing_is_about_what_is_gone(reduced):
    """No file has a word about functions, files, commands and resources that are gone."""
    pattern = re.compile("|".join(f"(?:{each})" for each in gone(reduced)))
    found = [
        f"{name}: {line}"
        for name, text in texts(reduced).items()
        for line in text.splitlines()
        if re.search(r"(# |<!-- )only: [a-z]+", line) or pattern.search(line)
    ]
    assert found == []


def test_lines(reduced):
    """A repository of one function has at most 11,000 lines of its own."""
    if " " in reduced.name.removesuffix(" attach"):
        pytest.skip("more than one function")
    assert sum(text.count("\n") for text in texts(reduced).values()) <= LIMITS.get(reduced.name.split()[0], LINES)


# The router comes with its lookup API, a function of its own with a user pool, and with buckets in further Regions.
# Sign-in comes with RSA, P-256 and 2,000 lines of tests, most of them of bad tokens and cookies.
LIMITS = {"signer": 11_100, "router": 12_100, "sign_in": 13_900}


def test_imports(reduced):
    """Each module that is imported from the repository is there."""
    ours = {
        "edge",
        "stack",
        "new",
        "only",
        "benchmarks",
        "tests",
        *(each for p in ALL.values() for each in p.packages),
    }
    for name, text in texts(reduced, "*.py").items():
        for node in ast.walk(ast.parse(text)):
            modules = [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            modules += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for module in (Path(*each.split(".")) for each in modules if each.split(".")[0] in ours):
                places = (root / each for root in (reduced, reduced / "src") for each in (module, f"{module}.py"))
                assert any(place.exists() for place in places), f"{name}: {module}"


def test_files(reduced):
    """The functions that stay are whole, with tests; no folder is empty."""
    packages = {package for name in kept(reduced) for package in ALL[name].packages}
    assert {path.name for path in (reduced / "src").iterdir() if path.is_dir()} == {"edge", *packages}
    for package in packages:
        assert list((reduced / "tests" / "src" / package).glob("test_*.py"))
    assert [path for pattern in TABLE["starter"]["files"] for path in reduced.glob(pattern)] == []
    assert [path for path in reduced.rglob("*") if path.is_dir() and not any(path.iterdir())] == []


def test_links(reduced):
    """Each link of a document leads to a file, and to a heading in it."""
    dead = []
    for name, text in texts(reduced, "*.md").items():
        for link in LINK.finditer(re.sub(r"`[^`\n]*`", "", FENCE.sub("", text))):
            file = (reduced / name).parent / link["path"] if link["path"] else reduced / name
            if not file.exists() or (link["anchor"] and link["anchor"] not in anchors(file)):
                dead.append(f"{name}: {link[0]}")
    assert dead == []


def anchors(document: Path) -> set[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", document.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_make_targets(reduced):
    """Each make target that a document names is in the Makefile."""
    targets = set(re.findall(r"^([a-z][a-z-]*):", (reduced / "Makefile").read_text(), re.MULTILINE))
    for name, text in texts(reduced, "*.md").items():
        code = [*FENCE.findall(text), *re.findall(r"`[^`\n]+`", FENCE.sub("", text))]
        named = {found["target"] for part in code for found in MAKE.finditer(re.sub(r"# .*", "", part))}
        assert named <= targets, name


def test_template(reduced):
    """What the template refers to is there, and its functions are those that src/Makefile builds."""
    text = (reduced / "template.yaml").read_text()
    code = "\n".join(re.sub(r"(^| )#.*", "", line) for line in text.splitlines())
    references = re.findall(r"!Ref (\w+)|!GetAtt (\w+)|\$\{(\w+)|!If \[(\w+)", code)
    implied = {"Name", *(f"{name}Url" for name in names(reduced) if name.endswith("Function"))}
    assert {name for found in references for name in found if name} - {"AWS"} <= names(reduced) | implied
    built = re.findall(r"^build-(\w+): PACKAGE", (reduced / "src" / "Makefile").read_text(), re.MULTILINE)
    assert sorted(built) == sorted(name for name in names(reduced) if name.endswith("Function"))
    assert "\n\n\n" not in text


def test_behaviors(reduced):
    """The default behavior stays, and those of functions that stay; each runs what it ran, as far as it stays."""
    if "attach" in kept(reduced):
        assert "AWS::CloudFront::Distribution" not in (reduced / "template.yaml").read_text()
        return
    associations = {
        pattern: [function for function in functions if function in reduced.name.split()]
        for pattern, functions in BEHAVIORS.items()
        if pattern == "*" or OWNERS[pattern] in reduced.name.split()
    }
    template, _ = decode(str(reduced / "template.yaml"))
    config = template["Resources"]["Distribution"]["Properties"]["DistributionConfig"]
    ran = {
        str(behavior.get("PathPattern", "*")): [
            *("rewrite" for _ in behavior.get("FunctionAssociations", [])),
            *(
                re.sub(
                    r"(?<!^)(?=[A-Z])", "_", each["LambdaFunctionARN"]["Ref"].removesuffix("Function.Version")
                ).lower()
                for each in behavior.get("LambdaFunctionAssociations", [])
            ),
        ]
        for behavior in [config["DefaultCacheBehavior"], *config.get("CacheBehaviors", [])]
    }
    assert ran == associations
    origins = {each["TargetOriginId"] for each in [config["DefaultCacheBehavior"], *config.get("CacheBehaviors", [])]}
    assert {origin["Id"] for origin in config["Origins"]} == origins


BEHAVIORS = {
    "*": ["authorizer", "security_headers"],
    "/assets/*": ["security_headers"],
    "/members*": ["sign_in", "security_headers"],
    "/demo/*": ["redirect", "security_headers"],
    "/blog*": ["rewrite", "security_headers"],
    "/api/*": ["authorizer", "signer"],
    "/files/*": ["authorizer", "router", "security_headers"],
}
OWNERS = {
    "/assets/*": "authorizer",
    "/members*": "sign_in",
    "/demo/*": "redirect",
    "/blog*": "rewrite",
    "/api/*": "signer",
    "/files/*": "router",
}
