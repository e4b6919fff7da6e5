"""A verb of a relative clause -> whom or what it goes back to: "the waitress whom he stares at"."""

from __future__ import annotations

from dataclasses import dataclass

from ..inflection import base_form
from ..lexicon import DETERMINERS, PREPOSITIONS, VERBS
from ..parsed import ParsedSentence
from ..words.acts import ACTS
from ..words.things import ANIMATE

_VERBS = frozenset(VERBS) | frozenset(ACTS) | ANIMATE
_SHORT = 4  # letters
_LEADING = frozenset("whom that which whose".split())


@dataclass(frozen=True, slots=True)
class Named:
    """Whom or what a noun phrase means: `ids` of somebody, or the `noun` of a thing."""

    ids: tuple[str, ...]
    noun: str
    end: int

    @property
    def names(self) -> tuple[str, ...]:
        return self.ids or ((self.noun,) if self.noun else ())


def relative_object(here: ParsedSentence, word: int) -> Named:
    """Return whom a clause goes back to as its object: "the girl to whom the fox is bowing"."""
    node = here.nodes[word]
    relatives = [w for w in range(word) if here.words[w] in _LEADING]
    left = stranded(here, word)
    if left is not None:
        return left
    whole = [w for w in here.children(word, "dobj") if here.words[w] in _LEADING]
    if node.dep == "relcl" and whole and not here.token(node.head).is_mention:
        return Named((), here.words[node.head], word)  # "the letter which she drops"
    led = node.dep == "relcl" and here.is_mention(node.head)
    if led and relatives and here.children(word, "nsubj"):
        before = [w for w in range(relatives[-1]) if here.is_mention(w)]
        if before and relatives[-1] not in here.children(word, "nsubj"):
            return Named(here.token(before[-1]).ids, "", word)
    return Named((), "", word)


def is_led(here: ParsedSentence, word: int) -> bool:
    """Say whether "which" is what a verb is done to, and no noun with an article is."""
    led = [w for w in here.children(word, "dobj") if w < word and here.words[w] in _LEADING]
    after = here.words[word + 1] if word + 1 < len(here.words) else ""
    plain = after not in DETERMINERS and not (after and here.is_mention(word + 1))
    return bool(led) and here.nodes[word].dep == "relcl" and plain


def stranded(here: ParsedSentence, word: int) -> Named | None:
    """Return whom or what a preposition is left of: "the waitress whom he stares at smiles"."""
    relatives = [w for w in range(word) if here.words[w] in _LEADING]
    after = here.words[word + 1 : word + 3]
    left = bool(after) and after[0] in PREPOSITIONS and bool(relatives) and relatives[-1] > 0
    ends = left and (len(after) == 1 or _is_verb(here, word + 2))
    if not ends or here.words[relatives[-1]] not in ("whom", "which", "that"):
        return None
    head = relatives[-1] - 1
    if here.is_mention(head):
        return Named(here.token(head).ids, "", word)
    return Named((), here.words[head], word) if here.nodes[head].tag[:2] == "NN" else None


def _is_verb(here: ParsedSentence, word: int) -> bool:
    """Say whether the main verb begins at a word: "the bed which he lies on collapses"."""
    found = base_form(here.words[word], _VERBS)
    ends = here.token(word).is_mark or here.nodes[word].tag[:2] == "VB"
    plural = here.words[word].endswith("s") and len(here.words[word]) > _SHORT
    last = word + 1 == len(here.words) or here.words[word + 1] in PREPOSITIONS
    return ends or (found is not None and found[1] == "s") or (plural and last)
