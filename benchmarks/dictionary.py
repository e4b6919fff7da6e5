"""WordNet's files -> the reader's dictionary: which words are people, animals, things, or no nouns.

    python benchmarks/dictionary.py FOLDER

FOLDER holds WordNet 3.0's index.* and data.noun (https://wordnet.princeton.edu, free to use and to
pass on with its notice). The reader's dictionary.py says what the kinds mean.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

_OUT = Path(__file__).parents[1] / "agents/director/reading/words/wordnet/words.txt"
_ANIMAL, _GROUP, _PLACE, _PERSON = 5, 14, 15, 18  # WordNet's lexicographer files
_PART, _ANIMALS = 8, "00015388"  # where a body's parts are filed; what all animals are kinds of
_WORD = re.compile(r"[a-z][a-z'-]+")


def _rows(file: Path) -> Iterator[list[str]]:
    with file.open(encoding="ascii") as rows:
        yield from (row.split() for row in rows if not row.startswith("  "))


def _kinds_of(senses: list[tuple[int, bool]], other_parts: bool) -> Iterator[str]:
    """Yield the kinds of a noun of these senses, most frequent first: (file, is a name)."""
    common = [file for file, name in senses if not name]
    names = {file for file, name in senses if name}
    if common[:1] == [_PERSON]:
        yield "either" if other_parts else "person"
    elif common[:1] == [_ANIMAL]:
        yield "animal"
    elif common and {_PERSON, _ANIMAL, _GROUP} & set(common):
        yield "either" if common[0] == _GROUP else "seldom"
    elif common:
        yield "thing"
    if _PERSON in names:
        yield "surname"
    elif _PLACE in names and not common:
        yield "place"


def _is_below(offset: str, kind_of: dict[str, str]) -> bool:
    """Say whether a sense is a kind of animal."""
    while offset and offset != _ANIMALS:
        offset = kind_of.get(offset, "")
    return bool(offset)


def main() -> None:
    folder = Path(sys.argv[1])
    file_of: dict[str, int] = {}
    names: dict[str, set[str]] = defaultdict(set)
    kind_of: dict[str, str] = {}
    for offset, file, _, count, *rest in _rows(folder / "data.noun"):
        file_of[offset] = int(file)
        written = rest[: 2 * int(count, 16) : 2]
        names[offset] = {word.lower() for word in written if word[0].isupper()}
        above = next((after for mark, after in pairwise(rest) if mark == "@"), "")
        kind_of[offset] = above
    for sense in file_of:
        if file_of[sense] == _ANIMAL and not _is_below(sense, kind_of):
            file_of[sense] = _PART  # an antler, a herd
    others = {
        row[0]
        for part in ("adj", "adv", "verb")
        for row in _rows(folder / f"index.{part}")
        if _WORD.fullmatch(row[0])
    }
    found: dict[str, set[str]] = defaultdict(set)
    nouns = set()
    for word, _, _, pointers, *rest in _rows(folder / "index.noun"):
        if not _WORD.fullmatch(word):
            continue
        senses = [(file_of[o], word in names[o]) for o in rest[int(pointers) + 2 :]]
        for kind in _kinds_of(senses, word in others):
            found[kind].add(word)
            nouns |= {word} if kind not in ("surname", "place") else set()
    found["no-noun"] = others - nouns
    found["other-too"] = others & nouns
    with _OUT.open("w", encoding="ascii") as out:
        for kind in sorted(found):
            initials = sorted({word[0] for word in found[kind]})
            for initial in initials:
                words = sorted(word for word in found[kind] if word[0] == initial)
                out.write(f"{kind} {' '.join(words)}\n")


if __name__ == "__main__":
    main()
