"""`@expect motion.FOX >= 0.6, FOX left-of OWL` -> acceptances that can be met."""

from __future__ import annotations

from collections.abc import Sequence

from ...story import RELATIONS, Expectation
from ..diagnostics.findings import did_you_mean
from ..resolve.context import Context
from ..schema import METRICS, PRESENCES, MetricSpec
from ..syntax import tree
from ..syntax.names import NamePart
from .cast import Cast, resolve_entity, resolve_name

_SHAPE_HELP = "@expect motion.FOX >= 0.6, FOX left-of OWL"


def resolve_expect(directive: tree.Directive, cast: Cast, context: Context) -> list[Expectation]:
    """Return the acceptances of one `@expect`, without those that are wrong."""
    if not directive.args.groups:
        context.findings.error("155", directive.name, "@expect expects nothing", _SHAPE_HELP)
    found = (_resolve_group(group, cast, context) for group in directive.args.groups)
    return [expectation for expectation in found if expectation is not None]


def _resolve_group(group: tuple[tree.Arg, ...], cast: Cast, context: Context) -> Expectation | None:
    *before, last = group
    named = [arg for arg in before if isinstance(arg, NamePart)]
    if isinstance(last, tree.Test) and len(named) == len(before):
        return _metric(named, last, cast, context)
    if isinstance(last, NamePart) and len(named) == len(before) and not _is_number(group[0]):
        return _relation(group, cast, context)
    place = tree.Node(group[0].start, last.end)
    context.findings.error("155", place, "this cannot be expected", _SHAPE_HELP)
    return None


def _is_number(arg: tree.Arg) -> bool:
    return isinstance(arg, tree.Quantity) and not arg.unit


def _metric(
    before: Sequence[NamePart], test: tree.Test, cast: Cast, context: Context
) -> Expectation | None:
    findings = context.findings
    # `motion.OLD MAN >= 0.6`: the words of a name come apart at its spaces.
    words = [*(part.text for part in before), test.name.text]
    start = before[0].start if before else test.start
    place = tree.Node(start, test.name.end)
    name, _, subject_name = " ".join(words).partition(".")
    spec = METRICS.get(name)
    if spec is None:
        help = did_you_mean(name, METRICS)
        findings.error("151", tree.Node(start, test.end), f'nothing measures "{name}"', help)
        return None
    _check_measured(spec, place, context)
    subject = _subject(spec, subject_name, place, cast, context)
    threshold = _threshold(spec, test, tree.Node(start, test.end), context)
    if threshold is None or (subject_name and subject is None):
        return None
    span = findings.source.span(start, test.end)
    return Expectation(name, subject, None, test.comparison, threshold, span)


def _check_measured(spec: MetricSpec | None, at: tree.Node, context: Context) -> None:
    capabilities = context.capabilities
    if capabilities is not None and "critic" in capabilities.unbuilt:
        message = f"{capabilities.name} has no critic yet: not measured is never a pass"
        context.findings.warning("154", at, message, "the storybook engine measures its films")
    elif (
        capabilities is not None
        and capabilities.metrics
        and spec
        and spec.name not in capabilities.metrics
    ):
        message = f"{capabilities.name} cannot measure {spec.name}: not measured is never a pass"
        help = f"it measures {', '.join(capabilities.metrics)}"
        context.findings.warning("154", at, message, help)


def _subject(
    spec: MetricSpec, name: str, at: tree.Node, cast: Cast, context: Context
) -> str | None:
    if not name:
        return None
    if spec.subject == "none":
        message = f"{spec.name} is measured of the whole shot, not of {name}"
        context.findings.error("155", at, message, f"{spec.name} >= ...")
        return None
    return resolve_entity(name, at, cast, context)


def _threshold(spec: MetricSpec, test: tree.Test, at: tree.Node, context: Context) -> float | None:
    value = test.value
    if not isinstance(value, tree.Quantity) or value.unit not in ("", "%"):
        context.findings.error("155", value, f"{spec.name} is compared with a number", "0.6 or 60%")
        return None
    threshold = value.number / 100 if value.unit == "%" else value.number
    never = {
        ">=": threshold > spec.high,
        ">": threshold >= spec.high,
        "<=": threshold < spec.low,
        "<": threshold <= spec.low,
        "==": not spec.low <= threshold <= spec.high,
    }[test.comparison]
    if not never:
        return threshold
    message = f"this can never be met: {spec.name} lies in {spec.low:g}..{spec.high:g}"
    hundredth = threshold / 100
    fits = value.unit == "" and spec.low <= hundredth <= spec.high and threshold > 1
    help = f"did you mean {test.comparison} {hundredth:g}?" if fits else None
    context.findings.error("152", at, message, help)
    return None


def _relation(group: tuple[tree.Arg, ...], cast: Cast, context: Context) -> Expectation | None:
    words = [arg for arg in group if isinstance(arg, NamePart)]
    place = tree.Node(words[0].start, words[-1].end)
    known = (*RELATIONS, *PRESENCES)
    index = next((i for i, word in enumerate(words) if i and word.text in known), None)
    if index is None:
        _report_relation(words, place, context)
        return None
    relation = words[index].text
    left, right = words[:index], words[index + 1 :]
    if bool(right) != (relation in RELATIONS):
        example = f"FOX {relation} OWL" if relation in RELATIONS else f"FOX {relation}"
        message = f"{relation} is said of {'two' if relation in RELATIONS else 'one'}"
        context.findings.error("155", place, message, example)
        return None
    subject = resolve_name(left, cast, context)
    other = resolve_name(right, cast, context) if right else None
    if subject is None or (right and other is None):
        return None
    if subject == other:
        context.findings.error("152", place, f"{subject} is never {relation} itself")
        return None
    _check_measured(None, place, context)
    span = context.findings.source.span(place.start, place.end)
    return Expectation(relation, subject, other, None, None, span)


def _report_relation(words: Sequence[NamePart], place: tree.Node, context: Context) -> None:
    if len(words) == 1 and words[0].text.partition(".")[0] in METRICS:
        message = f"{words[0].text} is compared with nothing"
        context.findings.error("155", place, message, f"{words[0].text} >= 0.6")
        return
    at = words[min(1, len(words) - 1)]
    help = did_you_mean(at.text, (*RELATIONS, *PRESENCES)) or _SHAPE_HELP
    context.findings.error("151", at, f'"{at.text}" is no relation', help)
