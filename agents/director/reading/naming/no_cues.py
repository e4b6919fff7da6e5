"""What stands in a script where cues stand -> whether it names nobody who could speak.

A page that was scanned or taken from a PDF has transitions ("CUT TO"), page breaks ("CONTINUED:"),
hours ("LATER THAT NIGHT"), ends of parentheticals ("TO HIMSELF)") and whole sentences in capitals
above a paragraph, so that they look like cues.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ..inflection import base_form, singular
from ..lexicon import CONJUNCTIONS, DETERMINERS, PREPOSITIONS, VERBS
from ..tokens import tokens
from ..words.common_verbs import COMMON_VERBS
from ..words.things import ANIMATE, STRESSED, is_nobody, is_of_people

_TRADE = re.compile(
    r"\b(?:CONTINUED|CONTINUES|OMITTED|CUT TO|CUTS TO|CUT BACK|CUE|FADES? (?:IN|OUT|TO)|DISSOLVES?|"
    r"CLOSE SHOT|LONG SHOT|TIGHT SHOT|FULL SHOT|MED(?:IUM)? SHOT|TWO SHOT|WIDE SHOT|WIDE ANGLE|"
    r"CLOSE ON|ANGLE ON|INSERT|MONTAGE|SERIES OF SHOTS|INTERCUT|TITLES?|CREDITS|P\.O\.V\.?|POV|"
    r"FLASHBACK|SUPER(?:IMPOSE)?|THE END|MINUTES LATER|MOMENTS LATER|HOURS LATER|DAYS LATER|"
    r"WEEKS LATER|MONTHS LATER|YEARS LATER|LATER THAT|THAT NIGHT|NEXT (?:DAY|MORNING)|"
    r"LATER(?:$| (?:YET|STILL))|\. (?:DAY|NIGHT)\.|(?:DAY|NIGHT|MORNING|EVENING)\.?$|"
    r"^(?:E?CU|MCU)\b|\bCAMERA (?!MAN|WOMAN|OPERATOR|CREW|GUY|GIRL)|^CAMERA$|\bANGLE\b,|"
    r"REVISED|SHOOTING SCRIPT|(?:INT|EXT|ZNT)\.)",
)
_HEARD = re.compile(r"(?:THEN |NOW )?WE (?:HEAR|SEE|CUT|GO|MOVE|PAN|FOLLOW|FIND)\b")
_NUMBER = re.compile(r"[\dIO' .]*\d[\dIO' .]*[A-Z]{1,2}\.?|\d+\.")  # 112A., 8 2A.
_VOICE = re.compile(r" (?:V\. ?[O0]|[O0]\. ?[SC])\.?$")  # whose brackets were lost
_TALK = frozenset("i'm it's that's he's she's we're you're they're let's don't".split())
_OWN = frozenset("his her its their another".split())
_KNOWN = frozenset(VERBS) | ANIMATE | COMMON_VERBS
_SUBJECTS = frozenset("he she it we they i you who".split())
_LONG = 5  # words of a cue beyond which it may be a sentence
_SENTENCE = frozenset("the a an his her its their on at in as it with from".split())
_NO_SPEAKERS = (STRESSED - {"i", "me"} | CONJUNCTIONS | PREPOSITIONS) - frozenset(
    "will right angle hard fast quick slow small big huge tiny he she you we they".split()
)


@lru_cache(maxsize=4096)
def is_no_speaker(cue: str) -> bool:
    """Say whether a cue, or a name in it, is nobody's: a transition, a number, a sentence."""
    cue = cue.strip()
    words = [word.lower() for word in tokens(cue) if word[0].isalnum()]
    if not words or _NUMBER.fullmatch(cue) or ")" in cue and "(" not in cue:
        return True
    if _TRADE.search(cue) or _HEARD.match(cue) or (cue.endswith("!") and len(words) < _LONG):
        return True
    if _VOICE.search(cue):
        return True
    if len(words) == 1:
        return words[0] in _NO_SPEAKERS
    if words[-1] in DETERMINERS | PREPOSITIONS or words[0] in _TALK:
        return True  # "REVEALING THE", "I'M SORRY"
    if words[0] in _SUBJECTS and base_form(words[1], _KNOWN) is not None:
        return True  # "HE SEES"
    if words[0] in _OWN and is_nobody(words[-1]):
        return True
    return len(words) >= _LONG and _is_sentence(words, cue)


def _is_sentence(words: list[str], cue: str) -> bool:
    """Say whether a long cue says something: a verb, a dash or a thing at its end."""
    ends = next((n for n, word in enumerate(words) if word in PREPOSITIONS | {"who"}), len(words))
    if ends and is_of_people(singular(words[ends - 1])):
        return False  # "MAN WITH THE RED HAT"
    told = bool(set(words) & (_SENTENCE | DETERMINERS))
    does = any(
        (found := base_form(word, _KNOWN)) is not None and found[1] == "s" for word in words[1:]
    )
    helps = bool({"is", "are", "we're", "it's", "comes"} & set(words))
    return told and (does or helps or is_nobody(words[-1]) or "--" in cue)
