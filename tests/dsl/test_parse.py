"""Given a file or any text at all, expect a story, diagnostics or one clear error."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from dreamrunner.agents.director.rules import direct
from dreamrunner.dsl import (
    LARGEST_STORY_BYTES,
    format_story,
    junit_xml,
    load_story,
    parse_story,
    render_diagnostics,
    sarif_log,
)
from dreamrunner.engine.storybook.capabilities import storybook_capabilities
from dreamrunner.errors import InputError, StoryError
from dreamrunner.plan import Capabilities

GOOD = '@character FOX: a fox {{ reference "{}" }}\n\nEXT. A\n\nThe FOX.\n'


def test_a_story_finds_its_references_beside_it(tmp_path: Path) -> None:
    story = tmp_path / "a.story"
    Image.new("RGB", (64, 64)).save(tmp_path / "fox.png")
    story.write_text(GOOD.format("fox.png"), encoding="utf-8")
    assert load_story(story).diagnostics == ()
    story.write_text(GOOD.format("cat.png"), encoding="utf-8")
    assert [d.code for d in load_story(story).diagnostics] == ["E111"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"EXT. A\n\0\n", "NUL bytes"),
        (b"EXT. A\n\n\xff\xfe caf\xe9", "not UTF-8: byte 8 on line 3"),
        (b"a" * (LARGEST_STORY_BYTES + 1), "too large"),
        ("EXT. A".encode("utf-16"), "save it as UTF-8"),
    ],
)
def test_junk_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    story = tmp_path / "a.story"
    story.write_bytes(content)
    with pytest.raises(InputError, match=message):
        load_story(story)


def test_a_file_whose_name_is_no_utf_8_is_a_story_like_any_other(tmp_path: Path) -> None:
    try:
        story = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.story"))
        story.write_text("EXT. A\n@seed x\n\nFog.\n", encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes names of UTF-8 only")
    parsed = load_story(story)
    assert parsed.story is not None
    assert parsed.story.title == "caf\N{REPLACEMENT CHARACTER}"
    assert [d.code for d in parsed.diagnostics] == ["E006"]
    report = render_diagnostics(parsed.diagnostics, parsed.source)
    plan = direct(parsed.story, storybook_capabilities()).model_dump_json()
    log = json.dumps(sarif_log(parsed.diagnostics, version="1"), ensure_ascii=False)
    xml = junit_xml(parsed.diagnostics, file=parsed.story.path)
    for text in (report, plan, log, xml):
        assert "caf" in text and text.encode("utf-8")
    story.unlink()
    with pytest.raises(InputError, match="there is no story at .*caf\N{REPLACEMENT CHARACTER}"):
        load_story(story)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no story at"):
        load_story(tmp_path / "none.story")
    with pytest.raises(InputError, match="is a folder"):
        load_story(tmp_path)


SHARDS = st.sampled_from(
    [*"{}[]()@#=~><!.:;,/*\\\"' \t\n\r\x1f\x0b\u2028", "\n\n", "[[", "]]", "/*", "*/", "..", ">="]
    + ["FOX", "fox", "Ж", "狐", "EXT. A\n", "@layout FOX ", "@motion FOX {", "@expect ", "@seed "]
    + ["0s", "end", "0s..2s: ", "box (0.1,", "at left", "9" * 5000, "-", "%", "motion.FOX", "a=b"]
    + ["@shot WIDE 2s {", "@defaults {", "@style add ", '"a"', "@depth FOX ", "behind OWL", "on="]
    + ["@location ", "@voice FOX ", "start=1s", "@camera {", "pan-left", "ease-in", '\n@use "a"']
    + ["@character FOX: a fox\n", "seed 7", "; ", "@negative ", "@audio ", "@motion-library "]
)


@settings(max_examples=150)
@given(st.lists(SHARDS | st.text(max_size=3), max_size=40).map("".join))
def test_no_text_breaks_the_parser(text: str) -> None:
    parsed = parse_story(text, path="junk.story")
    assert all(0 <= d.span.start <= d.span.end <= len(parsed.source) for d in parsed.diagnostics)
    assert (parsed.story is not None) or parsed.errors
    render_diagnostics(parsed.diagnostics, parsed.source)


@pytest.mark.parametrize("collected", [True, False])
def test_parsing_leaves_the_garbage_collector_as_it_was(collected: bool) -> None:
    (gc.enable if collected else gc.disable)()
    try:
        parse_story("EXT. A\n\nFog.\n", path="a.story")
        assert gc.isenabled() is collected
    finally:
        gc.enable()


def test_a_device_without_an_end_is_too_large_a_story() -> None:
    with pytest.raises(InputError, match="too large"):
        load_story(Path("/dev/zero"))


CAST = "".join(f"@character N{i}: a fox\n" for i in range(3000))


@pytest.mark.parametrize(
    "text",
    [
        "The fox. " * 110_000,
        "THE FOX " * 120_000 + "\nHello.",
        "[[" * 200_000,
        "/*" * 200_000,
        "{" * 100_000,
        "}" * 100_000,
        "EXT. A\n@layout FOX " + "{a " * 100_000 + "}" * 100_000,
        "EXT. A\n@layout FOX " + "{" * 100_000 + "}" * 100_000,
        "EXT. A\n@layout FOX at " + "(" * 100_000 + "1" + ")" * 100_000,
        "@layout X {\n" * 10_000,
        "EXT. A\n\n" + "(" * 500_000,
        CAST + "\nEXT. A\n" + "".join(f"@layout N{i} at left\n" for i in range(3000)),
        CAST + "\nEXT. A\n" + "".join(f"@layout N{i}X at left\n" for i in range(3000)),
        "EXT. A\n@camera {\n" + "".join(f"{i}ms..{i + 1}ms: static\n" for i in range(8_000)) + "}",
        "EXT. A\n" + "@shot WIDE\n\nFog.\n\n" * 4000,
    ],
    ids=[
        "line",
        "cue",
        "notes",
        "boneyards",
        "open",
        "close",
        "deep",
        "braces",
        "groups",
        "never",
        "brackets",
        "everybody in one place",
        "nobody known",
        "a move a millisecond",
        "shots",
    ],  # fmt: skip
)
def test_hostile_text_ends(text: str, engine: Capabilities) -> None:
    signal.alarm(60)  # a hang ends the run here; how long it took is the benchmarks' matter
    try:
        parsed = parse_story(text, path="a.story", capabilities=engine)
        with contextlib.suppress(StoryError):
            format_story(text)
    finally:
        signal.alarm(0)
    assert len(render_diagnostics(parsed.diagnostics, parsed.source)) < 500_000


def test_the_language_alone_is_light() -> None:
    code = (
        "import sys, dreamrunner.dsl as dsl\n"
        "dsl.parse_story('EXT. A\\n\\nFog.', path='a')\n"
        "print(sorted({'torch', 'transformers', 'langgraph', 'pydantic'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
