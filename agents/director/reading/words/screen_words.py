"""The words of a sentence -> what of them is for the camera, a title, a cut or a sound.

A script speaks to those who make the film as well as of those in it. Such words move or frame the
camera, stand on the picture, join two shots or are heard; nobody of whom they speak is a figure.
What is left of a sentence without them is what is filmed.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, takewhile

from ..inflection import singular
from ..lexicon import DETERMINERS, PREPOSITIONS
from .things import HEARD, STATES, THINGS, THRONGS, is_of_people

_UNSEEN_STARTS = (
    "intercut", "back to", "return to", "end of", "end montage", "end intercut", "end flashback",
    "end dream", "montage", "begin montage", "series of shots", "series of", "flashback",
    "flash back", "flash cut", "dream sequence", "cut to", "cut back", "cutting to", "smash cut",
    "match cut", "jump cut", "time cut", "hard cut", "dissolve", "fade", "wipe to", "iris in",
    "iris out",
    "to black", "black screen", "black", "blackout", "title sequence", "main title", "credits",
    "roll credits", "opening credits", "end credits", "the end", "later", "moments later",
    "continued", "continuing", "omitted", "time passes", "beat",
)  # fmt: skip
_STARTS_BY_WORD = {
    first: tuple(start for start in _UNSEEN_STARTS if start.partition(" ")[0] == first)
    for first in {start.partition(" ")[0] for start in _UNSEEN_STARTS}
}
_TITLE = re.compile(
    r"\b(?:super(?:impose[ds]?|title|s)?|(?:(?:a|the|main|film's|opening) )*title"
    r"(?: cards?| over| reads?| on screen)?|chyron|caption|intertitle|card|legend|"
    r"on[- ]screen text)(?: (?:reads?|over|title|says))?"
    r"\s*(?:(?P<mark>[:–—-])\s*|(?=[\"“]))(?P<title>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_CARD = re.compile(r"\s*(?:a )?(?:(?:title )?cards?|intertitle)\b", re.IGNORECASE)
_OPENING, _CLOSING = '"“', '"”'
_QUOTES = "\"“”'‘’ .\n"
_MOVES: tuple[tuple[str, str], ...] = (
    ("pan up", "tilt-up"), ("pan down", "tilt-down"), ("pan", "pan"), ("whip pan", "pan"),
    ("swish pan", "pan"), ("whip", "pan"),
    ("tilt up", "tilt-up"), ("tilt down", "tilt-down"), ("tilt", "tilt-up"),
    ("push in", "dolly-in"), ("push into", "dolly-in"), ("push toward", "dolly-in"),
    ("push", "dolly-in"), ("move in", "dolly-in"), ("move closer", "dolly-in"),
    ("creep in", "dolly-in"), ("rush in", "dolly-in"), ("rush into", "dolly-in"),
    ("dolly in", "dolly-in"), ("close in", "dolly-in"),
    ("pull back", "dolly-out"), ("pull out", "dolly-out"), ("pull away", "dolly-out"),
    ("dolly back", "dolly-out"), ("dolly out", "dolly-out"), ("move back", "dolly-out"),
    ("pull", "dolly-out"), ("zoom in", "zoom-in"), ("zoom out", "zoom-out"), ("zoom", "zoom-in"),
    ("crane up", "crane-up"), ("crane down", "crane-down"), ("boom up", "crane-up"),
    ("boom down", "crane-down"), ("rise", "crane-up"), ("descend", "crane-down"),
    ("dolly", "truck"), ("truck", "truck"), ("track with", "follow"), ("track", "truck"),
    ("tracking shot", "follow"), ("follow", "follow"), ("circle", "orbit-right"),
    ("orbit", "orbit-right"), ("look up", "tilt-up"), ("look down", "tilt-down"),
    ("move up", "crane-up"), ("move down", "crane-down"), ("move", "move"), ("drift", "move"),
    ("glide", "move"), ("travel", "move"), ("handheld", "handheld"), ("hold on", "static"),
    ("hold", "static"), ("stay on", "static"), ("linger on", "static"), ("rest on", "static"),
    ("settle on", "static"), ("stop", "static"), ("find", ""), ("reveal", ""), ("discover", ""),
    ("see", ""), ("hear", ""), ("show", ""), ("glimpse", ""), ("notice", ""), ("spot", ""),
    ("watch", ""), ("meet", ""), ("recognize", ""), ("recognise", ""), ("make out", ""),
    ("get a glimpse of", ""), ("catch a glimpse of", ""), ("get a look at", ""),
    ("catch sight of", ""), ("focus on", ""), ("land on", ""), ("come upon", ""),
    ("turn", "pan"), ("sweep", "pan"), ("swing", "pan"), ("scan", "pan"), ("search", "pan"),
    ("roam", "move"), ("wander", "move"), ("float", "move"), ("fly", "move"), ("sail", "move"),
    ("snake", "move"), ("creep", "move"), ("continue", "move"), ("go", "move"), ("race", "move"),
    ("take in", ""),
    ("come across", ""), ("come to", ""), ("arrive at", ""), ("pick up", ""),
)  # fmt: skip
_FRAMES: tuple[tuple[str, str], ...] = (
    ("extreme close up", "close-up"), ("extreme close on", "close-up"), ("close up", "close-up"),
    ("close-up", "close-up"), ("closeup", "close-up"), ("cu", "close-up"), ("ecu", "close-up"),
    ("c.u", "close-up"), ("e.c.u", "close-up"), ("mcu", "close-up"), ("els", "wide"),
    ("close shot", "close-up"),
    ("close angle", "close-up"), ("close on", "close-up"), ("closer on", "close-up"),
    ("closer", "close-up"), ("tight on", "close-up"), ("insert", "close-up"),
    ("very close", "close-up"), ("wide shot", "wide"), ("wide angle", "wide"), ("wide on", "wide"),
    ("wider", "wide"), ("wide", "wide"), ("widen", "wide"), ("long shot", "wide"),
    ("full shot", "wide"), ("medium shot", "medium"), ("med shot", "medium"),
    ("med close shot", "medium"), ("med close up", "medium"), ("group shot", "medium"),
    ("medium on", "medium"),
    ("two shot", "medium"), ("another angle", "medium"), ("new angle", "medium"),
    ("reverse angle", "medium"), ("high angle", "wide"), ("low angle", "medium"),
    ("angle on", "medium"), ("angle", "medium"), ("pov", "medium"), ("p.o.v", "medium"),
)  # fmt: skip


def _inflected(table: Sequence[tuple[str, str]]) -> dict[tuple[str, ...], str]:
    """Return phrases in all forms of their first word -> what they mean, the first of equals."""
    found: dict[tuple[str, ...], str] = {}
    for phrase, meaning in table:
        first, *rest = phrase.split()
        for form in (
            first, f"{first}s", f"{first}ing", f"{first[:-1]}ing", f"{first}{first[-1]}ing",
            f"{first}es", f"{first[:-1]}ies",
        ):  # fmt: skip
            found.setdefault((form, *rest), meaning)
    return found


_MOVE_OF, _FRAME_OF = _inflected(_MOVES), _inflected(_FRAMES)
# What the camera does to those whom it comes to.
_FINDING = frozenset(
    "find finds finding reveal reveals revealing discover discovers discovering see seeing show "
    "shows showing include includes including follow follows following catch catching".split()
)
_SOON = frozenset("now then just also can finally first".split())  # "we now meet"
_DARK = frozenset({"blackness", "darkness"})
_PRONOUNS = frozenset("he she it they who everyone everybody nobody".split())
# What begins a sentence about a sound, and is no name: "Distant SIRENS", "Phone RINGS".
_OF_SOUNDS = (
    THINGS
    | STATES
    | DETERMINERS
    | frozenset(
        "distant loud muffled faint soft heavy sudden more another approaching deafening shrill "
        "low thunderous deep quick rapid police church telephone school fire outside inside "
        "somewhere scattered wild nervous angry violent gentle sounds offscreen many".split()
    )
)
_JOINS = frozenset("as while when whilst until".split())
# What a sound does to somebody, who is seen.
_ROUSES = frozenset(
    "wakes awakens startles jolts makes brings interrupts stops distracts freezes snaps alerts "
    "spooks scares frightens rouses shakes jars causes sends gets greets surprises shocks "
    "catches draws pulls turns halts stuns shatters disturbs deafens".split()
)
_SIDES = {"left": "left", "right": "right", "leftward": "left", "rightward": "right"}
_ROUSED = 6  # words behind a sound, of which the verb is one
# How many words a title may be told from the rest of its paragraph by.
_LONGEST_MOVE = 4


@dataclass(frozen=True, slots=True)
class CameraWords:
    """What a sentence says to the camera: `move` is one of `@camera`'s, empty where it only looks.

    `start` and `end` say which words of the sentence say it.
    """

    move: str
    start: int
    end: int


def title_of(text: str) -> str | None:
    """Return what words let stand on the picture: `SUPER: "London"`; a quotation to its end."""
    text = text.strip()
    found = _TITLE.match(text)
    if found is None or found["mark"] in ("–", "—", "-") and not text[:5].isupper():
        return None
    title = found["title"]
    if title[0] in _OPENING:
        closing = next((i for i, c in enumerate(title) if i and c in _CLOSING), len(title))
        title = title[:closing]
    return title.strip(_QUOTES) or None


def is_card(text: str) -> bool:
    """Say whether the words of a title have a card of their own, and are not over the picture."""
    return title_of(text) is not None and _CARD.match(text) is not None


def camera_of(words: Sequence[str]) -> CameraWords | None:
    """Return what a sentence says to the camera, None where it says nothing to it."""
    return _camera_of(tuple(words))


@lru_cache(maxsize=10_000)  # readers, shots and remarks ask for each sentence
def _camera_of(words: tuple[str, ...]) -> CameraWords | None:
    low = [word.lower().replace("’", "'") for word in words]
    start = 0
    named = low[:2] == ["the", "camera"] or low[:1] == ["camera"] or low[:2] == ["our", "view"]
    if named:
        at = low.index("camera") + 1 if "camera" in low[:2] else 2
        while at < len(low) and (low[at].endswith("ly") or low[at] in ("then", "now", ",")):
            at += 1
        found = _phrase(low, at, _MOVE_OF)
        return found and CameraWords(_sided(found[0], low), start, found[1])
    for at in range(len(low)):
        we = low[at] in ("we", "and") and at + 1 < len(low) and "we" in low[: at + 1]
        first = at == 0 or not words[at - 1][0].isalnum()
        if we:
            verb = at + 1
            while verb + 1 < len(low) and (low[verb] in _SOON or low[verb].endswith("ly")):
                verb += 1
            found = _phrase(low, verb, _MOVE_OF)
            if found and (words[verb].isupper() or low[verb] != "hear"):
                return CameraWords(_sided(found[0], low), at, found[1])
        elif first and words[at].isupper() and len(words[at]) > 1:
            found = _phrase(low, at, _FRAME_OF) or _phrase(low, at, _MOVE_OF)
            if found and found[0] and _is_order(words, at, found[1]):
                return CameraWords(_sided(found[0], low), at, found[1])
    return None


def _is_order(words: Sequence[str], start: int, end: int) -> bool:
    """Say whether capitals order the camera: "PAN across", "PULL BACK", not "PAN laughs"."""
    if end - start > 1 or end >= len(words):
        return True
    after = words[end].lower()
    aims = PREPOSITIONS | {"the", "a", "an", "left", "right", "slowly", "quickly", "with", "to"}
    return after in aims or not after[0].isalnum() or after.endswith("ly")


def _phrase(
    low: Sequence[str], at: int, table: Mapping[tuple[str, ...], str]
) -> tuple[str, int] | None:
    """Return the longest phrase of a table that begins here: what it means, and where it ends."""
    for length in range(min(_LONGEST_MOVE, len(low) - at), 0, -1):
        meaning = table.get(tuple(low[at : at + length]))
        if meaning is not None:
            return meaning, at + length
    return None


def _sided(move: str, low: Sequence[str]) -> str:
    """Return a move with the side to which it goes."""
    if move not in ("pan", "truck", "move"):
        return move
    side = next((_SIDES[word] for word in low if word in _SIDES), None)
    if move == "move":
        return f"truck-{side}" if side else "dolly-in"
    return f"{move}-{side or 'right'}"


def is_unseen(words: Sequence[str], named: Container[str] = ()) -> bool:
    """Say whether a sentence only joins shots or is only heard: "BACK TO SCENE", "MUSIC plays".

    `named` are words for sounds that are somebody's name: MR. BELL.
    """
    plain = [word for word in words if word[0].isalnum()]
    if not plain:
        return True
    low = " ".join(word.lower() for word in plain)
    capitals = sum(word.isupper() for word in plain)
    starts = _STARTS_BY_WORD.get(low.partition(" ")[0], ())
    opens = any(low == start or low.startswith(f"{start} ") for start in starts)
    if opens and (plain[0].isupper() and capitals * 2 > len(plain) or words[-1][0] == ":"):
        return True
    return _is_heard(plain, named)


def _is_heard(plain: Sequence[str], named: Container[str]) -> bool:
    """Say whether the subject of a sentence is a sound or the dark: "A HISS", "BLACKNESS"."""
    low = [word.lower().replace("’", "'") for word in plain]
    if low[0] in PREPOSITIONS:
        return False  # "With a HISS, a cat runs"
    at = 1 if low[0] in ("a", "an", "the", "some") else 0
    for index in range(at, min(len(low), at + 3)):
        owned = index > 0 and low[index - 1].endswith("'s")
        if low[index] in named and not owned:
            return False
        if low[index] in HEARD | _DARK and (plain[index].isupper() or owned):
            if index and not owned and _does(plain[index - 1], low[index]):
                return False
            # "The OWL's VOICE wakes the FOX" shows the one who hears it.
            after = list(takewhile(lambda word: word.lower() not in _JOINS, plain[index + 1 :]))
            if _ROUSES & set(after[:_ROUSED]) and not owned:
                return False
            shown = any(word.isupper() and len(word) > 1 for word in after)
            return not (shown or _moves_somebody(plain[index + 1 :]))
    return False


# What a sound does to whoever hears it: "A HORN startles Ted", "A KNOCK brings her to the door".
_MOVING = frozenset(
    "startles wakes awakens rouses brings makes stops interrupts jolts alerts distracts draws "
    "causes scares halts turns freezes silences greets stuns deafens catches".split()
)
_WHOM = frozenset("him her them everyone everybody".split())


def _moves_somebody(after: Sequence[str]) -> bool:
    """Say whether a sound moves somebody who is named behind its verb."""
    return any(
        verb in _MOVING and (whom in _WHOM or whom.istitle()) for verb, whom in pairwise(after)
    )


def _is_join(words: Sequence[str], at: int) -> bool:
    """Say whether somebody's clause begins at a word: "as she ducks", "and Ted ducks"."""
    if words[at].lower() != "and" or at + 2 >= len(words):
        return words[at].lower() in _JOINS
    who, does = words[at + 1], words[at + 2]
    return (who.lower() in _PRONOUNS or who.istitle()) and does.islower() and does.endswith("s")


def _does(before: str, sound: str) -> bool:
    """Say whether a sound in capitals is what somebody does: "He SCREAMS", "Jo KNOCKS"."""
    if before.lower() in _PRONOUNS:
        return True
    several = is_of_people(singular(before)) or before in THRONGS
    if sound.endswith("s") and before.islower() and several:
        return True  # "The nurse SCREAMS and runs"
    name = before[0].isupper() and not before.isupper()
    return name and sound.endswith("s") and before.lower() not in _OF_SOUNDS


def filmed_words(words: Sequence[str], named: frozenset[str] = frozenset()) -> list[str]:
    """Return the words of a sentence that say what is seen, in their order."""
    return list(_filmed(tuple(words), named))


@lru_cache(maxsize=10_000)  # a paragraph is asked for by whoever looks for names in it
def _filmed(words: tuple[str, ...], named: frozenset[str]) -> Sequence[str]:
    if title_of(" ".join(words)) is not None:
        return []
    if is_unseen(words, named):
        joined = next((i for i in range(len(words)) if _is_join(words, i)), len(words))
        return list(words[joined + 1 :])
    camera = camera_of(words)
    if camera is None:
        return list(words)
    before, rest = list(words[: camera.start]), list(words[camera.end :])
    while before and (not before[-1][0].isalnum() or before[-1].lower() in ("and", "as", "then")):
        before.pop()
    if before and before[0].lower().endswith("ing") and words[camera.start].lower() == "we":
        before = []  # "Moving closer, we find": whoever looks on moves
    while rest and (not rest[0][0].isalnum() or rest[0].lower() in _JOINS):
        rest.pop(0)
    for at in range(len(rest) - 1, 0, -1):
        goes_on = rest[at - 1].lower() in ("and", "then") and rest[at].lower().endswith("s")
        if goes_on and (rest[at].lower(),) in _MOVE_OF:
            del rest[at - 1 : at + 1]  # "turns around the hall and moves to the door"
    found = next((i for i, word in enumerate(rest) if word.lower() in _FINDING), None)
    if found is not None:
        to = found > 0 and rest[found - 1].lower() == "to"
        del rest[found - to : found + 1]
    return [*before, *([","] if before and rest else []), *rest]
