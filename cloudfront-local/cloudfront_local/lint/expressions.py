"""Strings that CloudFormation composes: their known pieces, and the resources to which they refer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

# ${Name}, ${Name.Attribute}; ${!Literal} stands for itself.
PLACEHOLDER = re.compile(r"\$\{(?!!)\s*([^}]+?)\s*\}")

# A value that CloudFormation looks up while it deploys.
DYNAMIC = re.compile(r"\{\{resolve:[^}]*\}\}")


class Reference(NamedTuple):
    """`Ref` (attribute "") or `Fn::GetAtt` of a resource, a parameter or a pseudo parameter."""

    name: str
    attribute: str = ""


Parts = list[str | Reference | None]


def parts(plain: Any) -> Parts:
    """The pieces of a string: texts, references, and None for a piece that another function computes."""
    match plain:
        case str() | int():
            return [str(plain)]
        case {"Fn::Sub": str(text)}:
            return _substituted(text, {})
        case {"Fn::Sub": [str(text), dict(variables)]}:
            return _substituted(text, variables)
        case {"Fn::Join": [str(delimiter), list(items)]}:
            pieces = [piece for item in items for piece in (delimiter, *parts(item))]
            return pieces[1:]
        case _:
            return [_reference(plain)]


def references(plain: Any) -> Iterator[Reference]:
    """Everything an expression refers to, however deep inside other functions."""
    if isinstance(plain, dict):
        if reference := _reference(plain):
            yield reference
        elif "Fn::Sub" in plain:
            yield from (part for part in parts(plain) if isinstance(part, Reference))
        for inner in plain.values():
            yield from references(inner)
    elif isinstance(plain, list):
        for inner in plain:
            yield from references(inner)


def shape(pieces: Parts) -> str:
    """The text with `*` for each unknown piece. CloudFormation's partition suffix is known."""
    return "".join(piece if isinstance(piece, str) else _stand_in(piece) for piece in pieces)


def known_length(pieces: Parts) -> int:
    """The least number of characters: those of the known pieces, without dynamic references."""
    return sum(len(DYNAMIC.sub("", piece)) for piece in pieces if isinstance(piece, str))


def _stand_in(piece: Reference | None) -> str:
    return "amazonaws.com" if piece == Reference("AWS::URLSuffix") else "*"


def _reference(plain: Any) -> Reference | None:
    match plain:
        case {"Ref": str(name)}:
            return Reference(str(name))
        case {"Fn::GetAtt": [str(name), str(attribute)]}:
            return Reference(str(name), str(attribute))
        case {"Fn::GetAtt": str(dotted)} if "." in dotted:
            return Reference(*dotted.split(".", 1))
    return None


def _substituted(text: str, variables: dict[Any, Any]) -> Parts:
    pieces: Parts = []
    # re.split with a group alternates between texts and names.
    for index, piece in enumerate(PLACEHOLDER.split(text)):
        if index % 2 == 0:
            pieces += [piece.replace("${!", "${")] if piece else []
        elif piece in variables:
            pieces += parts(variables[piece])
        else:
            name, _, attribute = piece.partition(".")
            pieces.append(Reference(name, attribute))
    return pieces
