"""Parts of a sentence without a verb of their own -> where they put somebody, and what they do.

"TED, a dog at his side, walks"; "PAT sits on the stairs and LOU on the rail"; "ED reads the paper,
ANN the mail"; "JO runs. The dog after her".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from .clauses.clauses import Clause
from .clauses.gaps import Gap, placing_of, same_with
from .clauses.objects import noun_after
from .clauses.verbless import AS_BONDS
from .complements import EntityRelation, tied
from .coreference import Discourse
from .deeds import Deed, Placing, SentenceReading
from .inflection import singular
from .lexicon import VERBS
from .parsed import ParsedSentence
from .words.acts import KIN, PEOPLE
from .words.things import OCCUPATIONS

# Words between somebody and "after" whom they run: "JO, right after her".
_CLOSE = frozenset("right close hot just not far , then and".split())


_DEFINITE = (("the",), ("his",), ("her",), ("their",))


@dataclass(slots=True)
class VerblessParts:
    """The parts of one sentence; what they say goes to `part`."""

    here: ParsedSentence
    discourse: Discourse
    part: SentenceReading
    gaps: list[Gap] = field(default_factory=list)

    @property
    def words(self) -> frozenset[int]:
        """The words of all parts: a verb among them makes no clause."""
        return frozenset(word for gap in self.gaps for word in range(gap.start, gap.end))

    def read_openings(self, clauses: Sequence[Clause]) -> None:
        """Read the parts before the first clause: "TED, a dog at his side, walks".

        The first who is named has what is at his side.
        """
        first = next((clause for clause in clauses if clause.subject.ids), None)
        if first is None:
            return
        for gap in [gap for gap in self.gaps if gap.end <= first.word]:
            owner = next((w for w in range(gap.start) if self.here.is_mention(w)), None)
            if owner is None or not set(self.here.token(owner).ids) & set(first.subject.ids):
                continue
            self.gaps.remove(gap)
            self.discourse.subjects = first.subject.ids
            self.discourse.mention(first.subject.ids, self.discourse.place(owner))
            self._read(gap, gap.at, carried=False)

    def read_after(self, word: int, end: int) -> None:
        """Read the parts that follow a clause: "and LOU on the rail"."""
        following = [gap for gap in self.gaps if gap.start >= end]
        for gap in following if following and following[0].start == end else ():
            self.gaps.remove(gap)
            if gap.same:
                self._do_the_same(gap)
            else:
                self._read(gap, word, carried=True)

    def _do_the_same(self, gap: Gap) -> None:
        """Read "FAITH the mail" after "ED reads the paper": the last deed, to something else."""
        last, ids = self.part.last, self.here.token(gap.at).ids
        found = same_with(self.here, gap, self.discourse)
        if last is None or not (last.object and found.names):
            return
        self.part.seen += ids
        self.part.deeds += [
            replace(last, entity=e, object=found.names[0], place=None) for e in ids
        ]  # fmt: skip
        self.discourse.mention(ids, self.discourse.place(gap.at))

    def _read(self, gap: Gap, word: int, *, carried: bool) -> None:
        found = placing_of(self.here, gap, self.discourse)
        if found is None:
            return
        part = self.part
        part.seen += found.ids
        part.placings += [Placing(e, found.relation, found.others) for e in found.ids]
        bond = AS_BONDS.get(found.relation) or found.relation
        if all(other in self.discourse.glossary.looks for other in found.others):
            ties = tied(found.ids, bond, found.others)  # type: ignore[arg-type]  # PLACE_WORDS
            part.ties += ties
        last = part.last
        same = carried and found.carries and last is not None and not last.object
        if same and last is not None and not last.denied:
            part.deeds += [replace(last, entity=e, place=None) for e in found.ids]
        self.discourse.mention(found.ids, self.discourse.place(word))

    def read_gapped(self) -> None:
        """Read "ANN, the bucket" behind "TED grabs the rope": she does the same to it."""
        words, last = self.here.words, self.part.last
        comma = words.index(",") if "," in words else 0
        plain = comma and self.here.is_mention(comma - 1) and words[comma + 1 :][:1] in _DEFINITE
        if last is None or not last.object or last.denied or not plain:
            return
        named = [w for w in range(comma) if self.here.is_mention(w)]
        ids = self.here.token(comma - 1).ids
        found = noun_after(self.here, comma + 1, len(words), ids, self.discourse)
        person = singular(found.noun) in PEOPLE | OCCUPATIONS | KIN
        if len(named) == 1 and found.noun and found.end == len(words) and not person:
            self.part.deeds += [replace(last, entity=e, object=found.noun, place=None) for e in ids]

    def read_pursuit(self) -> None:
        """Read "The dog after her" behind "JO runs": whoever is named runs after her."""
        words, last = self.here.words, self.part.last
        at = words.index("after") if "after" in words[1:] else 0
        start = next((w for w in range(at) if self.here.is_mention(w)), at)
        plain = all(words[w] in _CLOSE for w in range(start + 1, at))
        if last is None or not last.moves or not at or start == at or not plain:
            return
        doers = self.here.token(start).ids
        whom = noun_after(self.here, at + 1, len(words), doers, self.discourse, of_thing=False)
        for entity in doers if whom.ids else ():
            run = VERBS["run"]
            self.part.deeds.append(
                Deed(entity, "chase", run.motion, run.path, act="chase", object=whom.ids[0])
            )
            self.part.ties.append(EntityRelation(entity, "chase", whom.ids[0]))
