"""A name, a look and a deed -> who the engine draws, doing what, in words that it knows.

An engine with a world of its own is asked only for what it has: an entity that its world lacks
keeps `character` None and is noted, with the nearest that it does know; it is never exchanged.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise

from ...plan import Beat, Capabilities, KindWords
from .looks import is_person, person_part
from .people_deeds import person_motion
from .prose import said_of
from .reading.glossary import Glossary, head_words, kind_of, thing_of, tokens
from .reading.inflection import gerund, with_article
from .reading.lexicon import NEAREST_MOTIONS
from .reading.reading import Deed
from .reading.words.world_words import CHARACTER_KIN, COLOR_KIN, COLORS

_CHILD = 0.74  # how tall a child is beside those who are grown


@dataclass(frozen=True, slots=True)
class CastPart:
    """Who plays an entity in an engine's world, and remarks on what could not be had."""

    id: str
    look: str
    character: str | None
    color: str | None
    notes: tuple[str, ...] = ()
    worn: str | None = None
    size: float = 1.0  # how tall it is beside others
    kind: KindWords | None = None  # what it can do, where that is not what animals do


@dataclass(frozen=True, slots=True)
class CastMotion:
    """The motion that an engine is asked for; `known` is false where it was never taught."""

    motion: str
    known: bool
    note: str | None = None


def cast_part(name: str, glossary: Glossary, capabilities: Capabilities) -> CastPart:
    """Return who plays `name`: by the head of its look first, then by its name."""
    look, sex = glossary.looks.get(name, ""), glossary.sexes.get(name, "")
    return _cast(name, look, sex, name in glossary.people, _SameWorld(capabilities))


@dataclass(frozen=True, slots=True, eq=False)
class _SameWorld:
    """An engine's world as a key: a world is the same as itself, however large it is."""

    of: Capabilities

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _SameWorld) and self.of is other.of

    def __hash__(self) -> int:
        return id(self.of)


@lru_cache(maxsize=4096)  # everybody is asked for in every shot
def _cast(name: str, look: str, sex: str, speaks: bool, world: _SameWorld) -> CastPart:
    """Return who plays a name; `speaks` says that it is a person, since nothing else is told."""
    capabilities = world.of
    plain = name.rpartition("-")[0] if name[-1:].isdigit() and "-" in name else name
    spoken = look or with_article(plain.lower())
    if not capabilities.characters:
        return CastPart(name, spoken, None, None)
    named = [w.lower() for w in tokens(plain)]
    character = kind_of(head_words(look), capabilities) or kind_of(named, capabilities)
    people = capabilities.people
    if character in capabilities.kinds and named[-1:] and not look and is_person(plain, ""):
        # A bird watcher is no bird; the last word says what somebody is.
        character = kind_of(named[-1:], capabilities)
    if character is None and not speaks and not is_person(plain, look):
        character = thing_of(head_words(look) if look else named, capabilities)
    unnamed = character is None or (people is not None and character == people.character)
    person = character or speaks or is_person(plain, look)
    if unnamed and people is not None and person:
        part = person_part(name, look, people, sex)
        return CastPart(
            name, spoken, people.character, str(part.look), worn=part.carried,
            size=_CHILD if part.look.age == "child" else 1.0,
        )  # fmt: skip
    if character is None:
        return CastPart(name, spoken, None, None, (_stranger(name, look, capabilities),))
    color, notes = _color(name, look, character, capabilities)
    kind = capabilities.kinds.get(character)
    if kind is not None:
        notes = (*notes, *_bare(name, look, character, capabilities))
        return CastPart(name, spoken, character, color, notes, size=kind.size, kind=kind)
    return CastPart(name, spoken, character, color, notes, _worn(look, capabilities))


def _worn(look: str, capabilities: Capabilities) -> str | None:
    """Return what a look says is worn, where the engine's world has it: "a green scarf"."""
    words = tokens(look.lower())
    for color, thing in pairwise(words):
        if color in capabilities.accessory_colors and thing in capabilities.accessories:
            return f"a {color} {thing}"
    return None


def _bare(name: str, look: str, character: str, world: Capabilities) -> tuple[str, ...]:
    """Return a note of what a look puts on, or in the hand of, a kind that has nothing of it."""
    people = world.people
    clothes = (*people.values["garment"], *people.values["headgear"]) if people else ()
    things = {*world.accessories, *(people.carried if people else ()), *filter(None, clothes)}
    words = tokens(look.lower())
    # What stands before "with" or "in" says what it is: a box is a box.
    starts = [n for n, word in enumerate(words) if word in _PUT_ON]
    worn = [word for word in words[starts[0] :] if word in things] if starts else []
    if not worn:
        return ()
    kind, what = with_article(character), " and ".join(map(with_article, dict.fromkeys(worn)))
    return (f"{world.name} draws {kind} without {what}: {name}",)


_PUT_ON = frozenset({"with", "in", "wearing", "wears", "carrying", "carries", "holding", "holds"})


def _stranger(name: str, look: str, capabilities: Capabilities) -> str:
    head = [*head_words(look), *(w.lower() for w in tokens(name))]
    nearest = _nearest(tuple(head), tuple(capabilities.characters), tuple(capabilities.things))
    return (
        f"{name} is nothing that {capabilities.name} knows how to draw; "
        f"the nearest it knows is {with_article(nearest)}"
    )


@lru_cache(maxsize=1000)
def _nearest(words: tuple[str, ...], characters: tuple[str, ...], things: tuple[str, ...]) -> str:
    """Return what is known that is most like any of the words, by kinship and then by spelling."""
    for word in reversed(words):
        for kin in CHARACTER_KIN.get(word, ()):
            if kin in (*characters, *things):
                return kin
    return max(
        characters,
        key=lambda c: max((SequenceMatcher(None, c, w).ratio() for w in words), default=0.0),
    )


def _color(
    name: str, look: str, character: str, capabilities: Capabilities
) -> tuple[str | None, tuple[str, ...]]:
    """Return the colourway that a look asks for, else the default, with a note if it has none."""
    ways = (capabilities.characters | capabilities.things)[character]
    if not ways:
        return None, ()
    asked = [word for word in head_words(look) if word in COLORS or word in COLOR_KIN]
    for word in asked:
        for color in (word, *COLOR_KIN.get(word, ())):
            if color in ways:
                return color, ()
    number = name.rpartition("-")[2]
    if number.isdigit() and "-" in name:
        return ways[(int(number) - 1) % len(ways)], ()
    if not asked:
        return ways[0], ()
    kind = with_article(character)
    note = f"{capabilities.name} draws {kind} in {' or '.join(ways)}, not {asked[0]}: {name}"
    return ways[0], (note,)


def names_color(look: str) -> bool:
    """Say whether a look names a colour."""
    return any(word in COLORS or word in COLOR_KIN for word in head_words(look))


def is_of_people(name: str, glossary: Glossary, capabilities: Capabilities) -> bool:
    """Say whether an entity is a person of an engine's world."""
    people = capabilities.people
    part = cast_part(name, glossary, capabilities) if people is not None else None
    return people is not None and part is not None and part.character == people.character


def kind_of_entity(name: str, glossary: Glossary, capabilities: Capabilities) -> KindWords | None:
    """Return what an entity can do whose kind has motions of its own, else None."""
    return cast_part(name, glossary, capabilities).kind if capabilities.kinds else None


def fit_motion(deed: Deed, capabilities: Capabilities, *, person: bool = False) -> CastMotion:
    """Return the motion that stands for a deed in an engine's world; a person's has more."""
    if not capabilities.motions:
        return CastMotion(_spoken_verb(deed), True)
    if person and capabilities.people is not None:
        own, exact = person_motion(deed) or ("", True)
        if own in capabilities.people.motions or own in capabilities.motions:
            note = f'{deed.entity} "{deed.verb}": drawn as {_phrase(own, capabilities)}'
            return CastMotion(own, True, None if exact else note)
    by_word = _known(deed.verb, capabilities)
    by_meaning = _known(deed.motion, capabilities)
    if by_meaning and not deed.near:
        return CastMotion(by_meaning, True)
    for motion in (by_word, by_meaning):
        if motion:
            note = f'{deed.entity} "{deed.verb}": drawn as {_phrase(motion, capabilities)}'
            return CastMotion(
                motion, True, None if motion == by_word or deed.verb in _PLAIN else note
            )
    for motion in (*NEAREST_MOTIONS.get(deed.motion, ()), "stand"):
        if motion in capabilities.motions:
            note = f'{deed.entity} "{deed.verb}": drawn as {_phrase(motion, capabilities)}'
            return CastMotion(motion, True, note)
    return CastMotion(deed.motion, False, f'{capabilities.name} was never taught "{deed.motion}"')


# A verb that says nothing that a picture must show beyond the motion it stands for.
_PLAIN = frozenset({"be", "have", "own", "stand"})


def _spoken_verb(deed: Deed) -> str:
    """Return the verb to speak to an open vocabulary: the writer's own, where it is one."""
    return (
        "stand"
        if deed.verb == "be" and deed.motion == "stand"
        else (
            deed.motion if deed.verb in ("be", "do", "take", "have", "make", "give") else deed.verb
        )
    )


def _known(word: str, capabilities: Capabilities) -> str | None:
    """Return the id of the world's motion that a word names, directly or as a synonym."""
    for candidate in (word, capabilities.synonyms.get(word, "")):
        if candidate in capabilities.motions or candidate in capabilities.library_motions:
            return candidate
    return None


def fit_kind(deed: Deed, kind: KindWords, capabilities: Capabilities) -> CastMotion:
    """Return the motion of a kind with its own for a deed: what it has, else what stands for it."""
    animal = fit_motion(deed, capabilities)
    own, exact = person_motion(deed) or ("", False)
    said = [m for m, verbs in kind.verbs.items() if deed.verb in verbs]
    meant = [] if deed.denied else [*said, deed.verb]
    meant += [animal.motion] if animal.note is None else []
    for motion in (*meant, own if exact else ""):
        if motion in kind.motions:
            return CastMotion(motion, True)
    asked = (own, animal.motion) if exact else (animal.motion, own)
    near = [motion for motion in asked if motion in kind.motions]
    stands = [kind.instead[word] for word in (deed.verb, *asked) if word in kind.instead]
    motion = next((m for m in (*near, *stands) if m in kind.motions), "stand")
    if motion == "stand" and deed.verb in _PLAIN:
        return CastMotion(motion, True)
    note = f'{deed.entity} "{deed.verb}": drawn as {kind.motions[motion]}'
    return CastMotion(motion, True, note)


def fit_pinned(
    motion: str, capabilities: Capabilities, kind: KindWords | None = None, *, free: bool = False
) -> CastMotion:
    """Return a motion that the writer fixed, as it is; a synonym of the world's own is that one.

    Of a `kind` that has not got it, it is what stands for it, and that is noted. So is the nearest
    of the world's own where it is `free` to be another: what one of its words names.
    """
    word = motion.strip().lower().replace(" ", "-")
    if kind is not None and capabilities.motions:
        named = next((m for m, said in kind.verbs.items() if word in said), None)
        asked = named or _known(word, capabilities) or _known(motion, capabilities) or word
        if asked in kind.motions:
            return CastMotion(asked, True)
        stands = kind.instead.get(asked, "stand")
        return CastMotion(stands, True, f'"{motion}" is pinned: drawn as {kind.motions[stands]}')
    if not capabilities.motions:
        return CastMotion(motion, True)
    known = _known(word, capabilities) or _known(motion, capabilities)
    if known:
        return CastMotion(known, True)
    near = (_known(part, capabilities) for part in word.split("-")) if free else ()
    if nearest := next(filter(None, near), None):
        note = f'"{motion}" may be exchanged: drawn as {_phrase(nearest, capabilities)}'
        return CastMotion(nearest, True, note)
    return CastMotion(
        motion, False, f'{capabilities.name} was never taught "{motion}", which is pinned'
    )


def _phrase(motion: str, capabilities: Capabilities, kind: KindWords | None = None) -> str:
    people = capabilities.people
    return (
        (kind.motions.get(motion) if kind else None)
        or capabilities.motions.get(motion)
        or (people.motions.get(motion) if people else None)
        or capabilities.library_motions.get(motion)
        or gerund(motion)
    )


def region_prompt(
    part: CastPart, beats: Sequence[Beat], capabilities: Capabilities, together: str | None = None,
    framing: str | None = None,
) -> str:  # fmt: skip
    """Return the prompt of an entity's region: who it is and what it does, in order of time.

    `together` is what it does with another, in words that stand for those of its first beat;
    `framing` says that only a part of a person is seen.
    """
    closed = bool(capabilities.motions)
    who = part.look
    people = capabilities.people
    if people is not None and part.character == people.character:
        shown = people.framings[framing][0] if framing else ""
        who = shown + with_article(part.color or people.character)
        who += f" with {part.worn}" if part.worn else ""
        beats = beats[:1]  # what comes later stands in the beats, and who it is must be told
    elif part.character is not None:
        color = f"{part.color} " if part.color else ""
        who = with_article(f"{color}{part.character}")
        who += f" with {part.worn}" if part.worn else ""
    deeds = [_deed_words(beat, capabilities, closed, part.kind) for beat in beats]
    if together and beats:
        aim = f" to the {beats[0].facing}" if beats[0].motion in capabilities.traveling else ""
        deeds[0] = together + aim
    done = ", then ".join(dict.fromkeys(filter(None, deeds)))
    if not done:
        return who
    return f"{who} {done}" if closed or len(tokens(who)) < 4 else f"{who}, {done}"


def words_together(
    bonds: Iterable[tuple[str, str, str]], part: CastPart, parts: Sequence[CastPart], motion: str,
    capabilities: Capabilities,
) -> str | None:  # fmt: skip
    """Return "chasing a rabbit" for who is bound to another in a way that the world draws.

    Args:
        bonds: who, how, to whom.
        part: whose words they are.
        parts: everybody in the frame.
        motion: what it does; one who stays where it is neither chases nor meets anybody.
    """
    cast = {p.id: p for p in parts}
    for subject, bond, other in bonds:
        words = capabilities.together.get(bond)
        role = 0 if part.id == subject else 1
        whom = cast.get(other if part.id == subject else subject)
        if words is None or part.id not in (subject, other):
            continue
        carried = bond == "carry" and role == 1
        if whom is None or whom.character is None or part.character is None:
            continue
        if carried or motion in capabilities.traveling:
            return words[role].format(other=with_article(whom.character))
    return None


def _deed_words(
    beat: Beat, capabilities: Capabilities, closed: bool, kind: KindWords | None = None
) -> str:
    words = _phrase(beat.motion, capabilities, kind)
    people = capabilities.people
    goes = beat.motion in capabilities.traveling or (people and beat.motion in people.traveling)
    if goes or (kind and beat.motion in kind.traveling):
        words += f" to the {beat.facing}"
    elif closed and capabilities.says_facing:  # a small model left to guess draws both ways at once
        words += f", facing {beat.facing}"
    detail = said_of(beat)
    if not closed and detail:
        words += f", {detail}" if beat.pinned else f" {detail}"
    return words
