"""`@depth FOX front`, `@depth FOX behind OWL` -> who stands before whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from ...story import Depth
from ..diagnostics.findings import did_you_mean
from ..resolve.context import Context
from ..resolve.precedence import PartialOrder
from ..schema import DIRECTIVES
from ..syntax import tree
from ..syntax.names import NamePart
from .cast import Cast, resolve_name

_Where = Literal["front", "back", "before", "behind"]
_OF_ALL: dict[str, _Where] = {"front": "front", "back": "back"}
_OF_ONE: dict[str, _Where] = {"before": "before", "behind": "behind", "in-front-of": "before"}
ORDERS = (*_OF_ALL, *_OF_ONE)


def resolve_depth(directive: tree.Directive, cast: Cast, context: Context) -> Depth | None:
    """Return the order of one `@depth`, or None with the reason reported."""
    words = [arg for arg in directive.args.flat if isinstance(arg, NamePart)]
    index = next((i for i, word in enumerate(words) if word.text in ORDERS), None)
    if index is None or len(words) != len(directive.args.flat):
        _report(directive, words, context)
        return None
    named, order, others = words[:index], words[index].text, words[index + 1 :]
    if not named or bool(others) != (order in _OF_ONE):
        _report(directive, words, context)
        return None
    entity = resolve_name(named, cast, context)
    other = resolve_name(others, cast, context) if others else None
    if entity is None or (others and other is None):
        return None
    if entity == other:
        message = f"{entity} is never {order} itself"
        context.findings.error("149", directive.args, message, "name somebody else")
        return None
    span = context.findings.source.span(directive.start, directive.end)
    return Depth(entity, {**_OF_ALL, **_OF_ONE}[order], other, span)


def _report(directive: tree.Directive, words: Sequence[NamePart], context: Context) -> None:
    at = directive.args if directive.args.flat else directive.name
    meant = did_you_mean(words[-1].text, ORDERS) if words else None
    help = meant or f"{DIRECTIVES['depth'].usage}, or @depth FOX behind OWL"
    context.findings.error("149", at, "this says nobody's depth", help)


def check_depths(depths: Sequence[Depth], context: Context) -> None:
    """Report an order that goes round in a circle: A before B, B before A."""
    order = PartialOrder()
    for depth in depths:
        if depth.other is None:
            continue
        pair = (depth.entity, depth.other)
        near, far = pair if depth.order == "before" else pair[::-1]
        if not order.add(near, far):
            at = tree.Node(depth.span.start, depth.span.end)
            message = f"{near} would stand before {far} and behind it"
            context.findings.error("149", at, message, "keep one of the two orders")
