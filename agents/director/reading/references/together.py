"""A noun in a row of people, "a nurse, a cop and two kids" -> whether all of the row are there.

Who is told in one breath with somebody who is there, is there too; and a row that opens a clause
does what its verb says.
"""

from __future__ import annotations

from collections.abc import Callable

from ..coreference import Discourse
from ..glossary import Glossary
from ..inflection import base_form, is_plural, singular
from ..lexicon import CONJUNCTIONS, DETERMINERS, FILLERS, NUMBERS, PREPOSITIONS
from ..sentences import Sentence
from .situated import is_whole

_LED = 4  # words from an article to its noun
_ARTICLES = frozenset("a an the another his her their".split()) | NUMBERS.keys()
_SOME = frozenset("other several many some more few all most both various".split())
_CLAUSE = frozenset("and but as while when then where who".split())
_PAIRED = 2
_IS = frozenset("is are was were be being become becomes".split())


def is_in_a_row(
    sentence: Sentence, at: int, discourse: Discourse, is_there: Callable[[int], bool]
) -> bool:
    """Say whether a noun is of somebody told with another: "sees a nurse and a cop".

    `is_there` says of another noun of the row whether it is of somebody who is there.
    """
    row = _row(sentence, at, discourse.glossary)
    if len(row) < _PAIRED or not _ends(sentence, at, discourse.glossary):
        return False
    people = [end for _, end in row if not sentence[end].is_mention]
    first, last = row[0][0], row[-1][1]
    if first and sentence[first - 1].text in _IS:  # "TED is a husband and a killer"
        people = people[:1]
    if any(is_there(end) for end in people if end != at):
        return True
    opens = first == 0 or sentence[first - 1].is_mark or sentence[first - 1].text in _CLAUSE
    if not opens:
        return False
    return not _is_apposed(sentence, at, row) and _do(sentence, last + 1, discourse.glossary)


def _row(sentence: Sentence, at: int, glossary: Glossary) -> list[tuple[int, int]]:
    """Return where the phrases of the row of a noun begin and end, in order; [] where alone."""
    start = _start(sentence, at, glossary)
    if start is None:
        return []
    row = [(start, at)]
    joined = False
    while (before := _before(sentence, row[0][0], glossary)) is not None:
        joined = joined or sentence[row[0][0] - 1].text == "and"
        row.insert(0, before)
    while (behind := _behind(sentence, row[-1][1], glossary)) is not None:
        joined = joined or sentence[behind[0] - 1].text == "and"
        row.append(behind)
    return row if joined else []


def _start(sentence: Sentence, at: int, glossary: Glossary) -> int | None:
    """Return where the phrase of a noun of people begins, None where it is no such phrase."""
    word = sentence[at]
    if word.is_mention and not word.is_common:
        return None if word.possessive else at
    if not (word.is_mention or _is_of_people(word.text, glossary)):
        return None
    several = is_plural(word.text)
    if _shares_article(sentence, at, glossary):
        return at
    for n in range(at - 1, max(-1, at - _LED - 1), -1):
        before = sentence[n]
        if before.is_mark or before.is_mention or before.text in CONJUNCTIONS:
            return n + 1 if several else None
        if before.text in _ARTICLES or (several and before.text in _SOME):
            return n - 1 if n and sentence[n - 1].text in _ARTICLES | {"all"} else n
        if before.text in PREPOSITIONS | DETERMINERS | FILLERS or not before.text.isalpha():
            return n + 1 if several else None
        told = base_form(before.text, glossary.verbs)
        if told is not None and told[1] in ("s", "past"):
            return n + 1 if several else None
    return 0 if several and at <= _LED else None


def _is_of_people(word: str, glossary: Glossary) -> bool:
    return glossary.is_unnamed(singular(word)) or word in glossary.unnamed


def _shares_article(sentence: Sentence, at: int, glossary: Glossary) -> bool:
    """Say whether one article stands before two: "the bride and groom"."""
    if at < _PAIRED or sentence[at - 1].text != "and" or is_plural(sentence[at].text):
        return False
    other = sentence[at - _PAIRED]
    return _is_of_people(other.text, glossary) and not is_plural(other.text)


def _before(sentence: Sentence, start: int, glossary: Glossary) -> tuple[int, int] | None:
    """Return the phrase that stands before a phrase in its row."""
    end = start
    while end > 0 and start - end < _PAIRED and sentence[end - 1].text in (",", "and"):
        end -= 1
    if end == start or end == 0:
        return None
    for last in (end - 1, _before_place(sentence, end) - 1):
        begin = _start(sentence, last, glossary) if last >= 0 else None
        if begin is not None:
            return begin, last
    return None


def _before_place(sentence: Sentence, end: int) -> int:
    """Return where the words of place begin that end somewhere: "a man in a suit" at "in"."""
    for n in range(end - 1, max(0, end - _PLACE), -1):
        word = sentence[n]
        if word.is_mark or word.is_mention or word.text in CONJUNCTIONS:
            return 0
        if word.text in PREPOSITIONS:
            return n if word.text in _TELLING else 0
    return 0


_PLACE = 5  # words of what somebody wears, holds or is at
_TELLING = frozenset("in with on at behind from".split())


def _behind(sentence: Sentence, end: int, glossary: Glossary) -> tuple[int, int] | None:
    """Return the phrase that follows a phrase in its row."""
    start = end + 1
    if start < len(sentence) and sentence[start].text in _TELLING:
        joins = range(start + 1, min(len(sentence), start + _PLACE))
        start = next((n for n in joins if sentence[n].text == "and"), len(sentence))
        if _before_place(sentence, start) != end + 1:
            return None
    joined = start
    while start < len(sentence) and start - joined < _PAIRED and sentence[start].text in _JOINS:
        start += 1
    if start == joined:
        return None
    for n in range(start, min(len(sentence), start + _LED + 1)):
        begin = _start(sentence, n, glossary)
        if begin == start and (sentence[n].is_mention or _ends(sentence, n, glossary)):
            return begin, n
    return None


def _ends(sentence: Sentence, at: int, glossary: Glossary) -> bool:
    """Say whether a phrase ends with a noun, and no "a father and son moment" comes of it."""
    verb = at + 1 < len(sentence) and _is_verb(sentence, at + 1, glossary)
    return verb or is_whole(sentence, at, glossary)


_JOINS = frozenset({",", "and"})


def _is_apposed(sentence: Sentence, at: int, row: list[tuple[int, int]]) -> bool:
    """Say whether a noun may tell who was named before it: "TOM, a boxer, and a nurse nod"."""
    place = next(n for n, (_, end) in enumerate(row) if end == at)
    place -= row[place] == (at, at) and sentence[at - 1].text == "and"  # "ANN, a wife and mother"
    named = place > 0 and sentence[row[place - 1][1]].is_mention
    return named and sentence[row[place][0] - 1].text == ","


def _do(sentence: Sentence, after: int, glossary: Glossary) -> bool:
    """Say whether those before a word do what it says: a verb of several, "are", "both nod"."""
    if after < len(sentence) and sentence[after].text in _TELLING:  # "a woman in red argue"
        rest = range(after + 1, min(len(sentence), after + _PLACE))
        finite = (n for n in rest if _is_verb(sentence, n, glossary))
        after = next(finite, len(sentence))
    while after < len(sentence) and (
        sentence[after].text in FILLERS | {"both", "all"} or sentence[after].text.endswith("ly")
    ):
        after += 1
    return after < len(sentence) and _is_verb(sentence, after, glossary)


def _is_verb(sentence: Sentence, at: int, glossary: Glossary) -> bool:
    """Say whether a word is a verb of several, behind no article."""
    word, before = sentence[at], sentence[at - 1].text
    if word.is_mention or before in DETERMINERS | PREPOSITIONS:
        return False
    if word.text in ("are", "have"):
        return True
    found = base_form(word.text, glossary.verbs)
    return found is not None and found[1] in ("base", "ing")
