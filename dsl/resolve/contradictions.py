"""The expectations of a scene -> errors where its layouts or other expectations rule one out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...errors import Span
from ...story import RELATIONS, SIDE_RELATIONS, Expectation, Layout, SideRelation
from ..syntax import tree
from .context import Context
from .precedence import PartialOrder

# The axis of a side, and whether the first of the two comes first along it.
_WAYS: Mapping[SideRelation, tuple[str, bool]] = {
    "left-of": ("across", True),
    "right-of": ("across", False),
    "above": ("down", True),
    "below": ("down", False),
}
_MET_AT_MOST = ("<=", "<")
# Nobody expects more of a scene, and comparing each with each costs its square.
_MOST_COMPARED = 200


def check_against_layouts(
    expectations: Sequence[Expectation], layouts: Sequence[Layout], context: Context
) -> None:
    """Report a relation that the writer's own boxes contradict from beginning to end."""
    placed = {layout.entity: layout for layout in layouts}
    for expectation in expectations:
        mine = placed.get(expectation.subject or "")
        theirs = placed.get(expectation.other or "")
        at = tree.Node(expectation.span.start, expectation.span.end)
        if expectation.metric == "absent" and mine is not None:
            message = f"{mine.entity} cannot be absent: @layout on line {mine.span.line} places it"
            context.findings.error("153", at, message)
        relation = RELATIONS.get(expectation.metric)
        if relation is None or mine is None or theirs is None:
            continue
        times = [key.time_s for key in (*mine.keys, *theirs.keys)]
        if not any(mine.box_at(t).stands(relation, theirs.box_at(t)) for t in times):
            message = (
                f"the layouts on lines {mine.span.line} and {theirs.span.line} say otherwise "
                f"at every keyframe"
            )
            context.findings.error("153", at, message)


def check_among_themselves(expectations: Sequence[Expectation], context: Context) -> None:
    """Report an expectation that those before it rule out, at the later of them in the text."""
    ordered = sorted(expectations, key=lambda expected: expected.span.start)[:_MOST_COMPARED]
    ways = {"across": _AxisOrder(), "down": _AxisOrder()}
    for i, expected in enumerate(ordered):
        against = next((o.span for o in ordered[:i] if _exclude(expected, o)), None)
        side = SIDE_RELATIONS.get(expected.metric)
        if side is not None:
            way, forward = _WAYS[side]
            against = ways[way].ruled_out(expected, forward) or against
        if against is not None:
            at = tree.Node(expected.span.start, expected.span.end)
            message = f"line {against.line} expects what rules this out"
            context.findings.error("152", at, message, "keep one of the two")


class _AxisOrder:
    """What is expected of the order along one way, left to right or top to bottom."""

    def __init__(self) -> None:
        self._order = PartialOrder()
        self._last: Span | None = None

    def ruled_out(self, expected: Expectation, forward: bool) -> Span | None:
        """Return what the order of two contradicts, None where it agrees with all before."""
        ends = (expected.subject or "", expected.other or "")
        if self._order.add(*(ends if forward else ends[::-1])):
            self._last = expected.span
            return None
        return self._last


def _exclude(one: Expectation, other: Expectation) -> bool:
    return _exclude_presence(one, other) or _exclude_values(one, other)


def _exclude_presence(one: Expectation, other: Expectation) -> bool:
    """Say whether one wants an entity absent and the other measures something of it."""
    for away, seen in ((one, other), (other, one)):
        wants_to_see = seen.metric != "absent" and seen.comparison not in _MET_AT_MOST
        if away.metric == "absent" and wants_to_see and away.subject in (seen.subject, seen.other):
            return True
    return False


def _exclude_values(one: Expectation, other: Expectation) -> bool:
    """Say whether no value of one metric can be what both want."""
    if (one.metric, one.subject) != (other.metric, other.subject):
        return False
    if one.threshold is None or other.threshold is None:
        return False
    for low, high in ((one, other), (other, one)):
        if low.comparison in _MET_AT_MOST or high.comparison in (">=", ">"):
            continue
        strict = low.comparison == ">" or high.comparison == "<"
        least, most = low.threshold or 0.0, high.threshold or 0.0
        if least > most or (strict and least == most):
            return True
    return False
