"""A take's measurements -> a table with the frames they were made on, and a badge."""

from __future__ import annotations

from ...film import Measurement, Take
from ...plan import Assertion, ShotPlan
from ..pages.html import Content, Markup, tag
from .stills import Stills

_MOST_EVIDENCE = 4
_SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "==": "="}
_ALONE = {"present", "absent"}


def badge_of(take: Take | None) -> Markup:
    """Return a shot's badge: passed, failed, not judged, no clip."""
    if take is None:
        return _badge("fail", "no clip")
    measurements = take.verdict.measurements
    failed = len(take.verdict.failed)
    if failed:
        return _badge("fail", f"{failed} of {len(measurements)} checks failed")
    unjudged = sum(m.passed is None for m in measurements)
    if unjudged == len(measurements):
        return _badge("unsure", "not judged")
    if unjudged:
        return _badge("pass", f"passed, {unjudged} not judged")
    return _badge("pass", "passed")


def _badge(kind: str, words: str) -> Markup:
    sign = {"pass": "✓", "fail": "✗", "unsure": "?"}[kind]
    return tag("span", tag("b", sign), f" {words}", class_=f"badge {kind}")


def verdict_table(shot: ShotPlan, take: Take, stills: Stills) -> Content:
    """Return a take's measurements, each with value, threshold, outcome and evidence."""
    if not take.verdict.measurements:
        return tag("p", "Nothing was asked of this shot, so nothing was measured.", class_="soft")
    asked = {assertion.id: assertion for assertion in shot.assertions}
    rows = [_row(m, asked.get(m.assertion), stills) for m in take.verdict.measurements]
    names = ("Check", "Measured", "Needed", "Verdict", "Evidence")
    head = tag("thead", tag("tr", [tag("th", name, scope="col") for name in names]))
    return tag("table", head, tag("tbody", rows), class_="verdict")


def name_of(measurement: Measurement, assertion: Assertion | None) -> str:
    """Say what was measured: "motion of FOX", "FOX left-of OWL", "place"."""
    subject, metric = measurement.subject, measurement.metric
    if assertion and assertion.other:
        return f"{subject} {metric} {assertion.other}"
    if subject and metric in _ALONE:
        return f"{subject} {metric}"
    return f"{metric} of {subject}" if subject else metric


def _row(m: Measurement, assertion: Assertion | None, stills: Stills) -> Markup:
    sign = _SIGNS.get(assertion.comparison or ">=" if assertion else ">=", "≥")
    needed = f"{sign} {m.threshold:.2f}" if m.threshold is not None else "—"
    where = f", line {m.span.line}" if m.span and "line" not in m.threshold_origin else ""
    pictures = [_evidence(number, stills) for number in m.frames[:_MOST_EVIDENCE]]
    measured = f"{m.value:.2f}" if m.value is not None else "—"
    return tag(
        "tr",
        tag("td", tag("b", name_of(m, assertion)), tag("small", m.explanation), data_name="Check"),
        tag("td", tag("span", measured, class_="number"), _bar(m), data_name="Measured"),
        tag(
            "td",
            tag("span", needed, class_="number"),
            tag("small", m.threshold_origin + where),
            data_name="Needed",
        ),
        tag("td", _outcome(m), data_name="Verdict"),
        tag(
            "td", tag("div", pictures) if pictures else "", data_name="Evidence", class_="evidence"
        ),
    )


def _outcome(m: Measurement) -> Markup:
    if m.passed is None:
        return _badge("unsure", "could not be judged")
    return _badge("pass", "pass") if m.passed else _badge("fail", "fail")


def _bar(m: Measurement) -> Content:
    """Draw a value within 0..1 with a mark where the threshold is."""
    if m.value is None or not 0 <= m.value <= 1:
        return ""
    kind = {True: "pass", False: "fail", None: "unsure"}[m.passed]
    filled = tag("i", class_=kind, style=f"width:{100 * m.value:.1f}%")
    inside = m.threshold is not None and 0 <= m.threshold <= 1
    mark = tag("b", style=f"left:{100 * (m.threshold or 0):.1f}%") if inside else ""
    return tag("span", filled, mark, class_="bar", aria_hidden="true")


def _evidence(number: int, stills: Stills) -> Content:
    source = stills.frame(number)
    seen = tag("img", src=source, alt=f"frame {number}", loading="lazy") if source else ""
    return tag("figure", seen, tag("figcaption", f"frame {number}"))
