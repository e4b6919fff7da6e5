"""A noun for what somebody is -> who of those with a name that is: "the Captain" is CAPT. HOLT."""

from __future__ import annotations

from collections.abc import Sequence

from ..coreference import Discourse, is_several, sex_of
from ..inflection import is_plural, singular
from ..lexicon import DETERMINERS, NUMBERS, PREPOSITIONS
from ..naming.callings import plain_words
from ..sentences import Sentence
from ..words.acts import OPPOSED

_LED = 4  # words from an article to its noun
_OTHER = frozenset(
    "other others all most second third fourth new next another nearest first last young old older "
    "younger".split()
)
# What behind a noun tells which, as of one who is new.
_WHICH = PREPOSITIONS - {"as", "to", "into", "over", "up", "down", "off", "out", "back"}
_MOST = 4


def in_role(sentence: Sentence, at: int, discourse: Discourse) -> tuple[str, ...]:
    """Return whom a noun means who have another name and are here; nobody where unsure."""
    word, glossary = sentence[at], discourse.glossary
    own = word.ids[0] if word.ids else word.text.upper()
    there = {*discourse.present, *discourse.named_at}
    if len(word.ids) > 1 or own in there or own in discourse.speaking:
        return ()
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
    if "the" not in lead or new or _OTHER & {*lead, *told}:
        return ()
    bearers = glossary.callings.get(noun, ())
    likely = [e for e in discourse.likeliest() if e in discourse.here]
    near = [e for e in (*likely, *sorted(discourse.speaking)) if e in bearers and _is(e, told)]
    named = {e for other in sentence for e in other.ids if other is not word}
    near = [e for e in near if not is_several(e) and e not in named]
    if (
        noun in _VAGUE
        and not near
        and own not in discourse.mentioned
        and own not in glossary.people
    ):
        near = [e for e in likely if e not in named and _may_be(noun, e, discourse)]
    if near:
        return (near[0],)
    sure = len(bearers) == 1 and own not in glossary.people and plain_words(bearers[0])[-1] != noun
    return bearers if sure and bearers[0] not in named and not told else ()


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
