"""A sentence -> the same without asides of looks: "ANN, arms crossed, glares" -> "ANN glares".

A small parser takes "arms crossed" for a clause and then nobody glares. What such an aside tells of
somebody's look is nothing that they do; asides of doing, being placed and being acted upon stay.
"""

from __future__ import annotations

from .glossary import Glossary
from .inflection import base_form
from .lexicon import DETERMINERS, FILLERS, LIGHT_VERBS, PREPOSITIONS
from .sentences import Sentence, Token
from .words.acts import BODY, POSTURES
from .words.set_phrases import PLACED

_LONGEST = 5  # words of an aside
_PARTS = BODY | frozenset(
    "arm arms hand hands eye eyes head leg legs knee knees foot feet fist fists hair lip lips brow "
    "brows ear ears tail".split()
)
_OWN = frozenset("his her its their".split())
_KEPT = frozenset(
    "he she it they him her them who whom whose which that by as when while to not no".split()
)
_HELPERS = frozenset("is are has have does do can will cannot can't won't isn't doesn't".split())


def without_asides(sentence: Sentence, glossary: Glossary) -> Sentence:
    """Return a sentence in which a verb follows at once on whoever does it."""
    at = 0
    while at + 4 < len(sentence):
        end = _end(sentence, at, glossary)
        if end:
            sentence = (*sentence[: at + 1], *sentence[end + 1 :])
        at += 1
    return sentence


def _end(sentence: Sentence, at: int, glossary: Glossary) -> int:
    """Return the comma that ends an aside after a name, 0 where none begins that is no deed."""
    who = sentence[at]
    if not who.is_mention or who.possessive or sentence[at + 1].text != ",":
        return 0
    last = min(len(sentence) - 1, at + 3 + _LONGEST)
    end = next((n for n in range(at + 2, last) if sentence[n].is_mark), 0)
    if not end or sentence[end].text != "," or not _is_look(sentence[at + 2 : end], glossary):
        return 0
    return end if _leads_on(sentence[end + 1 :], glossary) else 0


def _is_look(words: Sentence, glossary: Glossary) -> bool:
    """Say whether words only tell how somebody looks: "mortified", "hat in hand", "eyes wide"."""
    if not words or any(word.is_mention for word in words):
        return False
    texts = [word.text for word in words]
    while texts and (texts[0].endswith("ly") or texts[0] in FILLERS):
        texts.pop(0)
    own = texts[:1] != [] and texts[0] in _OWN and len(texts) > 2
    if not texts or _KEPT & set(texts[own:]):
        return False
    if texts[0] in DETERMINERS | PREPOSITIONS and not own:
        return False
    first = texts[own]
    if base_form(first, PLACED) is not None:
        return False  # "pinned under the beam"
    form = base_form(first, glossary.verbs)
    if own or first in _PARTS or form is None:
        return True
    lemma, kind = form
    return kind == "past" and lemma not in POSTURES


def _leads_on(rest: Sentence, glossary: Glossary) -> bool:
    """Say whether words begin with what somebody does: "glares", "slowly opens"."""
    texts = [word for word in rest[:4] if not (word.text.endswith("ly") or word.text in FILLERS)]
    first = texts[0] if texts else Token(",")
    if first.is_mention or first.is_mark:
        return False
    form = base_form(first.text, glossary.verbs) or base_form(first.text, LIGHT_VERBS)
    return first.text in _HELPERS or (form is not None and form[1] == "s")
