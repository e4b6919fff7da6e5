"""A sentence -> who in it is only in a picture: "a photo of TED and ANN", "photos show her"."""

from __future__ import annotations

from collections.abc import Iterator

from ..inflection import base_form
from ..lexicon import PREPOSITIONS, VERBS
from ..sentences import Sentence
from ..words.acts import ACTS
from ..words.depictions import DEPICTIONS

_KNOWN = frozenset(VERBS) | frozenset(ACTS) | frozenset({"hang", "line", "cover", "sit", "adorn"})
_SHOWS = frozenset("show feature include reveal depict portray capture display".split())
_DEPICTS = frozenset("show depict portray feature".split())  # "an engraving showing a madman"
_GOES_ON = frozenset("as while when then where but".split())
_WITHIN = frozenset({"of", "with", "between"})
_LEAD = 4  # words of "one of the framed photos"


def depicted(sentence: Sentence) -> frozenset[int]:
    """Return the mentions that only a picture shows."""
    texts = [word.text for word in sentence]
    found: set[int] = set()
    for at, text in enumerate(texts):
        framed = text in ("shot", "shots") and texts[at - 1 : at] in (["framed"], ["mug"])
        if (text not in DEPICTIONS and not framed) or sentence[at].is_mention:
            continue
        named = any(word.is_mention for word in sentence[at + 1 : at + 2])
        if texts[at + 1 : at + 2] == ["of"]:
            found |= set(_subjects_of(sentence, at))
        elif _shows(texts, at, named=named) or _is_told(sentence, at):
            end = next((n for n in range(at, len(texts)) if texts[n] in _GOES_ON), len(texts))
            found |= {n for n in range(at + 1, end) if sentence[n].is_mention}
        else:
            found |= _in_aside(sentence, at)
    found |= {at for at, word in enumerate(sentence) if word.is_mention and _is_in_it(texts, at)}
    if texts[:1] != [] and texts[0] in _WRITTEN and texts[1:2] in ([","], [":"]):
        found |= {at for at, word in enumerate(sentence) if word.is_mention}
    return frozenset(found)


# What stands over what is written: "HEADLINE: PRESIDENT SHOT".
_WRITTEN = frozenset("headline headlines caption captions inscription epitaph".split())


def _in_aside(sentence: Sentence, picture: int) -> set[int]:
    """Return whom an aside says to be in a picture: "a statue (a man with a spear)"."""
    texts = [word.text for word in sentence]
    if texts[picture + 1 : picture + 2] != [","] or texts[picture + 2 : picture + 3] == []:
        return set()
    end = next((n for n in range(picture + 2, len(texts)) if sentence[n].is_mark), len(texts))
    told = texts[picture + 2 : end]
    found = (base_form(text, _KNOWN) for text in told)
    does = any(form is not None and form[1] == "s" for form in found)
    if not told or told[0] not in ("a", "an", "two") or does or _OWN & set(told):
        return set()  # "at the photo, a nurse at his side"
    return {n for n in range(picture + 2, end) if sentence[n].is_mention}


_OWN = frozenset("his her their its him them".split())


# Pictures, and no deeds: "the rabbit photo", but "the boy slides it".
_IMAGES = DEPICTIONS - frozenset(
    "pictures slide slides painting drawing photographs posters sketch sketches print prints "
    "doodle carving photograph picture bust busts tattoo".split()
)
_CANVAS = DEPICTIONS | frozenset({"canvas", "frame", "frames"})
_GAZES = frozenset("look glare stare gaze smile grin beam watch scowl frown peer leer".split())


def _is_in_it(texts: list[str], at: int) -> bool:
    """Say whether a picture is where somebody is: "the boy in the old photo"."""
    rest = texts[at + 1 : at + 5]
    looks = next((n for n in range(at + 1, len(texts)) if texts[n] in ("from", "of")), 0)
    if looks and base_form(texts[at + 1], _GAZES) is not None:  # "glares down from a mural"
        return bool(_CANVAS & set(texts[looks + 1 : looks + 5]))
    if _tells_picture(texts, at):
        return True
    led = rest[:1] in (["in"], ["on"], ["from"]) and rest[1:2] and rest[1] in _ARTICLES
    return bool(led) and (rest[2:3] != [] and bool(DEPICTIONS & set(rest[2:])))


def _tells_picture(texts: list[str], at: int) -> bool:
    """Say whether a noun only tells what a picture is of: "the rabbit painting", "a TED poster"."""
    image, behind = texts[at + 1 : at + 2], texts[at + 2 : at + 3]
    ends = behind == [] or not behind[0].isalnum()
    led = bool(set(texts[max(0, at - 2) : at]) & _ARTICLES)
    return image != [] and (image[0] in _IMAGES or (image[0] in DEPICTIONS and ends and led))


def _is_told(sentence: Sentence, at: int) -> bool:
    """Say whether a dash or a comma tells what pictures show: "We see photos -- TED in uniform"."""
    opens = at < _LEAD and not any(word.is_mention for word in sentence[:at])
    return opens and at + 1 < len(sentence) and sentence[at + 1].text == ","


_ARTICLES = frozenset("the a an his her their this that one".split())


def _subjects_of(sentence: Sentence, picture: int) -> Iterator[int]:
    """Yield whom a picture is of, as far as a list goes: "photos of men, women and children"."""
    opens = picture < _LEAD and not any(word.is_mention for word in sentence[:picture])
    for at in range(picture + 2, len(sentence)):
        word = sentence[at]
        if word.is_mention:
            yield at
            continue
        listed = opens or not any(w.is_mention for w in sentence[picture:at])
        if word.is_mark and word.text != "/" and not (listed and word.text == ","):
            return  # but "of a fat, jolly TED"
        if word.text in _GOES_ON or (word.text in PREPOSITIONS and word.text not in _WITHIN):
            return
        form = base_form(word.text, _KNOWN)
        if form is not None and form[1] in ("s", "past") and at > picture + 2:
            return


def _shows(texts: list[str], at: int, *, named: bool) -> bool:
    """Say whether a picture is what shows somebody: "The photos on the wall show"."""
    if texts[:1] == ["in"] and at < _LEAD and (named or texts[at + 1 : at + 2] == [","]):
        return True  # "In the photo, TED smiles"
    for text in texts[at + 1 :]:
        form = base_form(text, _SHOWS)
        if form is not None and (form[1] != "ing" or form[0] in _DEPICTS):
            return not any(t in ("he", "she", "they", "who", "we", "i") for t in texts[at:])
        if base_form(text, _KNOWN) is not None or text in _GOES_ON or text == ",":
            return False
    return False
