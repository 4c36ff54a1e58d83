"""template.yaml and src/Makefile without what belongs to the functions that go."""

from __future__ import annotations

from only.blocks import without, without_empty
from only.choice import Choice, any_of


def template(text: str, choice: Choice) -> str:
    """Every block stays as it was, or goes with its comment; none is written anew."""
    names = any_of(choice.all_going(lambda part: (*part.functions, *part.names)))
    functions = any_of(choice.all_going(lambda part: part.functions))
    settings = any_of(choice.all_going(lambda part: [name.replace("_", "-") for name in part.packages]))
    beginnings = (
        f" *{names}:(?: .*)?$",
        f" *- Id: {any_of(choice.all_going(lambda part: part.origins))}$",
        f" *- PathPattern: {any_of(choice.all_going(lambda part: part.paths))}$",
        f" *- EventType: .*\n *LambdaFunctionARN: !Ref {functions}\\.Version$",
        f" *- {{ HeaderName: x-{settings}-",
        f" *- Label: .*\n *Parameters: \\[{names}(?:, {names})*\\]$",
    )
    return without_empty(without(text, "|".join(beginnings)))


def builds(text: str, choice: Choice) -> str:
    """src/Makefile: without the targets that build what goes."""
    return without(text, f"build-{any_of(choice.all_going(lambda part: part.functions))}:")
