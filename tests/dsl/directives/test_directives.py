"""Given each directive of the language, expect what the story says of it, or the mistake."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from dreamrunner.dsl import ParsedStory, load_story
from dreamrunner.story import Scene, Story

Inside = Callable[[str], Scene]
Mistakes = Callable[..., list[str]]
Check = Callable[..., ParsedStory]

FOREST = "\nEXT. FOREST - DAY\n\nFog.\n"


def story_of(parsed: ParsedStory) -> Story:
    assert parsed.errors == ()
    assert parsed.story is not None
    return parsed.story


def codes(parsed: ParsedStory) -> list[str]:
    return [d.code for d in parsed.diagnostics]


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


@pytest.fixture
def adapters(tmp_path: Path) -> Path:
    """Adapters beside a story and one above it."""
    home = tmp_path / "home"
    (home / "adapters").mkdir(parents=True)
    header = b'{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'
    whole = len(header).to_bytes(8, "little") + header + bytes(4)
    (home / "adapters" / "fox.safetensors").write_bytes(whole)
    (home / "adapters" / "pickle.safetensors").write_bytes(pickle.dumps({"a": 1}))
    (home / "adapters" / "cut.safetensors").write_bytes(whole[:20])
    (home / "adapters" / "fox.bin").write_bytes(whole)
    (home / "adapters" / "empty.safetensors").touch()
    (tmp_path / "x.safetensors").write_bytes(whole)
    (home / "link.safetensors").symlink_to(tmp_path / "x.safetensors")
    return home


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("fox-v2", ["E111"]),
        ("adapters/fox.safetensors", []),
        ("adapters/fox.bin", ["E112"]),
        ("adapters/pickle.safetensors", ["E112"]),
        ("adapters/cut.safetensors", ["E112"]),
        ("adapters/empty.safetensors", ["E113"]),
        ("adapters/", ["E112"]),
        ("adapters/none.safetensors", ["E111"]),
        ("link.safetensors", ["E114"]),
        ("../x.safetensors", ["E114"]),
        ("../../x.bin", ["E114"]),
        ("/x.safetensors", ["E114"]),
        ("https://a.b/x.safetensors", ["E114"]),
        ("", ["E114"]),
    ],
)
def test_an_adapter_stays_with_the_story_and_is_safetensors(
    check: Check, adapters: Path, path: str, expected: list[str]
) -> None:
    text = f'@character FOX: a {{ lora "{path}" weight=0.5 }}\n\nEXT. A\n\nThe FOX.\n'
    parsed = check(text, folder=adapters)
    assert [code for code in codes(parsed) if code != "W019"] == expected
    if not expected:
        (fox,) = story_of(parsed).cast
        assert fox.lora is not None and (fox.lora.name, fox.lora.weight) == (path, 0.5)


def test_the_path_of_an_adapter_stands_in_quotes(check: Check) -> None:
    parsed = check("@character FOX: a { lora fox.bin }\n\nEXT. A\n\nThe FOX.\n")
    assert "E006" in codes(parsed)


def test_a_used_file_names_adapters_from_its_own_folder(check: Check, adapters: Path) -> None:
    used = '@character FOX: a red fox { lora "fox.safetensors" }\n'
    (adapters / "adapters" / "cast.story").write_text(used, encoding="utf-8")
    parsed = check('@use "adapters/cast.story"\n\nEXT. A\n\nThe FOX.\n', folder=adapters)
    (fox,) = story_of(parsed).cast
    assert fox.lora is not None and fox.lora.name == "adapters/fox.safetensors"


def test_a_motion_may_bring_an_adapter_that_nobody_has_to_know(
    check: Check, adapters: Path
) -> None:
    text = (
        "@character FOX: a red fox\n\nEXT. A\n@motion FOX {\n"
        '  lora "adapters/fox.safetensors" weight=0.7\n  0s..1s: moonwalk\n  1s..2s: moonwalk\n}\n'
        "\nThe FOX waits.\n"
    )
    parsed = check(text, folder=adapters)
    assert codes(parsed) == []
    beats = story_of(parsed).scenes[0].motions
    assert [(b.motion, b.lora and (b.lora.name, b.lora.weight)) for b in beats] == [
        ("moonwalk", ("adapters/fox.safetensors", 0.7))
    ] * 2
    assert "E006" in codes(check(text.replace("weight=0.7", "weight=7"), folder=adapters))


def test_a_motion_library_is_a_folder(check: Check, tmp_path: Path) -> None:
    (tmp_path / "clips").mkdir()
    (tmp_path / "clips.json").write_text("[]")
    text = '@motion-library "{}"\n' + FOREST
    parsed = check(text.format("clips"), folder=tmp_path)
    assert [r.path for r in story_of(parsed).motion_libraries] == ["clips"]
    assert codes(parsed) == []
    assert codes(check(text.format("clips.json"), folder=tmp_path)) == ["E112"]
    assert codes(check(text.format("none"), folder=tmp_path)) == ["E111"]


# ---- @use ----------------------------------------------------------------------------------------


@pytest.fixture
def tell(tmp_path: Path) -> Callable[..., ParsedStory]:
    """Write files into a folder and load `main.story` of it."""
    home = tmp_path / "home"

    def load(main: str, **files: str) -> ParsedStory:
        for name, text in {"main": main, **files}.items():
            path = home / f"{name.replace('__', '/')}.story"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return load_story(home / "main.story")

    return load


MAIN = '@use "cast.story"\n\nEXT. POND\n@layout FOX at left\n\nThe FOX.\n\nFOX\nHello.\n'


def test_a_cast_is_shared(tell: Callable[..., ParsedStory], tmp_path: Path) -> None:
    refs = tmp_path / "home" / "shared" / "refs"
    refs.mkdir(parents=True)
    Image.new("RGB", (64, 64)).save(refs / "fox.png")
    parsed = tell(
        MAIN.replace("cast", "shared/cast"),
        shared__cast='@use "places.story"\n@character FOX: a red fox { reference "refs/fox.png" }\n'
        "@character OWL: nobody here names\n",
        **{"shared/places": "@location POND: a round pond\n"},
    )
    # `@use` inside of a used file is relative to that file.
    assert codes(parsed) == []
    story = story_of(parsed)
    assert [m.name for m in story.cast] == ["FOX", "OWL"]
    assert [r.path for r in story.cast[0].references] == ["shared/refs/fox.png"]
    assert story.cast[0].span.line == 1 and story.cast[0].span.file.endswith("main.story")
    assert [p.look for p in story.locations] == ["a round pond"]


def test_a_file_used_twice_is_read_once(tell: Callable[..., ParsedStory]) -> None:
    parsed = tell(
        '@use "a.story"\n' + MAIN, a='@use "cast.story"\n', cast="@character FOX: a red fox\n"
    )
    assert codes(parsed) == []


@pytest.mark.parametrize(
    ("files", "expected", "words"),
    [
        ({}, "E111", "is not there"),
        ({"cast": '@use "main.story"\n@character FOX: a\n'}, "E116", "main.story -> cast.story"),
        ({"cast": "@character FOX: a\n@character FOX: b\n"}, "E116", "line 2: FOX is already"),
        ({"cast": '@use "../x.story"\n@character FOX: a\n'}, "E116", "may not go up"),
        ({"cast": "a\0b"}, "E112", "NUL bytes"),
        ({"cast": ""}, "E113", "is empty"),
    ],
)
def test_what_is_wrong_with_a_used_file_is_one_error_at_its_line(
    tell: Callable[..., ParsedStory], files: dict[str, str], expected: str, words: str
) -> None:
    parsed = tell(MAIN, **files)
    (found,) = parsed.diagnostics
    assert (found.code, found.span.line, found.span.column) == (expected, 1, 6)
    assert words in found.message


def test_a_story_that_uses_itself_is_a_circle(tell: Callable[..., ParsedStory]) -> None:
    (found,) = tell('@use "main.story"\n' + FOREST).diagnostics
    assert (found.code, found.span.line) == ("E115", 1)


def test_a_name_declared_in_both_is_reported(tell: Callable[..., ParsedStory]) -> None:
    parsed = tell(MAIN + "\n@character FOX: b\n", cast="@character FOX: a\n")
    assert [(d.code, d.span.line) for d in parsed.diagnostics] == [("E102", 11)]


def test_use_goes_no_deeper_than_its_bound(tell: Callable[..., ParsedStory]) -> None:
    chain = {f"f{i}": f'@use "f{i + 1}.story"\n' for i in range(12)}
    parsed = tell('@use "f0.story"\n' + FOREST, **chain, f12="@character FOX: a\n")
    (found,) = parsed.diagnostics
    assert found.code == "E116" and "E115" in found.message


def test_a_link_out_of_the_folder_is_not_followed(
    tell: Callable[..., ParsedStory], tmp_path: Path
) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "secret.story").write_text("@character FOX: a secret\n")
    (tmp_path / "home" / "cast.story").symlink_to(tmp_path / "secret.story")
    parsed = tell(MAIN)
    assert codes(parsed) == ["E114"]
    assert parsed.story is not None and parsed.story.cast == ()


def test_without_a_folder_nobody_from_elsewhere_is_unknown(check: Check) -> None:
    assert codes(check(MAIN)) == []
