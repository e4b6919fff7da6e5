"""`@duration`, `@seed`, `@speech`, `@tries` and `@replan` -> the values that a scene pins."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

from ...story import Pinned, Replan, Replannable
from ..diagnostics.findings import did_you_mean
from ..resolve.context import Context
from ..schema import DIRECTIVES, REPLANNABLE
from ..syntax import tree
from .times import resolve_duration

LARGEST_SEED = 2**32 - 1
_MOST_TRIES = 100
# Characters a second: slower than anybody speaks, and faster than anybody reads.
SLOWEST_SPEECH, FASTEST_SPEECH = 1, 100


def resolve_pinned_duration(
    directive: tree.Directive, context: Context, *, of_shots: bool = False
) -> Pinned[float] | None:
    """Return the pinned duration in seconds; `of_shots` is that of a scene which is cut already."""
    quantity = _only_quantity(directive, context)
    seconds = resolve_duration(quantity, context, one_clip=not of_shots) if quantity else None
    if quantity is None or seconds is None:
        return None
    return Pinned(seconds, context.findings.source.span(directive.start, directive.end))


def resolve_whole_number(
    directive: tree.Directive, low: int, high: int, context: Context
) -> Pinned[int] | None:
    """Return a whole number in `low`..`high`."""
    quantity = _only_quantity(directive, context)
    if quantity is None:
        return None
    number = quantity.number
    if quantity.unit or not low <= number <= high or number != int(number):
        message = f"@{directive.name.text} is a whole number in {low}..{high}"
        context.findings.error("006", quantity, message)
        return None
    return Pinned(int(number), context.findings.source.span(directive.start, directive.end))


def resolve_seed(directive: tree.Directive, context: Context) -> Pinned[int] | None:
    """Return the pinned seed."""
    return resolve_whole_number(directive, 0, LARGEST_SEED, context)


def resolve_speech(directive: tree.Directive, context: Context) -> Pinned[float] | None:
    """Return how many characters of a line are said in a second."""
    quantity = _only_quantity(directive, context)
    if quantity is None:
        return None
    if quantity.unit or not SLOWEST_SPEECH <= quantity.number <= FASTEST_SPEECH:
        message = (
            "@speech is a number of characters a second in "
            f"{SLOWEST_SPEECH}..{FASTEST_SPEECH}, without a unit"
        )
        context.findings.error("006", quantity, message)
        return None
    span = context.findings.source.span(directive.start, directive.end)
    return Pinned(float(quantity.number), span)


def resolve_tries(directive: tree.Directive, context: Context) -> Pinned[int] | None:
    """Return how often a shot may be rendered."""
    return resolve_whole_number(directive, 1, _MOST_TRIES, context)


def resolve_replan(directive: tree.Directive, context: Context) -> Replan | None:
    """Return what the machine may change and what it must keep."""
    allow: list[Replannable] = []
    keep: list[Replannable] = []
    for arg in directive.args.flat:
        if isinstance(arg, tree.Pair):
            values = arg.value.values if isinstance(arg.value, tree.ValueGroup) else (arg.value,)
            if arg.key.text == "keep":
                keep += _replannable(values, context)
        else:
            allow += _replannable([arg], context)
    if not directive.args.flat:
        usage = DIRECTIVES["replan"].usage
        context.findings.error("006", directive.name, "@replan allows nothing", usage)
        return None
    for both in set(allow) & set(keep):
        message = f"@replan both allows and keeps {both}"
        context.findings.error("006", directive, message)
    span = context.findings.source.span(directive.start, directive.end)
    return Replan(frozenset(allow), frozenset(keep), span)


def _replannable(args: Iterable[tree.Arg], context: Context) -> Iterable[Replannable]:
    names = {name: name for name in get_args(Replannable)}
    for arg in args:
        word = arg.text if isinstance(arg, tree.Word) else ""
        if word in names:
            yield names[word]
            continue
        help = did_you_mean(word, REPLANNABLE) or f"one of {', '.join(REPLANNABLE)}"
        context.findings.error("133", arg, "this cannot be re-planned", help)


def _only_quantity(directive: tree.Directive, context: Context) -> tree.Quantity | None:
    match directive.args.flat:
        case (tree.Quantity() as quantity,):
            return quantity
    name = directive.name.text
    at = directive.args if directive.args.flat else directive.name
    help = f"write it like this: {DIRECTIVES[name].usage}"
    context.findings.error("006", at, f"@{name} takes one value", help)
    return None
