"""Drawn scenes -> lessons for the critic: squares, the sentence true of each, and wrong ones."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..critic import person_words, sentences, squares
from ..critic.model import CELL_PX, VIDEO_FRAMES
from ..critic.sentences import CaptionDeed, Paraphrase
from ..world.additions import ALL_PLACES, travels
from ..world.people import PERSON
from ..world.scene import draw_background, draw_scene, sample_scene
from ..world.scenes.actors import Actor, SceneSpec
from ..world.scenes.people_scenes import sample_look, sample_people_scene
from ..world.vocabulary import CHARACTERS, Accessory
from . import critic_damage
from .critic_damage import State


@dataclass(frozen=True, eq=False)
class Example:
    """The frames of a clip that the critic looks at, T = 13, with their truth."""

    spec: SceneSpec
    pixels: Tensor  # [T, 3, h, w] in [-1, 1]
    boxes: Tensor  # [A, T, 4]
    masks: Tensor  # [A, T, h, w] bool
    states: tuple[State, ...]
    still: bool


@dataclass
class CriticSample:
    """Squares with their texts; the first text of each is the true one."""

    pictures: list[Tensor] = field(default_factory=list)  # [3, 64, 64] each
    picture_texts: list[list[str]] = field(default_factory=list)
    movements: list[Tensor] = field(default_factory=list)  # [13, 3, 64, 64] each
    movement_texts: list[list[str]] = field(default_factory=list)
    frames: list[Tensor] = field(default_factory=list)  # [3, h, w] each
    wanted: list[list[str]] = field(default_factory=list)
    truth: list[Tensor] = field(default_factory=list)  # [K, h/4, w/4], -1 where nobody knows


LOOKS = 800  # of people in training: each look's words are read once
PEOPLED = 0.55  # the part of clips that are of people and of the places that came with them


def known_scene(
    rng: np.random.Generator, peopled: float = PEOPLED, looks: int | None = None
) -> SceneSpec:
    """Return a scene of all that the critic knows, held-out names included.

    With `looks` its people are some of so many, whom their own look picks.
    """
    if rng.random() < peopled:
        spec = sample_people_scene(rng, width=144, height=96, places=tuple(ALL_PLACES))
        return replace(spec, actors=tuple(_of_few(actor, looks) for actor in spec.actors))
    return sample_scene(rng, split="library")


def _of_few(actor: Actor, looks: int | None) -> Actor:
    if actor.character != PERSON or looks is None:
        return actor
    return replace(actor, colourway=_look_of(sum(map(ord, actor.colourway)) * 7919 % looks))


@lru_cache(maxsize=LOOKS)
def _look_of(number: int) -> str:
    return str(sample_look(np.random.default_rng(number)))


class ClipPool:
    """An endless supply of drawn clips, a pool of them being replaced a few at a time."""

    def __init__(self, seed: int, pool: int, harm: critic_damage.DamageRates | None = None) -> None:
        self.rng = np.random.default_rng(seed)
        self.harm = harm or critic_damage.DamageRates()
        self._pool = [self._draw() for _ in range(pool)]

    def renew(self, count: int) -> None:
        """Replace some clips by new ones."""
        for _ in range(count):
            self._pool[int(self.rng.integers(len(self._pool)))] = self._draw()

    def example(self) -> Example:
        """Return one of the pool's clips, damaged anew."""
        rng = self.rng
        spec, frames, boxes, masks, background = self._pool[int(rng.integers(len(self._pool)))]
        pixels, shown = squares.to_pixels(frames), torch.from_numpy(masks)
        states: list[State] = ["sound"] * len(spec.actors)
        for i in range(len(spec.actors)):
            if rng.random() < self.harm.figure:
                pixels, states[i] = self._harmed(pixels, shown[i], boxes[i], background)
        tracks = torch.from_numpy(boxes)
        still = rng.random() < 0.12 and all(a.motion != "spin" for a in spec.actors)
        if still:
            at = int(rng.integers(len(pixels)))
            pixels = critic_damage.frozen(pixels, at)
            tracks = tracks[:, at : at + 1].expand_as(tracks)
            shown = shown[:, at : at + 1].expand_as(shown)
        if rng.random() < self.harm.wear:
            pixels = critic_damage.wear(pixels, rng)
        return Example(spec, pixels, tracks, shown, tuple(states), still)

    def _draw(
        self,
    ) -> tuple[SceneSpec, NDArray[np.uint8], NDArray[np.float32], NDArray[np.bool_], Tensor]:
        spec = known_scene(self.rng, looks=LOOKS)
        at = squares.spread(spec.frames, VIDEO_FRAMES)  # the critic looks at no others
        clip = draw_scene(spec, with_masks=True, at=at)
        assert clip.masks is not None
        empty = squares.to_pixels(draw_background(spec, at=at))
        return spec, clip.frames, clip.boxes[:, at], clip.masks, empty

    def _harmed(
        self, pixels: Tensor, mask: Tensor, boxes: NDArray[np.float32], background: Tensor
    ) -> tuple[Tensor, State]:
        kind = self.rng.random()
        if kind < 0.55:
            return critic_damage.as_blob(pixels, mask, background, self.rng), "blob"
        if kind < 0.75:
            return critic_damage.smeared(pixels, torch.from_numpy(boxes), self.rng), "blob"
        return critic_damage.without(pixels, mask, background), "gone"


def style_of(rng: np.random.Generator) -> Paraphrase:
    """Return a wording: as the critic will ask in half of the cases, else any."""
    if rng.random() < 0.5:
        return Paraphrase()
    noun, verb, view, phrase = (int(i) for i in rng.integers((2, 3, 3, 4)))
    return Paraphrase(noun, verb, rng.random() < 0.5, view, phrase, rng.random() < 0.3)


def teach(example: Example, rng: np.random.Generator, lesson: CriticSample) -> None:
    """Add what one clip teaches to a lesson."""
    for i in range(len(example.spec.actors)):
        for _ in range(3):
            _who(example, i, rng, lesson)
        if example.states[i] == "sound":
            _what(example, i, rng, lesson)
    _nobody(example, rng, lesson)
    _where(example, rng, lesson)
    if all(state == "sound" for state in example.states) and rng.random() < 0.2:
        _everything(example, rng, lesson)
    _find(example, rng, lesson)


def _color(actor: Actor, rng: np.random.Generator, named: float = 0.8) -> str | None:
    return actor.colourway if rng.random() < named else None


def _worn(actor: Actor, rng: np.random.Generator, named: float = 0.4) -> Accessory | None:
    return actor.wear if rng.random() < named else None


def _colors(rng: np.random.Generator) -> dict[str, str | None]:
    return {c: a.colourways[int(rng.integers(2))] for c, a in CHARACTERS.items()}


def _who(example: Example, i: int, rng: np.random.Generator, lesson: CriticSample) -> None:
    actor, state = example.spec.actors[i], example.states[i]
    at = int(rng.integers(len(example.pixels)))
    shown = example.masks[i, at].float().mean() * example.masks[i, at].numel()
    box = example.boxes[i, at]
    area = (box[2] - box[0]) * (box[3] - box[1]) * example.masks[i, at].numel()
    if shown < 0.3 * area and state == "sound":
        return  # hidden by another: nobody could say who it is
    jitter = torch.from_numpy(rng.normal(0, 0.05, 4)).float()
    size = torch.stack([box[2] - box[0], box[3] - box[1]]).repeat(2)
    square = squares.squares(
        (box + jitter * size)[None], example.spec.width, example.spec.height,
        float(rng.uniform(1.05, 1.4)),
    )  # fmt: skip
    color, worn = _color(actor, rng), _worn(actor, rng)
    style = Paraphrase() if worn else style_of(rng)
    right = sentences.subject(actor.character, color, style, worn)
    wrong = sentences.other_subjects(actor.character, color, _colors(rng), style, worn)
    if state != "sound":
        true = sentences.blob(color) if state == "blob" else sentences.NOTHING
        wrong = [right, *(text for text in wrong if text != true)]
        right = true
    elif (other := _intruder(example, i, at, square[0])) is not None:
        # Who fills half of the square cannot be a wrong answer.
        wrong = [t for t in wrong if not _speaks_of(t, other)]
    lesson.pictures.append(squares.crop(example.pixels[at : at + 1], square)[0])
    lesson.picture_texts.append([right, *wrong])


def _speaks_of(text: str, actor: Actor) -> bool:
    if actor.character == PERSON:
        return text in (person_words.ANYBODY, sentences.subject(PERSON, actor.colourway))
    return CHARACTERS[actor.character].nouns[0] in text.split()


def _intruder(example: Example, i: int, at: int, square: Tensor) -> Actor | None:
    w, h = example.spec.width, example.spec.height
    frame = (square / torch.tensor([w, h, w, h]))[None]
    view = squares.inside(frame, w, h)[0]
    own = (example.masks[i, at] & view).sum()
    for j, actor in enumerate(example.spec.actors):
        if j != i and (example.masks[j, at] & view).sum() > 0.4 * own:
            return actor
    return None


def _nobody(example: Example, rng: np.random.Generator, lesson: CriticSample) -> None:
    w, h = example.spec.width, example.spec.height
    at = int(rng.integers(len(example.pixels)))
    for _ in range(6):
        side = float(rng.uniform(30, 70))
        x, y = float(rng.uniform(-8, w + 8 - side)), float(rng.uniform(-8, h + 8 - side))
        square = torch.tensor([[x, y, x + side, y + side]])
        view = squares.inside(square / torch.tensor([w, h, w, h]), w, h)[0]
        if (example.masks[:, at].any(0) & view).sum() > 0.04 * side * side:
            continue
        style, character = style_of(rng), str(rng.choice(list(CHARACTERS)))
        color = CHARACTERS[character].colourways[int(rng.integers(2))]
        wrong = sentences.other_subjects(character, color, _colors(rng), style)
        lesson.pictures.append(squares.crop(example.pixels[at : at + 1], square)[0])
        lesson.picture_texts.append(
            [sentences.NOTHING, *(t for t in wrong if t != sentences.NOTHING)]
        )
        return


def _where(example: Example, rng: np.random.Generator, lesson: CriticSample) -> None:
    at = int(rng.integers(len(example.pixels)))
    pixels = example.pixels[at : at + 1]
    if rng.random() < 0.5:
        pixels = squares.cover(pixels, example.boxes[:, at : at + 1])
    style, setting = style_of(rng), example.spec.setting
    lesson.pictures.append(squares.whole(pixels)[0])
    if rng.random() < 0.5:
        # By day or by night, the place alone.
        right = sentences.bare_view(setting.place, style)
        wrong = sentences.other_bare_views(setting.place, style)
    else:
        right = sentences.view(setting, style)
        wrong = [
            *sentences.other_places(setting, style),
            *sentences.other_conditions(setting, style),
        ]
    lesson.picture_texts.append([right, *wrong])


def _shown(example: Example, i: int) -> str:
    motion = example.spec.actors[i].motion
    return "stand" if example.still and motion not in ("sleep", "sit") else motion


def _what(example: Example, i: int, rng: np.random.Generator, lesson: CriticSample) -> None:
    """The movement of one figure, in a square that says nothing of it by its own size."""
    actor, spec = example.spec.actors[i], example.spec
    around = squares.around(example.boxes[i])
    least = float(max((around[2] - around[0]) * spec.width, (around[3] - around[1]) * spec.height))
    scale = float(rng.uniform(1.1, max(1.5, min(2.6, 125.0 / max(least, 1.0)))))
    square = squares.squares(around, spec.width, spec.height, scale)
    room = (scale - 1.0) * least / 2
    dx, dy = (float(v) for v in rng.uniform(-0.8, 0.8, 2) * room)
    square = square + torch.tensor([dx, dy, dx, dy])
    pixels = example.pixels
    if len(spec.actors) > 1 and rng.random() < 0.8:
        others = torch.cat([example.boxes[:i], example.boxes[i + 1 :]])
        pixels = squares.cover(pixels, others, example.boxes[i])
    style, motion = style_of(rng), _shown(example, i)
    told = rng.random() < (0.9 if travels(motion) else 0.4)
    said = CaptionDeed(
        actor.character, _color(actor, rng), motion,
        actor.facing if told and motion != "spin" else None,
    )  # fmt: skip
    lesson.movements.append(squares.crop(pixels, square.expand(len(pixels), 4)))
    wrong = sentences.other_motions(said, style)
    right = sentences.deed(said, style)
    wrong += [
        sentences.deed(CaptionDeed(*other, motion, said.facing), style)
        for other in _strangers(actor, said.color, rng)
    ]
    lesson.movement_texts.append([right, *(t for t in dict.fromkeys(wrong) if t != right)])


def _strangers(
    actor: Actor, color: str | None, rng: np.random.Generator
) -> list[tuple[str, str | None]]:
    """Return two others whom a sentence might be about: animals, or people who look nearly so."""
    if actor.character == PERSON and (look := person_words.read(color)):
        near = person_words.nearly(look)
        return [(PERSON, str(near[int(i)])) for i in rng.permutation(len(near))[:2]]
    others = [c for c in CHARACTERS if c != actor.character]
    named = color if actor.character != PERSON else None
    return [(str(other), named) for other in rng.permutation(others)[:2]]


def _everything(example: Example, rng: np.random.Generator, lesson: CriticSample) -> None:
    """The whole clip with one sentence, against sentences of which one word is wrong."""
    spec, style = example.spec, style_of(rng)
    deeds = [
        CaptionDeed(a.character, _color(a, rng), _shown(example, i), a.facing)
        for i, a in enumerate(spec.actors)
    ]
    order = [int(i) for i in rng.permutation(len(deeds))]
    deeds = [deeds[i] for i in order]
    lesson.movements.append(squares.whole(example.pixels))
    changed = sentences.altered(deeds, spec.setting)
    # Sentences about everything are seldom the same twice, and each costs a pass of MiniLM.
    few = [changed[int(i)] for i in rng.permutation(len(changed))[:8]]
    wrong = [sentences.whole(d, p, style) for d, p in few]
    right = sentences.whole(deeds, spec.setting, style)
    lesson.movement_texts.append([right, *(t for t in dict.fromkeys(wrong) if t != right)])


def _find(example: Example, rng: np.random.Generator, lesson: CriticSample) -> None:
    at, style = int(rng.integers(len(example.pixels))), style_of(rng)
    texts, truth = [], []
    shape = (example.spec.height // CELL_PX, example.spec.width // CELL_PX)
    masks = torch.nn.functional.adaptive_avg_pool2d(example.masks[:, at].float(), shape)
    hurt = [j for j, state in enumerate(example.states) if state == "blob"]
    unknown = masks[hurt].amax(0) > 0.1 if hurt else torch.zeros(shape, dtype=torch.bool)
    for i, actor in enumerate(example.spec.actors[:3]):
        alone = sum(a.character == actor.character for a in example.spec.actors) == 1
        color = _color(actor, rng) if alone else actor.colourway
        texts.append(sentences.subject(actor.character, color, style))
        # A blob may stand for a figure: where it is, nobody is taught anything.
        shown = masks[i] if example.states[i] == "sound" else torch.zeros(shape)
        truth.append(shown.masked_fill(unknown, -1.0))
    while len(texts) < 5:
        texts.append(_absent(example.spec.actors, texts, style, rng))
        truth.append(torch.zeros(shape).masked_fill(unknown, -1.0))
    lesson.frames.append(example.pixels[at])
    lesson.wanted.append(texts)
    lesson.truth.append(torch.stack(truth))


def _absent(
    actors: tuple[Actor, ...], said: list[str], style: Paraphrase, rng: np.random.Generator
) -> str:
    """Return the words for somebody who is not in a scene, though perhaps nearly."""
    twin = actors[int(rng.integers(len(actors)))]
    look = person_words.read(twin.colourway) if twin.character == PERSON else None
    if look and rng.random() < 0.6:
        near = person_words.nearly(look)
        text = person_words.somebody(near[int(rng.integers(len(near)))])
        present = {sentences.subject(PERSON, a.colourway) for a in actors if a.character == PERSON}
        if text not in (*said, *present):
            return text
    character = str(rng.choice([c for c in CHARACTERS if c not in {a.character for a in actors}]))
    own = CHARACTERS[character].colourways[0]
    color = twin.colourway if twin.character != PERSON and rng.random() < 0.5 else own
    return sentences.subject(character, color, style)
