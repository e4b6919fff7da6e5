"""A sentence of a page -> who does what in it, where, and who is said to be elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from .absence import absent_of, likened, only_likened
from .act_phrases import ACT_NOUNS
from .clauses.acting import act_of
from .clauses.clause_reader import ClauseReader
from .clauses.clauses import Clause, find_clauses
from .clauses.gaps import gaps
from .clauses.objects import last_noun
from .clauses.verb_words import RELATIVES
from .clauses.verbless import VerblessPlacings
from .complements import EntityRelation, spot_of
from .coreference import Discourse
from .deeds import Deed, Placing, SentenceReading
from .inflection import base_form, singular
from .lexicon import VERBS, Bond
from .parsed import parsed, phrase_start
from .references.bystanders import bystanders
from .references.depictions import depicted
from .references.descriptions import described
from .references.owners import owners
from .retraction import sets_out, taken_back, takes_back_later
from .rewording import reworded
from .sentences import Sentence
from .verbless_parts import VerblessParts
from .words.acts import NO_PLACES

_SEEING = frozenset("see watch notice spot find hear observe discover".split())
_SOMEBODY = frozenset("he she it they his her its their him them".split())


class SentenceReader:
    """Reads one sentence, and tells the discourse of whom it speaks."""

    def __init__(self, sentence: Sentence, discourse: Discourse, last: Deed | None) -> None:
        self.discourse = discourse
        self.glossary = discourse.glossary
        self.sentence = described(reworded(sentence, discourse.glossary), discourse)
        self.here = parsed(self.sentence, self.glossary)
        self.likened = likened(self.sentence, self.glossary)
        self.part = SentenceReading(last=last)
        # Who does the first verb.
        self.first: tuple[str, ...] = discourse.subjects

    def read(self) -> SentenceReading:
        self.opening = self._opening_pronoun()
        clauses = find_clauses(self.here, self.discourse)
        verbs = {clause.word for clause in clauses}
        self.parts = VerblessParts(self.here, self.discourse, self.part)
        self.parts.gaps = list(gaps(self.here, verbs)) if clauses else []
        clauses = [clause for clause in clauses if clause.word not in self.parts.words]
        self.first = clauses[0].subject.ids if clauses else self.first
        part, sentence = self.part, self.sentence
        aside = self.likened | owners(sentence)
        named = [e for at, word in enumerate(sentence) if at not in aside for e in word.ids]
        part.seen += named
        part.deeds += self._of_names()
        part.deeds += self._of_nothing_said() if not clauses else ()
        start = 0
        subjects = self.discourse.subjects
        self.parts.read_openings(clauses)
        for index, clause in enumerate(clauses):
            end = self._end(clauses, index)
            self._read_clause(clause, start, end)
            self.parts.read_after(clause.word, end)
            opens = start == 0 and not clause.subject.ids and clause.verb.form == "past"
            start = 0 if opens and not clause.thing else end  # "Half hidden behind it, the FOX"
            if clause.subject.ids:
                subjects = clause.subject.ids
                self.discourse.subjects = subjects
        if not any(clause.subject.ids or clause.thing for clause in clauses):
            self._place_without_verb()
            subjects = tuple(dict.fromkeys(named)) or subjects
        elif {"left", "right"} <= set(self.here.words):
            self._place_at_sides()
        self._place_beside_subject(clauses)
        if "asleep" in self.here.words and self.here.words[:2] == ("far", "from"):
            part.deeds += [Deed(e, "sleep", "stand", "stay", act="sleep", denied=True)
                           for e in self.first]  # fmt: skip
        elif not clauses and "asleep" in self.here.words:
            sleep = self.glossary.verbs["sleep"]
            part.deeds += [
                Deed(e, "be", sleep.motion, sleep.path, act="sleep") for e in self._asleep()
            ]
        if not clauses:
            self.parts.read_pursuit()
            self.parts.read_gapped()
            spot = None if part.spots else spot_of(sentence)
            part.spots.update(dict.fromkeys(named, spot) if spot else {})
        part.seen += self._onlooker()
        if not clauses and not part.seen and self._is_of_who_was_before():
            part.seen += [e for e in self.discourse.subjects if e in self.discourse.here]
        if self.discourse.glossary.unnamed:
            part.seen += bystanders(sentence, part.seen, self.discourse)
        self._remember(named, subjects)
        self._keep_owners(aside)
        if not part.seen and not any(word.text in _SOMEBODY for word in sentence):
            part.view = " ".join(word.text for word in sentence)
            part.happens = self.here.has_event
        before = self.discourse.subjects if clauses else self.first
        read = self._without_absent()
        if not clauses and set(self.discourse.subjects) <= read.unseen:
            self.discourse.subjects = before  # "Apart from TED."
        return read

    def _keep_owners(self, owning: frozenset[int]) -> None:
        """Keep who is only an owner, or likened, of those whom the scene has not shown."""
        only = {e for at in owning for e in self.sentence[at].ids} - set(self.part.seen)
        self.discourse.owning |= only - set(self.discourse.present)
        self.discourse.owning -= set(self.part.seen)

    def _opening_pronoun(self) -> str | None:
        """Return whom "he" or "she" means with which a sentence opens."""
        word = self.here.words[0] if self.here.words else ""
        opens = word in ("he", "she") and not self.here.is_mention(0)
        return self.discourse.of_pronoun(word) if opens else None

    def _onlooker(self) -> list[str]:
        """Return who sees what a sentence tells of another: "She sees TED running"."""
        found = (
            base_form(self.here.words[1], _SEEING) if self.opening and self.here.words[1:] else None
        )
        there = self.opening in {*self.discourse.present, *self.discourse.named_at}
        return [self.opening] if self.opening and found and there else []

    def _is_of_who_was_before(self) -> bool:
        """Say whether a sentence only goes on of those before: "Flailing away at a ball."."""
        return (
            self.here.words[:1] != ()
            and self.here.words[0].endswith("ing")
            and (self.here.nodes[0].tag == "VBG")
        )

    def _asleep(self) -> tuple[str, ...]:
        """Return who is asleep where no verb says it: "TED asleep in PA's arms"."""
        at = self.here.words.index("asleep")
        free = [
            w
            for w in range(len(self.here.words))
            if self.here.is_mention(w) and self.here.words[w - 1 : w] not in (("in",), ("on",))
        ]
        before, after = [w for w in free if w < at], [w for w in free if w > at]
        if len(before) > 1:
            return tuple(dict.fromkeys(e for w in before for e in self.here.token(w).ids))
        return self.here.token((before or after)[0]).ids if free else ()

    def _end(self, clauses: Sequence[Clause], index: int) -> int:
        """Return the word before which the words after a verb end: the next clause."""
        word, last = clauses[index].word, len(self.here.words)
        end = self._next_clause(clauses, index) if index + 1 < len(clauses) else last
        gapped = next((gap.start for gap in self.parts.gaps if gap.start > word), last)
        return min(end, gapped, self._aside(word, end))

    def _aside(self, word: int, end: int) -> int:
        """Return where a clause begins that tells of before: "reads the letter he left"."""
        for at in range(word + 1, end):
            if self.here.words[at] in RELATIVES:
                led = range(at + 1, end)
                return at if any(self.here.nodes[w].dep == "relcl" for w in led) else end
        return end

    def _next_clause(self, clauses: Sequence[Clause], index: int) -> int:
        following = clauses[index + 1]
        left = following.subject.left
        after = [w for w, at in enumerate(self.here.at) if at >= left]
        word = clauses[index].word
        first = after[0] if after else following.word
        return min(following.word, first) if first > word else max(word + 1, following.word)

    def _of_names(self) -> Iterator[Deed]:
        """Yield what the words of a name say that somebody does: "the sleeping lamb"."""
        for at, word in enumerate(self.sentence):
            start = phrase_start(self.sentence, at, self.glossary) if word.is_mention else at
            for before in self.sentence[start:at]:
                found = base_form(before.text, self.glossary.verbs)
                if found is not None and found[1] == "ing" and not before.is_mention:
                    verb = self.glossary.verbs[found[0]]
                    act = act_of(self.here, 0, 0, found[0])
                    for entity in word.ids:
                        yield Deed(entity, found[0], verb.motion, verb.path, verb.near, act=act)

    def _of_nothing_said(self) -> Iterator[Deed]:
        """Yield what a sentence without a verb denies: "Not one laugh out of WES"."""
        words, last = self.here.words, self.part.last
        if words[:1] not in (("no",), ("not",)):
            return
        if words[0] == "not" and len(words) == 2 and last is not None:  # "Not TED."
            for entity in self.here.token(1).ids:
                yield replace(last, entity=entity, denied=True, motion="stand", path="stay")
        act = next((ACT_NOUNS[n] for w in words if (n := singular(w)) in ACT_NOUNS), "")
        for at in range(1, len(words)):
            if act and self.here.is_mention(at) and words[at - 1] in ("from", "of", "on"):
                for entity in self.here.token(at).ids:
                    yield Deed(entity, act, "stand", "stay", act=act, denied=True)

    def _read_clause(self, clause: Clause, start: int, end: int) -> None:
        part, here = self.part, self.here
        ids = clause.subject.ids
        done = ClauseReader(here, clause, start, end, self.discourse)
        if not ids and not clause.thing:
            self._keep_deed(clause, end)
            self.discourse.mention(self._named(start, end), self.discourse.place(clause.word))
            return
        if ids and self._is_elliptical(clause, end):
            part.deeds += self._as_before(clause)
            part.seen += ids
            self.discourse.mention(ids, self.discourse.place(clause.word))
            return
        deeds, ties, placings = done.read()
        part.last = next((deed for deed in reversed(deeds) if not deed.implied), part.last)
        if sets_out(here, clause.word):
            if takes_back_later(here, clause.word):
                deeds = taken_back(deeds, deeds)
            part.meant += deeds
        sharpened = self._sharpened(deeds)
        part.deeds += sharpened
        part.ties += ties
        part.placings += placings
        first = here.at[start] if start == 0 else clause.subject.left
        last = here.at[end] if end < len(here.at) else len(self.sentence)
        spot = spot_of(self.sentence[min(first, last) : last])
        part.spots.update(dict.fromkeys(ids, spot) if spot else {})
        part.seen += [*ids, *(e for tie in ties for e in tie.entities)]
        part.seen += [deed.entity for deed in deeds]
        self.discourse.mention([*ids, *self._named(start, end)], self.discourse.place(clause.word))
        thing = done.object.noun or last_noun(here, clause.word + 1, end, self.discourse)
        if thing:
            self.discourse.thing, self.discourse.thing_at = thing, self.discourse.place(end)
            self.discourse.thing_is_object = bool(done.object.noun)
        for placing in placings:
            nouns = [other for other in placing.others if other not in self.glossary.looks]
            if nouns and nouns[0].islower():
                self.discourse.thing, self.discourse.thing_at = nouns[0], self.discourse.place(end)

    def _is_elliptical(self, clause: Clause, end: int) -> bool:
        """Say whether a helper stands for the verb before: "so does BO", "LEE does not"."""
        words, at = self.here.words, clause.word
        if words[at - 1 : at] in (("so",), ("nor",), ("neither",)):
            return clause.verb.lemma in ("do", "be") and at + 1 < len(words)
        rest = {words[w] for w in range(at + 1, end) if not self.here.is_mention(w)}
        last = self.part.last
        helps = clause.verb.lemma == "do" or (
            clause.verb.lemma == "be" and last is not None and last.act in ("sleep", "be")
        )
        return helps and rest <= _ELLIPTICAL and last is not None

    def _keep_deed(self, clause: Clause, end: int) -> None:
        """Keep what nobody of the story does: "The audience laughs. HELGA doesn't"."""
        verb, meant = clause.verb, clause.verb.verb
        act = act_of(self.here, clause.word, end, verb.lemma)
        self.part.last = Deed("", verb.lemma, meant.motion, meant.path, meant.near, act=act)

    def _as_before(self, clause: Clause) -> list[Deed]:
        """Return the last deed as that of others, or as what they do not do."""
        last = self.part.last
        if last is None:
            return []
        nor = self.here.words[clause.word - 1] in ("nor", "neither")
        denied = nor or clause.verb.negated
        done = self.glossary.verbs.get(last.verb) or VERBS["stand"]
        last = replace(last, denied=False, motion=done.motion, path=done.path, near=done.near)
        return [
            replace(last, entity=e, denied=True, motion="stand", path="stay", place=None)
            if denied
            else replace(last, entity=e, place=None)
            for e in clause.subject.ids
        ]

    def _named(self, start: int, end: int) -> list[str]:
        return [e for w in range(start, end) for e in self.here.token(w).ids]

    def _sharpened(self, deeds: Sequence[Deed]) -> Sequence[Deed]:
        """Let "crosses the field, hopping" be a hop: a participle says how one gets along."""
        before = self.part.deeds
        if not deeds or not before or deeds[0].denied or deeds[0].path in ("stay", "lie"):
            return deeds
        here = {deed.entity for deed in deeds}
        vague = before[-1].verb in _VAGUE and before[-1].entity in here
        participle = any(
            word.endswith("ing") and base_form(word, self.glossary.verbs) == (deeds[0].verb, "ing")
            for word in self.here.words
        )
        if vague and participle and before[-1].path == "walk":
            self.part.deeds = [deed for deed in before if deed.entity not in here]
        return deeds

    def _place_without_verb(self) -> None:
        """Read "Two cats on a roof" and "To the left of it: her LAWYER"."""
        found = VerblessPlacings(self.here, self.discourse).read()
        self.part.placings += found.placings
        self.part.ties += found.ties
        self.part.spots.update(found.spots)
        self.part.seen += [e for p in found.placings for e in p.others if e in self.glossary.looks]
        if found.thing:
            self.discourse.thing_at = self.discourse.place(len(self.here.words))

    def _place_at_sides(self) -> None:
        """Read the sides of "The QUEEN stands on the left, the KING on the right"."""
        found = VerblessPlacings(
            self.here,
            replace(
                self.discourse,
                mentioned=[*self.discourse.mentioned],
                named_at=dict(self.discourse.named_at),
            ),
        ).read()
        if len(found.spots) > 1:
            self.part.spots.update(found.spots)
            self.part.placings += [p for p in found.placings if p.relation == "left-of"]
            self.part.ties += [tie for tie in found.ties if tie.bond == "left-of"]

    def _place_beside_subject(self, clauses: Sequence[Clause]) -> None:
        """Read where another is of whoever does it: "with the OWL to its right, the FOX sits"."""
        done = next((clause.subject.ids for clause in clauses if clause.subject.ids), ())
        sentence = self.sentence
        for at in range(len(sentence) - 3):
            words = tuple(word.text for word in sentence[at + 1 : at + 4])
            side = words[2] if words[:1] in (("to",), ("on",), ("at",)) else ""
            others = [e for e in sentence[at].ids if e not in done]
            owned = words[1:2] and words[1] in ("his", "her", "its", "their")
            if side not in ("left", "right") or not (others and done and owned):
                continue
            bond: Bond = "left-of" if side == "left" else "right-of"
            self.part.ties = [t for t in self.part.ties if t.bond != "beside"]
            self.part.ties.append(EntityRelation(others[0], bond, done[0]))
            self.part.placings.append(Placing(others[0], bond, (done[0],)))

    def _remember(self, named: Sequence[str], subjects: tuple[str, ...]) -> None:
        self.discourse.subjects = subjects
        self.discourse.told.update(named)
        self.discourse.mention(
            [e for e in dict.fromkeys(named) if e not in self.discourse.mentioned], 0
        )
        pair = tuple(dict.fromkeys(named))
        if len(pair) > 1:
            self.discourse.pair = pair[:2]

    def _without_absent(self) -> SentenceReading:
        part = self.part
        likened = {e for at in self.likened for e in self.sentence[at].ids}
        alike = only_likened(self.sentence, self.likened)
        away = absent_of(self._with_its_subject()) | self._never_there()
        out = (away | likened) - {d.entity for d in part.deeds if d.entity in likened - alike}
        if any(word.text == "neither" for word in self.sentence):
            away = self._never_there()
            out = away | likened
        part.deeds = [d for d in part.deeds if d.entity not in out]
        part.ties = [t for t in part.ties if out.isdisjoint(t.entities)]
        part.placings = [p for p in part.placings if p.subject not in out]
        part.seen = [e for e in dict.fromkeys(part.seen) if e not in out]
        part.spots = {e: spot for e, spot in part.spots.items() if e not in out}
        part.unseen = away
        part.pictured = frozenset(
            e for at in depicted(self.sentence) for e in self.sentence[at].ids
        )
        self.discourse.mentioned = [e for e in self.discourse.mentioned if e not in likened]
        return part

    def _with_its_subject(self) -> Sentence:
        """Return the sentence with whom its opening pronoun means: "He is nowhere to be found"."""
        first = self.sentence[0]
        bare = first.text.replace("'s", "")
        if bare in ("he", "she", "it") and not first.is_mention:
            return (replace(first, ids=self.first[:1]), *self.sentence[1:])
        if bare == "they" and not first.is_mention:
            return (replace(first, ids=self.first), *self.sentence[1:])
        return self.sentence

    def _never_there(self) -> frozenset[str]:
        """Return those of whom it is said that there never were any."""
        placeless = self.here.words[:1] != ("there",) and not self._is_not_here()
        if placeless and not self._is_out_of_place():
            return frozenset()
        return frozenset(d.entity for d in self.part.deeds if d.denied and d.verb == "be")

    def _is_out_of_place(self) -> bool:
        """Say whether somebody is not where they belong: "She isn't in her chair"."""
        words = self.here.words
        return any(
            words[at] in ("n't", "not") and words[at + 1] in ("in", "on", "at", "behind", "under")
            and words[at + 2] in ("his", "her", "its", "their", "the")
            and words[at - 1] in ("is", "was", "are", "were")
            and words[at + 3] not in NO_PLACES
            for at in range(1, len(words) - 3)
        )  # fmt: skip

    def _is_not_here(self) -> bool:
        return bool({"here", "there", "present", "around"} & set(self.here.words[-2:]))


# What may stand beside a helper that means the verb before.
_ELLIPTICAL = frozenset("not n't too so either likewise also the same , though".split())
# Verbs of which a participle after them says how it is done.
_VAGUE = frozenset("go come move travel cross head pass return advance".split())
