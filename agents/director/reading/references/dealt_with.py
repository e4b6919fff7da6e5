"""A noun of people -> whether somebody deals with them, or comes to them: "hands the cook a bill".

Who is chased, hugged or addressed is there; whose mother somebody hugs may be one who has a name.
"""

from __future__ import annotations

from ..coreference import Discourse, sex_of
from ..glossary import Glossary
from ..inflection import base_form, is_plural, singular
from ..lexicon import CONJUNCTIONS, DETERMINERS, NUMBERS, PREPOSITIONS
from ..sentences import Sentence, Token
from ..words.acts import ACTS, BEHIND_WHOM, FEMALE, KIN, MALE
from ..words.nameless import TOGETHER_AS_ONE
from ..words.things import GROUPS, is_nobody
from .situated import LEFT_BY

OWN = frozenset("his her its their my your our".split())
# What counts those who are several, or tells them from those who were named.
SOME = NUMBERS.keys() | frozenset("other several many some more few all most various".split())
_LED = 4  # words from an article to its noun
_DETERMINED = NUMBERS.keys() | frozenset("a an the another his her their".split())
# What is done to somebody who is there.
_DEALS = frozenset(
    "look follow chase lead carry push pull hit kick give take hold hug kiss fight greet join "
    "approach pass pay tip thank meet notice spot face grab tackle shoot stab slap help lift "
    "interview question address introduce confront surround arrest drag guide wake dress "
    "put pick set settle seat treat feed examine stop restrain "
    "see watch find observe eye study instruct teach order command nail beat herd drive scan face "
    "ask tell beg "
    "survey inspect search film photograph videotape check size frisk handcuff cuff bandage "
    "comfort console nudge choke strangle undress bathe corner flank accompany salute tease "
    "taunt slam toss fling hurl heave crush pin hammer slash gun riddle murder behead "
    "throttle ram knock impale skewer bite maul attack assault ambush mob swarm overpower subdue "
    "capture nab collar release free untie tie bind gag blindfold signal beckon target knee elbow "
    "headbutt dodge evade sidestep overtake encircle straddle spank pat stroke caress massage "
    "tickle pinch poke prod jab serve mock shush silence revive".split()
)
NO_ENDS = CONJUNCTIONS | DETERMINERS | {"him", "her", "them", "it"}
_MEETING = frozenset("to at past toward towards beside behind near".split())


def is_met(sentence: Sentence, at: int, discourse: Discourse) -> bool:
    """Say whether somebody is dealt with or come to: "hands the bartender a bill", "to a nurse"."""
    after = sentence[at + 1] if at + 1 < len(sentence) else None
    going = is_plural(sentence[at].text) and after is not None and _is_going(after)
    if after is not None and not (going or ends_noun(after, discourse.glossary)):
        return False  # "a very drunk ANN", "a couple of pills", "the driver side"
    several = is_plural(sentence[at].text)
    if several and _is_done_by(sentence, at, discourse.glossary):
        return True
    if singular(sentence[at].text) in GROUPS | TOGETHER_AS_ONE:
        return False  # "takes a class"
    lead = at - 1
    while lead > 0 and at - lead < _LED and not sentence[lead].is_mark:
        if sentence[lead - 1].text in LEFT_BY:
            return False
        if sentence[lead].is_mention:
            if not sentence[lead].possessive:
                return False
            break  # "sees TED's men"
        if sentence[lead].text in _DETERMINED or (several and sentence[lead].text in SOME):
            break
        if several and _deals(sentence[lead].text, discourse.glossary):
            lead += 1  # "leading warriors"
            break
        lead -= 1
    counted = several and (sentence[lead].text in SOME or lead == at)
    owned = sentence[lead].is_mention
    if lead < 1 or not (counted or owned or sentence[lead].text in _DETERMINED):
        return False
    article, before = "their" if owned else sentence[lead].text, sentence[lead - 1].text
    kin = singular(sentence[at].text) in KIN
    if kin and (article not in OWN | {"a", "an"} or may_be_kin(sentence, at, discourse)):
        return False
    if before in _MEETING or (before == "with" and kin):
        return sentence[at].text != "group"  # who that is, is told before
    if before == "into" and lead > 1:
        return _runs(sentence[lead - 2].text)
    if before in _PARTICLES and lead > 1:
        before = sentence[lead - 2].text  # "picks up a child"
    return _deals(before, discourse.glossary)


_PARTICLES = frozenset("up down out off away over".split())
_RUNS = frozenset("bump slam smack crash barge run walk bang".split())


def _runs(word: str) -> bool:
    """Say whether who does it "into" somebody meets them: "bumps into a man"."""
    found = base_form(word, _RUNS)
    return found is not None and found[1] in ("s", "ing")


def _deals(word: str, glossary: Glossary) -> bool:
    """Say whether a word is a verb of what is done to somebody who is there."""
    found = base_form(word, glossary.verbs) or base_form(word, _DEALS)
    if found is None or found[1] not in ("s", "ing"):
        return False
    return bool({found[0], ACTS.get(found[0])} & _DEALS)


def _is_done_by(sentence: Sentence, at: int, glossary: Glossary) -> bool:
    """Say whether a plural does what is done: "is taunted by other prisoners"."""
    start = max(1, at - _LED)
    by = next((n for n in range(at - 1, start - 1, -1) if sentence[n].text == "by"), 0)
    if (
        not by
        or sentence[by - 1].text in LEFT_BY
        or any(w.is_mention or w.is_mark for w in sentence[by:at])
    ):
        return False
    text = sentence[by - 1].text
    found = base_form(text, glossary.verbs) or base_form(text, _DEALS)
    return found is not None and found[1] == "past"


def ends_noun(after: Token, glossary: Glossary) -> bool:
    """Say whether the word behind a noun leaves it whole: a mark, a verb, "in", but no noun."""
    if after.is_mention or after.text == "of" or after.text in "'’":
        return False  # "of" and the mark of an owner: "kids' scissors"
    found = base_form(after.text, glossary.verbs)
    told = found is not None and found[1] != "base"
    joins = PREPOSITIONS | NO_ENDS | BEHIND_WHOM | {"who", "that"}
    return after.is_mark or told or after.text in joins or after.text.endswith("ly")


def _is_going(word: Token) -> bool:
    """Say whether a word behind several tells what they do: "the evacuees boarding buses"."""
    long = word.text.endswith("ing") and len(word.text) > len("thing")
    return long and not word.is_mention and not is_nobody(word.text)


def may_be_kin(sentence: Sentence, at: int, discourse: Discourse) -> bool:
    """Say whether somebody who is there may be "her mother", so that nobody else need be."""
    noun = singular(sentence[at].text)
    sex = "male" if noun in MALE else "female" if noun in FEMALE else ""
    named = {entity for word in sentence for entity in word.ids} | set(discourse.subjects)
    others = discourse.here - named
    fit = [e for e in others if sex in ("", sex_of(e, discourse.glossary))]
    return len(fit) > 1 if is_plural(sentence[at].text) else bool(fit)


def is_owned(sentence: Sentence, at: int) -> bool:
    """Say whether a noun, with its adjectives, stands behind whose it is: "TED's old driver"."""
    for n in range(at - 1, max(-1, at - _LED), -1):
        if sentence[n].is_mention or sentence[n].is_mark:
            return sentence[n].possessive
        if sentence[n].text in _NO_ADJECTIVES:
            return False
    return False


_NO_ADJECTIVES = (PREPOSITIONS | CONJUNCTIONS | DETERMINERS) - set("old little small big".split())
