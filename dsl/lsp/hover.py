"""An offset of a page -> what the language and the story say of the word there, in Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable

from lsprotocol.types import Hover, MarkupContent, MarkupKind

from ...plan import Capabilities
from ...story import RELATIONS
from ..schema import CAMERA_MOVES, DIRECTIVES, METRICS, PRESENCES, DirectiveSpec
from .cursor import cursor_at
from .mentions import mentions_of, name_at
from .navigation import declaration_of
from .page import Page

_WORD = re.compile(r"@?[\w-]+")


def hover(page: Page, offset: int, capabilities: Capabilities | None) -> Hover | None:
    """Return what to show over a place, or None where there is nothing to say."""
    named = name_at(page, offset)
    if named is not None:
        name, mention = named
        return _shown(page, _about_name(page, name), mention.start, mention.end)
    line_start = page.text.rfind("\n", 0, offset) + 1
    for word in _WORD.finditer(page.text, line_start):
        if word.start() > offset:
            break
        if word.end() >= offset:
            about = _about_word(page, word[0], offset, capabilities)
            return _shown(page, about, word.start(), word.end()) if about else None
    return None


def _shown(page: Page, text: str, start: int, end: int) -> Hover:
    return Hover(MarkupContent(MarkupKind.Markdown, text), page.range(start, end))


def _about_name(page: Page, name: str) -> str:
    declared = declaration_of(page, name)
    times = len(mentions_of(page, name))
    named = f"named {times} time{'s' * (times != 1)} on this page"
    if declared is None:
        return f"**{_plain(name)}** is not declared; {named}"
    member = declared.declaration
    look = _plain(member.look) or "nothing says how it looks"
    line = declared.page.position(member.name_start).line + 1
    where = f"line {line} of {_plain(declared.path.name)}" if declared.path else f"line {line}"
    return f"**{_plain(name)}**, {member.kind}: {look}\n\ndeclared on {where}, {named}"


def _about_word(
    page: Page, word: str, offset: int, capabilities: Capabilities | None
) -> str | None:
    if word.startswith("@"):
        spec = DIRECTIVES.get(word[1:])
        return about_directive(spec) if spec else None
    place = cursor_at(page, offset)
    if place.directive is None and place.tag is None:
        return None
    tables: tuple[Callable[[], str | None], ...] = (
        lambda: about_metric(word) if place.directive == "expect" else None,
        lambda: f"`{word}`: a move of the camera" if word in CAMERA_MOVES else None,
        lambda: _about_motion(word, capabilities),
        lambda: about_directive(DIRECTIVES[word]) if word in DIRECTIVES else None,
    )
    return next(filter(None, (table() for table in tables)), None)


def about_directive(spec: DirectiveSpec) -> str:
    """Return what the schema says of a directive."""
    lines = [f"**@{spec.name}**: {spec.summary}", f"```story\n{spec.usage}\n```"]
    facts = [f"stands {'in a scene' if spec.where == 'scene' else 'anywhere'}"]
    facts += ["once a scene" if spec.where == "scene" else "once"] if spec.once else []
    facts += [f"options: {', '.join(spec.options)}"] if spec.options else []
    facts += [f"its block takes: {', '.join(spec.statements)}"] if spec.statements else []
    facts += [f"if left out: {spec.default}"] if spec.default else []
    return "\n\n".join([*lines, "; ".join(facts)])


def about_metric(word: str) -> str | None:
    """Return what the schema says of a metric or a relation, or None for neither."""
    if word in RELATIONS:
        return f"`{word}`: a relation between two, measured on the boxes of the rendered shot"
    if word in PRESENCES:
        return f"`{word}`: whether somebody is in the rendered shot"
    metric = METRICS.get(word)
    if metric is None:
        return None
    return f"`{word}`: {metric.summary}; {metric.low:g} to {metric.high:g}"


def _about_motion(word: str, capabilities: Capabilities | None) -> str | None:
    if capabilities is None:
        return None
    motion = capabilities.synonyms.get(word, word)
    if motion in capabilities.motions:
        return f"`{word}`: {capabilities.name} knows it as “{capabilities.motions[motion]}”"
    if motion in capabilities.library_motions:
        phrase = capabilities.library_motions[motion]
        return f"`{word}`: “{phrase}”, which {capabilities.name} learns from the motion library"
    return None


def _plain(text: str) -> str:
    """Return a writer's text so that Markdown shows it as it is."""
    return re.sub(r"([\\`*_{}\[\]<>#!|])", r"\\\1", text)
