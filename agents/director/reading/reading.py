"""An action paragraph -> who does what, where and to whom.

A parser says which words are verbs and who does them; where that is a thing ("the ice cracks")
nobody does it. What stands between a verb and the next verb's subject says direction, place and
bonds, by tables of the words that a world knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from .complements import EntityRelation
from .coreference import Discourse
from .deeds import Deed, Placing, SentenceReading
from .glossary import Glossary
from .inflection import base_form
from .lexicon import Spot
from .references.revealed import revealed
from .retraction import begins_taking_back, taken_back
from .sentence_reader import SentenceReader
from .sentences import sentences
from .tokens import sentence_ends

__all__ = ["Deed", "EntityRelation", "Placing", "PronounMemory", "Reading", "read"]


@dataclass(frozen=True, slots=True)
class PronounMemory:
    """What a reader keeps from one paragraph to the next: whom pronouns may mean."""

    subjects: tuple[str, ...] = ()
    other: str | None = None
    present: tuple[str, ...] = ()
    mentioned: tuple[str, ...] = ()
    thing: str = ""
    speaking: frozenset[str] = frozenset()
    recent: tuple[str, ...] = ()
    # Who is all that the paragraph before shows, as a shot's heading: "ANGLE - THE TWINS".
    headed: tuple[str, ...] = ()
    # Of those without lines: through how many paragraphs no word of their own has told them.
    untold: Mapping[str, int] = field(default_factory=dict)

    @property
    def faded(self) -> frozenset[str]:
        """Those whom no pronoun means any more, though "the waiter" may be the one of before."""
        return frozenset(e for e, count in self.untold.items() if count >= _LINGERS)

    def in_next_scene(self) -> PronounMemory:
        """Return what is kept from one scene to the next: who has no lines stays behind."""
        return replace(self, untold=dict.fromkeys(self.untold, _LINGERS))


@dataclass(frozen=True, slots=True)
class Reading:
    """What one paragraph says. `seen` are those mentioned, in order; `view` what has nobody.

    `unseen` are those who are said to be elsewhere, or heard only: they are not in the frame.
    `places` say where in the paragraph each of those seen is first mentioned; `placings` where
    they are beside others and things. `unpeopled` are the sentences in which something happens
    that nobody does.
    """

    deeds: tuple[Deed, ...]
    ties: tuple[EntityRelation, ...]
    seen: tuple[str, ...]
    spots: Mapping[str, Spot]
    view: str
    memory: PronounMemory
    unseen: frozenset[str] = frozenset()
    places: Mapping[str, tuple[int, int]] = field(default_factory=dict, compare=False)
    placings: tuple[Placing, ...] = ()
    unpeopled: tuple[tuple[int, int], ...] = field(default=(), compare=False)
    # Of the unseen, those who are in a picture: they may stand beside it and speak.
    pictured: frozenset[str] = field(default=frozenset(), compare=False)


# Words: a sentence as long as a book is read in pieces, in its time.
_LONGEST = 300
# Paragraphs after which "they" are no more who has no lines and whom no word has told since.
_LINGERS = 3


def read(text: str, glossary: Glossary, memory: PronounMemory = PronounMemory()) -> Reading:
    """Return who does what in a paragraph of action."""
    discourse = Discourse(
        glossary,
        memory.subjects,
        list(memory.mentioned),
        memory.present,
        memory.thing,
        speaking=memory.speaking,
        recent=memory.recent,
        faded=memory.faded,
    )
    parts: list[tuple[SentenceReading, tuple[int, int]]] = []
    told = revealed(sentences(text, glossary), glossary)
    for sentence, place in zip(told, sentence_ends(text), strict=True):
        for start in range(0, len(sentence), _LONGEST):
            piece = sentence[start : start + _LONGEST]
            last = parts[-1][0].last if parts else None
            if parts and begins_taking_back(piece):
                before = parts[-1][0]
                before.deeds = taken_back(before.deeds, before.meant)
            part = SentenceReader(piece, discourse, last).read()
            if not parts and _goes_on(text, glossary) and not (part.seen or part.unseen):
                part.seen += memory.headed  # "ANGLE - THE TWINS", then "terrified, scramble out"
            parts.append((part, place))
    deeds = [replace(deed, place=place) for part, place in parts for deed in part.deeds]
    places: dict[str, tuple[int, int]] = {}
    for part, place in parts:
        for entity in part.seen:
            places.setdefault(entity, place)
    # Who is there in one sentence is in the picture, though another says that they are gone.
    away = {entity for part, _ in parts for entity in part.unseen} - set(places)
    done_last = {deed.entity: deed for deed in deeds}
    left = {e for e, deed in done_last.items() if deed.act == "exit" and not deed.denied}
    others = [e for e in discourse.mentioned if e not in discourse.subjects]
    return Reading(
        deeds=tuple(deeds),
        ties=tuple(tie for part, _ in parts for tie in part.ties),
        seen=tuple(places),
        spots={entity: spot for part, _ in parts for entity, spot in part.spots.items()},
        view=". ".join(part.view for part, _ in parts if part.view),
        memory=PronounMemory(
            subjects=discourse.subjects,
            other=others[-1] if others else memory.other,
            present=tuple(dict.fromkeys((*memory.present, *places))),
            mentioned=tuple(discourse.mentioned),
            thing=discourse.thing,
            speaking=memory.speaking,
            # "They" are no more those who have left.
            recent=tuple(e for e in places if e not in left) or memory.recent,
            headed=() if deeds else tuple(places),
            untold=_untold(memory, discourse),
        ),
        unseen=frozenset(away),
        places=places,
        placings=tuple(placing for part, _ in parts for placing in part.placings),
        unpeopled=tuple(place for part, place in parts if part.view and part.happens),
        pictured=frozenset(entity for part, _ in parts for entity in part.pictured) & away,
    )


def _goes_on(text: str, glossary: Glossary) -> bool:
    """Say whether a paragraph goes on of those of the heading above: "terrified, scramble out"."""
    first = text.split(maxsplit=1)[0] if text.split() else ""
    word = first.strip(".,-–—…")
    if not word[:1].islower():
        return False
    tells = word.endswith(("ed", "ly", "ing")) or word in _AMID
    return tells or base_form(word, glossary.verbs) is not None


_AMID = frozenset("in at on inside behind under beneath beside among alone still".split())


def _untold(memory: PronounMemory, discourse: Discourse) -> dict[str, int]:
    """Return for how many paragraphs, this one too, no word has told of those without lines."""
    lasting, told = discourse.glossary.lasting, discourse.told
    known = {*memory.present, *discourse.mentioned, *discourse.subjects} if lasting else set()
    return {e: 0 if e in told else memory.untold.get(e, 0) + 1 for e in known - lasting}
