"""A clause of a parsed sentence -> its act, whom or what it is done to, and where it puts one."""

from __future__ import annotations

from collections.abc import Iterator

from ..coreference import SINGULAR_PRONOUNS, Discourse
from ..inflection import singular
from ..lexicon import CONJUNCTIONS, DETERMINERS, PREPOSITIONS
from ..parsed import ParsedSentence
from ..sentences import Sentence
from ..verbs import is_filler
from ..words.acts import (
    BARE_PLACES,
    BODY,
    NO_PLACES,
    OBJECT_PREPOSITIONS,
    PARTICLES,
    PARTITIVES,
    PLACE_WORDS,
    POSTURES,
    TRAVELS,
)
from ..words.things import is_of_people
from .relatives import Named, is_led, relative_object

# Acts whose bare noun is no object: one bows "to" somebody, and "deep" is how.
_OF_THINGS = frozenset("open close read write drink cook play pick-up drop throw".split())
# Acts that are done to a thing for somebody: "buys her a drink".
_SENT = frozenset("throw bring buy pour make draw show send sing tell".split())
_INDIRECT = frozenset("listen point wave bow talk nod smile laugh shout whisper".split())
_BLOWS = frozenset("land throw deliver swing".split())
_LOOKS_AT = frozenset("watch study regard observe inspect eye scrutinize".split())


_PLACES_BY_WORD = {
    first: tuple(p for p in PLACE_WORDS if p.split()[0] == first)
    for first in {p.split()[0] for p in PLACE_WORDS}
}
# With what a phrase of place begins.
PLACE_FIRST = frozenset(_PLACES_BY_WORD)


def object_of(
    here: ParsedSentence,
    word: int,
    end: int,
    act: str,
    lemma: str,
    subject: tuple[str, ...],
    seen: Discourse,
) -> Named:
    """Return whom or what an act is done to; nobody and nothing where no noun says it."""
    none = Named((), "", word)
    if act == "sleep":
        return none
    if is_led(here, word):
        return relative_object(here, word)  # "the dress which she is holding costs more"
    prepositions = OBJECT_PREPOSITIONS.get(act)
    at = word + 1
    while at < end and (is_filler(here.token(at)) or here.words[at] == ","):
        aside = here.words[at] == "," and at + 1 < end and here.is_mention(at + 1)
        if aside and at > word + 1:
            break
        at = end if aside else at + 1  # "whose bike ANN rides, TED, waves"
    watched = act == "look" and lemma in _LOOKS_AT and end <= at < len(here.words)
    if watched and here.is_mention(at) and here.nodes[at].head != word:  # "watches TED leave"
        return Named(here.token(at).ids, "", at)
    if act == "hit" and lemma in _BLOWS:  # "lands a punch on the FOX"
        prepositions, at = ("on", "at", "to"), end
    indirect = act in _INDIRECT and not (
        act == lemma == "wave" and here.words[at : at + 1] and here.words[at] in DETERMINERS
    )
    direct = at < end and not indirect and (act != "look" or lemma in _LOOKS_AT)
    of_thing = act in _OF_THINGS
    first = _phrase(here, at, end, subject, seen, of_thing=of_thing) if direct else none
    given = act == "give"
    if given and first.ids:  # "hands the baby to AL", but "hands AL a letter"
        for index in range(first.end, end):
            if here.words[index] == "to":
                return _phrase(here, index + 1, end, subject, seen)
    if given and first.noun and _second(here, first.end, end, subject, seen).noun:
        return first  # "hands the valet his keys"
    named = first.ids or (first.end > at and not first.noun)
    if named and act in _OF_THINGS | _SENT:  # "tosses her an orange"
        thing = _second(here, first.end, end, subject, seen)
        return thing if thing.noun else first
    if first.ids or (first.noun and not given):
        return first
    if direct and _is_particle(here, at) and not _starts(here, at, end, prepositions or ()):
        moved = _phrase(here, at + 1, end, subject, seen) if at + 1 < end else none
        if moved.names:
            return moved
    for index in range(word + 1, end):
        length = _starts(here, index, end, prepositions or ())
        if length:
            found = _phrase(here, index + length, end, subject, seen)
            if found.names:
                return found
    if given:
        for index in range(word + 1, end):
            if here.is_mention(index) and here.words[index - 1] != "from":
                return Named(here.token(index).ids, "", index)
    return first if first.names else relative_object(here, word)


def _second(
    here: ParsedSentence, at: int, end: int, subject: tuple[str, ...], seen: Discourse
) -> Named:
    """Return the thing whose noun phrase comes right after that of a person."""
    if at >= end or here.words[at] not in DETERMINERS:
        return Named((), "", at)
    return _phrase(here, at, end, subject, seen)


def _is_particle(here: ParsedSentence, at: int) -> bool:
    """Say whether a word belongs to the verb before: "takes off", not "eats in silence"."""
    text = here.words[at]
    leads = text in ("in", "on", "around", "along") and here.children(at, "pobj")
    return text in PARTICLES and not leads


def _starts(here: ParsedSentence, at: int, end: int, phrases: tuple[str, ...]) -> int:
    """Return how many words the longest of some phrases takes that begins here."""
    found = 0
    for phrase in phrases:
        words = tuple(phrase.split())
        if here.words[at : min(end, at + len(words))] == words:
            found = max(found, len(words))
    return found


def _phrase(
    here: ParsedSentence,
    at: int,
    end: int,
    subject: tuple[str, ...],
    seen: Discourse,
    *,
    of_thing: bool = True,
) -> Named:
    """Return whom or what the noun phrase means that begins at a word."""
    noun = ""
    index = at
    while index < end:
        text, node = here.words[index], here.nodes[index]
        token = here.token(index)
        owner = _owner(here, index, end, subject, seen)
        if owner is not None:
            return Named((owner,), "", index + 2)
        if token.is_mention:
            if token.possessive:
                if index + 1 < end and here.words[index + 1] in BODY | _PARTS:
                    return Named(token.ids, "", index + 2)
                index += 1
                continue
            named = list(token.ids)
            while index + 2 < end and here.words[index + 1] in ("and",):
                if not here.is_mention(index + 2):
                    break
                index += 2
                named += here.token(index).ids
            return Named(tuple(dict.fromkeys(named)), "", index + 1)
        if text == "hers" or text.endswith(("self", "selves")):
            return Named((), "", index + 1)
        if text in SINGULAR_PRONOUNS - {"his", "its"} and not (
            text == "her" and node.tag == "PRP$"
        ):
            if noun:
                break
            whom = seen.of_pronoun(text, subject, is_object=True, of_thing=of_thing)
            if whom is not None:
                return Named((whom,), "", index + 1)
            return Named((), seen.thing if text == "it" else "", index + 1)
        if text == "them" and not noun:
            ids = seen.of_them(subject)
            return Named(ids, "" if ids else seen.thing, index + 1)
        if text == "one" and not noun and index == at and not _goes_on(here, index + 1, end):
            return Named((), seen.thing, index + 1)
        if text in ("each", "one") and here.words[index + 1 : index + 2] in (
            ("other",), ("another",)
        ):  # fmt: skip
            return Named((), "", index)
        if text == "of" and noun in PARTITIVES:
            noun = ""
        elif token.is_mark or text in PREPOSITIONS | CONJUNCTIONS | {"who", "which", "that"}:
            listed = here.nodes[index + 2].tag if index + 2 < end else ""  # "a long, black coat"
            if not (text == "," and here.nodes[index - 1].tag == "JJ" and listed[:2] == "NN"):
                break
        elif (
            text in ("'s", "'", "and")
            or (text in ("shut", "open") and noun)
            or (noun and (text in _ARTICLES or node.tag == "VBG"))
            or is_filler(token)
            and noun
            or node.tag.startswith(("VBZ", "VBD", "VBP"))
            and noun
        ):
            break
        elif text not in DETERMINERS and text.isalpha() and text != "atop" or "-" in text:
            if index == at and node.tag.startswith(("VB", "RB", "RP", "TO", "MD")):
                break
            if node.tag.startswith(("RB", "TO", "MD")):
                break
            noun = text
        index += 1
    return Named((), noun, index)


_ARTICLES = frozenset("a an the his her its their".split())
_ALOFT = frozenset("hang hover float circle fly loom tower stand".split())
# Words that say where somebody is who goes: "walks beside her", but "walks by her".
_LEADING_PLACES = (("in", "front"), ("next", "to"))
# What is only a part of the place that "of" names: "on the edge of the bed".
_EDGES = frozenset("edge end foot brink lip rim arm back".split())
_CLOSE_BY = frozenset("beside alongside next".split())
_PARTS = frozenset("head feet knees lap knee arm arms leg legs chest hip palm belly hands".split())


def _goes_on(here: ParsedSentence, at: int, end: int) -> bool:
    """Say whether a noun follows "one", which is a number then: "one egg", "one of them"."""
    if at >= end:
        return False
    return here.nodes[at].tag.startswith(("NN", "JJ")) or here.words[at] in ("of", "another", "by")


def _owner(
    here: ParsedSentence, at: int, end: int, subject: tuple[str, ...], seen: Discourse
) -> str | None:
    """Return whose back is climbed on, whose eyes are looked into: nobody does so to their own."""
    led = at > 0 and here.words[at - 1] in PLACE_FIRST
    body = led and at + 1 < end and here.words[at + 1] in BODY | _PARTS
    if not body or here.words[at] not in ("his", "her", "its") or here.is_mention(at):
        return None
    return None if here.token(at).is_mention else seen.of_pronoun(here.words[at], subject)


def last_noun(here: ParsedSentence, start: int, end: int, seen: Discourse) -> str:
    """Return the last thing with an article that some words name, "" where there is none."""
    found = ""
    for at in range(start, end - 1):
        if here.words[at] in ("a", "an", "the", "his", "her", "its", "their"):
            found = _phrase(here, at, end, (), seen).noun or found
    return found


_SIDES = {
    "left": "left-of", "right": "right-of", "side": "beside", "heels": "behind", "feet": "beside",
    "elbow": "beside",
}  # fmt: skip


def at_the_side(
    here: ParsedSentence, at: int, end: int, subject: tuple[str, ...], seen: Discourse
) -> tuple[str, tuple[str, ...]] | None:
    """Return where "on TED's left" and "at her side" put somebody, None for other words."""
    if at + 2 >= end or here.words[at] not in ("on", "at", "to", "by"):
        return None
    relation, owner = _SIDES.get(here.words[at + 2]), here.token(at + 1)
    if relation is None or here.words[at + 1] not in ("his", "her", "its"):
        return None
    whom = owner.ids or tuple(filter(None, [seen.of_pronoun(here.words[at + 1], subject)]))
    return (relation, whom) if whom and whom != subject else None


def place_at(here: ParsedSentence, at: int, end: int) -> tuple[str, int]:
    """Return the relation that a phrase of place states that begins here, and its length, or 0."""
    length = _starts(here, at, end, _PLACES_BY_WORD.get(here.words[at], ()))
    return (PLACE_WORDS[" ".join(here.words[at : at + length])], length) if length else ("", 0)


def _is_of_thing(here: ParsedSentence, at: int, start: int) -> bool:
    """Say whether words of place are of a thing before them: "Chin on her fists, ANN reads"."""
    head = here.nodes[at].head
    led = start <= head < at and here.nodes[head].tag.startswith("NN")
    return led and not here.token(head).is_mention


def tells_which(sentence: Sentence, at: int, start: int) -> bool:
    """Say whether "next to him", of which "him" is at a word, tells which one of some it is.

    In "turns to the guard next to him" the guard is next to whoever turns.
    """
    near = tuple(word.text for word in sentence[max(start, at - 2) : at])
    before = at - 2 if near == ("next", "to") else at - 1 if near[-1:] in _RIGHT_BY else start
    noun = sentence[before - 1] if before > start else None
    return noun is not None and noun.is_mention and is_of_people(singular(noun.text))


_RIGHT_BY = (("beside",), ("behind",))


def _is_of_absolute(here: ParsedSentence, at: int, start: int) -> bool:
    """Say whether words of place are of a thing after a comma: "sits there, a cup on his knee"."""
    head = here.nodes[at].head
    if head < start:
        return False  # of the verb, which the parser may have as a noun
    noun = head < at and here.nodes[head].tag.startswith("NN") and not here.token(head).is_mention
    return noun and "," in here.words[max(0, head - 3) : head]


_OTHERS = frozenset("somebody's someone's another's else's stranger's nobody's".split())


def _is_place(here: ParsedSentence, at: int, noun_at: int, noun: str) -> bool:
    """Say whether a thing after a preposition is a place to be: not "between rounds", "in pain".

    What stands after "by" and a participle has done it: "unseen by anybody".
    """
    owner = range(noun_at, min(len(here.words), noun_at + 2))
    if any(here.token(w).possessive or here.words[w] in _OTHERS for w in owner):
        return True  # "on the captain's hat", "on somebody's shoulders"
    bare = here.words[noun_at] == noun and noun not in BARE_PLACES
    done_by = here.words[at] == "by" and at > 0 and here.nodes[at - 1].tag in ("VBN", "VBD")
    return not (bare or done_by or noun in NO_PLACES | BODY)


def noun_after(
    here: ParsedSentence, at: int, end: int, subject: tuple[str, ...], seen: Discourse,
    *, of_thing: bool = True,
) -> Named:  # fmt: skip
    """Return whom or what the noun phrase means that begins at a word."""
    return _phrase(here, at, end, subject, seen, of_thing=of_thing)


def placings_of(
    here: ParsedSentence,
    start: int,
    end: int,
    subject: tuple[str, ...],
    act: str,
    seen: Discourse,
    *,
    in_front: bool = False,
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield how words of place put a subject beside others and things: "on", "piano".

    Args:
        here: the sentence.
        start: the first of the words.
        end: the word before which they end.
        subject: who is placed.
        act: what they do; who goes somewhere is placed beside others only.
        seen: who was spoken of.
        in_front: the words open the sentence: "Under the table, the boy hugs the dog".
    """
    still = act in POSTURES or (in_front and act not in TRAVELS)
    at = start
    while at < end:
        beside = at_the_side(here, at, end, subject, seen)
        if beside is not None:
            yield beside
            at += 3
            continue
        relation, length = place_at(here, at, end)
        if here.words[at] == "into" and act in ("sit", "lie"):
            relation, length = "in", 1
        of_thing = _is_of_thing(here, at, start) if in_front else _is_of_absolute(here, at, start)
        own = here.words[at + length : at + length + 1] in (("him",), ("her",))
        own = own and tells_which(here.sentence, here.at[at + length], here.at[start])
        if not length or here.nodes[at].tag == "RP" or of_thing or own:
            at += 1
            continue
        inside = relation in ("on", "in")
        found = _phrase(here, at + length, end, subject, seen, of_thing=inside)
        if found.noun in _EDGES and here.words[found.end : found.end + 1] == ("of",):
            found = _phrase(here, found.end + 1, end, subject, seen, of_thing=inside)
        if found.ids:
            others = tuple(e for e in found.ids if e not in subject)
            if relation == "between" and here.words[found.end : found.end + 1] == ("and",):
                more = _phrase(here, found.end + 1, end, subject, seen)
                others = tuple(dict.fromkeys((*others, *more.names)))
            near = relation in ("on", "in") and act not in POSTURES and not in_front
            bent = here.words[at] == "over" and act not in _ALOFT
            near = near or bent
            still_or_close = act in POSTURES or here.words[at] in _CLOSE_BY
            if others and not near and (relation != "beside" or still_or_close):
                yield relation, others
        elif (
            found.noun
            and (still or here.words[at : at + 2] in _LEADING_PLACES)
            and _is_place(here, at, at + length, found.noun)
        ):
            by_a_thread = act == "hang" and relation in ("on", "in")
            bent = here.words[at] == "over" and act not in _ALOFT
            yield from () if by_a_thread or bent else ((relation, (found.noun,)),)
        at = max(found.end, at + length)
