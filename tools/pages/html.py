"""Text and elements -> HTML in which nothing that a writer wrote can act.

Every string is escaped unless it is `Markup`, and only `tag` and `join` make that: what is not
safe cannot get into the page by being forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

_VOID = frozenset({"img", "input", "br", "hr", "meta"})


class Markup(str):
    """HTML that is safe to put into a page as it is."""

    __slots__ = ()


Content = str | Iterable["Content"]


def tag(name: str, /, *content: Content, **attributes: str | int | float | bool | None) -> Markup:
    """Return an element. `class_` is the class; True is a bare attribute, None and False none."""
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Markup(f"<{name}{written}>")
    return Markup(f"<{name}{written}>{join(*content)}</{name}>")


def join(*content: Content) -> Markup:
    """Return pieces of text, elements and lists of them one after the other."""
    return Markup("".join(_safe(piece) for piece in content))


def _safe(piece: Content) -> str:
    if isinstance(piece, Markup):
        return piece
    if isinstance(piece, str):
        return escape(_encodable(piece), quote=True)
    return "".join(_safe(part) for part in piece)


def _attribute(key: str, value: str | int | float | bool | None) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return (
        f" {name}" if value is True else f' {name}="{escape(_encodable(str(value)), quote=True)}"'
    )


def _encodable(text: str) -> str:
    """Replace halves of characters, which no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
