"""Given directives and a title page, expect these values or these mistakes at these places."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dreamrunner.dsl import ParsedStory, parse_story
from dreamrunner.plan import Capabilities
from dreamrunner.story import Action, Box, Scene

Inside = Callable[[str], Scene]
Mistakes = Callable[..., list[str]]
Check = Callable[..., ParsedStory]


# ---- values ------------------------------------------------------------------------------------


def test_everything_a_scene_can_pin(scene: Inside) -> None:
    found = scene(
        "@duration 49f\n"
        "@seed 7\n"
        "@tries 5\n"
        "@camera {\n  0s..2s: static\n  2s..end: dolly-in slow amount=0.25\n}\n"
        "@replan motion, keep=(layout, camera)\n"
    )
    assert found.duration_s is not None and found.duration_s.value == 6.125
    assert found.duration_s.span.line == 6
    assert found.seed is not None and found.seed.value == 7
    assert found.tries is not None and found.tries.value == 5
    assert found.camera is not None
    assert found.camera.value == "0s..2s: static; 2s..end: dolly-in slow amount=0.25"
    assert found.replan is not None
    assert (found.replan.allow, found.replan.keep) == ({"motion"}, {"layout", "camera"})


def test_a_layout_has_keyframes_in_seconds(scene: Inside) -> None:
    found = scene(
        "@duration 4s\n"
        "@layout fox { 0s: box (0.1, 0.2, 0.3, 0.9); 8f: (10%, 20%, 40%, 90%)\n"
        "  50%: box (0.2 0.2 0.5 0.9) ease=linear\n"
        "  3500ms: at right-third; end: at center }\n"
    )
    (layout,) = found.layouts
    assert layout.entity == "FOX"
    assert [key.time_s for key in layout.keys] == [0.0, 1.0, 2.0, 3.5, 4.0]
    assert layout.keys[1].box == Box(0.1, 0.2, 0.4, 0.9)
    assert layout.keys[3].box.center[0] == pytest.approx(2 / 3)
    assert layout.keys[4].span.line == 9


def test_a_layout_may_be_one_place(scene: Inside) -> None:
    (layout,) = scene("@layout OWL at left far background\n").layouts
    (key,) = layout.keys
    assert key.time_s == 0.0
    assert key.box.center[0] == 0.25
    assert key.box.height < 0.4


def test_a_motion_has_beats(scene: Inside) -> None:
    found = scene('@motion FOX { 0s..2s: walk "into the wind"; 2s..end: leaping }\n')
    first, second = found.motions
    assert (first.entity, first.motion, first.detail) == ("FOX", "walk", "into the wind")
    assert (first.start_s, first.end_s) == (0.0, 2.0)
    assert (second.motion, second.start_s, second.end_s) == ("leaping", 2.0, None)


def test_a_motion_without_block_holds_for_the_whole_scene(scene: Inside) -> None:
    (beat,) = scene("@motion FOX spin\n").motions
    assert (beat.motion, beat.start_s, beat.end_s) == ("spin", 0.0, None)


def test_an_inline_tag_is_a_beat(scene: Inside) -> None:
    found = scene("The FOX walks. {FOX, motion=walk, 0s..4s} Then stops. {4s..end}\n")
    action = found.elements[0]
    assert isinstance(action, Action)
    assert action.text.endswith("The FOX walks. Then stops.")
    first, second = action.tags
    assert (first.entity, first.motion, first.start_s, first.end_s) == ("FOX", "walk", 0.0, 4.0)
    assert (second.entity, second.motion, second.start_s, second.end_s) == (None, None, 4.0, None)


def test_expectations(scene: Inside) -> None:
    found = scene("@expect motion.FOX >= 60%, layout > 0.5\n@expect FOX left-of OWL, OWL present\n")
    assert [
        (e.metric, e.subject, e.other, e.comparison, e.threshold) for e in found.expectations
    ] == [
        ("motion", "FOX", None, ">=", 0.6),
        ("layout", None, None, ">", 0.5),
        ("left-of", "FOX", "OWL", None, None),
        ("present", "OWL", None, None, None),
    ]


def test_the_end_of_an_unpinned_scene_is_after_all_that_it_writes(scene: Inside) -> None:
    found = scene("@layout FOX { 0s: at left; 9s: at center; end: at right }\n{FOX, 0s..11s}\n")
    assert [key.time_s for key in found.layouts[0].keys] == [0.0, 9.0, 11.125]


# ---- mistakes ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        # names
        ("@camra dolly-in", ["1:1 E100"]),
        ("@layout FXO at left", ["1:9 E101"]),
        ("@seed 1\n@seed 2", ["2:1 E105"]),
        ("@layout FOX at left\n@layout fox at right", ["2:1 E105"]),
        # shape
        ("@seed", ["1:1 E006"]),
        ("@seed 1.5", ["1:7 E006"]),
        ("@seed 4s", ["1:7 E006"]),
        ("@tries 0", ["1:8 E006"]),
        ("@seed: seven", ["1:6 E006"]),
        ("@duration 2s { x }", ["1:14 E006"]),
        ("@camera static sped=3", ["1:16 E006"]),
        ('@character CAT: a cat { refrence "a.png" }', ["1:1 W010", "1:25 E008"]),
        ("@replan motion, keep=layot", ["1:22 E133"]),
        ("@layout FOX { }", ["1:13 W016"]),
        ("@prop", ["1:1 E006"]),
        ("@character CAT (old): a cat", ["1:1 W010", "1:16 E006"]),
        ("Fog.\n@Seed 7", ["2:1 W015"]),
        ("@Camera static\nFog.", ["1:1 W015"]),
        ("@VOICE (V.O.)\nHello.", []),
        # time
        ("@duration 9s", ["1:11 W121"]),
        ("@duration 9s\n@shot WIDE 4s\n\n@shot CLOSE 5s on=FOX", []),
        ("@motion FOX walk 0s..2s", ["1:18 E006"]),
        ("@duration 0s", ["1:11 E123"]),
        ("@duration 3600s", ["1:11 W121"]),
        ("@duration 3601s", ["1:11 E129"]),
        ("@duration 1000000000s", ["1:11 E129"]),
        ("@duration 28801f", ["1:11 E129"]),
        (f"@duration 1{'0' * 300}s", ["1:11 E129"]),
        (f"@duration 1{'0' * 400}s", ["1:11 E129"]),
        ("@shot WIDE 1000000000s", ["1:12 E129"]),
        ("@shot WIDE { layout FOX { 4000s: at left } }", ["1:27 E129"]),
        ("@motion FOX { 0s..1000000000s: walk }", ["1:19 E129"]),
        (f"@motion FOX {{ 1s..1{'0' * 400}s: walk }}", ["1:19 E129"]),
        ("@layout FOX { 0s: at left; 1000000000%: at right }", ["1:28 E129"]),
        ("@camera { 0s..99999999f: static }", ["1:15 E129"]),
        ("The FOX walks. {FOX, 0s..1000000000s}", ["1:26 E129"]),
        ("@duration 5", ["1:11 E127"]),
        ("@duration 5 parsecs", ["1:11 E006"]),
        ("@duration 5parsecs", ["1:11 E127"]),
        ("@duration 2.3s", ["1:11 W126"]),
        ("@motion FOX { 2s..1s: walk }", ["1:15 E123"]),
        ("@motion FOX { 1s..1s: walk }", ["1:15 E123"]),
        ("@duration 2s\n@motion FOX { 0s..3s: walk }", ["2:15 E122"]),
        ("@duration 2s\n@layout FOX { 3s: at left }", ["2:15 E122"]),
        ("@motion FOX { 0s..2s: walk; 1s..3s: run }", ["1:29 W125"]),
        ("@motion FOX { 0s..2s: walk; 2s..3s: run }", []),
        ("@layout FOX { 2s: at left; 1s: at right }", ["1:28 E124"]),
        # vocabulary
        ("@camera dolyl-in", ["1:9 E131"]),
        ("@camera { 0s..1s: static sped=3 }", ["1:26 E131"]),
        ("@camera follow on=FOXX ease=wobbly amount=much", ["1:19 E101", "1:29 E133", "1:43 E006"]),
        ("@camera { 0s..1s: close-up on=OWL ease=in-out amount=20% speed=0.5 slow }", []),
        ("@camera ease=in", ["1:9 E131"]),
        ("@motion FOX { 0s..1s: moonwalk }", ["1:23 W132"]),
        ("@motion FOX { 0s..1s: spins }", []),
        ("The FOX goes. {FOX, motion=moonwalk}", ["1:28 W132"]),
        # boxes
        ("@layout FOX { 0s: box (0.6, 0.2, 0.4, 0.9) }", ["1:23 E142"]),
        ("@layout FOX { 0s: box (0.1, 0.2, 1.4, 0.9) }", ["1:34 E143"]),
        ("@layout FOX { 0s: box (0.1, 0.2, 0.3) }", ["1:23 E141"]),
        ("@layout FOX { 0s: box 0.1 }", ["1:19 E141"]),
        ("@layout FOX { 0s: box (0.1, 0.2, 0.12, 0.9) }", ["1:23 W145"]),
        ("@layout FOX { 0s: at lfet }", ["1:22 E147"]),
        ("@layout FOX { 0s: at right third near }", ["1:22 E147"]),
        ("@layout FOX { 0s: at left; 100ms: at right }", ["1:35 W146"]),
        ("@layout FOX at left\n@layout OWL at left", ["2:13 W144"]),
        ("@layout FOX", ["1:1 E006"]),
        # expectations
        ("@expect clip >= 31", ["1:9 E152"]),
        ("@expect layout <= -1", ["1:9 E152"]),
        ("@expect clarity >= 0.4", ["1:9 E151"]),
        ("@expect clip.FOX >= 0.4", ["1:9 E155"]),
        ("@expect identity.FXO >= 0.4", ["1:9 E101"]),
        ("@expect FOX beside OWL", ["1:13 E151"]),
        ("@expect FOX left-of", ["1:9 E155"]),
        ("@expect layout", ["1:9 E155"]),
        ("@expect FOX left-of FOX", ["1:9 E152"]),
        ("@expect FOX left-of OWL\n@expect OWL left-of FOX", ["2:9 E152"]),
        ("@expect FOX above OWL, FOX below OWL", ["1:24 E152"]),
        ("@expect FOX absent, motion.FOX >= 0.5", ["1:21 E152"]),
        ("@expect OWL inside FOX, FOX absent", ["1:25 E152"]),
        ("@expect layout >= 0.8, layout < 0.8", ["1:24 E152"]),
        ("@expect place == 0.5, place >= 0.6", ["1:23 E152"]),
        ("@expect place >= 0.2, place <= 0.9, FOX left-of OWL, FOX above OWL", []),
        ("@shot WIDE { expect FOX present; expect FOX absent }", ["1:41 E152"]),
        (
            "@layout FOX at right\n@layout OWL at left\n@expect FOX left-of OWL",
            ["3:9 E153"],
        ),
        ("@layout FOX at right\n@expect FOX absent", ["2:9 E153"]),
        # dialogue
        ("@duration 1s\n\nFOX\nOne two three four five.", ["3:1 W171"]),
        ("@duration 2s\n\nFOX\nOne.\n\nOWL\nTwo.", ["6:1 W171"]),  # with a breath between
        ("@duration 2s\n\nFOX\nOne.\n\nOWL ^\nTwo.", []),
        ("@duration 2s\n@speech 10\n\nFOX\nOne two three four.", []),
        ("@duration 2s\n@speech 5\n\nFOX\nOne two three four.", ["4:1 W171"]),
        ("@shot FULL 1s\n\nFOX\nOne two three four five.", ["3:1 W171"]),
    ],
)
def test_mistakes(mistakes: Mistakes, inside: str, expected: list[str]) -> None:
    assert mistakes(inside) == expected


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("@duration 9s", ["1:11 E121"]),
        ("@motion FOX { 0s..1s: moonwalk }", ["1:23 E132"]),
        ("\nBEAR\nHello.", ["2:1 E101"]),
        ("\nBEAR (V.O.)\nHello.", []),
    ],
)
def test_mistakes_of_a_strict_story(mistakes: Mistakes, inside: str, expected: list[str]) -> None:
    assert mistakes(inside, strict=True) == expected


def test_too_many_entities(mistakes: Mistakes) -> None:
    inside = "A BEAR, a CAT.\n@layout FOX at left\n@layout OWL at center\n@layout BEAR at right\n"
    assert mistakes(inside + "@motion CAT run\n") == ["4:9 W101", "5:9 W101", "5:13 E104"]


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("Sytle: ink", "W011"),
        ("Truth: it was him.", "W011"),
        ("Resolution: 720", "E161"),
        ("Resolution: 0x480", "E161"),
        ("FPS: fast", "E162"),
        ("FPS: 0", "E162"),
        ("FPS: 0.000001", "E162"),
        ("FPS: 241", "E162"),
        ("Seed: lucky", "E163"),
        ("Strict: maybe", "E164"),
    ],
)
def test_odd_title_pages(check: Check, page: str, expected: str) -> None:
    parsed = check(f"{page}\n\nEXT. A\n\nFog.\n")
    assert [(d.code, d.span.line, d.span.column) for d in parsed.diagnostics] == [(expected, 1, 1)]


def test_frames_are_of_the_title_page_before_the_engine(engine: Capabilities) -> None:
    text = "\n\nEXT. A\n@duration 12f\n\nFog.\n"
    pinned = []
    for page, capabilities in [("FPS: 24", engine), ("Title: A", engine), ("Title: A", None)]:
        parsed = parse_story(page + text, path="a.story", capabilities=capabilities)
        assert parsed.story is not None
        duration = parsed.story.scenes[0].duration_s
        pinned.append(duration.value if duration else None)
    assert pinned == [0.5, 1.5, 1.5]


def test_without_an_engine_its_limits_are_not_checked() -> None:
    text = "@character FOX: a\n\nEXT. A\n@duration 900s\n@motion FOX moonwalk\n"
    assert parse_story(text, path="a.story").diagnostics == ()


def test_motions_of_the_writers_own_clips_are_not_judged(check: Check) -> None:
    text = '@motion-library "m"\n@character FOX: a\n\nEXT. A\n@motion FOX moonwalk\n'
    assert [d.code for d in check(text).diagnostics] == []


def test_a_metric_that_the_engine_lacks_is_said_to_be_unmeasured(engine: Capabilities) -> None:
    poor = engine.model_copy(update={"metrics": ("layout",)})
    text = "EXT. A\n@expect clip >= 0.2, layout >= 0.5\n"
    parsed = parse_story(text, path="a.story", capabilities=poor)
    assert [(d.code, d.span.column) for d in parsed.diagnostics] == [("W154", 9)]


def test_a_directive_of_a_scene_needs_one(check: Check) -> None:
    parsed = check("@seed 4\n\nFog comes.\n\nEXT. A\n\nFog.\n")
    assert [(d.code, d.span.line) for d in parsed.diagnostics] == [("E007", 1), ("W012", 3)]


@pytest.mark.parametrize(
    "text", ["", "\n\n", "Title: A\n", "@character FOX: a\n", "# Act\n", "/* */"]
)
def test_nothing_to_film(check: Check, text: str) -> None:
    parsed = check(text)
    assert parsed.story is None
    assert [(d.code, d.span.line) for d in parsed.errors] == [("E001", 1)]


def test_talk_that_is_too_long_says_by_how_much(check: Check) -> None:
    text = "@character FOX: a red fox\n\nEXT. FOREST\n@duration 2s\n\nFOX\n"
    (found,) = check(f"{text}{'x' * 60}\n").diagnostics
    assert found.message == "saying this takes 4.0s of a 2s scene: 2.0s too few"
