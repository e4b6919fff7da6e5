"""`@take 2 shot=3` -> which take of a shot of the scene the film shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...story import PinnedTake
from ..resolve.context import Context
from ..schema import DIRECTIVES
from ..syntax import tree

MOST_TAKES = 100
_MOST_SHOTS = 10_000


def resolve_takes(directives: Iterable[tree.Directive], context: Context) -> Iterator[PinnedTake]:
    """Yield what each `@take` says; a second one of a shot is reported."""
    lines: dict[int, int] = {}
    for directive in directives:
        if directive.name.text != "take":
            continue
        found = _resolve(directive, context)
        if found is None:
            continue
        line = context.findings.source.position(directive.start)[0]
        if found.shot in lines:
            message = f"the take of shot {found.shot} is already said on line {lines[found.shot]}"
            context.findings.error("105", directive.name, message, "keep one of them")
            continue
        lines[found.shot] = line
        yield found


def _resolve(directive: tree.Directive, context: Context) -> PinnedTake | None:
    numbers: list[int] = []
    shot = 1
    for arg in directive.args.flat:
        match arg:
            case tree.Quantity() if (number := _whole(arg, MOST_TAKES)) is not None:
                numbers.append(number)
            case tree.Pair(value=tree.Quantity() as value) if (
                arg.key.text == "shot" and (number := _whole(value, _MOST_SHOTS)) is not None
            ):
                shot = number
            case _:
                _refuse(directive, arg, context)
                return None
    if len(numbers) != 1:
        _refuse(directive, directive.name, context)
        return None
    span = context.findings.source.span(directive.start, directive.end)
    return PinnedTake(numbers[0], shot, span)


def _whole(quantity: tree.Quantity, most: int) -> int | None:
    number = quantity.number
    fits = not quantity.unit and number == int(number) and 1 <= number <= most
    return int(number) if fits else None


def _refuse(directive: tree.Directive, at: tree.Node, context: Context) -> None:
    message = f"@take is the number of a take, 1 to {MOST_TAKES}, and of a shot of its scene"
    help = f"write it like this: {DIRECTIVES['take'].usage}"
    context.findings.error("006", at, message, help)
