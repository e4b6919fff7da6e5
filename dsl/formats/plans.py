"""Plans in the format of the paper's authors -> stories that pin boxes and motions, and back.

A line of JSON is `[name, plan]`. The plan is text: `Background: ...`, then `Frame_1` and so on,
one a second, each a list of `[[entity, motion, caption], [left, top, right, bottom]]`. Frames are
taken by their numbers and entities by their names. One whose name is `none` goes by its caption,
and where that changes, by its place in the list. A box that is none is an error or, on request,
repaired with a warning that says how.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from ...errors import Severity
from ...plan import Plan, ShotPlan
from ...story import Box
from ..diagnostics.findings import Findings
from ..diagnostics.source import Node, Source
from ..formatting.format import format_story
from . import script
from .imported import ImportedStory, imported
from .pinned import Appearance, pinned_story

_TEXT = r"""("(?>(?:[^"\\]|\\.)*)"|'(?>(?:[^'\\]|\\.)*)')"""
_REGION = re.compile(
    rf"\s*\[\s*\[\s*{_TEXT}\s*,\s*{_TEXT}\s*,\s*{_TEXT}\s*,?\s*\]\s*,\s*(\[[^\[\]]*+\])\s*\]\s*,?"
)
_FRAME = re.compile(r"\s*Frame_(\d{1,4})\s*:(.*)", re.DOTALL)
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_EVENT = "the background of the event:"
_SHAPE = '[["fox", "walking", "a fox walks"], [0.1, 0.4, 0.4, 0.9]]'
_LAST_FRAME = 600
_FRAMES = 6  # what the authors' own inference reads of a plan
_SMALLEST_SIDE = 0.05


def import_plans(text: str, path: str, *, repair: bool = False) -> list[ImportedStory]:
    """Return a story for every line that holds a plan.

    Args:
        repair: make a box of every four numbers that are none, and warn of it.
    """
    stories = []
    start = 0
    source = Source(path, text)
    for number, line in enumerate(source.text.split("\n"), start=1):
        if line.strip():
            findings = Findings(source)
            stories.append(_Line(line, start, number, findings, repair).story())
        start += len(line) + 1
    return stories


@dataclass(frozen=True, slots=True)
class _Frame:
    """What is where at one second."""

    number: int
    regions: tuple[Appearance, ...]


class _Line:
    """One line of the file, read into a story. `start` is its offset in the file."""

    def __init__(
        self, line: str, start: int, number: int, findings: Findings, repair: bool
    ) -> None:
        self._line = line
        self._start = start
        self._name = f"{number:04}"
        self._findings = findings
        self._repair = repair
        self._cursor = 0
        self._boxes: dict[str, Box] = {}
        self._unnamed: dict[int, str] = {}

    def story(self) -> ImportedStory:
        """Return the story of the plan, or what is wrong with it."""
        text = self._plan()
        story = self._of_plan(text) if text is not None else None
        return imported(self._name, story, self._findings)

    def _plan(self) -> str | None:
        try:
            row = json.loads(self._line)
        except (ValueError, RecursionError):
            self._error("180", "this line is no JSON", '["name.mp4", "Background: ..."]')
            return None
        match row:
            case [str() as name, str() as text]:
                self._name = _file_stem(name) or self._name
                return text
        self._error("180", "a plan is a name and a text", '["name.mp4", "Background: ..."]')
        return None

    def _of_plan(self, text: str) -> str | None:
        head, *rest = text.replace("\\n", "\n").strip().strip('"').split("\nFrame_")
        key, _, background = head.strip().partition(":")
        if key.strip().casefold() != "background" or not rest:
            self._error("180", "a plan begins with Background: and has frames", "Frame_1: ...")
            return None
        event = script.one_line(background)
        event = event[len(_EVENT) :].strip() if event.startswith(_EVENT) else event
        frames = [frame for part in rest if (frame := self._frame(f"Frame_{part}")) is not None]
        if any(d.severity is Severity.ERROR for d in self._findings.in_order):
            return None
        if not any(frame.regions for frame in frames):
            self._error("180", "no frame of this plan shows anything", f"Frame_1: {_SHAPE}")
            return None
        numbers = [frame.number for frame in frames]
        if sorted(set(numbers)) != sorted(numbers):
            self._error("180", "two frames of this plan have the same number", "Frame_1, Frame_2")
            return None
        shown = {frame.number: frame.regions for frame in frames}
        return self._written(event, shown)

    def _written(self, event: str, shown: dict[int, tuple[Appearance, ...]]) -> str:
        story = pinned_story(event, self._name, shown)
        for entity, seconds in story.comes_and_goes:
            message = f"{entity} is in {seconds} of {len(shown)} frames"
            help = "@layout cannot leave the frame: it stays in all of them"
            self._findings.warning("183", self._whole, message, help)
        return format_story(story.text, self._name)

    def _frame(self, text: str) -> _Frame | None:
        found = _FRAME.match(text)
        number = int(found[1]) if found else 0
        if found is None or not 1 <= number <= _LAST_FRAME:
            self._error("180", f"a frame is Frame_1 to Frame_{_LAST_FRAME}", f"Frame_1: {_SHAPE}")
            return None
        self._cursor = max(self._cursor, self._line.find(f"Frame_{found[1]}", self._cursor))
        body, at = found[2].strip(), 0
        matches = []
        while at < len(body):
            region = _REGION.match(body, at)
            if region is None:
                self._error("180", f"a region of Frame_{number} is not one", _SHAPE)
                return None
            at = region.end()
            matches.append(region)
        names = self._names(matches)
        regions = [self._appearance(m, name) for m, name in zip(matches, names, strict=True)]
        return _Frame(number, tuple(region for region in regions if region is not None))

    def _names(self, regions: Sequence[re.Match[str]]) -> list[str]:
        """Return who is in a frame; a second of the same name has a number after it."""
        captions = [_said(region, 3) for region in regions]
        names: list[str] = []
        unnamed: dict[int, str] = {}
        for i, region in enumerate(regions):
            name = _said(region, 1)
            if name.casefold() in ("none", ""):
                before = self._unnamed.get(i, captions[i])
                name = unnamed[i] = captions[i] if before in captions else before
            names.append(name)
        self._unnamed = unnamed
        return [
            f"{name} {names[:i].count(name) + 1}" if name in names[:i] else name
            for i, name in enumerate(names)
        ]

    def _appearance(self, region: re.Match[str], named: str) -> Appearance | None:
        entity, motion, caption = (_said(region, part) for part in (1, 2, 3))
        box = self._box(region[4], self._place(region[4]), named)
        if box is None:
            return None
        self._boxes[named] = box
        look = caption if entity.casefold() in ("none", "") else entity
        return Appearance(named, look, "" if motion.casefold() == "none" else motion, caption, box)

    def _box(self, written: str, at: Node, named: str) -> Box | None:
        words = [word.strip() for word in written.strip("[] ").split(",")]
        numbers = [float(word) for word in words if _NUMBER.fullmatch(word)]
        if len(numbers) != 4 or len(words) != 4 or not all(map(math.isfinite, numbers)):
            help = "[0.1, 0.4, 0.4, 0.9]"
            self._findings.error(
                "181", at, "a box has four numbers: left, top, right, bottom", help
            )
            return None
        box = Box(*numbers)
        wrong = _what_is_wrong(box)
        if wrong is None:
            return box
        if not self._repair:
            help = f"--repair would make it {_shown(self._repaired(box, named))}"
            self._findings.error("181", at, f"the box of {named} {wrong}", help)
            return None
        repaired = self._repaired(box, named)
        message = f"the box of {named} {wrong}: made {_shown(repaired)}"
        self._findings.warning("182", at, message)
        return repaired

    def _repaired(self, box: Box, named: str) -> Box:
        """Return the box before it for one that is nothing, else the nearest one in the frame."""
        if box == Box(0, 0, 0, 0) and named in self._boxes:
            return self._boxes[named]
        left, right = _side(box.left, box.right)
        top, bottom = _side(box.top, box.bottom)
        return Box(left, top, right, bottom)

    def _place(self, written: str) -> Node:
        """Return where a box stands in the file: its digits look the same there."""
        at = self._line.find(written, self._cursor)
        if at < 0:
            return self._whole
        self._cursor = at + len(written)
        return Node(self._start + at, self._start + self._cursor)

    @property
    def _whole(self) -> Node:
        return Node(self._start, self._start + len(self._line))

    def _error(self, number: str, message: str, help: str) -> None:
        self._findings.error(number, self._whole, message, f"write it like this: {help}")


def _what_is_wrong(box: Box) -> str | None:
    sides = (box.left, box.top, box.right, box.bottom)
    if not all(0 <= side <= 1 for side in sides):
        return f"leaves the frame {_shown(box)}"
    if box.width <= 0 or box.height <= 0:
        return f"has no area {_shown(box)}"
    return None


def _side(low: float, high: float) -> tuple[float, float]:
    low, high = (min(max(side, 0.0), 1.0) for side in sorted((low, high)))
    low = min(low, 1 - _SMALLEST_SIDE)
    return round(low, 4), round(max(high, low + _SMALLEST_SIDE), 4)


def _shown(box: Box) -> str:
    return f"({box.left:g}, {box.top:g}, {box.right:g}, {box.bottom:g})"


def _file_stem(name: str) -> str:
    return re.sub(r"[^\w-]+", "-", re.split(r"[\\/]", name)[-1].rsplit(".", 1)[0]).strip("-")


def _said(region: re.Match[str], part: int) -> str:
    return script.one_line(re.sub(r"\\(.)", r"\1", region[part][1:-1]))


def export_plans(plan: Plan) -> str:
    """Return the shots of a plan in the authors' format, a line each, six frames a line."""
    return "".join(f"{_line_of(shot)}\n" for shot in plan.shots)


def _line_of(shot: ShotPlan) -> str:
    times = [shot.duration_s * frame / _FRAMES for frame in range(_FRAMES)]
    lines = [f"Background:{script.one_line(shot.background)}"]
    lines += [f"Frame_{i}: {_regions(shot, time_s)}" for i, time_s in enumerate(times, start=1)]
    text = '"' + "\n".join(lines) + '"'
    return json.dumps([f"{shot.id}.mp4", text], ensure_ascii=False)


def _regions(shot: ShotPlan, time_s: float) -> str:
    regions = []
    for entity in shot.entities:
        box = shot.box_at(entity.id, time_s)
        if box is None:
            continue
        beats = [b for b in shot.beats if b.entity == entity.id and b.start_s <= time_s < b.end_s]
        motion = beats[0].motion if beats else "none"
        caption = script.one_line(entity.prompt or entity.look or entity.id)
        sides = [round(side, 4) for side in (box.left, box.top, box.right, box.bottom)]
        regions.append(
            json.dumps([[entity.id.lower(), motion, caption], sides], ensure_ascii=False)
        )
    return ", ".join(regions)
