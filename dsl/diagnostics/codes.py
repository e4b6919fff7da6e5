"""The code of a diagnostic -> its page: what it means, a wrong example and a right one.

The pages are `codes.toml`; `dreamrunner explain` shows them, and the reference page lists them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from textwrap import fill, indent
from types import MappingProxyType
from typing import Any

_WIDTH = 80


@dataclass(frozen=True, slots=True)
class CodePage:
    """The page of one code.

    `strict` is the code that the mistake has under `Strict: yes`, None where that is the same.
    `files` stand beside the examples, and each is to be repeated `times` times. The examples of
    the code of an import are of the format `form`, imported with `--repair` where `repair` is true.
    What is `measured` is told of a film, not of its story: the examples are what asks for it.
    The examples are for an `engine`.
    """

    code: str
    title: str
    text: str
    wrong: str
    right: str
    strict: str | None = None
    times: int = 1
    form: str = ""
    repair: bool = False
    measured: bool = False
    engine: str = "storybook"
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def codes(self) -> tuple[str, ...]:
        return (self.code,) if self.strict is None else (self.code, self.strict)


@cache
def pages() -> Mapping[str, CodePage]:
    """Return every page by its code, in the order of the codes; a strict code leads there too."""
    table = tomllib.loads(files(__package__).joinpath("codes.toml").read_text(encoding="utf-8"))
    found = [_page(code, entry) for code, entry in table.items()]
    return MappingProxyType({code: page for page in found for code in page.codes})


def _page(code: str, entry: dict[str, Any]) -> CodePage:  # Any: what TOML holds is of many types
    text = " ".join(entry["text"].split())
    return CodePage(code=code, **{**entry, "text": text})


def explanation(page: CodePage) -> str:
    """Return a page as a writer reads it in a terminal."""
    head = f"{' '.join(page.codes)}  {page.title}"
    parts = [head, _wrapped(page.text)]
    if page.strict:
        strictly = "Strict: yes or --strict" if page.measured else "Strict: yes"
        parts.append(_wrapped(f"Under {strictly} this is an error, {page.strict}."))
    often = f", {page.times} times" if page.times > 1 else ""
    parts.append(f"Wrong{often}:\n\n{indent(page.wrong, '    ')}".rstrip())
    parts.append(f"Right:\n\n{indent(page.right, '    ')}")
    return "\n\n".join(parts)


def _wrapped(text: str) -> str:
    return fill(text, _WIDTH, break_on_hyphens=False, break_long_words=False)
