"""Set ways to say a thing -> the plain one: "tears run down her face" is that she cries.

Clefts lose their frame ("it's TED who laughs" is "TED laughs"), a face that does something is
somebody who does, and an opening place is set apart from the one who is named after it.
"""

from __future__ import annotations

from dataclasses import replace

from ..glossary import Glossary
from ..inflection import base_form
from ..lexicon import DETERMINERS, PREPOSITIONS
from ..sentences import Sentence, Token
from .acts import PLACE_WORDS

_COMMA = Token(",")
_IS = frozenset("is 's was isn't wasn't".split())
_NOT = frozenset("not n't isn't wasn't".split())
_WHO = frozenset("who who's that which".split())
_FLOWS = frozenset("run roll stream pour trickle slide course spill fall flow well stand fill "
                   "stain streak".split())  # fmt: skip
_SPREADS = frozenset("spread creep cross light break play flicker form appear come".split())
_OWNS = {"his": "he", "her": "she", "its": "it", "their": "they"}
_FACES = frozenset("face faces cheek cheeks eyes lips mouth features".split())


def plainly(sentence: Sentence, glossary: Glossary) -> Sentence:
    """Return a sentence without its set phrases."""
    plain = _posed(_undone(_let_go(sentence), glossary))
    return _with_comma(_of_face(_uncleft(_only_one(plain), glossary)), glossary)


def _let_go(sentence: Sentence) -> Sentence:
    """Return "lets go of the rope" and "lets the rope fall" as "drops the rope"."""
    for at, word in enumerate(sentence[:-1]):
        found = base_form(word.text, {"let"})
        if found is None or word.is_mention:
            continue
        drop = Token("dropping" if found[1] == "ing" else "drops")
        if sentence[at + 1].text == "go":
            of = sentence[at + 2 : at + 3]
            rest = sentence[at + 2 + (bool(of) and of[0].text == "of") :]
            if not of or of[0].is_mark:  # "When he lets go, she cries": of nothing that is named
                drop = replace(drop, text="releasing" if found[1] == "ing" else "releases")
            return (*sentence[:at], drop, *rest)
        for end in range(at + 2, min(len(sentence), at + 5)):
            closed = end + 1 >= len(sentence) or sentence[end + 1].is_mark
            if sentence[end].text in ("fall", "drop") and closed:
                return (*sentence[:at], drop, *sentence[at + 1 : end], *sentence[end + 1 :])
    return sentence


# Participles that say where somebody is held, hidden or set, though nobody does it.
PLACED = frozenset(
    "stick wedge trap pin squeeze hide tuck cram bury strap chain tie plant lodge jam seat "
    "perch slump sprawl curl huddle coil tangle wrap handcuff shackle station position".split()
)
# How somebody rests, as a phrase set apart.
_POSES = {
    ("on", "one", "knee"): "kneeling", ("on", "a", "knee"): "kneeling",
    ("on", "his", "knees"): "kneeling", ("on", "her", "knees"): "kneeling",
    ("on", "their", "knees"): "kneeling", ("on", "bended", "knee"): "kneeling",
    ("flat", "on", "his", "back"): "lying", ("flat", "on", "her", "back"): "lying",
    ("fast", "asleep"): "sleeping", ("sound", "asleep"): "sleeping",
    ("in", "tears"): "crying", ("asleep",): "sleeping",
}  # fmt: skip


_POSE_BEGINS = frozenset(phrase[0] for phrase in _POSES)


def _posed(sentence: Sentence) -> Sentence:
    """Return "Down on one knee, TED prays" as "Kneeling, TED prays"."""
    for at, word in enumerate(sentence):
        opens = at == 0 or sentence[at - 1].text == "," or _opens_with(sentence, at)
        start = at + (word.text == "down")
        begins = start < len(sentence) and sentence[start].text in _POSE_BEGINS
        for phrase, pose in _POSES.items() if begins and opens and not word.is_mention else ():
            end = start + len(phrase)
            closed = end >= len(sentence) or sentence[end].is_mark
            said = tuple(w.text for w in sentence[start:end])
            if said == phrase and closed and not any(w.is_mention for w in sentence[at:end]):
                lead = (_COMMA,) if at and sentence[at - 1].is_mention else ()
                return (*sentence[:at], *lead, Token(pose), *sentence[end:])
    return sentence


def _opens_with(sentence: Sentence, at: int) -> bool:
    """Say whether only a name stands before a word: "TED on his knees"."""
    named = at < 4 and sentence[at - 1].is_mention and not sentence[at - 1].possessive
    return named and not any(word.is_mention or word.is_mark for word in sentence[: at - 1])


def _undone(sentence: Sentence, glossary: Glossary) -> Sentence:
    """Return "Unsmiling, CHU nods" as "Not smiling, CHU nods"."""
    found: list[Token] = []
    for word in sentence:
        done = base_form(word.text[2:], glossary.verbs) if word.text[:2] == "un" else None
        if done is not None and done[1] == "ing" and base_form(word.text, glossary.verbs) is None:
            found += [Token("not"), Token(word.text[2:])]
        else:
            found.append(word)
    return tuple(found)


def _only_one(sentence: Sentence) -> Sentence:
    """Return "is the one driving" as "is driving", "is the one who drives" as "drives"."""
    texts = [word.text for word in sentence]
    for at in range(1, len(texts) - 2):
        meant = texts[at : at + 2] == ["the", "one"] and texts[at - 1] in _IS | _NOT
        if meant and texts[at + 2].endswith("ing"):
            return (*sentence[:at], *sentence[at + 2 :])
    return sentence


def _uncleft(sentence: Sentence, glossary: Glossary) -> Sentence:
    """Return "it isn't X who's singing, it's Y" as "X is not singing, Y does"."""
    texts = [word.text for word in sentence]
    lead = _frame(sentence, 0)
    if lead is None:
        return sentence
    start, denied = lead
    who = next((n for n in range(start, len(texts)) if texts[n] in _WHO), 0)
    named = [n for n in range(start, who) if sentence[n].is_mention]
    if not named or any(sentence[n].is_mark for n in range(start, who)):
        return sentence
    helper: Sentence = (Token("is"),) if texts[who] == "who's" else ()
    rest = sentence[who + 1 :]
    if rest[:1] and rest[0].text in _IS and not helper:
        helper, rest = rest[:1], rest[1:]
    no = (Token("not"),) if denied else ()
    if denied and not helper:
        helper = (Token("does"),)
    rest = _answered(rest)
    return (*sentence[start:who], *helper, *no, *rest)


def _frame(sentence: Sentence, at: int) -> tuple[int, bool] | None:
    """Return where "it is not" ends and whether it denies, None for other words."""
    texts = [word.text for word in sentence[at : at + 3]]
    if not texts or texts[0] not in ("it", "it's"):
        return None
    end = at + 1
    if texts[0] == "it":
        if texts[1:2] == [] or texts[1] not in _IS:
            return None
        end += 1
    denied = sentence[end - 1].text in _NOT
    if end < len(sentence) and sentence[end].text in _NOT:
        return end + 1, True
    return end, denied


def _answered(rest: Sentence) -> Sentence:
    """Return ", it's Y" at the end as ", Y does"."""
    comma = next((n for n, word in enumerate(rest) if word.is_mark), None)
    frame = _frame(rest, comma + 1) if comma is not None and comma + 1 < len(rest) else None
    if comma is None or frame is None:
        return rest
    start, denied = frame
    no = (Token("not"),) if denied else ()
    return (*rest[: comma + 1], *rest[start:], Token("does"), *no)


def _of_face(sentence: Sentence) -> Sentence:
    """Return "tears run down ANN's face" as "ANN cries", and a smile that spreads as "smiles"."""
    texts = [word.text for word in sentence]
    noun = next((n for n in range(min(4, len(texts))) if texts[n] in ("tears", "tear")), None)
    smile = next((n for n in range(min(4, len(texts))) if texts[n] in ("smile", "grin")), None)
    at, flows, act = (noun, _FLOWS, "cries") if noun is not None else (smile, _SPREADS, "smiles")
    if at is None or at + 3 >= len(texts) or any(word.is_mention for word in sentence[:at]):
        return sentence
    verb = base_form(texts[at + 1], flows)
    face = next((n for n in range(at + 2, min(len(texts), at + 8)) if texts[n] in _FACES), None)
    if verb is None or face is None or any(sentence[n].is_mark for n in range(at, face)):
        return sentence
    whose = sentence[face - 1]
    rest = sentence[face + 1 :]
    if whose.is_mention:
        who = Token(whose.text, whose.ids, is_common=whose.is_common)
        return (who, Token(act), *rest)
    said = _OWNS.get(whose.text)
    return (Token(said), Token(act), *rest) if said else sentence


_ADJECTIVES = frozenset(
    "old young little big small poor tall short fat thin late other same first second last dear "
    "great black white red blue green brown grey gray wounded drunk dead tiny elderly".split()
)


def _with_comma(sentence: Sentence, glossary: Glossary) -> Sentence:
    """Return "Under the bleachers TED whispers" with a comma before TED.

    "Under the old TED" has no place in it: what stands between is of him.
    """
    place = next((n for n in (3, 2, 1) if _starts_place(sentence, n)), 0)
    if not place or place + 2 >= len(sentence) or sentence[place].text not in DETERMINERS:
        return sentence
    for at in range(place + 2, min(len(sentence) - 1, place + 5)):
        word, before = sentence[at], sentence[at - 1]
        if word.is_mark or before.is_mention or before.text in PREPOSITIONS:
            return sentence
        form = base_form(word.text, glossary.verbs)
        if form is not None and form[1] in ("s", "past"):
            return sentence  # "In a corner sits HUGH"
        if not word.is_mention:
            continue
        named = not (word.is_common or word.possessive or word.is_thing)
        described = before.text in _ADJECTIVES or before.text.endswith(("ing", "ed", "y"))
        if not named or described or word.text in glossary.bearers:
            return sentence
        return (*sentence[:at], _COMMA, *sentence[at:])
    return sentence


def _starts_place(sentence: Sentence, length: int) -> bool:
    words = sentence[:length]
    return not any(w.is_mention for w in words) and " ".join(w.text for w in words) in PLACE_WORDS
