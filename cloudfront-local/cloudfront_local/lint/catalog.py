"""All rules: the classes with an id in the modules of `rules/`, in the order of their ids."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from cloudfront_local.lint import rules
from cloudfront_local.lint.rule import EdgeRule


def _rules() -> Iterator[type[EdgeRule]]:
    for found in iter_modules(rules.__path__, f"{rules.__name__}."):
        for member in vars(import_module(found.name)).values():
            if isinstance(member, type) and issubclass(member, EdgeRule) and member.__module__ == found.name:
                yield member


RULES: tuple[type[EdgeRule], ...] = tuple(sorted((rule for rule in _rules() if rule.id), key=lambda rule: rule.id))
