"""Figures without lines of screenplays -> whether they are somebody, by people who judged each.

    python benchmarks/figures.py PAGES... --sample 300 --page FILE
        writes paragraphs drawn by lot with those of their figures who have no cue, to be judged
    python benchmarks/figures.py PAGES... --judged benchmarks/screenplays-figures.tsv
        counts how many of the judged are still filmed

A verdict is Y for somebody who is there, S for one who is there under another name already, T for
one who is only told of, N for nobody at all. Nothing of a page's text is kept.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

# Run as a script, its folder is where Python looks first.
from screenplays import (
    Paragraph,
    as_compared,
    named_by,
    page_of,
    paragraphs,
    shots_of,
    story_of,
)  # fmt: skip

from dreamrunner.agents.director.rules import direct
from dreamrunner.engine.family import capabilities
from dreamrunner.plan import Capabilities
from dreamrunner.story import Dialogue, Story

VERDICTS = {"Y": "there", "S": "there already", "T": "told of", "N": "nobody"}
_SEED = 1
_MOST = 6  # who may be in a picture at once


@dataclass(frozen=True, slots=True)
class Filmed:
    """A paragraph with who is filmed in it, and who of these has no lines in the script."""

    paragraph: Paragraph
    everybody: tuple[str, ...]
    silent: tuple[str, ...]


def speakers(story: Story) -> frozenset[str]:
    """Return everybody whom a cue names, as names are compared."""
    lines = (e for scene in story.scenes for e in scene.elements if isinstance(e, Dialogue))
    return frozenset(as_compared(name) for line in lines for name in named_by(line))


def filmed(page: Path, world: Capabilities) -> Iterator[Filmed]:
    """Yield the paragraphs of a script with who is filmed in each."""
    story = story_of(page)
    plan, speak = direct(story, world), speakers(story)
    for paragraph in paragraphs(page, story):
        shots = shots_of(paragraph, plan)
        everybody = tuple(dict.fromkeys(e.id for shot in shots for e in shot.entities))
        silent = tuple(name for name in everybody if as_compared(name) not in speak)
        yield Filmed(paragraph, everybody, silent)


def judged_of(file: Path) -> dict[str, dict[str, str]]:
    """Return a paragraph's id -> figure -> verdict."""
    found: dict[str, dict[str, str]] = {}
    with file.open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows, delimiter="\t"):
            found.setdefault(row["id"], {})[row["figure"]] = row["verdict"]
    return found


def still_filmed(
    judged: Mapping[str, Mapping[str, str]], found: Mapping[str, tuple[str, ...]]
) -> dict[str, dict[str, int]]:
    """Return verdict -> how many were judged so, and how many of these are filmed."""
    were: Counter[str] = Counter()
    are: Counter[str] = Counter()
    for paragraph, figures in judged.items():
        for figure, verdict in figures.items():
            if paragraph in found:
                were[verdict] += 1
                are[verdict] += figure in found[paragraph]
    return {VERDICTS[v]: {"judged": were[v], "filmed": are[v]} for v in VERDICTS}


def asked_of(drawn: list[Filmed]) -> str:
    """Return paragraphs for whoever judges, each with the figures that they are asked about."""
    parts = []
    for found in drawn:
        others = [name for name in found.everybody if name not in found.silent]
        parts.append(
            f"{page_of([found.paragraph])}others: {', '.join(others)}\n"
            f"JUDGE: {' | '.join(found.silent)}\n"
        )
    return "\n".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("pages", nargs="+", type=Path)
    parser.add_argument("--sample", type=int, help="draw so many paragraphs by lot")
    parser.add_argument("--page", type=Path, help="write them here")
    parser.add_argument("--judged", type=Path, help="count the figures of this file")
    asked = parser.parse_args()
    world = capabilities("storybook").model_copy(update={"max_entities": _MOST})
    found = [one for page in asked.pages for one in filmed(page, world)]
    if asked.sample and asked.page:
        silent = [one for one in found if one.silent]
        chosen = sorted(random.Random(_SEED).sample(range(len(silent)), asked.sample))
        asked.page.write_text(asked_of([silent[n] for n in chosen]), encoding="utf-8")
        print(f"{asked.sample} of {len(silent)} paragraphs, of {len(found)}, are in {asked.page}")
        return
    if not asked.judged:
        parser.error("give --sample with --page, or --judged")
    who = {one.paragraph.id: one.everybody for one in found}
    print(json.dumps(still_filmed(judged_of(asked.judged), who), indent=1))


if __name__ == "__main__":
    main()
