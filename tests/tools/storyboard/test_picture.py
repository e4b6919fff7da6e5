"""Given a plan, expect its shots, boxes and words on paper."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from dreamrunner.errors import OutputError
from dreamrunner.plan import Keyframe, Placement, Plan, ScenePlan, ShotPlan
from dreamrunner.production.facade import plan_story
from dreamrunner.production.settings import Settings
from dreamrunner.story import Box
from dreamrunner.tools.pages.canvas import shortened, text_width, wrapped
from dreamrunner.tools.pages.palette import entity_colours
from dreamrunner.tools.pages.panels import shown_keyframes, ways
from dreamrunner.tools.storyboard.page import storyboard_html
from dreamrunner.tools.storyboard.picture import SHOTS_A_PAGE, draw_storyboard, unwritable_words


def colours_in(path: Path) -> set[str]:
    with Image.open(path) as image:
        found = image.convert("RGB").getcolors(1 << 24) or []
    return {"#" + "".join(f"{part:02x}" for part in colour) for _, colour in found}


def repeated(plan: Plan, times: int) -> Plan:
    shot = plan.shots[0]
    shots = tuple(shot.model_copy(update={"id": f"1.{number}"}) for number in range(times))
    scene = ScenePlan(id="1", heading="EXT. RIVER", place="river", shots=shots)
    return plan.model_copy(update={"scenes": (scene,)})


def test_everybody_is_drawn_in_a_colour_of_their_own(plan: Plan, tmp_path: Path) -> None:
    colours = entity_colours(plan)
    assert list(colours) == ["FOX", "OWL"]
    assert len(set(colours.values())) == 2
    pages = draw_storyboard(plan, path=tmp_path / "storyboard.png")
    assert pages == (tmp_path / "storyboard.png",)
    assert set(colours.values()) <= colours_in(pages[0])


def test_a_box_lies_where_the_plan_puts_it(plan: Plan, tmp_path: Path) -> None:
    """The first panel is at (288, 156), 320 by 214; FOX stands in (0.06..0.30, 0.48..0.92)."""
    draw_storyboard(plan, path=tmp_path / "storyboard.png")
    orange = entity_colours(plan)["FOX"]
    assert orange in around(tmp_path / "storyboard.png", 288 + 320 * 0.06, 156 + 214 * 0.6)
    assert orange not in around(tmp_path / "storyboard.png", 288 + 320 * 0.45, 156 + 214 * 0.6)


def around(path: Path, x: float, y: float) -> set[str]:
    """Return the colours of a small square of a picture."""
    with Image.open(path) as image:
        part = image.convert("RGB").crop((round(x) - 4, round(y) - 4, round(x) + 4, round(y) + 4))
        return {"#" + "".join(f"{v:02x}" for v in c) for _, c in part.getcolors() or []}


def test_a_long_film_takes_several_pages(plan: Plan, tmp_path: Path) -> None:
    pages = draw_storyboard(repeated(plan, SHOTS_A_PAGE + 1), path=tmp_path / "board.png")
    assert [page.name for page in pages] == ["board.png", "board-2.png"]
    with Image.open(pages[0]) as first, Image.open(pages[1]) as second:
        assert first.width == second.width
        assert first.height > 5 * second.height


def test_an_empty_plan_and_an_empty_shot_are_drawn(plan: Plan, tmp_path: Path) -> None:
    bare = plan.shots[0].model_copy(update={"keyframes": (), "entities": (), "text": ""})
    scene = plan.scenes[0].model_copy(update={"shots": (bare,)})
    for scenes in ((), (scene,)):
        empty = plan.model_copy(update={"scenes": scenes})
        (page,) = draw_storyboard(empty, path=tmp_path / "board.png")
        with Image.open(page) as image:
            assert image.width == 1680


@pytest.mark.parametrize(
    "text",
    ["狐狸走过冰冻的河流" * 40, "🦊 🦉", "العربية", "half \ud83d", "a\nb\tc", "\x00", "x" * 900],
)
def test_any_text_is_drawn(plan: Plan, tmp_path: Path, text: str) -> None:
    update = {"text": text, "background": text, "id": text, "camera": text, "place": text}
    shot = plan.shots[0].model_copy(update=update)
    scene = plan.scenes[0].model_copy(update={"heading": text, "shots": (shot,)})
    drawn = plan.model_copy(update={"title": text, "style": text, "scenes": (scene,)})
    (page,) = draw_storyboard(drawn, path=tmp_path / "board.png")
    with Image.open(page) as image:
        assert image.width == 1680


def walking(plan: Plan, *lefts: float) -> ShotPlan:
    """Return a shot in which the FOX is a second at each of some places."""
    boxes = [Box(left, 0.4, left + 0.2, 0.9) for left in lefts]
    frames = tuple(
        Keyframe(time_s=time, placements=(Placement(entity="FOX", box=box),))
        for time, box in enumerate(boxes)
    )
    return plan.shots[0].model_copy(
        update={"keyframes": frames, "beats": (), "duration_s": len(lefts) - 1.0}
    )


@pytest.mark.parametrize(
    ("lefts", "times"),
    [
        ((0.0, 0.1, 0.2), [0, 1, 2]),
        (tuple(i / 20 for i in range(13)), [0, 4, 8, 12]),
        ((0.1, 0.1, 0.1, 0.5), [0, 3]),
        ((0.1, 0.1, 0.1), [1]),
    ],
    ids=["each", "four-at-most", "where-it-moves", "once-where-nothing-moves"],
)
def test_the_moments_that_stand_for_a_shot(
    plan: Plan, lefts: tuple[float, ...], times: list[int]
) -> None:
    shot = walking(plan, *lefts)
    assert [frame.time_s for frame in shown_keyframes(shot)] == times


def test_arrows_go_from_panel_to_panel_by_the_feet(plan: Plan) -> None:
    first, second, third = shown_keyframes(walking(plan, 0.0, 0.3, 0.3, 0.6))[:3]
    (way,) = ways(first, second)
    assert (way.entity, way.start, way.end) == ("FOX", (0.1, 0.9), (0.4, 0.9))
    assert [w.end for w in ways(second, third)] == [(0.7, 0.9)]
    assert ways(third, None) == []


def test_the_page_holds_its_pictures_and_nothing_that_acts(plan: Plan) -> None:
    title = '</title><script>alert("x")</script>'
    page = storyboard_html(plan.model_copy(update={"title": title}))
    panels = sum(len(shown_keyframes(shot)) for shot in plan.shots)
    assert page.count("<svg") == page.count('href="data:image/jpeg;base64,') == panels
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")
    assert "Why it is so" in page


def test_lines_are_broken_at_the_width_and_end_in_an_ellipsis() -> None:
    words = "The OWL glides low over the ice; the FOX runs beneath it, lantern swinging."
    lines = wrapped(words, 17, 200, 9)
    assert " ".join(lines) == words
    assert all(text_width(line, 17) <= 200 for line in lines)
    cut = wrapped(words, 17, 200, 2)
    assert len(cut) == 2
    assert cut[1].endswith("…")
    assert text_width(shortened(words, 17, 100), 17) <= 100


def test_a_page_that_cannot_be_written_is_an_output_error(plan: Plan, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="cannot write"):
        draw_storyboard(plan, path=tmp_path / "file" / "board.png")


def test_all_words_of_a_ukrainian_story_are_written(repository: Path, tmp_path: Path) -> None:
    settings = Settings(out=tmp_path, store=tmp_path / "store")
    plan = plan_story(repository / "stories" / "lysytsia.story", settings)
    assert "Лисиця" in plan.title
    assert unwritable_words(plan) is None


@pytest.mark.parametrize("field", ["title", "style", "heading", "id", "text", "background"])
def test_whatever_the_pictures_write_and_cannot_is_said(plan: Plan, field: str) -> None:
    """A character for private use, which no typeface has."""
    update = {field: "a \U0010fff0"}
    shot, scene = plan.shots[0].model_copy(update=update), plan.scenes[0]
    scene = scene.model_copy(update={"heading": update.get("heading", ""), "shots": (shot,)})
    scenes = {"scenes": (scene,)}
    if field in ("title", "style"):
        scenes = update
    note = unwritable_words(plan.model_copy(update=scenes))
    assert note is not None and "signs (\U0010fff0);" in note
