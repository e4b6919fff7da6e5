"""A verb of a parsed sentence with the words around it -> the one word for what is done."""

from __future__ import annotations

from collections.abc import Sequence

from ..act_phrases import ACT_NOUNS, ACT_PHRASES, CASTS, at_rest
from ..inflection import singular
from ..lexicon import DETERMINERS, LIGHT_VERBS, PREPOSITIONS
from ..parsed import ParsedSentence
from ..words.acts import ACTS, BODY, DRINKS, NOUN_ACTS, PARTICLES, TRAVELS

_UTTERS = frozenset("let give utter emit heave loose".split())
_UTTERED = frozenset("laugh cry shout yawn smile shake".split())
_PHRASES_OF: dict[str, list[str]] = {}
for _verb, _words in ACT_PHRASES:
    _PHRASES_OF.setdefault(_verb, []).append(_words)
_BETWEEN = frozenset({",", "it", "him", "her", "them", "his"})
_OWN = frozenset("his her its their my your our".split())
_SELVES = frozenset("himself herself itself themselves".split())
# Words of how, which may stand anywhere in a phrase: "gets back up on his feet".
_HOW = frozenset(
    "back right straight just already still then both too only nearly all very deep nice quick "
    "short long loud little sudden brief small big good once more tiny".split()
)
_UNSEEN = frozenset("dark darkness mist fog haze shadow shadows nowhere night smoke gloom".split())
# Words that are of a verb only right behind it: "runs after him", "comes in".
_LEADING = (PARTICLES - {"open", "shut"}) | {"into", "onto", "after", "through"}
_BETWEEN_TWO = frozenset("between beside behind next among amongst alongside under beneath".split())
_NEAR = 24  # letters after a verb within which its phrase begins
_WORDS = 9  # words after a verb that may be of its phrase


def act_of(here: ParsedSentence, word: int, end: int, lemma: str) -> str:
    """Return the one word for what a verb says with the words after it."""
    behind = range(word + 1, min(end, word + _WORDS))
    tail = [_plain(here, w) for w in behind]
    if word == 1 and here.words[0] in PARTICLES:
        tail.insert(0, here.words[0])  # "In comes TOMMY"
    best = _phrase(here, word, end, lemma, tail)
    squeezed = [t for w, t in zip(behind, tail, strict=False) if not _is_how(here, w)]
    best = best or _phrase(here, word, end, lemma, squeezed)
    if lemma == "take" and "off" in tail[:4] and DETERMINERS & set(tail[:4]):
        return "doff"
    if best:
        return ACT_PHRASES[lemma, best]
    rest = _at_rest(here, word, end, lemma)
    if rest is not None:
        return rest
    if lemma in LIGHT_VERBS | _UTTERS | CASTS or lemma in ("throw", "drop"):
        for text in tail:
            if text in PREPOSITIONS - PARTICLES:
                break
            noun = singular(text)
            if lemma in _UTTERS and ACTS.get(noun) in _UTTERED:
                return ACTS[noun]
            if noun in ACT_NOUNS and lemma != "hand":
                return ACT_NOUNS[noun]
    return ACTS.get(lemma) or NOUN_ACTS.get(lemma, lemma)


def act_with(act: str, lemma: str, names: Sequence[str], noun: str, after: Sequence[str]) -> str:
    """Return an act as whom or what it is done to makes it: one mounts a horse to ride it.

    Args:
        act: the act by the verb and its phrases alone.
        lemma: the verb.
        names: whom it is done to.
        noun: or what.
        after: the words after the verb.
    """
    if lemma == "mount" and names:
        return "ride"
    if lemma == "bite" and noun and noun not in BODY | _OF_BODY:
        return "eat"
    if act == "throw" and noun in _CAST_UP:
        return f"{lemma}-up"  # "throws back his head"
    if lemma == "slurp" or (lemma == "gulp" and noun in DRINKS):
        return "drink" if noun in DRINKS else "eat"
    if (
        act in ("somersault", "fly", "run")
        and lemma in _DONE_TO_THINGS
        and noun not in ("", "head")
    ):
        return lemma  # "flips a switch", "flies a plane"
    if lemma in ("hop", "skip") and noun and after[:1] and after[0] in DETERMINERS:
        return "jump"  # "hops the fence"
    if act == "drop" and not (names or noun):
        return "fall"
    if lemma == "take" and after[:1] == ("off",) and not (names or noun):
        return "take-off"
    if lemma == "slam" and (names or noun) and _DOWN_ON & set(after):
        return "put"
    if lemma == "duck" and after and after[0] in _BENEATH:
        return "hide" if after[0] == "behind" else lemma
    if act in _DONE_TO_OTHERS and after[:1] and after[0] in _SELVES:
        return lemma if lemma != act else f"{lemma}-self"
    if lemma == "lie" and after[:1] == ("to",):
        return "deceive"
    if lemma == "leave" and noun and _REST & set(after):
        return "put"
    if act == "drive" and (names or noun):
        return ACTS.get(lemma, lemma)
    if lemma == "pass" and act == "give" and "to" not in after and not (names and noun):
        return act if names and _GIVEN & set(after) else "pass"
    return act


_CAST_UP = frozenset("head arms hands shoulders hair eyes".split())
_OF_BODY = frozenset("lip lips nail nails tongue finger fingernails knuckle hand ear leg".split())
_DONE_TO_THINGS = frozenset("flip fly tear bolt".split())
_BENEATH = frozenset("under behind into inside through past below beneath out".split())
_DONE_TO_OTHERS = frozenset("throw push pull carry take give hit kick".split())
_DOWN_ON = frozenset("on onto into against down".split())
_REST = frozenset("on under for atop behind beside".split())
_GIVEN = frozenset("a an the his her some".split())


def _plain(here: ParsedSentence, word: int) -> str:
    """Return a word as phrases have it: "his" for whose, "self", "," for somebody named."""
    text = here.words[word]
    if here.is_mention(word):
        return ","
    if text in _OWN:
        return "," if text == "her" and here.nodes[word].tag == "PRP" else "his"
    return "self" if text in _SELVES else "," if text in ("him", "them") else text


def _is_how(here: ParsedSentence, word: int) -> bool:
    text, tag = here.words[word], here.nodes[word].tag
    return tag.startswith(("RB", "JJ")) and (text in _HOW or text.endswith("ly"))


def _phrase(here: ParsedSentence, word: int, end: int, lemma: str, tail: list[str]) -> str:
    """Return the longest phrase of a verb that the words after it begin with, "" for none."""
    said = f" {' '.join(tail)} "
    best = ""
    for phrase in _PHRASES_OF.get(lemma, ()):
        if len(phrase) <= len(best):
            continue
        moved = tail[1:2] == [phrase] and tail[0] in _BETWEEN  # "picks it up"
        goes = ACT_PHRASES[lemma, phrase] in TRAVELS
        if phrase in PARTICLES and (moved or (not goes and _is_split(here, word, end, phrase))):
            best = phrase
        elif f" {phrase} " in said:
            near = said.index(f" {phrase} ") <= (0 if len(phrase) < 4 else _NEAR)
            bare = phrase not in _LEADING
            if near and (bare or said.startswith(f" {phrase} ")):
                if phrase == "in" and not _ends_after(here, word, end):
                    continue
                if phrase == "in" and _BETWEEN_TWO & set(tail[1:3]):
                    continue  # "squeezes in between them"
                if phrase in ("out", "out of") and _UNSEEN & set(tail[2:5]):
                    continue  # "limps out of the dark" comes into view
                best = phrase
    return best


def _is_split(here: ParsedSentence, word: int, end: int, particle: str) -> bool:
    """Say whether a verb's particle stands behind what it is done to: "picks the phone up"."""
    parts = [w for w in here.children(word, "prt") if w < end and here.words[w] == particle]
    ends = parts[0] + 1 if parts else end
    closed = ends >= end or here.token(ends).is_mark or here.nodes[ends].tag in ("CC", "IN")
    return bool(parts) and parts[0] > word + 1 and closed


def _ends_after(here: ParsedSentence, word: int, end: int) -> bool:
    """Say whether "in" leads to no noun: "walks in, smiling", not "walks in the garden"."""
    leads = [w for w in range(word + 1, end) if here.words[w] == "in"]
    after = leads[0] + 1 if leads else end
    if after >= end or here.is_mention(after):
        return after >= end
    token, tag = here.token(after), here.nodes[after].tag
    return token.is_mark or tag in ("CC", "IN", "RB", "TO", "VBG", "RP", "WRB")


def _at_rest(here: ParsedSentence, word: int, end: int, lemma: str) -> str | None:
    """Return how one comes to rest who sinks into a chair or drops on a bed; None if nobody is."""
    for at in range(word + 1, min(end, word + 4)):
        if here.words[at] in ("into", "onto", "in", "on", "down", "upon", "back", "beside"):
            nouns = [w for w in range(at + 1, min(end, at + 6)) if here.words[w] not in BODY]
            found = (at_rest(lemma, here.words[w]) for w in nouns)
            return next((rest for rest in found if rest), None)
    return None
