"""Text that a terminal would obey is shown as escapes; all other text stays as it is."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dreamrunner.dsl import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("The fox, *asleep* [b]", "The fox, *asleep* [b]"),
        ("Лисиця 狐 👩\u200d🌾 می\u200cخواهم", "Лисиця 狐 👩\u200d🌾 می\u200cخواهم"),
        ("two\n\tlines", "two\n\tlines"),
        ("\x1b[31m", "\\x1b[31m"),
        ("a\rb\x00\x7f\x9b", "a\\x0db\\x00\\x7f\\x9b"),
        ("\u202eevil\u2066", "\\u202eevil\\u2066"),
        ("one\u2028line", "one\\u2028line"),
        ("\U000e0001tag", "\\U000e0001tag"),
        ("name\udcff", "name\\xff"),
        ("half\ud83d", "half\\ud83d"),
    ],
)
def test_what_a_terminal_obeys_is_an_escape(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text(st.characters(codec=None)))
def test_nothing_obeyed_is_left_and_shown_text_stays(text: str) -> None:
    shown = visible(text)
    shown.encode("utf-8")
    kinds = {unicodedata.category(c) for c in shown if c not in "\n\t\u200c\u200d"}
    assert not kinds & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert visible(shown) == shown
