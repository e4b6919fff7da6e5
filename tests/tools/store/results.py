"""A key, a recipe of a rendered shot, and values of all kinds, to fill a store with."""

from __future__ import annotations

from hypothesis import strategies as st

from dreamrunner.tools.store.store import Recipe, stage_key

KEY = stage_key("render", 1, {"seed": 7})

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def recipe_of(seed: int, *, label: str = "fox.story shot 3", version: int = 1) -> Recipe:
    inputs = {"shot": {"id": "3", "seed": seed}, "weights": "a" * 64}
    return Recipe("render", version, inputs, label)
