"""Mentions in a sentence -> those that only say whose kin or whose thing something is."""

from __future__ import annotations

from dataclasses import replace

from ..coreference import Discourse
from ..inflection import base_form, is_plural, singular
from ..sentences import Sentence, Token
from ..words.acts import BODY, KIN, PEOPLE, SHOWING
from .groups import known_group

# What is of a body, what it wears and what it does: it shows whose it is.
_OWN_PARTS = SHOWING | frozenset(
    "heads mouths tail paw paws wing wings bodies skeleton skeletons reflection silhouette "
    "shadow knee tear tears smile voice coat hat dress shirt scarf tie shoe shoes boot boots "
    "ring glasses side eye glances anguish anger rage fury fear terror panic grief sorrow "
    "sadness despair misery distress shock shame embarrassment discomfort disgust delight "
    "glee joy confusion bewilderment amazement astonishment disbelief frustration irritation "
    "annoyance exasperation disappointment nervousness excitement enthusiasm hesitation "
    "reluctance laughter tone surprise relief horror dismay amusement chagrin demeanor "
    "demeanour manner attitude mood composure faces visage stare grin frown scowl smirk "
    "grimace grip grasp clutch clutches embrace touch posture stance gait stride breathing "
    "coughing trembling shaking shivering jacket sweater blouse skirt pants trousers jeans "
    "collar sleeve sleeves cuff cuffs lapel lapels belt pocket pockets cap helmet glove "
    "gloves robe gown apron cape cloak hood mask vest vision sight eyesight pulse heartbeat "
    "knuckles jaws shoulder-blade nape cheekbone remains corpse corpses carcass uniform "
    "stocking stockings sock socks veil necklace bracelet earring earrings".split()
)


_AND = Token("and")


def owners(sentence: Sentence) -> frozenset[int]:
    """Return the mentions that only own: "MAE's mother", "checks WILL's files"."""
    found = set()
    for at, word in enumerate(sentence):
        if not word.possessive:
            continue
        joined = sentence[at + 1 : at + 2] == (_AND,) and sentence[at + 2 : at + 3]
        start = at + 2 if joined and joined[0].possessive else at  # "TED's and ANN's hands"
        after = sentence[start + 1 : start + 4]
        if not after:  # "a dinner at TED's", but "his eyes are on TED's"
            found |= set() if any(w.text in _OWN_PARTS for w in sentence) else {at}
            continue
        if _is_wrested(sentence, at) or _is_noticed(sentence, at):
            continue
        own = after[0].text in _OWN_PARTS  # "from MAE's smile TED can tell it"
        kin = any(w.is_mention or w.text in KIN for w in after[: 1 if own else 2])
        if kin or not any(w.text in _OWN_PARTS for w in after):
            found.add(at)
    return frozenset(found)


# What somebody holds, and what is done to it while they do.
_HELD = frozenset(
    "gun rifle pistol revolver shotgun weapon knife sword blade spear club bat stick cane phone "
    "cigarette cigar purse briefcase glass cup drink leash reins".split()
)
_WRESTED = frozenset(
    "grab seize snatch knock kick push shove wrest wrestle wrench swat bat yank deflect".split()
)
_LED = 2  # words from the verb to the owner


def _is_wrested(sentence: Sentence, at: int) -> bool:
    """Say whether somebody has hold of a thing that another gets at: "grabs TED's rifle"."""
    before, after = sentence[max(0, at - _LED) : at], sentence[at + 1 : at + 1 + _LED]
    held = any(word.text in _HELD for word in after)
    return held and any(base_form(word.text, _WRESTED) is not None for word in before)


# What another sees of somebody: how they feel, and how they take something.
_MOODS = frozenset(
    "look looks glance reaction reactions response silence gesture nod mood state condition "
    "confusion discomfort hesitation hesitancy reluctance embarrassment fear anger rage fury "
    "surprise shock distress disappointment excitement amusement enthusiasm nervousness concern "
    "anxiety unease uneasiness despair grief pain agony panic terror horror sorrow sadness delight "
    "joy happiness irritation frustration annoyance impatience curiosity interest skepticism "
    "scepticism disbelief doubt bewilderment astonishment amazement dismay alarm awkwardness "
    "agitation apprehension exasperation indignation outrage disgust contempt disapproval "
    "approval puzzlement perplexity consternation bafflement befuddlement sincerity tension "
    "desperation exhaustion weariness resignation relief hurt humiliation shame guilt".split()
)
_NOTICING = frozenset(
    "note notice see sense observe register watch catch read recognize recognise ignore enjoy "
    "mirror match share return meet study".split()
)


def _is_noticed(sentence: Sentence, at: int) -> bool:
    """Say whether somebody's mood is seen: "Noting TED's confusion, ANN points", "Off TED's look".

    "TED's fear of dogs" is nothing that is seen.
    """
    lead = [word.text for word in sentence[max(0, at - _LED) : at] if word.text != "the"]
    behind = sentence[at + 1 : at + 3]
    mood = next((n for n, word in enumerate(behind) if word.text in _MOODS), -1)
    if not lead or mood < 0 or sentence[at + mood + 2 : at + mood + 3] == (_OF,):
        return False
    return lead[-1] in ("off", "at") or base_form(lead[-1], _NOTICING) is not None


_OF = Token("of")

# What nobody has who is not there.
_LIMBS = BODY | frozenset(
    "hand hands finger fingers fist fists arm arms foot feet leg legs head heads hair mouth lips "
    "mouths faces bodies body corpse remains".split()
)
_ARTICLED = 4  # words from an article to its noun


def owner_of_part(sentence: Sentence, at: int, discourse: Discourse) -> Token | None:
    """Return who is seen by a part, whom nothing introduces: "a man's hand grabs TED"."""
    noun, _, ending = sentence[at].text.partition("'")
    if is_plural(noun):
        return _several_of_part(sentence, at, discourse)
    if ending != "s" or not discourse.glossary.is_unnamed(noun):
        return None
    before = {word.text for word in sentence[max(0, at - _ARTICLED) : at]}
    there = {*discourse.present, *discourse.named_at}
    known = noun.upper() in there or noun not in PEOPLE | KIN  # "the man's" is one who is there
    led = bool(before & _NEW) or ("the" in before and known)
    likened = any(word.text in _ALIKE for word in sentence[max(0, at - _ARTICLED - 1) : at])
    part = any(word.text in _LIMBS for word in sentence[at + 1 : at + 3])
    if not (led and part) or likened:
        return None
    return Token(noun, (noun.upper(),), possessive=True, is_common=True)


def _several_of_part(sentence: Sentence, at: int, discourse: Discourse) -> Token | None:
    """Return several who are seen by a part: "the children's heads", "the soldiers' boots"."""
    noun, mark, ending = sentence[at].text.partition("'")
    apart = at + 1 < len(sentence) and sentence[at + 1].text in ("'", "’")
    if not (apart or (mark and ending == "s")):
        return None
    led = sentence[at - 1].text == "the" if at else False
    part = any(word.text in _LIMBS for word in sentence[at + 1 + apart : at + 3 + apart])
    if not (led and part and discourse.glossary.is_unnamed(singular(noun))):
        return None
    plain = (*sentence[:at], replace(sentence[at], text=noun))
    whom = known_group(plain, at, discourse)
    if not whom and singular(noun) in _MAY_BE_NAMED and discourse.here:
        return None
    return Token(noun, whom or (noun.upper(),), possessive=True, plural=True, is_common=True)


# Of these "the" means those with names who are there.
_MAY_BE_NAMED = frozenset(
    "man woman boy girl guy lady brother sister friend lover parent twin".split()
)
_NEW = frozenset("a an another".split())
_ALIKE = frozenset("like as than no".split())
