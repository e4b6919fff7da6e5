"""A window's answer -> its paragraphs as deeds and relations, shot by shot (the first level).

Mechanical mistakes are repaired and noted: a name in small letters, a verb in another form. A name
that the scene does not know, a motion that the engine does not know, an entity that was forgotten
and a thing in two hands are faults, which the model is asked to correct.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from ....plan import Capabilities
from ..passages import Passage
from ..reading.complements import EntityRelation
from ..reading.glossary import Glossary
from ..reading.inflection import base_form
from ..reading.lexicon import Direction
from ..reading.reading import Deed
from .ask import CheckedAnswer
from .prompts import one_line
from .schemas import CarriedForm, CoarseForm, DeedForm, MomentForm, ParagraphForm, RelationForm
from .windows import ParagraphToRead, known_motions

# A paragraph of prose is not more shots than that.
MOST_SHOTS = 4
_MOST_MANNER = 80


@dataclass(frozen=True, slots=True)
class ReadPassage:
    """A passage as a model reads it, the repairs of its answer, and who carries what."""

    passage: Passage
    repairs: tuple[str, ...] = ()
    carried: tuple[CarriedForm, ...] = ()


def check_coarse(
    form: CoarseForm,
    window: Sequence[ParagraphToRead],
    glossary: Glossary,
    capabilities: Capabilities,
) -> CheckedAnswer[ReadPassage]:
    """Return the paragraphs of an answer that fit the story, and what is wrong with the others."""
    answers = {
        f"{scene.scene}/{paragraph.number}": paragraph
        for scene in form.scenes
        for paragraph in scene.paragraphs
    }
    carried, wrong = _carried(form.carried, window, glossary)
    if wrong:
        return CheckedAnswer(faults={"": tuple(wrong)})
    parts: dict[str, ReadPassage] = {}
    faults: dict[str, tuple[str, ...]] = {}
    for page in window:
        if page.id not in answers:
            faults[page.id] = (
                f"scene {page.scene.scene.id} has a paragraph {page.number}; the answer has not",
            )
            continue
        reader = _Reader(page, glossary, capabilities, [], [])
        passage = reader.read(answers[page.id])
        if reader.faults:
            where = f"scene {page.scene.scene.id}, paragraph {page.number}: "
            faults[page.id] = tuple(where + fault for fault in dict.fromkeys(reader.faults))
        else:
            parts[page.id] = ReadPassage(passage, tuple(dict.fromkeys(reader.repairs)), carried)
    return CheckedAnswer(parts, faults)


def _carried(
    forms: Sequence[CarriedForm], window: Sequence[ParagraphToRead], glossary: Glossary
) -> tuple[tuple[CarriedForm, ...], list[str]]:
    """Return what known entities carry on, and a fault for each thing that two have at once."""
    known = {entity for page in window for entity in page.allowed}
    holders: dict[str, str] = {}
    kept, wrong = [], []
    for form in forms:
        if form.entity not in known:
            continue
        holds = tuple(prop for prop in form.holds if prop in glossary.props)
        for prop in holds:
            if prop in holders and holders[prop] != form.entity:
                wrong.append(f"{prop} cannot be with {holders[prop]} and with {form.entity}")
            holders[prop] = form.entity
        kept.append(form.model_copy(update={"holds": holds}))
    return tuple(kept), wrong


@dataclass(frozen=True, slots=True)
class _Reader:
    """Turns one paragraph's form into a passage, and collects its repairs and its faults."""

    page: ParagraphToRead
    glossary: Glossary
    capabilities: Capabilities
    repairs: list[str]
    faults: list[str]

    def read(self, form: ParagraphForm) -> Passage:
        if not 1 <= len(form.shots) <= MOST_SHOTS:
            self.faults.append(f"{len(form.shots)} shots; give one to {MOST_SHOTS}")
        phases = tuple(tuple(self._deeds(moment)) for moment in form.shots)
        ties = tuple(tie for relation in form.relations for tie in self._relation(relation))
        unseen = frozenset(filter(None, map(self._entity, form.unseen)))
        seen = dict.fromkeys(d.entity for phase in phases for d in phase)
        seen.update(dict.fromkeys(e for tie in ties for e in tie.entities))
        self._check_presence(set(seen), unseen)
        by_rules = self.page.passage.reading
        assert by_rules is not None  # a page has an action, and an action has been read
        reading = replace(
            by_rules,
            deeds=tuple(deed for phase in phases for deed in phase),
            ties=ties,
            seen=tuple(seen),
            unseen=unseen,
        )
        return replace(self.page.passage, reading=reading, phases=phases, read_by="llm")

    def _deeds(self, moment: MomentForm) -> Iterator[Deed]:
        done: set[str] = set()
        for form in moment.deeds:
            entity = self._entity(form.entity)
            deed = self._deed(form, entity) if entity else None
            if entity in done:
                self.faults.append(f"{entity} does two things in one shot; give it another shot")
            elif deed is not None:
                yield deed
            done |= {entity} if entity else set()
        most = self.capabilities.max_entities
        if len(done) > most:
            self.faults.append(f"{len(done)} in one shot; the engine draws {most}")

    def _entity(self, name: str) -> str | None:
        """Return the id that a name stands for; a name of nobody in the scene is a fault."""
        if name in self.page.allowed:
            return name
        alike = {entity.casefold(): entity for entity in self.page.allowed}
        bare = name.strip().removeprefix("the ").strip().casefold()
        if bare in alike:
            self.repairs.append(f'"{one_line(name, 40)}" is {alike[bare]}')
            return alike[bare]
        near = get_close_matches(bare, alike, n=1, cutoff=0.6)
        hint = f"; did you mean {alike[near[0]]}?" if near else ""
        known = ", ".join(self.page.allowed[:12]) or "nobody"
        self.faults.append(f'"{one_line(name, 40)}" is not in this scene ({known} may be){hint}')
        return None

    def _deed(self, form: DeedForm, entity: str) -> Deed | None:
        motion = self._motion(form.motion, entity)
        if motion is None:
            return None
        verb = self.glossary.verbs.get(motion)
        ways: dict[str, Direction] = {"left": "left", "right": "right", "up": "up", "down": "down"}
        return Deed(
            entity=entity,
            verb=motion,
            motion=verb.motion if verb else motion,
            path=verb.path if verb else "roomy",
            near=verb.near if verb else False,
            direction=ways.get(form.direction),
            detail=one_line(form.manner, _MOST_MANNER),
            place=self._place(entity, verb.motion if verb else motion),
        )

    def _place(self, entity: str, motion: str) -> tuple[int, int] | None:
        """Return where the paragraph says a deed: as the rules read it, else who is meant."""
        by_rules = self.page.passage.reading
        assert by_rules is not None  # a page has an action, and an action has been read
        mine = [deed for deed in by_rules.deeds if deed.entity == entity]
        same = next((deed.place for deed in mine if deed.motion == motion), None)
        return same or by_rules.places.get(entity)

    def _motion(self, answered: str, entity: str) -> str | None:
        """Return the base form of a motion that the engine can be asked for, else a fault."""
        word = one_line(answered, 40).lower()
        motions = known_motions(self.capabilities)
        dashed = word.replace(" ", "-")
        if dashed in motions or dashed in self.glossary.verbs:
            return dashed
        first = word.split(" ")[0]
        base = base_form(first, self.glossary.verbs)
        if base is not None:
            self.repairs.append(f'{entity}: "{word}" is {base[0]}')
            return base[0]
        if not motions and first.isalpha():
            return first
        listed = ", ".join(motions[:40]) or "a verb in its base form"
        self.faults.append(f'{entity}: "{word}" is no motion; choose of: {listed}')
        return None

    def _relation(self, form: RelationForm) -> Iterator[EntityRelation]:
        subject, other = self._entity(form.subject), self._entity(form.other)
        third = self._entity(form.third) if form.third else None
        if subject is None or other is None or (form.third and third is None):
            return
        if subject in (other, third) or (form.relation == "between") != (third is not None):
            self.faults.append(
                f"{subject} {form.relation} {other}: a relation is of two, between is of three"
            )
            return
        yield EntityRelation(subject, form.relation, other, third)

    def _check_presence(self, seen: set[str], unseen: frozenset[str]) -> None:
        """Collect a fault for each entity that is there against the text, or missing from it."""
        by_rules = self.page.passage.reading
        assert by_rules is not None
        both = sorted(seen & unseen)
        if both:
            self.faults.append(f"{', '.join(both)}: seen and unseen at once")
        for entity in sorted(seen & self.page.gone):
            self.faults.append(f"{entity} has left in an earlier paragraph; leave it out")
        acting = {deed.entity for deed in by_rules.deeds if not deed.implied}
        for entity in sorted(acting - seen - unseen):
            self.faults.append(
                f"{entity} is in the text; say what it does, or list it under unseen"
            )
        scene = self.page.scene.scene
        placed = {layout.entity for layout in scene.layouts}
        fixed = (placed | {beat.entity for beat in scene.motions}) & unseen
        for entity in sorted(fixed):
            self.faults.append(f"{entity} has been placed by the writer and cannot be unseen")
