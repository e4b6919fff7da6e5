"""A sentence -> the same in the order and with the words that a parser expects.

A small parser takes "Atop the stove crouches the CAT" and "the dog the boy is hugging yawns" for
lists of nouns. The verb goes behind its subject, a relative clause gets the pronoun that it leaves
out, and "nobody but" becomes the one who does it.
"""

from __future__ import annotations

from dataclasses import replace

from .asides import without_asides
from .glossary import Glossary
from .inflection import base_form, gerund, singular, third_person
from .lexicon import CONJUNCTIONS, DETERMINERS, FILLERS, LIGHT_VERBS, PREPOSITIONS, VERBS
from .sentences import Sentence, Token
from .words.acts import KIN, PEOPLE, TITLES
from .words.set_phrases import plainly
from .words.things import OCCUPATIONS


def reworded(sentence: Sentence, glossary: Glossary) -> Sentence:
    """Return a sentence in plain order."""
    plain = plainly(without_asides(_once(_without_stress(sentence)), glossary), glossary)
    plain = _with_manner(_all_eyes(plain, glossary))
    return _with_relative(_without_nobody(_subject_first(plain, glossary)), glossary)


def _without_stress(sentence: Sentence) -> Sentence:
    """Return "does not so much as look" as "does not look"."""
    texts = [word.text for word in sentence]
    at = next((n for n in range(len(texts)) if texts[n : n + 3] == ["so", "much", "as"]), None)
    return sentence if at is None else (*sentence[:at], *sentence[at + 3 :])


def _once(sentence: Sentence) -> Sentence:
    """Return a sentence in which nobody is named twice in a row: "the page boy"."""
    return tuple(
        word
        for word, after in zip(sentence, (*sentence[1:], None), strict=True)
        if not (after and word.is_mention and word.ids == after.ids and not word.possessive)
    )


_ALL_WHO = frozenset(
    {("all", "eyes"), ("every", "eye"), ("all", "heads"), ("every", "head"), ("all", "faces")}
)
_ON = ("on", "upon", "to")


def _all_eyes(sentence: Sentence, glossary: Glossary) -> Sentence:
    """Return "All eyes turn to TED" and "all eyes on TED" as what everyone does."""
    for at in range(len(sentence) - 2):
        pair, after = (sentence[at].text, sentence[at + 1].text), sentence[at + 2]
        opens = at == 0 or sentence[at - 1].is_mark or sentence[at - 1].text in _JOINING
        if pair not in _ALL_WHO or not opens:
            continue
        rest, does = sentence[at + 3 :], sentence[at + 2 : at + 3]
        found = base_form(after.text, glossary.verbs_and_light)
        if after.text in _ON:
            does = (Token("looks"), Token("at"))
        elif after.text == "are" and rest and rest[0].text in _ON:
            does, rest = (Token("looks"), Token("at")), rest[1:]
        elif found is not None and found[1] == "base":
            does = (Token(third_person(found[0])),)
        elif found is None or found[1] != "s":
            continue
        return (*sentence[:at], Token("everyone"), *does, *rest)
    return sentence


_JOINING = CONJUNCTIONS | {"as", "then"}


# What one does while something else is done: "with a nod, he leaves".
_MANNERS = frozenset(
    "nod bow curtsy wave laugh giggle chuckle smile grin shrug yawn sob scream shout shiver glance "
    "shriek sneer scowl wink".split()
)


def _with_manner(sentence: Sentence) -> Sentence:
    """Return "With a nod, TED leaves" as "Nodding, TED leaves", and "without a nod" likewise."""
    for at in range(len(sentence) - 2):
        if sentence[at].text not in ("with", "without"):
            continue
        noun = at + 2 if sentence[at + 2].text in _MANNERS else at + 3
        article = sentence[at + 1].text in ("a", "an")
        if article and noun < len(sentence) and sentence[noun].text in _MANNERS:
            lead = sentence[at : at + 1] if sentence[at].text == "without" else ()
            done = Token(gerund(sentence[noun].text))
            return (*sentence[:at], *lead, done, *sentence[noun + 1 :])
    return sentence


# What a sentence may open with whose subject stands after its verb.
_OPENINGS = PREPOSITIONS | frozenset(
    "there here atop high far deep next just right directly straight round half away higher lower "
    "further farther closer nearer faster".split()
)
_POSES = frozenset("is are stands sits lies hangs waits comes stand sit lie".split())
_STAGE = frozenset("enter exit".split())
_BACK = 6  # words between a verb and the one who does it
_ADJECTIVES_END = PREPOSITIONS | CONJUNCTIONS | {"who", "which", "that", "whom", "whose"}


def _subject_first(sentence: Sentence, glossary: Glossary) -> Sentence:
    """Return "Atop the stove crouches the CAT" as "The CAT crouches atop the stove"."""
    if not sentence:
        return sentence
    first = sentence[0]
    if first.text in _STAGE and not first.is_mention:
        group = _group_end(sentence, 1)
        if group > 1:
            verb = replace(first, text=f"{first.text}s")
            return (*sentence[1:group], verb, *sentence[group:])
        return sentence
    led = _particle_first(sentence, glossary) or _later_part(sentence, glossary)
    if led is not None:
        return led
    posed = base_form(first.text, glossary.verbs)
    poses = posed is not None and posed[1] in ("past", "ing")  # "Seated at the organ is TED"
    opens = first.text in _OPENINGS or first.text.endswith("ly")
    if first.is_mention or not (opens or poses):
        return sentence
    for at in range(1, len(sentence) - 1):
        form = _verb_form(sentence, at, glossary)
        end = _group_end(sentence, at + 1) if form else 0
        if end <= at + 1:
            continue
        if poses and not opens and sentence[at].text not in _POSES:
            continue
        if form == "base" and not _is_plural(sentence[at + 1 : end]):
            continue
        if _has_subject(sentence[:at], glossary) or _goes_on(sentence, end, glossary):
            continue
        opening = sentence[:at]
        while opening and opening[-1].is_mark:
            opening = opening[:-1]
        return (*sentence[at + 1 : end], sentence[at], *opening, *sentence[end:])
    return sentence


def _later_part(sentence: Sentence, glossary: Glossary) -> Sentence | None:
    """Return a sentence of which the part after "and" has its verb first; None for others."""
    for at in range(len(sentence) - 3):
        if sentence[at].text in ("and", "but", "while") and sentence[at + 1].text in _OPENINGS:
            after = sentence[at + 1 :]
            plain = _subject_first(after, glossary)
            if plain != after:
                return (*sentence[: at + 1], *plain)
    return None


def _particle_first(sentence: Sentence, glossary: Glossary) -> Sentence | None:
    """Return "At once, out jumps a PIG" as "At once, a PIG jumps out"; None for other orders."""
    for at in range(2, len(sentence) - 1):
        before = sentence[at - 2]
        if sentence[at - 1].text in _WAYS and (before.is_mark or before.text == "and"):
            end = _group_end(sentence, at + 1) if _verb_form(sentence, at, glossary) else 0
            if end > at + 1:
                group = sentence[at + 1 : end]
                return (
                    *sentence[: at - 1],
                    *group,
                    sentence[at],
                    sentence[at - 1],
                    *sentence[end:],
                )
    return None


_WAYS = frozenset("in out up down off away over past along by there here".split())


def _verb_form(sentence: Sentence, at: int, glossary: Glossary) -> str:
    """Return the form of a finite verb that no determiner makes a noun, "" where there is none."""
    word, before = sentence[at], sentence[at - 1]
    if word.is_mention or word.is_mark or word.text in _BEFORE_NOUNS:
        return ""
    if before.text in DETERMINERS or before.text in _HELPERS or before.possessive:
        return ""
    if word.text in ("is", "are", "was", "were", "comes", "goes", "come", "go", "came", "went"):
        return "s"
    found = base_form(word.text, glossary.verbs)
    return found[1] if found is not None and found[1] in ("s", "past", "base") else ""


def _group_end(sentence: Sentence, start: int) -> int:
    """Return where those end who are named from a word on: "JUNE and a three-legged CAT"."""
    at = start
    while at < len(sentence) and at - start < _BACK:
        word = sentence[at]
        if word.is_mention:
            if word.possessive:
                at += 1
                continue
            joined = sentence[at + 1 : at + 2]
            if joined and joined[0].text == "and":
                return max(at + 1, _group_end(sentence, at + 2))
            return at + 1
        if word.is_mark or word.text in _ADJECTIVES_END:
            return start
        at += 1
    return start


def _is_plural(group: Sentence) -> bool:
    ids = [entity for word in group for entity in word.ids]
    return len(ids) > 1


def _has_subject(opening: Sentence, glossary: Glossary) -> bool:
    """Say whether somebody does something in the words before: "Behind Al sits"."""
    for at, word in enumerate(opening):
        doer = word.is_mention and not word.possessive
        if not doer and word.text not in _DOERS:
            continue
        lead = at
        while (
            lead
            and not opening[lead - 1].is_mark
            and (
                opening[lead - 1].text in DETERMINERS | TITLES
                or opening[lead - 1].text not in PREPOSITIONS | CONJUNCTIONS
            )
        ):
            lead -= 1
        if lead == 0 or opening[lead - 1].text not in PREPOSITIONS | {"and"}:
            return True
    return any(
        word.text in _SUBORDINATE and at and not opening[at - 1].is_mark or word.text == "as"
        for at, word in enumerate(opening)
    )


def _goes_on(sentence: Sentence, end: int, glossary: Glossary) -> bool:
    """Say whether another verb follows whoever is named: "After the run JUNE sleeps"."""
    for at in range(end, len(sentence)):
        word = sentence[at]
        if word.is_mark or word.text in CONJUNCTIONS | {"who", "which", "that", "whom", "whose"}:
            return False
        if _is_finite(sentence, at, glossary):
            return True
    return False


_DOERS = frozenset("he she it they we i you who everyone everybody nobody somebody".split())
_BUT = frozenset("but except save".split())


def _without_nobody(sentence: Sentence) -> Sentence:
    """Return "Nobody but X laughs" and "Nobody laughs but X" as "X laughs"."""
    texts = [word.text for word in sentence]
    if texts[:1] in (["everyone"], ["everybody"], ["all"]):
        return _spared(sentence)
    nobody = 1 if texts[:1] in (["nobody"], ["none"]) else 2 if texts[:2] == ["no", "one"] else 0
    at = next((at for at, text in enumerate(texts) if at >= nobody and text in _BUT), 0)
    named = next((n for n in range(at, min(len(texts), at + 5)) if sentence[n].is_mention), 0)
    if not (nobody and at and named):
        return sentence
    return (*sentence[at + 1 : named + 1], *sentence[nobody:at], *sentence[named + 1 :])


def _spared(sentence: Sentence) -> Sentence:
    """Return "Everyone laughs but X" as "Everyone laughs, but X does not"."""
    but = next((at for at, word in enumerate(sentence) if word.text in _BUT), 0)
    if not but or not sentence[-1].is_mention or any(w.is_mark for w in sentence[but:]):
        return sentence
    but_not = (Token(","), Token("but"), *sentence[but + 1 :], Token("does"), Token("not"))
    return (*sentence[:but], *but_not)


# Who says a relative clause without a pronoun: "the hat she left".
_PRONOUNS = frozenset("he she they i we you everybody everyone somebody nobody".split())
# After these a noun before a subject ends a clause of its own: "As he sees the bear the fox runs".
_SUBORDINATE = frozenset("as when while if before after until once because since".split())
# Verbs after which two nouns in a row are whom and what: "tells JOE the bear sleeps".
_REPORTS = frozenset("tell show ask teach warn remind promise assure".split())


def _with_relative(sentence: Sentence, glossary: Glossary) -> Sentence:
    """Return a sentence with the word that its relative clause leaves out: "the hat [which] she".

    A parser takes "the dog the boy is hugging yawns" for a list of nouns.
    """
    if not sentence or any(word.text in _SUBORDINATE for word in sentence[:1]):
        return sentence
    finite = [at for at in range(len(sentence)) if _is_finite(sentence, at, glossary)]
    for at in range(1, len(sentence) - 1):
        doer = _doer_after(sentence, at) if _is_head(sentence, at, glossary) else None
        verb = next((n for n in finite if doer is not None and n > doer), None)
        if doer is None or verb is None or any(w.is_mark for w in sentence[doer:verb]):
            continue
        between = sentence[doer + 1 : verb]
        if len(between) == 2 and between[0].text == "and" and between[1].is_mention:
            between = ()  # "The bench TED and ANN sit on"
        if any(w.is_mention or w.text not in FILLERS and w.text[-2:] != "ly" for w in between):
            continue
        before = [n for n in finite if n < at]
        told = {found[0] for n in before if (found := base_form(sentence[n].text, _KNOWN))}
        after = [n for n in finite if n > verb]
        named = sentence[doer].is_mention and not sentence[doer].is_common
        opens = not before and named and _opens_as_thing(sentence, at)
        if (before and not told & _REPORTS) or (after and not before) or opens:
            which = Token("whom" if sentence[at].is_mention else "which")
            return (*sentence[: at + 1], which, *sentence[at + 1 :])
    return sentence


_HELPERS = frozenset(
    "is are was were has have had can could will would must won't can't doesn't isn't aren't "
    "hasn't wouldn't couldn't".split()
)
_BEFORE_NOUNS = DETERMINERS | PREPOSITIONS
_NO_HEADS = _BEFORE_NOUNS | FILLERS | CONJUNCTIONS
_KNOWN = frozenset(VERBS) | _REPORTS | LIGHT_VERBS


def _is_finite(sentence: Sentence, at: int, glossary: Glossary) -> bool:
    word = sentence[at]
    if word.is_mention or word.text in _BEFORE_NOUNS:
        return False
    if word.text in _HELPERS:
        return True
    found = base_form(word.text, glossary.verbs) or base_form(word.text, LIGHT_VERBS)
    return found is not None and found[1] in ("s", "past")


def _is_head(sentence: Sentence, at: int, glossary: Glossary) -> bool:
    """Say whether a word is a noun that a clause may follow at once: somebody, or "the hat"."""
    word = sentence[at]
    if word.is_mention:
        return not word.possessive
    if word.is_mark or word.text in _NO_HEADS:
        return False
    if base_form(word.text, glossary.verbs) not in (None, (word.text, "base")):
        return False
    articles = [n for n in range(max(0, at - 3), at) if sentence[n].text in DETERMINERS]
    opens = articles and not (articles[-1] and sentence[articles[-1] - 1].text in PREPOSITIONS)
    return bool(opens) and not any(w.is_mark or w.is_mention for w in sentence[articles[-1] : at])


def _opens_as_thing(sentence: Sentence, at: int) -> bool:
    """Say whether a sentence opens with a thing and somebody right after it: "The dress ANN is"."""
    led = sentence[0].text in DETERMINERS and 0 < at < 4
    noun = singular(sentence[at].text)
    person = noun in PEOPLE | OCCUPATIONS | KIN
    return led and not person and not any(word.is_mention for word in sentence[: at + 1])


def _doer_after(sentence: Sentence, at: int) -> int | None:
    """Return who begins a clause right after a word: a pronoun, or a name with its article."""
    if sentence[at + 1].text in _PRONOUNS and not sentence[at + 1].is_mention:
        return at + 1
    for index in range(at + 1, min(len(sentence), at + 4)):
        word = sentence[index]
        if word.is_mention:
            return index if not word.possessive else None
        article = index == at + 1 and word.text in DETERMINERS
        if not article and (index == at + 1 or word.is_mark or word.text in PREPOSITIONS):
            return None
    return None
