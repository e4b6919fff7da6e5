"""Adapters and folders of clips stay with the story, and an adapter is safetensors."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from dreamrunner.dsl import ParsedStory

from .parsed import FOREST, codes, story_of

Check = Callable[..., ParsedStory]


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
