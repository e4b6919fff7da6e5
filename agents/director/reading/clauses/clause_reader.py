"""A clause -> what somebody does: motion, path, direction, whom it is done to, and where.

What stands between a verb and the next clause says direction, place and bonds, by tables of the
words that a world knows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..act_phrases import ACT_NOUNS
from ..complements import EntityRelation, detail_of, direction_of, ties_of
from ..coreference import SINGULAR_PRONOUNS, Discourse, words_of
from ..deeds import Deed, Placing, implied
from ..lexicon import DETERMINERS, FACING_VERBS, PREPOSITIONS, VERBS, Direction, Verb
from ..parsed import ParsedSentence
from ..sentences import Token
from ..verbs import verb_meant
from ..words.acts import ACT_MOTIONS, ACTS, BIRDS, PARTICLES, POSTURES
from ..words.set_phrases import PLACED
from .acting import act_of, act_with
from .clauses import Clause
from .objects import PLACE_FIRST, object_of, place_at, placings_of, tells_which
from .passives import read_passive
from .relatives import Named, stranded
from .verb_words import RELATIVES


@dataclass(slots=True)
class ClauseReader:
    """A clause with the words before and after its verb, from `start` to `end`."""

    here: ParsedSentence
    clause: Clause
    start: int
    end: int
    discourse: Discourse
    object: Named = Named((), "", 0)

    def read(self) -> tuple[list[Deed], list[EntityRelation], list[Placing]]:
        """Return the deeds of a clause, the bonds that it states, and where it puts anybody."""
        verb, ids = self.clause.verb, self.clause.subject.ids
        act = act_of(self.here, self.clause.word, self.end, verb.lemma)
        tail = self._tail(ids)
        act = "lack" if self._lacks(tail) else act
        meant = self._meant(act, tail)
        if verb.passive:
            return read_passive(self, meant, act_with(act, verb.lemma, (), "thing", ("on",)))
        self.object = object_of(
            self.here, self.clause.word, self.end, act, verb.lemma, ids, self.discourse
        )
        after = self.here.words[self.clause.word + 1 : self.end]
        if self.object.noun in ACT_NOUNS and ACT_NOUNS[self.object.noun] == act:
            self.object = Named((), "", self.object.end)  # "takes a bite"
        act = act_with(act, verb.lemma, self.object.ids, self.object.noun, after)
        if act == verb.lemma and act in ("tear", "bolt"):  # "tears it in two" is no run
            meant = Verb("stand", "stay", near=True)
        if act in _SOCIAL and "it" in self.here.words[self.clause.word : self.end]:
            whom = self.discourse.of_pronoun("it", ids)
            self.object = Named((whom,), "", 0) if whom else self.object
        ties = ties_of(tail, ids, meant.bond, ())
        front = self._front()
        if front:
            ties += ties_of(front, ids, None, ())
        ties += ties_of(self._said_of_subject(ids), ids, None, ())
        ties += self._trailing(meant, ids)
        aside = verb.lemma == "be" and self.here.nodes[self.clause.word].dep == "relcl"
        placings = [] if verb.negated or aside else self.placings(act)
        if self._looks_back():
            ties = [tie for tie in ties if tie.bond != "behind"]
            placings = [placing for placing in placings if placing.relation != "behind"]
        if verb.negated:
            object = self._object()
            denied = [
                Deed(e, verb.lemma, "stand", "stay", act=act, object=object, denied=True)
                for e in ids
            ]
            return denied, self._placing(ties), placings
        direction = direction_of(tail)
        meant = self._going(meant, direction)
        ties = self._softened(meant, ties)
        detail = detail_of(tail)
        said = self._said_verb(meant, act)
        deeds = [
            Deed(e, said, meant.motion, meant.path, meant.near, direction, detail,
                 act=act, object=self._object())
            for e in ids
        ]  # fmt: skip
        if act == "ride" and self.object.ids and not set(self.object.ids) & set(ids):
            return self._ridden(deeds, placings)
        if len(ids) == 2 and "side by side" in " ".join(self.here.words[self.clause.word :]):
            placings.append(Placing(ids[0], "beside", (ids[1],)))
        if len(ids) == 2 and (self._mutual() or (act in _OF_TWO and not self.object.names)):
            deeds = [
                replace(deed, object=other)
                for deed, other in zip(deeds, reversed(ids), strict=True)
            ]
        return deeds + implied(deeds, ties), ties, placings

    def _ridden(
        self, deeds: Sequence[Deed], placings: list[Placing]
    ) -> tuple[list[Deed], list[EntityRelation], list[Placing]]:
        """Return "the TURTLE rides the ELEPHANT" as the elephant's walk with the turtle on it."""
        mount, going = self.object.ids[0], VERBS["walk"]
        ties = [EntityRelation(mount, "carry", deed.entity) for deed in deeds]
        riders = [replace(d, motion="sit", path="stay", near=False, direction=None) for d in deeds]
        walk = Deed(mount, "carry", going.motion, going.path, direction=deeds[0].direction,
                    implied=True)  # fmt: skip
        return [*riders, walk], ties, placings

    def _looks_back(self) -> bool:
        """Say whether "behind her" is behind herself: "shuts the door behind her"."""
        words = self.here.words[self.clause.word : self.end]
        behind = words.index("behind") if "behind" in words[:-1] else -1
        own = behind >= 0 and words[behind + 1] in ("her", "him", "them", "it")
        ends = words[behind + 2 : behind + 3]
        closed = not ends or not ends[0].isalpha() or ends[0] in PREPOSITIONS | {"and", "as"}
        return own and closed and self.clause.verb.lemma in _BACKWARD

    def _trailing(self, meant: Verb, ids: tuple[str, ...]) -> list[EntityRelation]:
        """Return whom one goes behind where no noun says it: "and the DOG trots behind"."""
        words = self.here.words[self.clause.word + 1 : self.end]
        before = [e for e in self.discourse.subjects if e not in ids]
        if meant.path in ("stay", "lie") or words[-1:] != ("behind",) or not before:
            return []
        return [EntityRelation(e, "follow", before[-1]) for e in ids]

    def _mutual(self) -> bool:
        said = " ".join(self.here.words[self.clause.word : self.end])
        exchanged = self.clause.verb.lemma in ("exchange", "trade", "swap")
        return exchanged or "each other" in said or "one another" in said

    def _object(self) -> str:
        names = [n for n in self.object.names if n not in self.clause.subject.ids]
        return names[0] if names else ""

    def _tail(self, ids: tuple[str, ...]) -> list[Token]:
        """Return the tokens after a verb, with its pronouns said in full."""
        last = self.here.at[self.end] if self.end < len(self.here.at) else len(self.here.sentence)
        return [self.said(at, ids) for at in range(self.clause.verb.after, last)]

    def _front(self) -> list[Token]:
        """Return the words that stand before a clause's subject: "Behind him, the cat dances"."""
        subject = self.clause.subject
        if self.start >= len(self.here.at):
            return []
        last = subject.left
        first = self.here.at[self.start]
        if last == first + 1 and self.here.words[self.start] in ("it", "this", "that"):
            return []  # "It is TED"
        return [self.said(at, subject.ids) for at in range(first, last)] if last > first else []

    def _subject_phrase(self) -> range:
        """Return the words of place between a subject and its verb: "the FOX behind the bear"."""
        word, here = self.clause.word, self.here
        if here.nodes[word].tag == "VBG" and here.words[word - 1] == ",":
            word -= 1  # "A cat on the piano, watching her"
        for at in range(word - 2, -1, -1):
            if here.is_mention(at) and set(here.token(at).ids) <= set(self.clause.subject.ids):
                between = range(at + 1, word)
                aside = here.token(at + 1).is_mark and here.token(word - 1).is_mark
                led = here.words[at + 1 + aside] in PLACE_FIRST
                clear = not any(
                    (here.token(w).is_mark and not aside)
                    or (here.token(w).is_mention and aside)
                    or here.nodes[w].tag.startswith(("VB", "CC"))
                    or here.words[w] in RELATIVES
                    for w in between
                )
                return between if led and clear else range(0)
        return range(0)

    def _said_of_subject(self, ids: tuple[str, ...]) -> list[Token]:
        between = self._subject_phrase()
        if not between:
            return []
        return [self.said(at, ids) for at in range(self.here.at[between[0]],
                                                    self.here.at[between[-1]] + 1)]  # fmt: skip

    def said(self, at: int, ids: tuple[str, ...]) -> Token:
        token = self.here.sentence[at]
        before = self.here.sentence[at - 1].text if at else ""
        others = token.text == "others" and before != ","  # "TED, MOE, others run": they are new
        if others or (token.text == "two" and before == "other"):
            rest = tuple(e for e in self._everybody() if e not in ids)
            return replace(token, ids=rest[-2:]) if rest else token
        if token.is_mention or token.text not in SINGULAR_PRONOUNS | {"them"}:
            return token
        if token.text.endswith("self") or token.text in ("he", "she", "his", "hers", "its"):
            return token  # of whoever does it, or what somebody has
        words = [w for w, index in enumerate(self.here.at) if index == at]
        if not words or self.here.nodes[words[0]].tag == "PRP$":
            return token
        owners = [
            word.ids[:1] for word in self.here.sentence[self.clause.verb.after : at]
            if word.possessive and word.is_mention and not set(word.ids) & set(ids)
            and token.text in SINGULAR_PRONOUNS and self.discourse.fits(token.text, word.ids[0])
        ]  # fmt: skip
        if owners:
            return replace(token, ids=owners[-1])  # "sets PALMER's plate in front of him"
        if tells_which(self.here.sentence, at, self.clause.verb.after):
            return token  # "turns to the guard next to him"
        if token.text == "them":
            group = self.discourse.of_them(ids)
            return replace(token, ids=group[:2]) if group else token
        whom = self.discourse.of_pronoun(token.text, ids)
        return replace(token, ids=(whom,)) if whom else token

    def _everybody(self) -> tuple[str, ...]:
        named = [e for word in self.here.sentence for e in word.ids]
        return tuple(dict.fromkeys((*self.discourse.of_group("they"), *named)))

    def _meant(self, act: str, tail: Sequence[Token]) -> Verb:
        """Return what a verb means with the words after it, as the motion of a body."""
        verb = self.clause.verb
        meant = verb_meant(verb, tail)
        led = self.clause.word == 1 and not self.here.is_mention(0)
        opening = self.here.words[0] if led else tail[0].text if tail else ""
        if opening in ("up", "down") and verb.lemma in ("go", "come") and self._may_fly(tail):
            return VERBS["fly" if opening == "up" else "land"]  # "Up goes the OWL"
        if verb.lemma == "rise" and not self._may_fly(tail):
            return VERBS["stand"]
        if act == "hit" and verb.lemma != "hit" and verb.verb.motion != "stand":
            return Verb("stand", "stay", near=True)  # "lands a punch"
        if act == "lack":
            return Verb("stand", "stay", near=True)
        if act in _RESTS and ACTS.get(verb.lemma) != act and verb.verb.path not in ("stay", "lie"):
            return VERBS[act]  # "slides onto the stool"
        busy = (
            object_of(
                self.here, self.clause.word, self.end, "hold", "hold", (), self.discourse
            ).noun
            and self._has_article()
            and not self._is_way()
        )
        if meant is not verb.verb and meant.motion in ("fly", "land", "sleep"):
            if busy and meant.motion != "sleep":
                return Verb("stand", "stay", near=True)
            return meant
        if busy and verb.lemma in _HANDLING:
            return Verb("stand", "stay", near=True)
        known = verb.lemma in self.glossary_verbs and meant is verb.verb
        if not known and act in ACT_MOTIONS and meant is verb.verb:
            motion = VERBS.get(ACT_MOTIONS[act])
            if motion is not None:
                return replace(motion, near=act != motion.motion)
        return meant

    def _lacks(self, tail: Sequence[Token]) -> bool:
        """Say whether one only "runs out of patience"."""
        if self.clause.verb.lemma != "run" or [w.text for w in tail[:2]] != ["out", "of"]:
            return False
        return not any(w.is_mention or w.text in DETERMINERS for w in tail[2:3])

    def _said_verb(self, meant: Verb, act: str) -> str:
        """Return the verb as written; with its object where that makes another deed of it.

        A world that knows how to land must not land a punch.
        """
        lemma = self.clause.verb.lemma
        usual = VERBS.get(lemma, meant).motion
        if meant.motion != "stand" or usual == "stand" or not meant.near:
            return lemma
        if act not in (lemma, "lack") and act in VERBS and VERBS[act].motion == "stand":
            return act
        return f"{lemma} {self.object.noun}".strip() if self.object.noun else f"{lemma} out"

    @property
    def glossary_verbs(self) -> Mapping[str, Verb]:
        return self.discourse.glossary.verbs

    def _may_fly(self, tail: Sequence[Token]) -> bool:
        """Say whether who rises leaves the ground: a bird, or whoever rises into the air."""
        if any(word.text in _HEIGHTS for word in tail):
            return True
        looks = [words_of(e, self.discourse.glossary) for e in self.clause.subject.ids]
        return any(told & (BIRDS | {"bird", "dragon", "butterfly", "bee"}) for told in looks)

    def _has_article(self) -> bool:
        """Say whether a noun with its article stands soon after a verb: "slips her ring off"."""
        return any(w in DETERMINERS for w in self.here.words[self.clause.word + 1 :][:3])

    def _is_way(self) -> bool:
        """Say whether what follows a verb is a way and no thing: "off the cliff"."""
        words = self.here.words[self.clause.word + 1 : self.end]
        if not words or words[0] not in PREPOSITIONS | PARTICLES:
            return False
        articles = DETERMINERS - {"his", "her", "its", "their"}
        return self.clause.verb.lemma not in _TAKING and words[1:2] != () and words[1] in articles

    def placings(self, act: str) -> list[Placing]:
        ids, verb = self.clause.subject.ids, self.clause.verb
        act = "be" if verb.form == "past" and verb.lemma in PLACED else act
        found = list(
            placings_of(self.here, self.clause.word + 1, self.end, ids, act, self.discourse)
        )
        last = next(
            (w for w, at in enumerate(self.here.at) if at >= self.clause.subject.left),
            self.clause.word,
        )
        leads = RELATIVES | {"whose"}
        last = next((w for w in range(self.start, last) if self.here.words[w] in leads), last)
        found += placings_of(self.here, self.start, min(last, self.clause.word), ids, act,
                             self.discourse, in_front=True)  # fmt: skip
        left = stranded(self.here, self.clause.word)
        if left is not None and left.noun and act in POSTURES:
            relation, _ = place_at(self.here, self.clause.word + 1, len(self.here.words))
            found += [(relation, left.names)] if relation else []  # "the bed which TED lies on"
        own = self._subject_phrase()
        if own:
            found += placings_of(self.here, own[0], own[-1] + 1, ids, act, self.discourse,
                                 in_front=True)  # fmt: skip
        return [Placing(e, relation, others) for e in ids for relation, others in found]

    def _going(self, meant: Verb, direction: Direction | None) -> Verb:
        """Return what a verb that no table knows means where it leads somewhere: a way of going."""
        unknown = meant.near and meant.path == "stay" and meant.motion == self.clause.verb.lemma
        if unknown and direction and not self.object.names:
            return _WAYS[direction]
        return meant

    def _placing(self, ties: Sequence[EntityRelation]) -> list[EntityRelation]:
        """Return the ties that hold for somebody who does not move."""
        moving = ("toward", "away-from", "chase", "follow", "lead", "meet", "cross")
        return [t if t.bond not in moving else replace(t, bond="face") for t in ties]

    def _softened(self, meant: Verb, ties: Sequence[EntityRelation]) -> list[EntityRelation]:
        """Return the ties as they fit the deed: one who stays walks toward nobody."""
        if meant.path in ("stay", "lie"):
            facing = self.clause.verb.lemma in FACING_VERBS
            return [
                replace(t, bond="face") if facing and t.bond in _AIMS else t
                for t in self._placing(ties)
            ]
        if meant.path not in ("rise", "glide") and any(t.bond == "above" for t in ties):
            return [replace(t, bond="cross") if t.bond == "above" else t for t in ties]
        return [replace(t, bond="toward") if t.bond == "face" else t for t in ties]


_HEIGHTS = frozenset("air sky clouds above roofs treetops heaven high moon stars".split())
# What two do to each other, if nobody else is named.
_OF_TWO = frozenset({"hug", "kiss", "fight"})
# Acts that are done to somebody, so that "it" is no thing.
_SOCIAL = frozenset(
    "carry lead shout talk whisper wave bow hug kiss follow chase nod smile listen".split()
)
# What one does "behind her" without anybody there.
_BACKWARD = frozenset(
    "look glance peer stare gaze turn shut close slam lock bolt pull drag leave throw toss swing "
    "bang hear sense".split()
)
_RESTS = frozenset({"sit", "lie", "kneel"})
_HANDLING = frozenset("slip slide roll spin flip land drop run fly float return sail back".split())
_TAKING = frozenset("take lift slip put pull tear strip".split())
_WAYS: Mapping[Direction, Verb] = {
    **dict.fromkeys(("left", "right", "away"), Verb("walk", "walk", near=True)),
    "up": Verb("fly", "rise", near=True),
    "down": Verb("land", "descend", near=True),
}
_AIMS = frozenset({"toward", "beside", "above"})
