"""Imports run one way."""

import ast
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "cloudfront_local"

# The parts of the package that each part may import besides itself. `errors` imports nothing.
RULES = {"errors", "rules"}
MODEL = RULES | {"distribution"}
RIM = MODEL | {"origins", "lambda_edge", "functions", "iam", "lint"}
ALLOWED = {
    "errors": set(),
    "rules": RULES,
    "distribution": MODEL,
    "iam": set(),
    "origins": MODEL | {"iam"},
    "lambda_edge": MODEL,
    "functions": MODEL,
    "lint": RULES | {"functions"},
    "aws": RIM,
    "testing": RIM | {"aws", "serving"},
    "serving": RIM | {"aws"},
    "event_type": set(),
    "check": RIM | {"event_type"},
    "invoke": RIM | {"aws", "serving", "check", "invoke_function"},
    "invoke_function": RIM | {"aws", "serving"},
    "invalidate": {"distribution", "errors", "serving"},
    "explain": MODEL | {"aws", "serving"},
    "show_requests": {"errors", "serving"},
    "options": {"errors", "aws", "distribution"},
    "cli": RIM | {"aws", "serving", "check", "explain", "invalidate", "invoke", "options", "show_requests"},
    "__main__": {"cli"},
}


def imported(path: Path) -> set[str]:
    """The parts of the package that a module imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.ImportFrom(module="cloudfront_local"):
                found |= {name.name for name in node.names}
            case ast.ImportFrom(module=str(module)) if module.startswith("cloudfront_local."):
                found.add(module.split(".")[1])
            case ast.Import():
                found |= {name.name for name in node.names if name.name.startswith("cloudfront_local")}
    return found


def test_one_way():
    """No module imports a part that its own part may not import."""
    modules = [path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py"]
    wrong = {}
    for path in modules:
        part = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if others := imported(path) - ALLOWED[part] - {part}:
            wrong[str(path.relative_to(PACKAGE))] = others
    assert len(modules) > 80
    assert wrong == {}
