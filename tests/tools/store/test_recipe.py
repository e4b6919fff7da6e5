"""A key holds all that makes a result, and a recipe says why a result must be made again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dreamrunner.errors import Span
from dreamrunner.story import Box, LayoutKey, Replan
from dreamrunner.tools.store.recipe import as_json
from dreamrunner.tools.store.store import Store, stage_key

from .results import KEY, json_values, recipe_of


@given(st.dictionaries(st.text(), json_values, max_size=4))
def test_a_key_does_not_depend_on_the_order_of_its_inputs(inputs: dict[str, object]) -> None:
    turned = dict(reversed(inputs.items()))
    assert stage_key("plan", 1, turned) == stage_key("plan", 1, inputs)  # type: ignore[arg-type]


def test_what_was_read_from_a_page_is_put_into_a_key_whole_and_in_one_order() -> None:
    span = Span("a.story", 0, 4, 1, 1, 1, 5)
    at = {"file": "a.story", "start": 0, "end": 4, "line": 1, "column": 1, "end_line": 1,
          "end_column": 5}  # fmt: skip
    box = {"left": 0.0, "top": 0.1, "right": 0.5, "bottom": 1.0}
    assert as_json((LayoutKey(2.0, Box(0.0, 0.1, 0.5, 1.0), span), None)) == [
        {"time_s": 2.0, "box": box, "span": at, "ease": "linear"},
        None,
    ]
    replan = Replan(frozenset({"seed", "place", "motion"}), frozenset(), span)
    assert as_json(replan) == {"allow": ["motion", "place", "seed"], "keep": [], "span": at}
    with pytest.raises(TypeError, match="object cannot be part of a key"):
        as_json(object())


@pytest.mark.parametrize(
    ("stage", "version", "inputs"),
    [
        ("measure", 1, {"seed": 7}),
        ("render", 2, {"seed": 7}),
        ("render", 1, {"seed": 8}),
        ("render", 1, {"seed": "7"}),
        ("render", 1, {"seed": 7, "more": None}),
        ("render", 1, {}),
    ],
)
def test_everything_that_makes_a_result_is_in_its_key(
    stage: str, version: int, inputs: dict[str, int | str | None]
) -> None:
    assert stage_key(stage, version, inputs) != KEY


def test_a_key_is_for_ever() -> None:
    """A store that was filled last year answers today."""
    assert KEY == "35d4bbd8cdd03dbbac41f7f0b63ae3ab1d59542f268a5cb079e227d04f285edb"


def test_freshness_answers_with_reasons(tmp_path: Path) -> None:
    store = Store(tmp_path)
    first = store.look_up(recipe_of(7))
    assert (first.cached, first.reasons) == (False, ("made for the first time",))
    store.put_json(first.key, "clip", recipe=recipe_of(7))

    assert Store(tmp_path).look_up(recipe_of(7)).cached
    assert store.look_up(recipe_of(8)).reasons == ("seed changed from 7 to 8",)
    assert store.look_up(recipe_of(7, version=2)).reasons == (
        "render works differently in this version",
    )


def test_a_result_is_shared_between_labels_and_each_remembers_its_own(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put_json(recipe_of(7).key, "clip", recipe=recipe_of(7))
    assert store.look_up(recipe_of(7, label="owl.story shot 1")).cached
    changed = store.look_up(recipe_of(9, label="owl.story shot 1"))
    assert changed.reasons == ("seed changed from 7 to 9",)


def test_what_is_gone_from_the_store_says_so(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put_file("k" * 64, "x", lambda part: part.write_bytes(b""), recipe=recipe_of(7))
    assert store.look_up(recipe_of(7)).reasons == ("it is gone from the store",)


def test_a_broken_memory_is_no_memory(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put_json(recipe_of(7).key, "clip", recipe=recipe_of(7))
    for path in (tmp_path / "latest").iterdir():
        path.write_text("{")
    assert store.latest("render", "fox.story shot 3") is None


def test_an_entry_keeps_the_recipe_it_was_made_from(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put_json(recipe_of(7).key, "clip", recipe=recipe_of(7))
    folder = store.get_dir(recipe_of(7).key)
    assert folder is not None
    entry = json.loads((folder / "entry.json").read_text())
    assert entry["recipe"]["inputs"] == recipe_of(7).inputs
