"""Given a story with twenty mistakes, expect each at its place, and next to nothing else."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from dreamrunner.dsl import load_story, parse_story, render_diagnostics
from dreamrunner.errors import Diagnostic
from dreamrunner.plan import Capabilities

BROKEN = """\
Title: The Clumsy Heron
Negativ: text
Strict: yes

@character HERON: a tall grey heron {
  reference "pictures/heron.png"
}
@character HERON: another heron

INT. BOATHOUSE - NIGHT #7#
@duration 10s
@duraton 4s
@camera pan-rigth slow
@motion HERN { 0s..2s: walk }
@layout HERON {
  0s: box (0.2, 0.9, 0.5, 0.3)
  1s: box (0.2, -0.1, 0.5, 0.9)
  6s: box (0.2, 0.1, 0.5, 0.9, 1.0)
  3s: box (0.2, 0.1, 0.5, 0.9)
}
@motion HERON { 0s..4s: pirouette; 3s..14s: walk }

The heron looks at {two o'clocks} and waits.

@expect place >= 7, sparkle >= 0.5
@tries = 2

FROG
Anybody in?

EXT. POND - DAY #7#
"""

PLANTED = """\
2:1 W01
6:13 E11
8:12 E10
11:11 E12
12:1 E10
13:9 E13
14:9 E10
16:11 E14
17:17 E14
18:11 E14
19:3 E12
21:25 E13
21:36 E12
21:36 W12
23:26 E00
25:9 E15
25:21 E15
26:8 E00
28:1 E10
31:1 E10
""".split("\n")[:-1]


def families(diagnostics: tuple[Diagnostic, ...]) -> list[str]:
    return [f"{d.span.line}:{d.span.column} {d.code[:3]}" for d in diagnostics]


def test_all_twenty_mistakes_and_no_other(engine: Capabilities, tmp_path: Path) -> None:
    parsed = parse_story(BROKEN, path="heron.story", folder=tmp_path, capabilities=engine)
    assert families(parsed.diagnostics) == PLANTED
    assert parsed.story is not None


def test_the_whole_report(
    engine: Capabilities, tmp_path: Path, golden: Callable[[str, str], None]
) -> None:
    parsed = parse_story(BROKEN, path="heron.story", folder=tmp_path, capabilities=engine)
    golden("dsl/heron.txt", render_diagnostics(parsed.diagnostics, parsed.source))


@pytest.fixture
def samples() -> Path:
    """The language's own samples, where somebody says where they are."""
    folder = os.environ.get("DREAMRUNNER_LANGUAGE_SAMPLES")
    if not folder:
        pytest.skip("DREAMRUNNER_LANGUAGE_SAMPLES names no folder of sample stories")
    return Path(folder)


def test_the_broken_sample(samples: Path) -> None:
    engine = Capabilities(name="open", clip_frames=49, fps=8, width=720, height=480, max_entities=6)
    parsed = load_story(samples / "broken.story", capabilities=engine)
    found = families(parsed.diagnostics)
    planted = [
        f"{words[0]} {words[1][:3]}"
        for line in (samples / "broken.expected.txt").read_text(encoding="utf-8").splitlines()
        if (words := line.split()) and not line.startswith("#")
    ]
    assert len(planted) == 20
    assert [line for line in planted if line not in found] == []
    assert len(found) <= 23


@pytest.mark.parametrize("name", ["minimal", "fox", "precise"])
def test_the_good_samples_lack_their_pictures_only(samples: Path, name: str) -> None:
    engine = Capabilities(name="open", clip_frames=49, fps=8, width=720, height=480, max_entities=6)
    parsed = load_story(samples / f"{name}.story", capabilities=engine)
    assert {d.code for d in parsed.errors} <= {"E111"}
    assert {d.code for d in parsed.warnings} <= {"W019"}
