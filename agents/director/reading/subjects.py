"""A verb in its sentence -> who does it: the noun phrase on its left, or the subject before it.

Adverbs, helpers and phrases with a preposition are skipped ("the FOX on the hill sleeps"); where
a thing stands there ("the ice cracks"), nobody does it.
"""

from __future__ import annotations

from dataclasses import dataclass

from .lexicon import BONDS, CONJUNCTIONS, DETERMINERS, GROUP_WORDS, PREPOSITIONS, SUBJECT_PRONOUNS
from .sentences import Sentence
from .verbs import SEARCH, FoundVerb, is_filler

_HOW_FAR = frozenset("high far deep just right close not".split())


@dataclass(frozen=True, slots=True)
class Subject:
    """Who does a verb; nobody known where `ids` is empty. `led_in` means it stands after it."""

    ids: tuple[str, ...]
    left: int
    led_in: bool = False


def subject_of(
    sentence: Sentence,
    found: FoundVerb,
    before: Subject | None,
    last: tuple[str, ...],
    present: tuple[str, ...],
) -> Subject:
    """Return who does a verb.

    Args:
        sentence: the words.
        found: the verb.
        before: the subject of the verb before in the sentence, which "and" carries on.
        last: who was the subject of the sentence before, whom "she" and "it" mean.
        present: everyone met so far, whom "they" may mean.
    """
    at = found.at - 1
    while at >= 0 and (is_filler(sentence[at]) or sentence[at].text in ("who", "that")):
        at -= 1
    while at >= 0:
        word = sentence[at]
        if word.is_mention:
            if before is None and not found.passive and _is_led_in(sentence, at):
                return _inverted(sentence, found, last)
            return _named(sentence, found, at, before)
        if word.text in SUBJECT_PRONOUNS:
            return Subject(last, at)
        if word.text in GROUP_WORDS | {"three", "two", "others"}:
            return Subject(_group(sentence, at, last, present), at)
        if word.is_mark or word.text in CONJUNCTIONS:
            return _carried(sentence, at, before, last)
        phrase = _phrase_start(sentence, at)
        if phrase is None:
            return Subject((), max(0, _noun_start(sentence, at)))
        at = phrase - 1
    if before is None and at < 0 and found.at > 0:
        return _inverted(sentence, found, last)
    return before or _dropped(found, last)


def _dropped(found: FoundVerb, last: tuple[str, ...]) -> Subject:
    """Return the subject of a sentence that has none: "Hops twice. Stops."""
    return Subject(last if found.form in ("s", "past") else (), found.at)


def _carried(sentence: Sentence, at: int, before: Subject | None, last: tuple[str, ...]) -> Subject:
    """Return the subject of a verb after a comma or "and": the verb's before, or an apposition."""
    if before is not None:
        return Subject(before.ids, at)
    for index in range(at, -1, -1):
        if sentence[index].is_mention and not sentence[index].possessive:
            return Subject(sentence[index].ids, index)
    return Subject(last, at)


def _named(sentence: Sentence, found: FoundVerb, at: int, before: Subject | None) -> Subject:
    """Return the mention at `at` and, where the verb is plural, those joined to it."""
    word = sentence[at]
    if word.possessive:
        return Subject((), at)
    if before is not None and at > 0 and sentence[at - 1].text in PREPOSITIONS:
        return Subject(before.ids, found.at)
    ids = list(word.ids)
    left = at
    index = at - 1
    singular_verb = found.form == "s"
    while index >= 0 and not singular_verb:
        here = sentence[index]
        if here.is_mention and not here.possessive:
            ids = [*here.ids, *ids]
            left = index
        elif here.text not in DETERMINERS | {"and", ","} and not _is_adjective(sentence, index):
            break
        index -= 1
    return Subject(tuple(dict.fromkeys(ids)), _noun_start(sentence, left))


def _is_adjective(sentence: Sentence, at: int) -> bool:
    """Say whether a word stands between a determiner and a mention: "the old OWL"."""
    return (
        at > 0
        and at + 1 < len(sentence)
        and sentence[at - 1].text in DETERMINERS
        and (sentence[at + 1].is_mention)
    )


def _noun_start(sentence: Sentence, at: int) -> int:
    """Return where the noun phrase that ends at `at` begins: at its determiner."""
    for index in range(at - 1, max(-1, at - SEARCH), -1):
        word = sentence[index]
        if word.is_mention or word.is_mark or word.text in CONJUNCTIONS:
            return index + 1
        if word.text in DETERMINERS:
            return index
    return at


def _phrase_start(sentence: Sentence, at: int) -> int | None:
    """Return where a phrase with a preposition that ends at `at` begins: "the FOX on the hill"."""
    start = _noun_start(sentence, at)
    if sentence[at].text in PREPOSITIONS:
        return at
    if start > 0 and sentence[start - 1].text in PREPOSITIONS:
        return start - 1
    return None


def _group(
    sentence: Sentence, at: int, last: tuple[str, ...], present: tuple[str, ...]
) -> tuple[str, ...]:
    """Return whom "they", "both" or "the others" means."""
    if sentence[at].text == "others":
        return tuple(e for e in present if e not in last)
    if sentence[at].text in ("both", "two"):
        return present[-2:]
    return last if len(last) > 1 else present


def _is_led_in(sentence: Sentence, at: int) -> bool:
    """Say whether a sentence opens with a phrase that ends at `at`: "Beside the FOX stands ...".

    Nothing but words of place may stand before the name: in "After a while the FOX stands" it is
    the FOX who stands.
    """
    start = _noun_start(sentence, at)
    if sentence[0].text == "between":
        return not any(word.is_mark for word in sentence[:at])
    words = [word.text for word in sentence[:start]]
    while words and words[0] in _HOW_FAR:
        words = words[1:]
    return bool(words) and (" ".join(words) in BONDS or set(words) <= PREPOSITIONS)


def _inverted(sentence: Sentence, found: FoundVerb, last: tuple[str, ...]) -> Subject:
    """Return who comes after the verb: "Beside the FOX stands an OWL"."""
    for index in range(found.after, min(len(sentence), found.after + 4)):
        if sentence[index].is_mention and not sentence[index].possessive:
            return Subject(sentence[index].ids, 0, led_in=True)
    return Subject(last if found.form in ("s", "past") else (), 0)
