"""Given each directive of the language, expect what the story says of it, or the mistake."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dreamrunner.dsl import ParsedStory
from dreamrunner.story import Scene

from .parsed import FOREST, codes, story_of

Inside = Callable[[str], Scene]
Mistakes = Callable[..., list[str]]
Check = Callable[..., ParsedStory]


# ---- the look ----------------------------------------------------------------------------------


def test_style_and_negative_hold_for_the_film_or_for_their_scene(check: Check) -> None:
    story = story_of(
        check(
            '@style add "soft light"\n@negative "text"\n\nEXT. A\n@style "ink"\n@negative "hands"\n'
            '@style add "rain"\n\nFog.\n'
        )
    )
    assert [(s.text, s.adds) for s in story.styles] == [("soft light", True)]
    assert [n.value for n in story.negatives] == ["text"]
    (scene,) = story.scenes
    assert [(s.text, s.adds) for s in scene.styles] == [("ink", False), ("rain", True)]
    assert [n.value for n in scene.negatives] == ["hands"]


def test_a_location_has_a_look(check: Check) -> None:
    story = story_of(check("@location River: a frozen river\n\nEXT. RIVER\n\nFog.\n"))
    assert [(p.name, p.look, p.span.line) for p in story.locations] == [
        ("RIVER", "a frozen river", 1)
    ]


# ---- defaults ----------------------------------------------------------------------------------


def test_defaults_hold_where_a_scene_says_nothing_else(check: Check) -> None:
    story = story_of(
        check(
            "@defaults {\n  duration 16f\n  seed 7; tries 2; speech 12.5\n  camera pan-left slow\n"
            "  expect layout >= 0.4, place >= 0.3\n  replan motion\n}\n"
            "\nEXT. A\n\nFog.\n"
            "\nEXT. B\n@duration 3s\n@seed 9\n@speech 20\n@expect layout >= 0.6\n\nFog.\n"
        )
    )
    first, second = story.scenes
    assert first.duration_s is not None and first.duration_s.value == 2.0
    assert first.duration_s.span.line == 2
    assert first.seed is not None and first.seed.value == 7
    assert first.tries is not None and first.tries.value == 2
    assert first.speech is not None and first.speech.value == 12.5
    assert first.camera is not None and first.camera.value == "pan-left slow"
    assert first.replan is not None and first.replan.allow == {"motion"}
    assert [(e.metric, e.threshold) for e in first.expectations] == [
        ("layout", 0.4),
        ("place", 0.3),
    ]
    assert second.duration_s is not None and second.duration_s.value == 3.0
    assert second.seed is not None and second.seed.value == 9
    assert second.speech is not None and second.speech.value == 20
    assert [(e.metric, e.threshold) for e in second.expectations] == [
        ("layout", 0.6),
        ("place", 0.3),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@defaults { sead 7 }", ["1:13 E008"]),
        ("@defaults { seed 1.5 }", ["1:18 E006"]),
        ("@defaults { speech 0 }", ["1:20 E006"]),
        ("@defaults { speech 101 }", ["1:20 E006"]),
        ("@defaults { speech 15s }", ["1:20 E006"]),
        ("@defaults { speech }", ["1:13 E006"]),
        ("@defaults { seed 1 }\n@defaults { seed 2 }", ["2:1 E105"]),
        ("@defaults { seed 1; seed 2 }", ["1:21 E105"]),
        ("@defaults", ["1:1 E006"]),
        ("@defaults { expect layout >= 3 }", ["1:20 E152"]),
        ('@style ad "x"', ["1:8 E006"]),
        ("@style", ["1:1 E006"]),
        ("@negative hands", ["1:11 E006"]),
        ("@location: a river", ["1:1 E006"]),
        ("@location A: a\n@location a: b", ["2:11 E102"]),
        ('@use "a.story" "b.story"', ["1:6 E006"]),
        ("@motion-library", ["1:1 E006"]),
    ],
)
def test_mistakes_above_the_first_scene(check: Check, text: str, expected: list[str]) -> None:
    parsed = check(f"{text}\n{FOREST}")
    assert [f"{d.span.line}:{d.span.column} {d.code}" for d in parsed.diagnostics] == expected


# ---- shots -------------------------------------------------------------------------------------


def test_a_scene_of_shots(scene: Inside) -> None:
    found = scene(
        "@seed 1\n"
        "@shot WIDE 3s {\n  camera static\n  layout FOX { 0s: at left-third; 3s: at center }\n}\n"
        "@shot Close Up 2s on=(FOX, OWL) {\n  seed 99; expect FOX left-of OWL\n}\n"
        "\nThe FOX bows. {FOX, motion=walk, 0s..2s}\n\nOWL\nHello.\n"
    )
    wide, close = found.shots
    assert (wide.kind, close.kind) == ("wide", "close")
    assert wide.duration_s is not None and wide.duration_s.value == 3.0
    assert wide.camera is not None and wide.camera.value == "static"
    assert [key.time_s for key in wide.layouts[0].keys] == [0.0, 3.0]
    assert close.on == ("FOX", "OWL")
    assert close.seed is not None and close.seed.value == 99
    assert [e.metric for e in close.expectations] == ["left-of"]
    assert [type(e).__name__ for e in wide.elements] == ["Action"]
    assert [type(e).__name__ for e in close.elements] == ["Action", "Dialogue"]
    assert found.elements == (*wide.elements, *close.elements)
    assert found.seed is not None and found.seed.value == 1


def test_the_times_of_a_shot_are_its_own(mistakes: Mistakes) -> None:
    assert mistakes("@shot WIDE 2s { layout FOX { 3s: at left } }") == ["1:30 E122"]
    assert mistakes("@shot FULL 2s\n\nThe FOX runs. {FOX, 0s..3s}") == ["3:21 E122"]


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("@shot", ["1:1 E134"]),
        ("@shot WIED 2s", ["1:7 E134"]),
        ("@shot WIDE 0s", ["1:12 E123"]),
        ('@shot WIDE 2s "x"', ["1:15 E006"]),
        ("@shot WIDE on=FXO", ["1:15 E101"]),
        ("@shot WIDE of=FOX", ["1:12 E006"]),
        ("@shot WIDE { sed 9 }", ["1:14 E008"]),
        ("@shot WIDE { seed 1; seed 2 }", ["1:22 E105"]),
        ("@duration 5s\n@shot WIDE 2s\n@shot CLOSE 2s", ["1:1 E128"]),
        ("@duration 4s\n@shot WIDE 4s\n@shot CLOSE", ["1:1 E128"]),
        ("@duration 4s\n@shot WIDE 2s\n@shot CLOSE", []),
        (
            "@layout FOX at right\n@shot WIDE 2s { layout OWL at left; expect FOX left-of OWL }",
            ["2:44 E153"],
        ),
    ],
)
def test_mistakes_in_shots(mistakes: Mistakes, inside: str, expected: list[str]) -> None:
    assert mistakes(inside) == expected


# ---- camera, depth, easing, positions ----------------------------------------------------------


def test_a_camera_may_move_in_turns(scene: Inside) -> None:
    found = scene("@duration 4s\n@camera {\n  0s..2s: static\n  50%..end: dolly-in slow\n}\n")
    assert found.camera_moves is not None
    assert [(m.words, m.start_s, m.end_s) for m in found.camera_moves.value] == [
        ("static", 0.0, 2.0),
        ("dolly-in slow", 2.0, None),
    ]


def test_depth_says_who_is_nearer(scene: Inside) -> None:
    found = scene("@depth FOX front\n@depth OWL behind FOX\n@depth OWL back\n")
    assert [(d.entity, d.order, d.other) for d in found.depths] == [
        ("FOX", "front", None),
        ("OWL", "behind", "FOX"),
        ("OWL", "back", None),
    ]


def test_a_keyframe_says_how_it_is_left(scene: Inside) -> None:
    found = scene(
        "@duration 4s\n@layout FOX { 0s: box (0, 0, 20%, 50%) ease-in; 1s: (40%, 0, 60%, 50%) "
        "ease=out; 2s: at center ease-in-out; 4s: at right linear }\n"
    )
    (layout,) = found.layouts
    assert [key.ease for key in layout.keys] == ["in", "out", "in-out", "linear"]
    assert layout.box_at(0.5).left == pytest.approx(0.4 * 0.25)
    assert layout.box_at(1.0).left == pytest.approx(0.4)


def test_an_ease_in_the_head_holds_for_every_key(scene: Inside) -> None:
    (layout,) = scene("@layout FOX ease-out { 0s: at left; 2s: at right linear }\n").layouts
    assert [key.ease for key in layout.keys] == ["out", "linear"]


def test_two_names_that_begin_alike_are_two(check: Check) -> None:
    parsed = check(
        "@character OLD MAN: a\n@character OLD OWL: b\n\nEXT. A\n"
        "@layout OLD MAN at left\n@layout OLD OWL at right\n\nFog.\n"
    )
    assert codes(parsed) == []


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("@camera { 0s..2s: static; 1s..3s: dolly-in }", ["1:27 W125"]),
        ("@depth FOX frnt", ["1:8 E149"]),
        ("@depth FOX before", ["1:8 E149"]),
        ("@depth FOX behind FOX", ["1:8 E149"]),
        ("@depth FXO front", ["1:8 E101"]),
        ("@depth FOX before OWL\n@depth OWL in-front-of FOX", ["2:1 E149"]),
        ("@layout FOX { 0s: at left ease-inn; 1s: at right }", ["1:27 E133"]),
        ("@layout FOX { 0s: at left ease=7 }", ["1:32 E133"]),
        ("@motion FOX { 0s..2s: walk strength=3 }", ["1:37 E006"]),
        ("@voice", ["1:1 E006"]),
        ("@voice FXO", ["1:8 E101"]),
        ("@duration 2s\n@voice FOX start=3s", ["2:18 E122"]),
        ('@voice FOX "alba" "bob"', ["1:19 E006"]),
        ("@voice FOX pitch=3", ["1:18 E006"]),
        ("@audio wind", ["1:8 E006"]),
        ('@audio "wind.ogg" loud', ["1:19 E006"]),
        ('@audio "../wind.ogg"', ["1:8 E114"]),
        ('@audio "wind.ogg" gain=soft', ["1:24 E006"]),
        ("@music none fade=1s", ["1:8 E006"]),
        ("@take", ["1:1 E006"]),
        ("@take two", ["1:7 E006"]),
        ("@take 0", ["1:7 E006"]),
        ("@take 2 3", ["1:1 E006"]),
        ("@take 2 shot=1.5", ["1:9 E006"]),
        ("@take 2\n@take 3 shot=2\n@take 4 shot=1", ["3:1 E105"]),
        ('@music "a.ogg" loop', ["1:16 E006"]),
    ],
)
def test_mistakes(mistakes: Mistakes, inside: str, expected: list[str]) -> None:
    assert sorted(mistakes(inside)) == sorted(expected)


# ---- what is heard ---------------------------------------------------------------


def test_what_is_heard_is_kept(check: Check) -> None:
    parsed = check(
        "@character FOX: a fox\n\nEXT. A\n"
        '@voice FOX start=1s gain=-3\n@voice FOX "alba" pitch=1.5\n'
        '@audio "wind.ogg" loop gain=-6dB fade=500ms\n@music "a.ogg" gain=-12\n'
        "\nFog.\n"
    )
    assert codes(parsed) == []
    (scene,) = story_of(parsed).scenes
    assert [(v.speaker, v.start_s, v.gain_db) for v in scene.voices] == [
        ("FOX", 1.0, -3.0),
        ("FOX", None, 0.0),
    ]
    assert [(v.name, v.pitch, v.rate) for v in scene.voices] == [
        (None, None, None),
        ("alba", 1.5, None),
    ]
    (sound,) = scene.sounds
    assert (sound.file.path, sound.loop, sound.gain_db, sound.fade_s) == (
        "wind.ogg", True, -6.0, 0.5,
    )  # fmt: skip
    assert [(m.file and m.file.path, m.gain_db) for m in scene.music] == [("a.ogg", -12.0)]


def test_a_take_is_of_the_first_shot_or_of_one_that_is_named(scene: Inside) -> None:
    found = scene("@take 2\n@take 7 shot=3\n").takes
    assert [(take.number, take.shot) for take in found] == [(2, 1), (7, 3)]


def test_a_characters_voice_and_lora_are_kept(check: Check) -> None:
    parsed = check(
        '@character FOX: a {\n  voice "alba"\n  lora "fox.safetensors" weight=0.8\n}\n'
        "\nEXT. A\n\nThe FOX.\n"
    )
    assert codes(parsed) == []
    (fox,) = story_of(parsed).cast
    assert fox.voice == "alba"
    assert fox.lora is not None and (fox.lora.name, fox.lora.weight) == ("fox.safetensors", 0.8)
