"""A sentence -> who is not in the picture: elsewhere, gone, only heard, only likened to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from .glossary import Glossary
from .inflection import base_form
from .lexicon import CONJUNCTIONS, DETERMINERS, FILLERS, PREPOSITIONS, VERBS
from .parsed import phrase_start
from .references.depictions import depicted
from .references.told_of import is_compared, told_of
from .sentences import Sentence, Token
from .words.acts import ACTS, TRAVELS

# What stands before a name and takes it away: "no OWL", "without the FOG".
_NOT_ANY = frozenset({"no", "without", "neither"})
# What one can have of somebody who is not there: "the voice of the CAT", "the CAT's voice".
_TRACES = frozenset(
    "voice voices sound sounds call calls cry cries echo echoes song footsteps laughter howl roar "
    "snatch snatches strains sign trace shadow memory".split()
)
# What is said of somebody, after the name, who is not there.
_AWAY = (
    "nowhere", "gone", "absent", "missing", "elsewhere", "has left", "have left", "had left",
    "has flown", "has fled", "have fled",
    "has vanished", "has disappeared", "is not here", "are not here", "is not there",
    "isn't here", "isn't there", "is heard",
    "are heard", "be heard", "is away", "are away", "not to be seen", "cannot be seen",
    "can't be seen", "is far away", "are far away", "went home", "has gone", "have gone",
    "long ago",
    "is pictured", "are pictured", "is depicted", "are depicted",
    "nowhere in sight", "not in sight", "isn't home", "is not home",
)  # fmt: skip
# What is said of them anywhere in the sentence.
_OUT = (
    "out of sight", "out of frame", "out of the frame", "out of the picture", "out of shot",
    "off screen", "offscreen", "off-screen", "off camera", "off-camera",
)  # fmt: skip
_SOUGHT = frozenset({"look", "search", "troll", "hunt"})
# What is done to a place where somebody is looked for.
_SCANS = frozenset("scan scour comb search".split())
_REACH = 4
_CLAUSE = 2  # words of "the chair is" before what it is
_KNOWN = frozenset(VERBS) | frozenset(ACTS)
_HELPERS = frozenset("is are was were be been has have had who".split())
_THEN = CONJUNCTIONS | FILLERS | DETERMINERS | {"again", "already", "forever", "home"}
_END = 10_000


def absent_of(sentence: Sentence) -> frozenset[str]:
    """Return those whom a sentence names and whom nobody will see in it."""
    named = [at for at, word in enumerate(sentence) if word.is_mention]
    gone = {at for at in named if _is_taken_away(sentence, at) or _is_a_trace(sentence, at)}
    gone |= {at for at in named if _leaves_a_place(sentence, at)} | depicted(sentence)
    gone |= {at for at in named if _is_said_not_to_be(sentence, at)} | told_of(sentence)
    if len(named) == 1 and named[0] and sentence[named[0] - 1].text == "than":
        gone.add(named[0])  # "Freckled, not much older than ANN."
    text = _words(sentence)
    for phrase in (phrase for phrase in _OUT if phrase in text):
        gone |= set(_nearest(sentence, named, phrase))
    for before, after in pairwise([*named, _END]):
        said = f" {_words(sentence[before + 1 : after])} "
        away = any(f" {phrase} " in said for phrase in _AWAY)
        if away and not (_leaves_something(said, after) or _becomes(said) or _is_of_own(said)):
            gone.add(before)
    if sentence and sentence[0].text == "somewhere" and named:
        gone.add(named[0])
    # What is said last holds: who is looked for, and then said not to be there, is not there.
    last = {entity: at for at in named for entity in sentence[at].ids}
    return frozenset(entity for entity, at in last.items() if at in gone)


def _is_said_not_to_be(sentence: Sentence, at: int) -> bool:
    """Say whether another is there in somebody's place: "The waitress is not LORETTA"."""
    before = tuple(word.text for word in sentence[max(0, at - 2) : at])
    denied = before == ("is", "not") or before[-1:] == ("isn't",)
    other = any(word.is_mention for word in sentence[: max(0, at - 2)])
    return denied and other and not sentence[at].possessive and not sentence[at].is_common


def _words(words: Sequence[Token]) -> str:
    return " ".join(word.text for word in words)


def _becomes(said: str) -> bool:
    """Say whether "gone" only says what somebody has become: "has gone pale"."""
    words = said.split()
    at = words.index("gone") if "gone" in words else -1
    after = words[at + 1] if 0 <= at < len(words) - 1 else ""
    return after.isalpha() and after not in PREPOSITIONS | _THEN


def _is_of_own(said: str) -> bool:
    """Say whether what is gone is somebody's own: "until his breath is gone", ", one boot gone"."""
    away = next((w for w in ("gone", "missing", "absent", "elsewhere") if f" {w} " in said), "")
    lead = said.partition(f" {away} ")[0].split() if away else []
    if len(lead) > _CLAUSE and lead[-2] in ("he", "she", "they") and lead[-1] in _HELPERS:
        return True  # "TED thinks he is gone": who is gone is another
    if lead[-1:] in (["is"], ["are"]) and len(lead) > _CLAUSE and lead[-3] in ("the", "a", "an"):
        return True  # ", but the chair is gone"
    if {"his", "her", "its", "their"} & set(lead[-3:]):
        return True
    if lead[-1:] != [] and lead[-1] in _MINDS:
        return True  # "his thoughts elsewhere"
    if "," not in lead:
        return False
    apart = set(lead[len(lead) - lead[::-1].index(",") :])
    return bool(apart - FILLERS - CONJUNCTIONS) and not apart & _HELPERS


_MINDS = frozenset("thoughts mind attention eyes gaze focus interest interests".split())


def _leaves_something(said: str, after: int) -> bool:
    """Say whether somebody has left not the place but somebody: "has left the OWL a letter"."""
    words = said.split()
    while words and words[-1] in DETERMINERS:
        words.pop()
    return after < _END and words[-1:] == ["left"]


def _is_taken_away(sentence: Sentence, at: int) -> bool:
    """Say whether "no" or "without" stands before a name, with at most its adjectives between."""
    before = [word.text for word in sentence[max(0, at - _REACH) : at] if not word.is_mention]
    while before and before[-1] in DETERMINERS:
        before.pop()
    if before[-2:] == ["not", "even"]:
        after = sentence[at + 1].text if at + 1 < len(sentence) else ""
        return base_form(after, _KNOWN) is None  # "Not even TED laughs" has him there
    if before[-1:] == ["for"] and _is_sought(before[:-1]):
        return True
    does = next((w.text for w in sentence[at + 1 :] if w.text.isalpha()), "") == "to"
    if _is_awaited(before) and not does:  # "waits for TED to kiss her"
        return True
    if before[-1:] == ["from"] and before[-2:-1] and before[-2] in _APART:
        return True
    for index in range(at - 1, max(-1, at - _REACH), -1):
        word = sentence[index]
        if word.text in _NOT_ANY and sentence[index + 1].text in ("sooner", "longer", "more"):
            return False
        if word.text in _NOT_ANY:
            return sentence[index + 1].text != "one"  # "no one but the FOX"
        if word.is_mention or word.is_mark or word.text == "than" or word.text.endswith("ing"):
            return False
    return False


_AWAITED, _WAITED = frozenset({"await", "expect", "anticipate"}), frozenset({"wait"})


_THOUGHT = frozenset("think imagine remember recall assume suspect dream".split())


def _is_awaited(before: Sequence[str]) -> bool:
    """Say whether words end as "awaits the", "waits for", "thinks of": of whom is not there."""
    words = [word for word in before if word not in DETERMINERS]
    if words[-1:] in (["on"], ["of"], ["with"]) and words[-2:-1] in (["thoughts"], ["mind"]):
        return True  # "her thoughts on TED"
    if words[-2:-1] in (["of"], ["about"]) and base_form(words[-1], _KNOWN) is None:
        words.pop()  # "thinks of her beautiful ANN"
    if words[-1:] in (["of"], ["about"], ["that"]):
        return len(words) > 1 and base_form(words[-2], _THOUGHT) is not None
    if words[-1:] == ["for"]:
        return len(words) > 1 and base_form(words[-2], _WAITED) is not None
    return bool(words) and base_form(words[-1], _AWAITED | _THOUGHT) is not None


def _is_sought(before: Sequence[str]) -> bool:
    """Say whether words end as "looks all around", after which "for" is of one not there."""
    words = list(before)
    while words and words[-1] in _AROUND:
        words.pop()
    if words[:1] != [] and base_form(words[0], _SCANS) is not None and words[1:2] == ["the"]:
        return True  # "scans the crowd for"
    return bool(words) and base_form(words[-1], _SOUGHT | _SCANS) is not None


_AROUND = frozenset("all around round about everywhere frantically wildly desperately".split())
_APART = frozenset("separated far hidden apart cut-off".split())


def _leaves_a_place(sentence: Sentence, at: int) -> bool:
    """Say whether somebody's place is empty: "TED's bunk is empty"."""
    said = f" {_words(sentence[at + 2 : at + 5])} "
    return sentence[at].possessive and (" is empty " in said or " , empty " in said)


def _is_a_trace(sentence: Sentence, at: int) -> bool:
    """Say whether only a voice or a sign of somebody is there."""
    if sentence[at].possessive:
        return at + 1 < len(sentence) and sentence[at + 1].text in _TRACES
    behind = [word.text for word in sentence[at + 1 : at + 3]]
    if len(behind) > 1 and behind[0].endswith(("'s", "’s")) and behind[1] in _TRACES:
        return True  # "DOCTOR HOLLIS's voice", where no page names HOLLIS
    before = [word.text for word in sentence[max(0, at - _REACH) : at]]
    if _is_drawn(sentence, at):
        return True
    if before[-3:] == ["the", "number", "of"] or tuple(before[-2:]) in _WORKS:
        return True
    of = next((n for n in range(len(before) - 1, 0, -1) if before[n] == "of"), 0)
    led = [text for text in before[of + 1 :] if text not in DETERMINERS]
    # "The roar of some giant bear", but "the shadow of a cloud over TED"
    owned = any(word.is_mention for word in sentence[at - len(led) : at])
    plain = len(led) < _ADJECTIVES and not owned and not PREPOSITIONS & set(led)
    return of > 0 and plain and before[of - 1] in _TRACES


_ADJECTIVES = 2  # as many may stand before whom a sound is of

# Whose name is a work's: "the overture to DON JUAN", "a copy of VANITY".
_WORKS = frozenset(
    (part, by)
    for part in (
        "overture scene scenes aria arias duet finale score premiere libretto copy copies issue "
        "issues edition"
    ).split()
    for by in ("to", "from", "of")
)


_DRAWS = frozenset("depict portray".split())


def _is_drawn(sentence: Sentence, at: int) -> bool:
    """Say whether a picture has somebody in it: "The ad depicts a girl", "a comic depicting"."""
    return any(base_form(word.text, _DRAWS) is not None for word in sentence[:at])


def _nearest(sentence: Sentence, named: Sequence[int], phrase: str) -> Iterator[int]:
    """Yield the name of which a phrase is said: the one before it, or at its start the one after.

    "Out of sight, a LION calls", but "The FOX waits, the LION calls out of sight".
    """
    wanted = phrase.split()
    for at in range(len(sentence) - len(wanted) + 1):
        if [word.text for word in sentence[at : at + len(wanted)]] != wanted:
            continue
        if at and base_form(sentence[at - 1].text, _TO_THERE) is not None:
            continue  # "TED runs off screen"
        before = [index for index in named if index < at]
        after = [index for index in named if index > at]
        if before or after:
            yield before[-1] if before else after[0]


# Who goes or looks out of the picture is in it.
_TO_THERE = TRAVELS | frozenset(
    "look stare glance gaze peer point gesture nod duck step stride march rush hurry dash slip "
    "race sprint stagger stumble wander back disappear vanish roll slide speed pull lean".split()
)
# What follows somebody who is there: "ORLOV, a bat above his head".
_OWN = frozenset("his her its their".split())
_BESIDE = frozenset("above below beneath beside behind under over at by next".split())


def _is_any(sentence: Sentence, at: int) -> bool:
    """Say whether "a" stands some adjectives before a noun: "a rare and beautiful bird"."""
    before = [word.text for word in sentence[max(0, at - _REACH - 1) : at] if not word.is_mark]
    return bool({"a", "an"} & set(before)) and "the" not in before


def _opens_with_place(sentence: Sentence, comma: int) -> bool:
    """Say whether all that stands before a comma says where: "To the left of TED, a NUN"."""
    opening = sentence[:comma]
    if not opening:
        return False  # ", a nun": what a name cut off at the page's end left
    return opening[0].text in PREPOSITIONS and not any(word.is_mark for word in opening)


def _of_anybody(before: Sentence) -> bool:
    """Say whether words end in what anybody does: "as one holds" a bird."""
    words = [word.text for word in before[-3:]]
    return len(words) == 3 and words[0] == "as" and words[1] in ("one", "you", "people")


def only_likened(sentence: Sentence, at: frozenset[int]) -> frozenset[str]:
    """Return those of a common noun whom a sentence has in nothing but a simile.

    In "like a bird facing a cobra" the bird faces it, and is as little there.
    """
    real = {e for n, word in enumerate(sentence) if n not in at for e in word.ids}
    return frozenset(e for n in at if _is_anybody(sentence, n) for e in sentence[n].ids) - real


def _is_anybody(sentence: Sentence, at: int) -> bool:
    """Say whether a noun is of anybody of its kind: "like a bird", "like an Eskimo"."""
    led = [word.text for word in sentence[max(0, at - 2) : at]]
    return sentence[at].is_common or led in (["like", "a"], ["like", "an"])


def _seems(sentence: Sentence, start: int) -> bool:
    """Say whether something only seems to turn into somebody: "seems to grow into a monster"."""
    seeming = any(base_form(word.text, _SEEMING) is not None for word in sentence[:start])
    return start > 0 and sentence[start - 1].text == "into" and seeming


_SEEMING = frozenset("seem appear".split())


def _is_role(sentence: Sentence, start: int, at: int) -> bool:
    """Say whether somebody is only played: "ANN, as the Queen, waits", "ANN (AS QUEEN)"."""
    ends = at + 1 == len(sentence) or sentence[at + 1].is_mark
    return start > 1 and sentence[start - 1].text == "as" and sentence[start - 2].is_mark and ends


def likened(sentence: Sentence, glossary: Glossary) -> frozenset[int]:
    """Return the mentions that only say what somebody is like: "like a bear", "as a cat", "as one
    holds a bird".
    """
    found = set()
    for at, word in enumerate(sentence):
        if not word.is_mention or word.possessive:
            continue
        start = phrase_start(sentence, at, glossary)
        before = sentence[start - 1].text if start else ""
        article = sentence[start].text if start < at else ""
        unreal = any(
            sentence[n].text == "as" and sentence[n + 1].text in ("if", "though")
            for n in range(start - 1)
        )
        unreal = unreal and (article in ("a", "an") or (word.is_common and _is_any(sentence, at)))
        unreal = unreal or _seems(sentence, start) or _is_role(sentence, start, at)
        unreal = unreal or is_compared(sentence, at)
        if (
            unreal  # "as if they had seen a ghost"
            or before == "like"
            and (start < 2 or sentence[start - 2].text != "would")
            or before == "as"
            and article in ("a", "an")
            and start > 1
            or _of_anybody(sentence[:start])
            and article in ("a", "an")
        ):
            found.add(at)
        elif (
            before == ","
            and article in ("a", "an")
            and not _opens_with_place(sentence, start - 1)
            and sentence[at - 1].text not in ("named", "called")
            and any(w.is_mention for w in sentence[:start])
            # "MARLOWE, a detective" says who he is, not what he is like.
            and not set(word.ids) <= set(sentence[start - 2].ids)
        ):
            after = sentence[at + 1].text if at + 1 < len(sentence) else ""
            own = at + 2 < len(sentence) and sentence[at + 2].text in _OWN
            listed = (
                (after in PREPOSITIONS and own)  # "ED, a parrot on his shoulder"
                or after in (",", "and")
                or after in _BESIDE
                or any(w.text == "and" for w in sentence[:start])
                or _does_further_on(sentence, start, at, glossary)
            )
            if not listed and base_form(after, glossary.verbs) is None:
                found.add(at)
    for at in sorted(found):
        found |= set(_with_it(sentence, at, glossary))
    return frozenset(found)


def _does_further_on(sentence: Sentence, start: int, at: int, glossary: Glossary) -> bool:
    """Say whether a clause begins behind a comma: "TED waits, a boy from town rolls a cart by"."""

    def finite(words: Sentence) -> bool:
        found = (base_form(word.text, glossary.verbs) for word in words if not word.is_mention)
        return any(verb is not None and verb[1] == "s" for verb in found)

    ends = next((n for n in range(at, len(sentence)) if sentence[n].text in _CLAUSE_ENDS), None)
    return finite(sentence[:start]) and finite(sentence[at + 1 : ends])


_CLAUSE_ENDS = frozenset(", who whose whom which that as while".split())


def _with_it(sentence: Sentence, at: int, glossary: Glossary) -> Iterator[int]:
    """Yield who is in a simile with another: the cobra of "like a bird facing a cobra"."""
    start = phrase_start(sentence, at, glossary)
    if not start or sentence[start - 1].text not in ("like", "as"):
        return
    for other in range(at + 1, len(sentence)):
        word = sentence[other]
        if word.is_mark:
            return
        start = phrase_start(sentence, other, glossary) if word.is_common else other
        if start < other and sentence[start].text in ("a", "an"):
            yield other
