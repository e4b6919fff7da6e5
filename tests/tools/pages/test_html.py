"""Given text of any kind, expect HTML in which it is only text."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from dreamrunner.tools.pages.html import Markup, join, tag


def test_text_is_escaped_and_elements_are_not() -> None:
    assert tag("p", "a < b & ", tag("b", "c")) == "<p>a &lt; b &amp; <b>c</b></p>"
    assert join(["x", ["<y>", tag("br")]]) == "x&lt;y&gt;<br>"


def test_attributes_are_escaped_named_and_left_out() -> None:
    element = tag("td", class_='a" onclick="x', data_name="Check", hidden=True, id=None, width=3)
    assert element == (
        '<td class="a&quot; onclick=&quot;x" data-name="Check" hidden width="3"></td>'
    )


def test_half_a_character_is_replaced() -> None:
    assert tag("p", "\ud83d") == "<p>?</p>"


@given(st.text(), st.text())
def test_what_goes_in_as_text_comes_out_as_text(words: str, name: str) -> None:
    elements: list[tuple[str, dict[str, str | None]]] = []
    data: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            elements.append((tag, dict(attrs)))

        def handle_data(self, text: str) -> None:
            data.append(text)

    Reader().feed(tag("p", words, title=name))
    assert [element for element, _ in elements] == ["p"]
    assert isinstance(tag("p"), Markup)
    if words and "\r" not in words:
        assert "".join(data) == words.encode("utf-8", "replace").decode()
