"""Mentions in a sentence -> those that only say whose kin or whose thing something is."""

from __future__ import annotations

from ..coreference import Discourse
from ..sentences import Sentence, Token
from ..words.acts import BODY, KIN, PEOPLE

# What is of a body, and shows whose it is.
_OWN_PARTS = BODY | frozenset(
    "hand hands finger fingers arm arms foot feet leg legs head hair mouth lips ear ears tail paw "
    "paws wing wings body bodies corpse corpses remains carcass skeleton skeletons "
    "reflection silhouette shadow fist knee knees tear tears smile voice "
    "coat hat dress shirt scarf tie shoe shoes boot boots ring glasses beard side".split()
)


def owners(sentence: Sentence) -> frozenset[int]:
    """Return the mentions that only own: "MAE's mother", "checks WILL's files"."""
    found = set()
    for at, word in enumerate(sentence):
        after = sentence[at + 1 : at + 4]
        if not word.possessive or not after:
            continue
        kin = any(w.is_mention or w.text in KIN for w in after[:2])
        if kin or not any(w.text in _OWN_PARTS for w in after):
            found.add(at)
    return frozenset(found)


# What nobody has who is not there.
_LIMBS = BODY | frozenset(
    "hand hands finger fingers fist fists arm arms foot feet leg legs head hair mouth lips body "
    "corpse remains".split()
)
_LED = 4  # words from an article to its noun


def owner_of_part(sentence: Sentence, at: int, discourse: Discourse) -> Token | None:
    """Return who is seen by a part, whom nothing introduces: "a man's hand grabs TED"."""
    noun, _, ending = sentence[at].text.partition("'")
    if ending != "s" or not discourse.glossary.is_unnamed(noun):
        return None
    before = {word.text for word in sentence[max(0, at - _LED) : at]}
    there = {*discourse.present, *discourse.named_at}
    known = noun.upper() in there or noun not in PEOPLE | KIN  # "the man's" is one who is there
    led = bool(before & _NEW) or ("the" in before and known)
    likened = any(word.text in _ALIKE for word in sentence[max(0, at - _LED - 1) : at])
    part = any(word.text in _LIMBS for word in sentence[at + 1 : at + 3])
    if not (led and part) or likened:
        return None
    return Token(noun, (noun.upper(),), possessive=True, is_common=True)


_NEW = frozenset("a an another".split())
_ALIKE = frozenset("like as than no".split())
