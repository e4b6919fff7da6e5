"""A sentence -> who in it is only told of: compared to, on the telephone, denied, or once there.

"Bigger than a dog", "on the phone with her father", "held by the families of the sailors" and "the
damage done by the creatures" have nobody in the picture but those who are seen or heard there.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..inflection import base_form, is_plural, singular
from ..lexicon import CONJUNCTIONS, DETERMINERS, PREPOSITIONS, VERBS
from ..naming.no_beasts import MADE_OF
from ..sentences import Sentence
from ..words.acts import ACTS, KIN, PEOPLE

_KNOWN = frozenset(VERBS) | frozenset(ACTS)
_ANY = frozenset("a an another any some most".split())
_CLAUSE = frozenset("but while when where then who".split())


def is_compared(sentence: Sentence, at: int) -> bool:
    """Say whether a noun is only of a comparison: "the way a mother holds a child"."""
    finite = 0
    for n in range(at - 1, -1, -1):
        text, before = sentence[n].text, sentence[n - 1].text if n else ""
        if sentence[n].is_mark or text in _CLAUSE:
            return False
        led = bool({sentence[n + 1].text, sentence[at - 1].text} & _ANY)
        bare = n + 1 == at and is_plural(sentence[at].text)
        if text == "way" and before in ("the", "same"):
            return led or bare
        if finite == 0 and _compares(sentence, n) and (led or bare or text == "to"):
            return True
        if text == "like" and led and finite == 0 and before not in ("would", "they", "i", "we"):
            return bool({"a", "an"} & {word.text for word in sentence[at - 2 : at]})
        found = base_form(text, _KNOWN)
        finite += found is not None and found[1] == "s" and before not in DETERMINERS
    return False


_ALIKE = frozenset("similar akin identical comparable".split())
_OTHER = frozenset("more less fewer rather other".split())  # "more than a dozen guards"


def _compares(sentence: Sentence, at: int) -> bool:
    """Say whether a comparison begins: "as timid as", "bigger than", "similar to"."""
    text, before = sentence[at].text, [word.text for word in sentence[max(0, at - 4) : at]]
    if not before:
        return False
    if text == "as":
        return "as" in before[:-1]
    if text == "than":
        return before[-1] not in _OTHER
    return text == "to" and before[-1] in _ALIKE


def told_of(sentence: Sentence) -> frozenset[int]:
    """Return the mentions that a sentence only tells of."""
    found = {at for at, word in enumerate(sentence) if word.is_mention and _is_told(sentence, at)}
    return frozenset(found | _recalled(sentence) | _waited_for(sentence))


_WAITS = frozenset({"wait"})
_LED = 4  # words from "for" to its noun


def _waited_for(sentence: Sentence) -> set[int]:
    """Return who is waited for behind a noun that they are: "waits for the boys -- ED and AL"."""
    texts = [word.text for word in sentence]
    start = next((n for n in range(1, len(texts)) if texts[n] == "for"
                  and base_form(texts[n - 1], _WAITS) is not None), 0)  # fmt: skip
    mark = next((n for n in range(start + 1, min(len(texts), start + _LED + 2))
                 if sentence[n].is_mark), 0) if start else 0  # fmt: skip
    several = is_plural(texts[mark - 1]) and singular(texts[mark - 1]) in PEOPLE | KIN
    found: set[int] = set()
    for n in range(mark + 1, len(texts)) if mark and several else ():
        if sentence[n].is_mention:
            found.add(n)
        elif not (sentence[n].is_mark or texts[n] in ("and", "jr", "sr")):
            return set()  # "waits for the boys, ANN at his side"
    return found


_RECALLS = (["reminds"], ["reminiscent"], ["reminding"])


def _recalled(sentence: Sentence) -> set[int]:
    """Return who only comes to mind: "a smile that reminds us of how ED looked at her"."""
    texts = [word.text for word in sentence]
    for n, text in enumerate(texts):
        if text == "of" and (texts[n - 1 : n] in _RECALLS or texts[n - 2 : n - 1] in _RECALLS):
            ends = (m for m in range(n, len(texts)) if sentence[m].is_mark or texts[m] in _CLAUSE)
            return {m for m in range(n, next(ends, len(texts))) if sentence[m].is_mention}
    return set()


_NEVER_SEEN = frozenset("unseen imaginary imagined nonexistent absent".split())


def _is_told(sentence: Sentence, at: int) -> bool:
    """Say whether a sentence only tells of somebody, as the words before them have it."""
    word = sentence[at]
    before = _before(sentence, at)
    if _is_off_screen(sentence, at):
        return True
    if before[-1:] and before[-1] in _NEVER_SEEN:
        # "The unseen monkey" is one who was seen, "the still unseen GUIDE" one who comes.
        return before[-2:-1] not in (["the"], ["still"], ["yet"])
    if _is_denied(before) or _is_called_up(before):
        return True
    if word.possessive:
        return False
    if is_made(sentence, at) or _is_of_before(sentence, at):
        return True
    several = word.plural or is_plural(word.text)
    if (several or "the" not in before[-3:]) and _is_kept_for(before):
        return True
    if (several or word.is_common) and (_is_past_doer(before) or _may_be_another(before)):
        return True
    if _is_in_a_tale(sentence, at) or _is_left_behind(sentence, at):
        return True
    if _is_of_a_room(sentence, at, before):
        return True
    if _is_played(sentence, at) or list(before[-3:]) == ["sings", "along", "to"]:
        return True
    return _has_kin_there(sentence, at, before) or _is_measured(sentence, before)


def is_made(sentence: Sentence, at: int) -> bool:
    """Say whether somebody is of tin or cloth: "tin soldiers", but "a plastic surgeon"."""
    of = sentence[at - 1].text if at else ""
    return of in MADE_OF and singular(sentence[at].text) != "surgeon"


def _is_of_before(sentence: Sentence, at: int) -> bool:
    """Say whether only a place tells of somebody: "the chair where ED had sat"."""
    lead = next((w.text for w in reversed(sentence[:at]) if w.text not in DETERMINERS), "")
    behind = [word.text for word in sentence[at + 1 : at + 3]]
    return lead == "where" and behind[:1] == ["had"]


_ROOMS = frozenset(
    "office offices house home homes apartment apartments mansion villa palace bedroom chamber "
    "chambers quarters residence estate grave tomb headquarters cottage".split()
)


def _is_of_a_room(sentence: Sentence, at: int, before: Sequence[str]) -> bool:
    """Say whether only whose a place is is told: "reaches the office of the MAYOR"."""
    lead = [text for text in before[-4:] if text not in DETERMINERS]
    after = sentence[at + 1] if at + 1 < len(sentence) else None
    ends = after is None or after.text in (".", "and") or after.text in PREPOSITIONS
    return ends and lead[-1:] == ["of"] and lead[-2:-1] != [] and lead[-2] in _ROOMS


_PLAYERS = frozenset(  # of music
    "stereo juke jukebox turntable boombox gramophone phonograph victrola walkman ipod".split()
)
_SOUNDS = frozenset("sing croon wail blare belt play drone boom rap".split())


def _is_played(sentence: Sentence, at: int) -> bool:
    """Say whether a record sings, and nobody there: "SINATRA croons on the jukebox"."""
    texts = [word.text for word in sentence]
    verb = next((n for n in range(at + 1, len(texts)) if not texts[n].endswith("ly")), 0)
    form = base_form(texts[verb], _SOUNDS) if verb else None
    if form is None or form[1] not in ("s", "ing"):
        return False
    if form[0] == "play" and not (verb + 1 == len(texts) or texts[verb + 1] in PREPOSITIONS):
        return False  # "TED plays a record on the jukebox"
    device = next((n for n, text in enumerate(texts) if text in _PLAYERS), 0)
    return bool({"on", "from", "over", "through"} & set(texts[max(0, device - 3) : device]))


def _before(sentence: Sentence, at: int) -> list[str]:
    """Return the words of a clause before a noun."""
    start = next((n + 1 for n in range(at - 1, -1, -1) if sentence[n].is_mark
                  or sentence[n].text in _CLAUSE), 0)  # fmt: skip
    return [word.text for word in sentence[start:at]]


_SEEING = frozenset("see spot find hear make detect notice".split())
_NOT = frozenset("not n't cannot never hardly barely".split())
_HAVING = frozenset("have contain hold carry".split())


def _is_denied(before: Sequence[str]) -> bool:
    """Say whether somebody is not to be seen: "can't see any of the cops", "not a mouse"."""
    if list(before) in (["not", "a"], ["not", "one"], ["not", "an"]):
        return True  # but "TED is not a man"
    denies = any(text in _NOT or text.endswith(("n't", "n’t")) for text in before)
    sees = any(base_form(text, _SEEING) is not None for text in before)
    if denies and sees and "any" in before[-4:]:
        return True
    has = any(base_form(text, _HAVING) is not None for text in before)
    return list(before[:2]) == ["none", "of"] and has


_LINES = frozenset("phone telephone cell cellphone line mobile radio intercom".split())


def _is_called_up(before: Sequence[str]) -> bool:
    """Say whether somebody is at the far end of a telephone: "on the phone with her father"."""
    lead = [text for text in before[-4:] if text not in DETERMINERS]
    if lead[-1:] not in (["with"], ["to"]):
        return False
    near = before[-8:]
    return any(near[n] == "on" and near[n + 2] in _LINES for n in range(len(near) - 2))


_KEPT = frozenset("meant intended reserved designed devoted dedicated built made".split())


def _is_kept_for(before: Sequence[str]) -> bool:
    """Say whether something is only for somebody: "rooms devoted exclusively to athletes"."""
    for n in range(len(before) - 1, max(-1, len(before) - 6), -1):
        if before[n] in ("for", "to"):
            lead = [text for text in before[max(0, n - 2) : n] if not text.endswith("ly")]
            return lead[-1:] != [] and lead[-1] in _KEPT
    return False


_DONE_BEFORE = frozenset(
    "caused made left wrought decorated furnished painted built written drawn dug signed".split()
)


def _is_past_doer(before: Sequence[str]) -> bool:
    """Say whether only what somebody did is there: "the damage caused by the creatures"."""
    lead = [text for text in before[-5:] if text not in DETERMINERS]
    return lead[-1:] == ["by"] and lead[-2:-1] != [] and lead[-2] in _DONE_BEFORE


_FRIENDS = frozenset("family friend relative widow survivor victim descendant ancestor".split())


def _has_kin_there(sentence: Sentence, at: int, before: Sequence[str]) -> bool:
    """Say whether others are there for somebody: "the families of the sailors"."""
    word = sentence[at]
    several = word.plural or is_plural(word.text)
    lead = list(before)
    while lead and lead[-1] in DETERMINERS | {"other"}:
        lead.pop()
    return (
        several and lead[-1:] == ["of"] and len(lead) > 1
        and is_plural(lead[-2]) and singular(lead[-2]) in _FRIENDS | KIN
    )  # fmt: skip


_SCANNERS = frozenset("scanner radar sonar detector sensor".split())
_MEASURES = frozenset("register detect read show track pick indicate".split())


def _is_measured(sentence: Sentence, before: Sequence[str]) -> bool:
    """Say whether a machine tells of somebody: "The scanner registers dozens of creatures"."""
    machine = next((n for n, text in enumerate(before) if singular(text) in _SCANNERS), -1)
    return machine >= 0 and any(
        base_form(text, _MEASURES) is not None for text in before[machine + 1 :]
    )


def _may_be_another(before: Sequence[str]) -> bool:
    """Say whether it may be another that is there: "caves that hide snakes, or a wary lion"."""
    return any(list(before[n : n + 2]) in (["or", "a"], ["or", "an"])
               for n in range(max(0, len(before) - 4), len(before)))  # fmt: skip


_TALES = frozenset(
    "mention news word rumor rumour talk tale story memory thought absence lack dream hint "
    "evidence history legend description list".split()
)


def _is_in_a_tale(sentence: Sentence, at: int) -> bool:
    """Say whether one only hears or thinks of somebody: "a mention of ED and a patient"."""
    does = (
        base_form(sentence[at + 1].text, _KNOWN | {"be", "have"})
        if at + 1 < len(sentence)
        else None
    )
    if does is not None and does[1] in ("s", "past"):
        return False  # "the words of comfort ED was hoping for"
    for n in range(at - 1, 0, -1):
        text, before = sentence[n].text, sentence[n - 1].text
        if text in ("of", "about") and singular(before) in _TALES:
            return True
        listed = text in ("and", ",") or sentence[n].is_mention or text in DETERMINERS
        if not listed and (not text.isalpha() or text in PREPOSITIONS | CONJUNCTIONS | _CLAUSE):
            return False
        if not listed and (found := base_form(text, _KNOWN)) is not None and found[1] == "s":
            return False
    return False


_WHOM = frozenset({"who", "whom", "that"})
_LOST = frozenset({"left", "lost", "abandoned", "buried"})


def _is_left_behind(sentence: Sentence, at: int) -> bool:
    """Say whether somebody was lost or left: "from the men they left behind"."""
    behind = [word.text for word in sentence[at + 1 : at + 4] if word.text not in _WHOM]
    return tuple(behind[:1]) in (("he",), ("she",), ("they",)) and bool(_LOST & set(behind[1:2]))


def _is_off_screen(sentence: Sentence, at: int) -> bool:
    """Say whether a page has somebody heard only: "speaks to the CLERK (O.S.)"."""
    behind = [word.text for word in sentence[at + 1 : at + 4]]
    return behind[:2] in ([",", "o"], [",", "os"], [",", "off-screen"])
