"""The shots of a story -> the words in which a critic of any picture is asked about them.

Everything is compared with the story's own: its people, its motions, its places, and standing
still. A story that has only one of them has nothing to be compared with, and that is said.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ...plan import Beat, Entity, ShotPlan
from .ports import Contest, NotMeasurable

NOBODY = "an empty place with nobody in it"
BLUR = "a blurred shape that is nothing in particular"
STILL = "standing still"
_RESTING = frozenset("stand sit sleep wait rest lie lean look stare watch".split())
_TURNING = frozenset("somersault flip cartwheel tumble roll".split())


@dataclass(frozen=True, slots=True)
class StoryWording:
    """The looks, motions and places of a story, each once and in its order.

    `motions` are pairs of a verb and its phrase: ("walk", "walking").
    """

    looks: tuple[tuple[str, str], ...]
    motions: tuple[tuple[str, str], ...]
    places: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, shots: Sequence[ShotPlan], phrase: Callable[[str], str]) -> StoryWording:
        """Return the words of shots; `phrase` makes "walking" of "walk"."""
        looks = {e.id: e.look for shot in shots for e in shot.entities}
        motions = {b.motion: phrase(b.motion) for shot in shots for b in shot.beats}
        places = {shot.place: shot.background for shot in shots}
        return cls(tuple(looks.items()), tuple(motions.items()), tuple(places.items()))

    def target(self, entity: Entity) -> str:
        """Return how somebody looks."""
        if not entity.look.strip():
            raise NotMeasurable(f"nothing says what {entity.id} looks like")
        return entity.look

    def absent(self, shot: ShotPlan, name: str) -> Entity:
        """Return one of the story's people as an entity of a shot without it."""
        look = dict(self.looks).get(name)
        if look is None:
            raise NotMeasurable(f"nothing says what {name} looks like")
        return Entity(id=name, look=look, prompt=look)

    def kind(self, entity: Entity) -> Contest:
        """Compare somebody with nobody, and with something shapeless."""
        return Contest(self.target(entity), (NOBODY, BLUR))

    def identity(self, entity: Entity) -> Contest:
        """Compare somebody with everybody else of the story."""
        right = self.target(entity)
        others = tuple(dict.fromkeys(look for _, look in self.looks if look != right))
        if not others:
            raise NotMeasurable(
                f"the story has nobody with whom {entity.id} could be confused, and no reference "
                "pictures of it"
            )
        return Contest(right, others)

    def motion(self, entity: Entity, beat: Beat) -> Contest:
        """Compare what somebody does with the story's other motions, and with standing still."""
        phrases = dict(self.motions)
        said = phrases.get(beat.motion, beat.motion)
        others = [phrase for motion, phrase in self.motions if motion != beat.motion]
        wrong = [p for p in dict.fromkeys((*others, STILL)) if p != said]
        if not wrong or (len(wrong) == 1 and self.rests(beat)):
            raise NotMeasurable(f'the story has no other motion than "{beat.motion}"')
        look = self.target(entity)
        return Contest(f"{look} {said}", tuple(f"{look} {phrase}" for phrase in wrong))

    def place(self, shot: ShotPlan) -> Contest:
        """Compare a place with the story's other places."""
        others = dict.fromkeys(look for name, look in self.places if name != shot.place)
        wrong = tuple(look for look in others if look != shot.background)
        if not wrong:
            raise NotMeasurable(f"the story has no other place than {shot.place}")
        return Contest(shot.background, wrong)

    def whole(self, shot: ShotPlan) -> Contest:
        """Compare all that is said of a shot with one of the cast, or the place, exchanged."""
        prompts = [entity.prompt or self.target(entity) for entity in shot.entities]
        right = ", ".join((*prompts, shot.background))
        wrong = [
            ", ".join((*prompts, look)) for name, look in self.places if name != shot.place
        ]  # fmt: skip
        ids = {entity.id for entity in shot.entities}
        strangers = [look for name, look in self.looks if name not in ids]
        for at in range(len(prompts)):
            for look in strangers:
                wrong.append(", ".join((*prompts[:at], look, *prompts[at + 1 :], shot.background)))
        if not wrong:
            raise NotMeasurable("the story has no other place and nobody else to compare with")
        return Contest(right, tuple(dict.fromkeys(wrong)))

    def rests(self, beat: Beat) -> bool:
        """Say whether a beat may look like a still picture."""
        return beat.motion in _RESTING

    def turns(self, beat: Beat) -> bool:
        """Say whether a beat turns the whole figure over."""
        return beat.motion in _TURNING

    def doubt(self, beat: Beat, rival: str) -> str:
        """Return nothing: who is taken for whom was not measured of pictures of any kind."""
        return ""
