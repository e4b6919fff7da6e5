"""The tables of the language and the prose of language.in.md -> language.md.

    python docs/language.py [--check]

With `--check` nothing is written; it ends with 1 where language.md is not what would be written.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from string import Template

from dreamrunner.dsl import DIRECTIVES, METRICS, PRESENCES, RELATIONS, pages
from dreamrunner.dsl.directives.boxes import POSITIONS
from dreamrunner.dsl.schema import (
    CAMERA_MOVES,
    CAMERA_PACES,
    REPLANNABLE,
    SHOT_KINDS,
    TITLE_KEYS,
    DirectiveSpec,
)

FOLDER = Path(__file__).parent
PAGE = FOLDER / "language.md"
_WHERE = {
    "story": "holds for the whole story",
    "scene": "stands in a scene",
    "anywhere": "stands in a scene, or above the first one for all",
}


def page() -> str:
    """Return the reference page."""
    prose = Template((FOLDER / "language.in.md").read_text(encoding="utf-8"))
    return prose.substitute(
        title_keys=_words(TITLE_KEYS),
        positions=_rows((kind, _words(words)) for kind, words in POSITIONS.items()),
        directives="\n\n".join(_directive(spec) for spec in DIRECTIVES.values()),
        shot_kinds=", ".join(
            f"`{kind}` (also {_words(others)})" for kind, others in SHOT_KINDS.items()
        ),
        replannable=_words(REPLANNABLE),
        metrics=_rows(
            (_metric(m.name, m.subject), f"{m.low:g}..{m.high:g}", m.summary)
            for m in METRICS.values()
        ),
        relations=_words(RELATIONS),
        presences=_words(PRESENCES),
        camera_moves=_words(CAMERA_MOVES),
        camera_paces=_words(CAMERA_PACES),
        codes=_rows((" ".join(p.codes), p.title) for code, p in pages().items() if code == p.code),
    )


def _directive(spec: DirectiveSpec) -> str:
    facts = [_WHERE[spec.where]]
    if spec.once:
        facts.append("once for each entity" if spec.takes == "entity" else "once")
    if spec.options:
        facts.append(f"options {_words(spec.options)}")
    if spec.statements:
        facts.append(f"its block takes {_words(spec.statements)}")
    if not spec.acted_on:
        facts.append("kept, and not acted on yet")
    sentence = "; ".join(facts)
    return f"**`@{spec.name}`** {spec.summary}\n\n    {spec.usage}\n\n{_capital(sentence)}."


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _metric(name: str, subject: str) -> str:
    return f"`{name}`" if subject == "none" else f"`{name}`, `{name}.FOX`"


def _words(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _rows(rows: Iterable[tuple[str, ...]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        sys.exit(PAGE.read_text(encoding="utf-8") != page())
    PAGE.write_text(page(), encoding="utf-8")
