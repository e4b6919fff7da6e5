"""A story's text + a take's changes -> a patch of the story, and the story with a patch applied.

A patch is a unified diff of the `.story` file: what the machine changed for a take, as the writer
would have written it. It is applied where its lines still stand; where the writer has changed them
since, nothing is written.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..errors import InputError, Span
from ..film import DirectiveChange
from ..story import Scene

_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_NO_NEWLINE = "\\ No newline at end of file"


def patch_name(shot: str, take: int) -> str:
    """Return the name of a take's patch: "4.1-take-2.patch"."""
    name = re.sub(r"[^\w.-]", "-", shot)
    return f"{name}-take-{take}.patch"


def with_changes(
    text: str, scene: Scene, changes: Sequence[DirectiveChange], *, alone: bool
) -> str:
    """Return a story's text with changes of one shot written into its scene.

    A directive that the scene has already is replaced; others come below the heading. What is said
    of a whole scene and is one shot's alone becomes a note where the scene has other shots: no
    other shot may change.

    Args:
        text: the story, with LF line ends.
        scene: the shot's scene, with spans of this text.
        alone: whether the scene is this one shot.
    """
    lines = text.split("\n")
    added: list[str] = []
    replaced: list[tuple[Span, list[str]]] = []
    for change in changes:
        said = change.text.split("\n")
        if not alone and change.name in ("seed", "layout", "depth", "duration"):
            added.append(f"[[for one shot of this scene: {' '.join(said).replace('  ', ' ')}]]")
            continue
        old = _standing(scene, change)
        if old is None:
            added += said
        else:
            replaced.append((old, said))
    for span, said in sorted(replaced, key=lambda one: -one[0].line):
        lines[span.line - 1 : span.end_line] = said
    at = scene.heading.span.end_line  # directives stand below the heading, whatever was replaced
    lines[at:at] = added
    return "\n".join(lines)


def _standing(scene: Scene, change: DirectiveChange) -> Span | None:
    """Return where the scene has this directive already."""
    if change.name == "seed":
        return scene.seed.span if scene.seed is not None else None
    if change.name == "duration":
        return scene.duration_s.span if scene.duration_s is not None else None
    if change.name == "layout":
        return next((one.span for one in scene.layouts if one.entity == change.entity), None)
    if change.name == "take":
        return next((one.span for one in scene.takes if str(one.shot) == change.entity), None)
    return None


def unified(before: str, after: str, name: str) -> str:
    """Return the difference of two texts as a unified diff; nothing where there is none."""
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True),
        f"a/{name}", f"b/{name}",
    )  # fmt: skip
    return "".join(
        line if line.endswith("\n") else f"{line}\n{_NO_NEWLINE}\n" for line in lines
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Hunk:
    """Lines that stood at a place of the old text, and those that stand there now."""

    line: int
    old: tuple[str, ...]
    new: tuple[str, ...]


def applied(text: str, patch: str) -> str:
    """Return a story with a patch applied.

    Lines may have moved since the patch was made; they must not have changed.

    Raises:
        InputError: the patch is none, or the lines that it changes are not there.
    """
    lines = text.splitlines(keepends=True)
    hunks = list(_hunks(patch))
    if not hunks:
        raise InputError("the patch changes nothing")
    moved = 0
    for hunk in hunks:
        at = _place(lines, hunk, hunk.line - 1 + moved)
        if at is None:
            raise InputError(
                f"the story has changed at line {hunk.line} since the take was made; render again"
            )
        lines[at : at + len(hunk.old)] = hunk.new
        moved = at - (hunk.line - 1) + len(hunk.new) - len(hunk.old)
    return "".join(lines)


def _hunks(patch: str) -> Iterator[_Hunk]:
    lines = patch.splitlines(keepends=True)
    starts = [i for i, line in enumerate(lines) if _HUNK.match(line)]
    for start, end in pairwise((*starts, len(lines))):
        found = _HUNK.match(lines[start])
        assert found is not None  # it is a start
        old: list[str] = []
        new: list[str] = []
        for number, line in enumerate(lines[start + 1 : end], start=start + 1):
            if line.startswith("\\"):
                continue
            ends = number + 1 < len(lines) and lines[number + 1].startswith("\\")
            said = line[1:].rstrip("\n") if ends else line[1:]
            if line[0] in " -":
                old.append(said)
            if line[0] in " +":
                new.append(said)
        yield _Hunk(int(found.group(1)), tuple(old), tuple(new))


def _place(lines: Sequence[str], hunk: _Hunk, near: int) -> int | None:
    """Return the index at which a hunk's old lines stand, the nearest one, or None."""
    count = len(hunk.old)
    fitting = [i for i in range(len(lines) - count + 1) if tuple(lines[i : i + count]) == hunk.old]
    return min(fitting, key=lambda i: abs(i - near), default=None)
