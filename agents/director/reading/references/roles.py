"""A noun for what somebody is -> who of those with a name that is: "the Captain" is CAPT. HOLT."""

from __future__ import annotations

from collections.abc import Sequence, Set

from ..coreference import Discourse, is_several, sex_of
from ..inflection import is_plural, singular
from ..lexicon import DETERMINERS, NUMBERS, PREPOSITIONS
from ..naming.callings import plain_words
from ..sentences import Sentence
from ..words.acts import FEMALE, KIN, MALE, OPPOSED

_LED = 4  # words from an article to its noun
_OTHER = frozenset(
    "other others all most second third fourth new next another nearest first last young old older "
    "younger".split()
)
# What behind a noun tells which, as of one who is new.
_WHICH = PREPOSITIONS - {"as", "to", "into", "over", "up", "down", "off", "out", "back"}
_MOST = 4
_ARTICLES = frozenset({"a", "an", "the"})


def in_role(sentence: Sentence, at: int, discourse: Discourse) -> tuple[str, ...]:
    """Return whom a noun means who have another name and are here; nobody where unsure."""
    word, glossary = sentence[at], discourse.glossary
    own = word.ids[0] if word.ids else word.text.upper()
    there = {*discourse.present, *discourse.named_at}
    if len(word.ids) > 1 or own in there or own in discourse.speaking:
        return ()
    if kin := _kin(sentence, at, discourse):
        return (kin,)
    *told, noun = plain_words(word.text) or ("",)
    count = next((NUMBERS[text] for text in (*told, *_before(sentence, at)) if text in NUMBERS), 0)
    told = [text for text in told if text not in NUMBERS]
    lead = _before(sentence, at)
    if is_plural(noun):
        return () if _OTHER & {*lead, *told} else _several(sentence, at, told, count, discourse)
    after = sentence[at + 1] if at + 1 < len(sentence) else None
    new = after is not None and not after.is_mark and (after.text in _WHICH or after.text == "who")
    if whole := _by_all_words(lead, told, noun, discourse):
        return (whole,)
    if _OTHER & {*lead, *told}:
        return ()
    cued = own in glossary.people
    if not cued and _ARTICLES & set(lead) and (one := _only_speaker(noun, told, discourse)):
        return (one,)
    named = {e for other in sentence for e in other.ids if other is not word}
    known = "the" in lead and not new
    return _the_one(noun, told, own, named, discourse) if known else ()


def _only_speaker(noun: str, told: Sequence[str], discourse: Discourse) -> str | None:
    """Return NURSE HALE for "A nurse comes in" where she is the only nurse who speaks there."""
    there = {*discourse.present, *discourse.named_at}
    only = set(discourse.glossary.callings.get(noun, ())) & discourse.speaking - there
    one = next(iter(only)) if len(only) == 1 else ""
    return one if one and _is(one, told) and not is_several(one) else None


def _the_one(
    noun: str, told: Sequence[str], own: str, named: Set[str], discourse: Discourse
) -> tuple[str, ...]:
    """Return the latest of those here who are called so, or the only one of the page."""
    glossary = discourse.glossary
    bearers = glossary.callings.get(noun, ())
    likely = [e for e in discourse.likeliest() if e in discourse.here]
    near = [e for e in (*likely, *sorted(discourse.speaking)) if e in bearers and _is(e, told)]
    near = [e for e in near if not is_several(e) and e not in named]
    cued = own in glossary.people
    if noun in _VAGUE and not (near or told or cued) and own not in discourse.mentioned:
        near = [e for e in likely if e not in named and _may_be(noun, e, discourse)]
    if near:
        return (near[0],)
    sure = len(bearers) == 1 and not cued and plain_words(bearers[0])[-1] != noun
    return bearers if sure and bearers[0] not in named and not told else ()


def _kin(sentence: Sentence, at: int, discourse: Discourse) -> str | None:
    """Return the only one of those here, beside who is told, who may be "his FATHER"."""
    word = sentence[at]
    owned = at > 0 and (sentence[at - 1].text in _OWN or sentence[at - 1].possessive)
    if not owned or word.text not in KIN or is_plural(word.text):
        return None
    sex = "male" if word.text in MALE else "female" if word.text in FEMALE else ""
    named = {e for other in sentence for e in other.ids} | set(discourse.subjects)
    here = [e for e in {*discourse.present, *discourse.named_at} - named if not is_several(e)]
    people = [e for e in here if sex_of(e, discourse.glossary) in ("male", "female", "person")]
    return people[0] if len(people) == 1 and sex_of(people[0], discourse.glossary) == sex else None


_OWN = frozenset("his her their".split())


def _by_all_words(
    lead: Sequence[str], told: Sequence[str], noun: str, discourse: Discourse
) -> str | None:
    """Return whose name the very words of a noun are: "a big Swiss COMMANDER", SWISS COMMANDER."""
    words = (*reversed(lead), *told, noun)
    for entity in (*discourse.likeliest(), *sorted(discourse.speaking)):
        name = plain_words(entity)
        if entity in discourse.here and len(name) > 1 and words[-len(name) :] == name:
            return entity
    return None


# What a page calls whoever was just told, without a word of who that is.
_VAGUE = frozenset("figure creature monster beast".split())


def _may_be(noun: str, entity: str, discourse: Discourse) -> bool:
    """Say whether "the figure" may be somebody, "the creature" some beast or what is no person."""
    if is_several(entity) or entity in discourse.glossary.props:
        return False
    beast = sex_of(entity, discourse.glossary) == "other"
    return noun == "figure" or beast


def _is(entity: str, told: Sequence[str]) -> bool:
    """Say whether somebody's name has the words that stand before a noun."""
    words = set(plain_words(entity))
    one, other = OPPOSED
    return set(told) <= words and not (words & one and words & other)


def _several(
    sentence: Sentence, at: int, told: Sequence[str], count: int, discourse: Discourse
) -> tuple[str, ...]:
    """Return those here whose names differ by numbers, or the one name of several: DOJ AGENTS."""
    noun = singular(plain_words(sentence[at].text)[-1])
    order = dict.fromkeys((*discourse.likeliest(), *sorted(discourse.speaking)))
    here = [e for e in order if e in discourse.here and plain_words(e)]
    words = (*told, noun)
    numbered = [e for e in here if plain_words(e) == words and e.lower() != " ".join(words)]
    plain = [e for e in here if plain_words(e) == words and e not in numbered]
    single = [*plain, *numbered] if numbered else []
    if count:
        return tuple(single) if len(single) == count else ()
    many = [e for e in here if is_several(e) and singular(plain_words(e)[-1]) == noun]
    many = [e for e in many if set(told) < set(plain_words(e))]
    many = [e for e in many if not _OTHER & set(plain_words(e))]
    led = "the" in _before(sentence, at)
    if led and len(many) == 1:
        return tuple(many)
    known = led and {*discourse.present, *discourse.named_at}
    return tuple(single) if 1 < len(single) <= _MOST and known and set(single) <= known else ()


def _before(sentence: Sentence, at: int) -> list[str]:
    """Return the words before a noun as far as its article."""
    found: list[str] = []
    for word in reversed(sentence[max(0, at - _LED) : at]):
        if word.is_mention or word.is_mark or word.text in PREPOSITIONS:
            break
        found.append(word.text)
        if word.text in DETERMINERS and word.text not in NUMBERS:
            break
    return found
