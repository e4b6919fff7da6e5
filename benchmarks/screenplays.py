"""Screenplays of people -> figures of their plans by the rules; nothing of their text is kept.

    python benchmarks/screenplays.py PAGES...            counts, and what planning takes
    python benchmarks/screenplays.py PAGES... --figures  who is filmed and never speaks, to be read
    python benchmarks/screenplays.py PAGES... --sample 100 --page FILE
        writes paragraphs drawn by lot to FILE, for whoever labels them: nothing of a plan is in it
    python benchmarks/screenplays.py PAGES... --labels benchmarks/screenplays-labels.tsv
        scores the plans of those paragraphs; with --cast FILE whoever is in a story without lines
        is somebody, though no paragraph of the sample has them
    python benchmarks/screenplays.py --labels FILE --against FILE
        says how far two people who labelled the same paragraphs agree

A paragraph is labelled with who is in its picture, "+" before whoever does something that shows.
"A|B" are two names of one, "A?" may be there or not: crowds, and those in the background. A figure
with more words before a name of several is of these: CHANTING PRIESTS of PRIESTS, DOG-1 of DOGS. If
its noun ends a name of the label it is nobody else, though not who is asked: CREWS of TV CREW.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from dreamrunner.agents.director.reading.inflection import is_plural, singular
from dreamrunner.agents.director.reading.parse import keep_parses_in
from dreamrunner.agents.director.rules import direct
from dreamrunner.dsl import parse_story
from dreamrunner.engine.family import capabilities
from dreamrunner.plan import Capabilities, Plan, ShotPlan
from dreamrunner.speech import names_of_cue
from dreamrunner.story import Action, Dialogue, Scene, Story

_FASTEST = 20.0  # characters a second
_SEED = 17
# Beats that are not what a page says that somebody does with their body.
_IDLE = frozenset({"stand", "talk", "listen"})


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of action, with who speaks after it and before the next."""

    script: str
    scene: Scene
    action: Action
    said: tuple[Dialogue, ...]

    @property
    def id(self) -> str:
        return f"{self.script}:{self.action.span.line}"


def story_of(page: Path) -> Story:
    story = parse_story(page.read_text(encoding="utf-8-sig"), path=page.name).story
    if story is None:
        raise SystemExit(f"{page} is no story: see `dreamrunner check {page}`")
    return story


def paragraphs(page: Path, story: Story) -> Iterator[Paragraph]:
    """Yield the paragraphs of a script in order."""
    for scene in story.scenes:
        actions = [i for i, e in enumerate(scene.elements) if isinstance(e, Action)]
        for at, end in pairwise([*actions, len(scene.elements)]):
            said = [e for e in scene.elements[at:end] if isinstance(e, Dialogue)]
            action = scene.elements[at]
            assert isinstance(action, Action)
            yield Paragraph(page.stem, scene, action, tuple(said))


def drawn(found: Sequence[Paragraph], count: int) -> list[Paragraph]:
    """Return paragraphs by lot, in their order; the same ones each time."""
    chosen = random.Random(_SEED).sample(range(len(found)), count)
    return [found[index] for index in sorted(chosen)]


def counts(plan: Plan, world: Capabilities) -> dict[str, Any]:
    """Return what a plan says that needs nobody to judge it."""
    rates = [
        len(line.text) / (line.end_s - line.start_s)
        for shot in plan.shots for line in shot.subtitles if line.speaker
    ]  # fmt: skip
    beats = [beat.motion for shot in plan.shots for beat in shot.beats]
    rooms = [scene for scene in plan.scenes if scene.heading.upper().startswith("INT")]
    outdoors = [
        scene.heading
        for scene in rooms
        if any(shot.place_id not in world.indoors for shot in scene.shots)
    ]
    return {
        "scenes": len(plan.scenes),
        "shots": len(plan.shots),
        "lines": len(rates),
        "fastest line": round(max(rates, default=0.0), 1),
        "lines too fast": sum(rate > _FASTEST + 1e-6 for rate in rates),
        "INT.": len(rooms),
        "INT. outdoors": len(outdoors),
        "beats": len(beats),
        "beats that stand": round(sum(b == "stand" for b in beats) / max(1, len(beats)), 3),
        "figures": len({entity.id for shot in plan.shots for entity in shot.entities}),
    }


def named_by(line: Dialogue) -> tuple[str, ...]:
    """Return the names by which a cue may mean its speaker, as it is written first."""
    return (line.speaker, *names_of_cue(line.speaker))


def silent(story: Story, plan: Plan) -> list[str]:
    """Return who is filmed and never speaks, with in how many shots: whether they are somebody."""
    cued = {
        name
        for scene in story.scenes
        for element in scene.elements
        if isinstance(element, Dialogue)
        for name in named_by(element)
    }
    often: dict[str, int] = {}
    for shot in plan.shots:
        for entity in shot.entities:
            if entity.id not in cued:
                often[entity.id] = often.get(entity.id, 0) + 1
    return [f"{name} ({count})" for name, count in sorted(often.items())]


def page_of(drawn_ones: Sequence[Paragraph]) -> str:
    """Return paragraphs for whoever labels them: the heading, what is before, and what is said."""
    parts = []
    for found in drawn_ones:
        elements = found.scene.elements
        at = elements.index(found.action)
        before = [_shown(e) for e in elements[max(0, at - 6) : at]]
        here = [f"{line.speaker} {line.extension or ''}: {line.text[:90]}" for line in found.said]
        parts.append(
            "\n".join([f"### {found.id}   {found.scene.heading.text}", *before, "---->",
                       found.action.text, *here])
        )  # fmt: skip
    return "\n\n".join(parts) + "\n"


def _shown(element: object) -> str:
    if isinstance(element, Dialogue):
        return f"    ({element.speaker}: {element.text[:60]})"
    return f"    ({element.text})" if isinstance(element, Action) else ""


@dataclass(frozen=True, slots=True)
class Seen:
    """Somebody in a picture as a label has them, by any of their names."""

    names: tuple[str, ...]
    acts: bool
    sure: bool

    def is_meant_by(self, entity: str) -> bool:
        entity = as_compared(entity)
        plain = entity.rpartition("-")[0] if entity.rpartition("-")[2].isdigit() else entity
        names = [as_compared(name) for name in self.names]
        return any(
            name in (entity, plain)
            or entity.startswith(f"{name} ")
            # Of several: DOG-1 is of the DOGS, and CHANTING PRIESTS are PRIESTS.
            or (is_plural(name.lower()) and entity.endswith(f" {name}"))
            or (plain != entity and singular(name.lower()) == plain.lower())
            for name in names
        )

    def is_told_by(self, entity: str) -> bool:
        """Say whether a figure is called by the noun that ends one of the names: MEN of FBI MEN."""
        return any(as_compared(name).endswith(f" {as_compared(entity)}") for name in self.names)


def as_compared(name: str) -> str:
    """Return a name as it is compared: MR. and MR are one, and JO'S MOM and JOS MOM."""
    return re.sub(r"[.'’]", "", name).removeprefix("THE ")


def labels_of(file: Path) -> dict[str, list[Seen]]:
    """Return a paragraph's id -> who is in its picture."""
    with file.open(encoding="utf-8") as rows:
        return {
            row["id"]: [_seen(name) for name in row["seen"].split(",") if name.strip()]
            for row in csv.DictReader(rows, delimiter="\t")
        }


def _seen(said: str) -> Seen:
    said = said.strip()
    names = tuple(name.strip() for name in said.strip("+?").split("|"))
    return Seen(names, said.startswith("+"), not said.endswith("?"))


def score(
    labels: dict[str, list[Seen]], found: Iterable[tuple[Paragraph, list[ShotPlan]]], cast: set[str]
) -> dict[str, Any]:
    """Return how plans stand to labels, and for each paragraph what is wrong.

    `cast` is everybody who speaks in a script or is in a label: whoever is filmed and not of them
    is a figure that is none, whoever is of them and not in this label is one too many.
    """
    wrong: dict[str, dict[str, list[str]]] = {"missing": {}, "too many": {}, "none": {}, "idle": {}}
    acting = 0
    for paragraph, shots in found:
        label = labels[paragraph.id]
        filmed = dict.fromkeys(entity.id for shot in shots for entity in shot.entities)
        spoken = {name for line in paragraph.said for name in named_by(line)}
        for who in label:
            ids = [entity for entity in filmed if who.is_meant_by(entity)]
            if who.sure and not ids:
                wrong["missing"].setdefault(paragraph.id, []).append("|".join(who.names))
            acting += who.acts and bool(ids)
            motions = {b.motion for shot in shots for b in shot.beats if b.entity in ids}
            if who.acts and ids and motions <= _IDLE:
                wrong["idle"].setdefault(paragraph.id, []).append("|".join(who.names))
        for entity in filmed:
            if entity in spoken or any(
                who.is_meant_by(entity) or who.is_told_by(entity) for who in label
            ):
                continue
            real = entity in cast or any(
                who.is_meant_by(entity) for other in labels.values() for who in other
            )
            wrong["too many" if real else "none"].setdefault(paragraph.id, []).append(entity)
    return {
        "paragraphs": len(labels),
        "everybody is there": len(labels) - len(wrong["missing"]),
        "somebody too many": len(wrong["too many"]),
        "figures that are none": sum(map(len, wrong["none"].values())),
        "who act": acting,
        "of these stand": sum(map(len, wrong["idle"].values())),
        "wrong": wrong,
    }


def silent_cast(file: Path) -> dict[str, list[Seen]]:
    """Return a script -> those who are in its story without lines, by all their names."""
    found: dict[str, list[Seen]] = {}
    with file.open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows, delimiter="\t"):
            found.setdefault(row["script"], []).append(_seen(row["names"]))
    return found


def scored(
    pages: Sequence[Path],
    labels: dict[str, list[Seen]],
    world: Capabilities,
    silent_ones: Mapping[str, Sequence[Seen]] | None = None,
) -> dict[str, Any]:
    """Return the score of the plans of some scripts."""
    found: list[tuple[Paragraph, list[ShotPlan]]] = []
    cast: set[str] = set()
    for page in pages:
        story = story_of(page)
        plan = direct(story, world)
        silent_there = (silent_ones or {}).get(page.stem, ())
        cast |= {
            entity.id
            for shot in plan.shots
            for entity in shot.entities
            if any(who.is_meant_by(entity.id) or who.is_told_by(entity.id) for who in silent_there)
        }
        for paragraph in paragraphs(page, story):
            cast |= {name for line in paragraph.said
                     for name in (line.speaker, *names_of_cue(line.speaker))}  # fmt: skip
            if paragraph.id in labels:
                found.append((paragraph, list(shots_of(paragraph, plan))))
    return score(labels, found, cast)


def agreement(labels: dict[str, list[Seen]], others: dict[str, list[Seen]]) -> dict[str, int]:
    """Return in how many paragraphs others name everybody who must be seen, and nobody more."""
    return {
        "paragraphs": len(labels),
        "everybody is there": sum(
            all(any(_same(who, one) for one in others[key] if one.sure) for who in seen if who.sure)
            for key, seen in labels.items()
        ),
        "somebody too many": sum(
            any(not any(_same(who, one) for who in seen) for one in others[key] if one.sure)
            for key, seen in labels.items()
        ),
    }


def _same(one: Seen, other: Seen) -> bool:
    return any(map(one.is_meant_by, other.names)) or any(map(other.is_meant_by, one.names))


def shots_of(paragraph: Paragraph, plan: Plan) -> Iterator[ShotPlan]:
    """Yield the shots of a paragraph and of what is said after it."""
    lines = {paragraph.action.span.line, *(line.span.line for line in paragraph.said)}
    yield from (s for s in plan.shots if s.span is not None and s.span.line in lines)


def timing(page: Path, folder: Path) -> dict[str, float]:
    """Return processor seconds and peak megabytes of planning a script in a process of its own."""
    said = subprocess.run(
        [sys.executable, __file__, str(page), "--time-in", str(folder)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return dict(json.loads(said.stdout))


def _time(page: Path, folder: Path) -> None:
    story, world = story_of(page), capabilities("storybook")
    keep_parses_in(folder)
    begun = time.process_time()
    direct(story, world)
    seconds = time.process_time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"processor s": round(seconds, 2), "peak MB": round(peak)}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("pages", nargs="*", type=Path)
    parser.add_argument(
        "--figures", action="store_true", help="name who is filmed and never speaks"
    )
    parser.add_argument("--sample", type=int, help="draw so many paragraphs by lot")
    parser.add_argument("--page", type=Path, help="write them here")
    parser.add_argument("--labels", type=Path, help="score the plans of these paragraphs")
    parser.add_argument("--cast", type=Path, help="who is in these stories without lines")
    parser.add_argument("--against", type=Path, help="another's labels of these paragraphs")
    parser.add_argument("--most", type=int, help="who may be in a picture at once")
    parser.add_argument("--json", type=Path, help="keep the figures here")
    parser.add_argument("--time-in", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.time_in:
        _time(asked.pages[0], asked.time_in)
        return
    if asked.against:
        one, other = labels_of(asked.labels), labels_of(asked.against)
        print(json.dumps([agreement(one, other), agreement(other, one)]))
        return
    if not asked.pages:
        parser.error("name the pages of screenplays")
    world = capabilities("storybook")
    if asked.most:
        world = world.model_copy(update={"max_entities": asked.most})
    stories = {page: story_of(page) for page in asked.pages}
    if asked.sample:
        found = [p for page, story in stories.items() for p in paragraphs(page, story)]
        asked.page.write_text(page_of(drawn(found, asked.sample)), encoding="utf-8")
        print(f"{asked.sample} of {len(found)} paragraphs are in {asked.page}")
        return
    result: dict[str, Any] = {}
    if asked.labels:
        data = asked.labels.read_bytes()
        result = {"sha256": hashlib.sha256(data).hexdigest(),
                  **scored(asked.pages, labels_of(asked.labels), world,
                           silent_cast(asked.cast) if asked.cast else None)}  # fmt: skip
    else:
        for page, story in stories.items():
            with tempfile.TemporaryDirectory() as folder:
                first, then = (timing(page, Path(folder)) for _ in range(2))
                keep_parses_in(Path(folder), write=False)
                plan = direct(story, world)
            result[page.stem] = {**counts(plan, world), "first": first, "then": then}
            if asked.figures:
                result[page.stem]["never speak"] = silent(story, plan)
    print(json.dumps(result, indent=1, ensure_ascii=False))
    if asked.json:
        asked.json.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
