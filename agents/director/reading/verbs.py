"""A sentence, without a parser -> its verbs, what each means with what follows, and who does it.

Who does a verb is the noun phrase on its left, or the subject before it: adverbs, helpers and
phrases with a preposition are skipped ("the FOX on the hill sleeps"); where a thing stands there
("the ice cracks"), nobody does it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .glossary import Glossary
from .inflection import Form, base_form, unknown_base
from .lexicon import (
    BE,
    BONDS,
    CONJUNCTIONS,
    DEED_NOUNS,
    DETERMINERS,
    ENDING_VERBS,
    FILLERS,
    GROUP_WORDS,
    LIGHT_VERBS,
    MODALS,
    NEGATIONS,
    PHASE_VERBS,
    PHRASES,
    PREPOSITIONS,
    STILL_WORDS,
    SUBJECT_PRONOUNS,
    VERBS,
    Verb,
)
from .sentences import Sentence, Token
from .words.acts import KIN

_STAND = VERBS["stand"]
SEARCH = 6
_HELPERS = {"can't": "can", "cannot": "can", "won't": "will", "shan't": "shall"}


@dataclass(frozen=True, slots=True)
class FoundVerb:
    """A verb in a sentence; its tail begins at `after`. `at` is where its first helper stands."""

    at: int
    after: int
    lemma: str
    form: Form
    verb: Verb
    negated: bool = False
    passive: bool = False


def find_verbs(sentence: Sentence, glossary: Glossary) -> list[FoundVerb]:
    """Return the finite verbs of a sentence, or its first participle if it has none."""
    found: list[FoundVerb] = []
    participle: FoundVerb | None = None
    at = 0
    while at < len(sentence):
        verb = _verb_at(sentence, at, glossary)
        if verb is None:
            at += 1
        elif verb.form == "ing" and verb.after == at + 1:
            participle = participle or verb
            found = _sharpened(found, verb)
            at += 1
        else:
            found.append(verb)
            at = verb.after
    return found or ([participle] if participle else [])


def _sharpened(found: list[FoundVerb], participle: FoundVerb) -> list[FoundVerb]:
    """Let "crosses the field, hopping" be a hop: a participle says how one gets along."""
    if not found or participle.verb.path in ("stay", "lie"):
        return found
    last = found[-1]
    vague = last.verb.near and last.verb.path == "walk" and last.verb.bond is None
    if not vague:
        return found
    return [*found[:-1], replace(last, verb=replace(participle.verb, bond=None))]


def _verb_at(sentence: Sentence, at: int, glossary: Glossary) -> FoundVerb | None:
    """Return the verb group that begins at `at`, its helpers included, or None."""
    word = sentence[at]
    if word.is_mention or word.is_mark or _is_noun_here(sentence, at):
        return None
    helper = base_form(_HELPERS.get(word.text, word.text.removesuffix("n't")), MODALS)
    if helper is not None:
        return _helped(sentence, at, helper, glossary)
    found = base_form(word.text, glossary.verbs)
    phase = base_form(word.text, PHASE_VERBS | ENDING_VERBS)
    if phase is not None:
        went_on = _phase(sentence, at, phase, glossary)
        if went_on is not None:
            return went_on
    if found is None:
        light = base_form(word.text, LIGHT_VERBS)
        if light is not None:
            return FoundVerb(at, at + 1, *light, VERBS["give"])
        return _unknown(sentence, at)
    lemma, form = found
    if word.text == "left" and not (at and sentence[at - 1].is_mention):
        return None
    if form == "base" and not may_be_base(sentence, at):
        return None
    return FoundVerb(at, at + 1, lemma, form, glossary.verbs[lemma], _is_negated(sentence, at))


def _is_negated(sentence: Sentence, at: int) -> bool:
    """Say whether a negation stands right before a verb: "never walks"."""
    index = at - 1
    while index >= 0 and is_filler(sentence[index]):
        if sentence[index].text in NEGATIONS:
            return True
        index -= 1
    return False


def _is_noun_here(sentence: Sentence, at: int) -> bool:
    """Say whether what comes before makes a noun of a word: "the jump", "of sleep"."""
    if at == 0:
        return False
    before = sentence[at - 1]
    if before.is_mention:
        return before.possessive
    return before.text in DETERMINERS or before.text in PREPOSITIONS - {"after", "before", "to"}


def may_be_base(sentence: Sentence, at: int) -> bool:
    """Say whether a base form is a verb here: its subject is plural, or it carries one on."""
    for index in range(at - 1, max(-1, at - SEARCH), -1):
        word = sentence[index]
        if word.is_mention:
            before = sentence[index - 1].text
            joined = index > 1 and (before in ("and", "the", "a", "an") or before in KIN)
            return word.plural or len(word.ids) > 1 or (joined and _has_and(sentence, index))
        if word.text in GROUP_WORDS | {"you", "i", "we", "others", "three", "two"}:
            return True
        if word.text not in FILLERS | {",", "and", "then"} and not word.text.endswith("ly"):
            return word.text not in DETERMINERS and index < at - 1
    return False


def _has_and(sentence: Sentence, at: int) -> bool:
    """Say whether the mention at `at` is joined by "and" to one before it."""
    joined = any(w.text == "and" for w in sentence[max(0, at - 4) : at])
    return joined and any(w.is_mention for w in sentence[:at])


def _helped(
    sentence: Sentence, at: int, helper: tuple[str, Form], glossary: Glossary
) -> FoundVerb | None:
    """Return what follows "is", "does not", "will": a verb, a state, or nothing."""
    lemma, form = helper
    negated = sentence[at].text.endswith("n't") or sentence[at].text == "cannot"
    after = at + 1
    while after < len(sentence) and is_filler(sentence[after]):
        negated = negated or sentence[after].text in NEGATIONS
        after += 1
    word = sentence[after] if after < len(sentence) else None
    main = base_form(word.text, glossary.verbs) if word and not word.is_mention else None
    if main is not None and word is not None:
        base, how = main
        if lemma == "be" and how == "past":
            return FoundVerb(
                at, after + 1, base, "past", glossary.verbs[base], negated, passive=True
            )
        if (lemma == "be" and how == "ing") or (lemma != "be" and how in ("base", "past")):
            return FoundVerb(at, after + 1, base, form, glossary.verbs[base], negated)
    light = base_form(word.text, LIGHT_VERBS) if word and not word.is_mention else None
    if lemma == "be" and light is not None and light[1] == "ing":
        return FoundVerb(at, after + 1, light[0], form, VERBS["give"], negated)
    if lemma == "be":
        return FoundVerb(at, at + 1, "be", form, _STAND, negated)
    if negated:
        return FoundVerb(at, after, "stand", form, _STAND, negated)
    if lemma in LIGHT_VERBS or lemma == "have":
        return FoundVerb(at, at + 1, lemma, form, VERBS["own"])
    return None


def _phase(
    sentence: Sentence, at: int, phase: tuple[str, Form], glossary: Glossary
) -> FoundVerb | None:
    """Return "begins to hop" as a hop, "stops walking" as standing; None if nothing follows."""
    lemma, form = phase
    after = at + 1
    while after < len(sentence) and (is_filler(sentence[after]) or sentence[after].text == "to"):
        after += 1
    if after >= len(sentence) or sentence[after].is_mention:
        return None
    main = base_form(sentence[after].text, glossary.verbs)
    infinitive = sentence[after - 1].text == "to"
    if main is None or (main[1] != "ing" and not (infinitive and main[1] == "base")):
        return None
    if main == ("sleep", "base"):
        return FoundVerb(at, after + 1, "sleep", form, VERBS["sleep"])
    if lemma in ENDING_VERBS and not infinitive:
        return FoundVerb(at, after + 1, "stand", form, _STAND)
    return FoundVerb(at, after + 1, main[0], form, glossary.verbs[main[0]])


def _unknown(sentence: Sentence, at: int) -> FoundVerb | None:
    """Return a verb that no table knows, where the place right after a subject gives it away."""
    text = sentence[at].text
    index = at - 1
    while index >= 0 and is_filler(sentence[index]):
        index -= 1
    plain = text.isalpha() and text.endswith("s") and not text.endswith("ss") and len(text) > 3
    if index < 0 or not sentence[index].is_mention or sentence[index].possessive or not plain:
        return None
    if text in PREPOSITIONS | CONJUNCTIONS | DETERMINERS | FILLERS:
        return None
    lemma = unknown_base(text)
    return FoundVerb(at, at + 1, lemma, "s", Verb(lemma, "stay", near=True))


def is_filler(word: Token) -> bool:
    """Say whether a word may stand between a subject and its verb."""
    if word.is_mention:
        return False
    return word.text in FILLERS | NEGATIONS or (word.text.endswith("ly") and word.text != "fly")


def verb_meant(found: FoundVerb, tail: Sequence[Token]) -> Verb:
    """Return what a verb means with the words after it: "comes down", "takes a bow"."""
    words = [w.text for w in tail[:SEARCH] if not w.is_mention]
    text = " ".join(words)
    for (lemma, phrase), verb in PHRASES.items():
        if lemma == found.lemma and (phrase in words or (" " in phrase and phrase in text)):
            return verb
    if found.lemma in LIGHT_VERBS:
        for noun in (word.removesuffix("s") for word in words):
            if noun in DEED_NOUNS:
                return VERBS[DEED_NOUNS[noun]]
    if found.lemma in BE and words[:1] and words[0] in STILL_WORDS:
        return _STAND
    return found.verb


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
