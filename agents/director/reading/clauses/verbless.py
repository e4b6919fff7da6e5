"""A sentence without a verb -> where it puts those it names: "On the left Ma, behind her a BEAR".

A phrase of place belongs to the name before it; after a comma, to the next name, if there is one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..complements import EntityRelation, tied
from ..coreference import Discourse
from ..deeds import Placing
from ..lexicon import NUMBERS, Bond, Spot
from ..parsed import ParsedSentence
from ..words.acts import NO_PLACES
from .objects import at_the_side, last_noun, noun_after, place_at
from .relatives import Named

_CLOSING = frozenset(",:;")
_ALONE = frozenset({"behind", "beside", "above", "below"})  # "LEX, a few feet behind"
_FAR = frozenset("feet steps paces yards inches metres meters miles step pace".split())
_PHRASE = 5  # words of a phrase of place
_SIDES: Mapping[tuple[str, ...], Spot] = {
    ("on", "the", "left"): "left", ("at", "the", "left"): "left", ("at", "left"): "left",
    ("to", "the", "left"): "left", ("left",): "left",
    ("on", "the", "right"): "right", ("at", "the", "right"): "right", ("at", "right"): "right",
    ("to", "the", "right"): "right", ("right",): "right",
}  # fmt: skip
_SIDE_BEGINS = frozenset(phrase[0] for phrase in _SIDES)
_OPPOSITE = {"left": "right-of", "right": "left-of"}
# A place without a side of its own, as a bond between two in the picture.
AS_BONDS: Mapping[str, Bond] = {"on": "above", "in": "beside"}


@dataclass(slots=True)
class VerblessPlacings:
    """Where a sentence puts those it names; filled as it is read."""

    here: ParsedSentence
    discourse: Discourse
    placings: list[Placing] = field(default_factory=list)
    ties: list[EntityRelation] = field(default_factory=list)
    spots: dict[str, Spot] = field(default_factory=dict)
    thing: str = ""
    # The thing that was named before the last one.
    _before: str = ""
    _owner: tuple[str, ...] = ()
    _open: bool = False
    _waiting: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    # Where the one was placed who was named last, before the name: "On a bench, TED and ANN".
    _given: Sequence[tuple[str, tuple[str, ...]]] = ()
    _side: Spot | None = None
    # Whether what waits holds for all who follow: "On the bench, two strangers, TED and ANN".
    _several: bool = False

    def read(self) -> VerblessPlacings:
        at = 0
        while at < len(self.here.words):
            at = self._step(at)
        for relation, others in () if self._several else self._waiting:
            self._place(self._owner, relation, others)
        self._beside_each_other()
        if not self.thing and not self.placings:
            self.thing = last_noun(self.here, 0, len(self.here.words), self.discourse)
            self.discourse.thing = self.thing or self.discourse.thing
        return self

    def _step(self, at: int) -> int:
        """Read what begins at a word; return the word after it."""
        here = self.here
        side, length = self._side_at(at)
        if side is not None:
            last = self.placings[-1] if self.placings else None
            across = last is not None and last.relation == _OPPOSITE[side]
            if last is not None and across and self._open and last.subject not in self._owner:
                self._place(self._owner, f"{side}-of", last.others)  # "to the right"
            elif self._open:
                self.spots.update(dict.fromkeys(self._owner, side))
            else:
                self._side = side
            return at + length
        beside = at_the_side(here, at, len(here.words), (), self.discourse)
        if beside is not None:
            self._waiting.append(beside)
            self.discourse.mention(beside[1], max(self.discourse.named_at.values(), default=0))
            return at + 3
        last = self.placings[-1] if self.placings else None
        if here.words[at : at + 3] == ("on", "the", "other") and self._ends(at + 3) and last:
            self._place(self._owner, "beside", last.others)  # "on the other side of it"
            return at + 3
        relation, length = place_at(here, at, len(here.words))
        if here.words[at] == "over" and self._ends(at + 1):
            relation = "beside"  # "TED one stool over"
        if length and self._is_of_thing(at):
            return at + length  # "TED, feet on the desk"
        if length and here.words[at - 1 : at] in (("and",), ("while",), ("with",)):
            self._open = self._open and not self._leads(at + length)
        if length:
            found = self._past_own(at + length, self._object(at + length, relation in ("on", "in")))
            if relation in _ALONE and self._ends(at + length) and self._owner:
                before = [e for e in self.discourse.mentioned if e not in self._owner]
                found = Named(tuple(before[-1:]), "", at + length)
            thing = found.noun and found.noun not in NO_PLACES
            others = found.ids or ((found.noun,) if thing else ())
            alone = relation in _ALONE and self._ends(at + length)
            if others and (self._open or (alone and self._owner)):
                self._place(self._owner, relation, others)
            elif others:
                self._waiting.append((relation, others))
            self.thing = found.noun or self.thing
            if found.noun and found.noun != self.discourse.thing:
                self._before, self.discourse.thing = self.discourse.thing, found.noun
            return max(found.end, at + length)
        if here.is_mention(at):
            self._name(at)
        elif self._is_shown(at):
            self.discourse.thing = here.words[at]
        elif here.words[at] in _CLOSING:
            self._open = False
        elif here.nodes[at].tag == "NNS" and here.words[at - 1] in NUMBERS:
            self._several = bool(self._waiting)
        return at + 1

    def _past_own(self, at: int, found: Named) -> Named:
        """Return what "it" means, which is not one's own place: "AL on the mat beside it"."""
        last = self.placings[-1] if self.placings else None
        own = last is not None and last.subject in self._owner and last.others == (found.noun,)
        if self.here.words[at : at + 1] != ("it",) or not own or not self._before:
            return found
        return Named((), self._before, found.end)

    def _is_of_thing(self, at: int) -> bool:
        """Say whether words of place are of a thing that is set apart: ", feet on the desk"."""
        if not at or self.here.is_mention(at - 1):
            return False
        start = next((w for w in range(at - 1, -1, -1) if self.here.words[w] in _CLOSING), None)
        bare = start is not None and not any(self.here.is_mention(w) for w in range(start + 1, at))
        far = self.here.words[at - 1] in _FAR and any(
            self.here.nodes[w].tag == "CD" or self.here.words[w] in ("few", "several", "a")
            for w in range(max(0, at - 3), at - 1)
        )
        noun = self.here.nodes[at - 1].tag in ("NN", "NNS") and not far
        return bare and noun and bool(self._owner)

    def _is_shown(self, at: int) -> bool:
        """Say whether a thing opens a sentence, for "it" to mean: "A rocking chair, ANN in it"."""
        noun = self.here.nodes[at].tag == "NN" and not self._owner
        return noun and self._ends(at + 1) and self.here.words[0] in ("a", "an", "the")

    def _ends(self, at: int) -> bool:
        return at >= len(self.here.words) or self.here.words[at] in _CLOSING

    def _leads(self, at: int) -> bool:
        """Say whether somebody is named right after a phrase of place: "between them the DOG"."""
        words = range(at, min(len(self.here.words), at + _PHRASE))
        return any(
            self.here.is_mention(word) and word > at
            and not any(self.here.words[w] in _CLOSING for w in range(at + 1, word - 1))
            for word in words
        )  # fmt: skip

    def _name(self, at: int) -> None:
        ids = self.here.token(at).ids
        joined = at > 0 and self.here.words[at - 1] == "and" and self._open
        for relation, others in self._given if joined else ():
            self._place(ids, relation, others)
        self._given = self._waiting
        self._owner = tuple(dict.fromkeys((*self._owner, *ids))) if joined else ids
        self._open = True
        if self._side is not None:
            self.spots.update(dict.fromkeys(ids, self._side))
            self._side = None
        for relation, others in self._waiting:
            self._place(ids, relation, others)
        self._waiting = self._waiting if self._several else []
        self.discourse.mention(ids, max(self.discourse.named_at.values(), default=0) + 1)

    def _object(self, at: int, of_thing: bool) -> Named:
        """Return what follows a phrase of place; "them" are the last two who were named."""
        words = self.here.words[at : at + 4]
        length = next(
            (n for n, said in ((4, ("the", "two", "of", "them")), (3, ("both", "of", "them")),
                               (3, ("two", "of", "them")), (1, ("them",))) if words[:n] == said),
            0,
        )  # fmt: skip
        if length:
            own = self._owner if self._open else ()
            others = [e for e in self.discourse.mentioned if e not in own]
            return Named(tuple(others[-2:]), "", at + length)
        own = self._owner if self._open else ()
        return noun_after(
            self.here, at, len(self.here.words), own, self.discourse, of_thing=of_thing
        )

    def _side_at(self, at: int) -> tuple[Spot | None, int]:
        """Return the side that some words name: "on the left", or "left" alone before a comma."""
        if self.here.words[at] not in _SIDE_BEGINS:
            return None, 0
        for phrase, side in _SIDES.items():
            after = at + len(phrase)
            ends = after >= len(self.here.words) or self.here.words[after] in (",", "and", ":")
            fronted = len(phrase) > 1 and after < len(self.here.words) and self._begins(after)
            alone = (
                len(phrase) == 1
                and at
                and not (self.here.is_mention(at - 1) or self.here.words[at - 1] in _CLOSING)
            )
            if self.here.words[at:after] == phrase and (ends or fronted) and not alone:
                return side, len(phrase)
        return None, 0

    def _begins(self, at: int) -> bool:
        return self.here.is_mention(at)

    def _place(self, ids: tuple[str, ...], relation: str, others: tuple[str, ...]) -> None:
        others = tuple(other for other in others if other not in ids)
        if not ids or not others:
            return
        self.placings += [Placing(e, relation, others) for e in ids]
        if all(other in self.discourse.named_at for other in others):
            bond = AS_BONDS.get(relation, relation)
            self.ties += tied(ids, bond, others)  # type: ignore[arg-type]  # PLACE_WORDS says so

    def _beside_each_other(self) -> None:
        """Put whoever is on the left left of whoever is on the right."""
        for left, right in self._pairs():
            self.placings.append(Placing(left, "left-of", (right,)))
            self.ties.append(EntityRelation(left, "left-of", right))

    def _pairs(self) -> Iterator[tuple[str, str]]:
        right = [e for e, side in self.spots.items() if side == "right"]
        yield from ((e, r) for e, side in self.spots.items() if side == "left" for r in right)
