"""Boxes of entities at each second -> a story that pins them: @layout, @motion, @expect."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby

from ...story import SIDE_RELATIONS, Box
from . import script

_JOINTS = re.compile(r"[\W_]+")
_ARTICLE = re.compile(r"(?:A|AN|THE) (?=\w)")
_AUXILIARIES = ("is", "are", "being", "be", "was")


@dataclass(frozen=True, slots=True)
class Appearance:
    """Somebody or something at one second: its name, how it looks, what it does, and where."""

    named: str
    look: str
    motion: str
    caption: str
    box: Box


@dataclass(frozen=True, slots=True)
class PinnedStory:
    """The text of a story, and who is not in every frame with the number of frames."""

    text: str
    comes_and_goes: tuple[tuple[str, int], ...]


def pinned_story(event: str, name: str, shown: Mapping[int, Sequence[Appearance]]) -> PinnedStory:
    """Write a scene of one second a frame.

    Args:
        event: what happens, which also names the place.
        name: of the clip; the title page keeps it as the source.
        shown: the frames by their numbers, from 1.
    """
    courses: dict[str, dict[int, Appearance]] = {}
    for number, regions in sorted(shown.items()):
        for region in regions:
            courses.setdefault(name_of_entity(region.named), {})[number - 1] = region
    length = max(shown)
    scene = [script.heading(event), f"@duration {length}s"]
    scene += [_layout(who, course) for who, course in courses.items()]
    scene += filter(None, (_motions(who, course) for who, course in courses.items()))
    blocks = [
        script.title_page([("Title", event), ("Source", name)]),
        "\n".join(_declared(who, course) for who, course in courses.items()),
        "\n".join(scene),
        *_captions(courses),
        "\n".join(_expected(courses)),
    ]
    absent = tuple((who, len(c)) for who, c in courses.items() if len(c) < len(shown))
    return PinnedStory(script.page(blocks), absent)


def name_of_entity(written: str) -> str:
    """Return a name of the cast: capitals, and no word that begins with a digit."""
    words = _ARTICLE.sub("", _JOINTS.sub(" ", written.upper()).strip(), count=1).split()
    name = ""
    for word in words:
        name += f"-{word}" if name and word[0].isdigit() else f" {word}"
    name = name.strip() or "THING"
    return f"NO-{name}" if name[0].isdigit() else name


def _declared(who: str, course: Mapping[int, Appearance]) -> str:
    first = next(iter(course.values()))
    kind = "character" if any(a.motion for a in course.values()) else "prop"
    return f"@{kind} {who}: {script.escaped(first.look)}"


def _layout(who: str, course: Mapping[int, Appearance]) -> str:
    """Return the keyframes of a course; one that equals both its neighbours says nothing new."""
    times = list(course)
    keys = []
    for i, second in enumerate(times):
        box = course[second].box
        around = [course[t].box for t in times[max(0, i - 1) : i + 2]]
        if i == 0 or any(other != box for other in around):
            sides = ", ".join(f"{side:g}" for side in (box.left, box.top, box.right, box.bottom))
            keys.append(f"{second}s: box ({sides})")
    return "\n".join([f"@layout {who} {{", *keys, "}"])


def _runs(course: Mapping[int, Appearance]) -> Iterator[tuple[Appearance, str]]:
    """Yield the stretches of time in which motion and caption stay the same, each with its time."""

    def said(item: tuple[int, Appearance]) -> tuple[str, str, int]:
        second, appearance = item
        return appearance.motion, appearance.caption, second - list(course).index(second)

    for _, group in groupby(course.items(), key=said):
        run = list(group)
        yield run[0][1], f"{run[0][0]}s..{run[-1][0] + 1}s"


def _motions(who: str, course: Mapping[int, Appearance]) -> str:
    beats = []
    for appearance, time in _runs(course):
        verb, detail = _verb(appearance.motion)
        if verb:
            said = f"{detail}; {appearance.caption}" if detail else appearance.caption
            beats.append(f"{time}: {verb} {script.quoted(said)}")
    return "\n".join([f"@motion {who} {{", *beats, "}"]) if beats else ""


def _verb(motion: str) -> tuple[str, str]:
    """Part `being sliced in half` into the word that a motion is known by and the rest."""
    words = motion.split()
    while len(words) > 1 and words[0].casefold() in _AUXILIARIES:
        words.pop(0)
    verb = _JOINTS.sub("-", words[0]).strip("-").casefold() if words else ""
    return (verb, " ".join(words[1:])) if verb[:1].isalpha() else ("", "")


def _captions(courses: Mapping[str, Mapping[int, Appearance]]) -> list[str]:
    """Return every caption once as action, with the time where it does not hold throughout."""
    said: dict[str, None] = {}
    for who, course in courses.items():
        runs = list(_runs(course))
        for appearance, time in runs:
            caption = appearance.caption.rstrip(".")
            sentence = script.action(f"{caption[:1].upper()}{caption[1:]}.")
            said[sentence if len(runs) == 1 else f"{sentence} {{{who}, {time}}}"] = None
    return list(said)


def _expected(courses: Mapping[str, Mapping[int, Appearance]]) -> Iterator[str]:
    """Yield what can be seen of every frame: who is there, and who is clearly beside whom."""
    yield f"@expect {', '.join(f'{who} present' for who in courses)}"
    for (one, mine), (other, theirs) in combinations(courses.items(), 2):
        common = mine.keys() & theirs.keys()
        for side in SIDE_RELATIONS.values():
            if common and all(mine[t].box.is_clear(side, theirs[t].box) for t in common):
                yield f"@expect {one} {side} {other}"
                break
