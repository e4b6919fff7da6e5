"""Drawn people, as they are, taken out, and made blobs -> how far the critic's finder tells them.

    python benchmarks/found_people.py [--scenes N]

Beside the mean of the finder's map over each planned box stands the contest of texts that was asked
before: whether "a person" is the likeliest among the animals and nothing.
"""

from __future__ import annotations

import argparse
from collections import defaultdict

import numpy as np
import torch

from dreamrunner.engine.storybook.critic import sentences, squares
from dreamrunner.engine.storybook.critic.model import load_critic
from dreamrunner.engine.storybook.critic.person_words import ANYBODY
from dreamrunner.engine.storybook.critic.viewing import CriticView
from dreamrunner.engine.storybook.training import critic_damage
from dreamrunner.engine.storybook.world.additions import ALL_PLACES
from dreamrunner.engine.storybook.world.people import PERSON
from dreamrunner.engine.storybook.world.scene import draw_background, draw_scene
from dreamrunner.engine.storybook.world.scenes.people_scenes import sample_people_scene
from dreamrunner.story import Box

AT = (3, 12, 20)  # frames that are looked at
PARTS = (0.05, 0.5, 0.95)


def main() -> None:
    read = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    read.add_argument("--scenes", type=int, default=70)
    asked = read.parse_args()
    torch.set_num_threads(1)
    critic, rng = load_critic(), np.random.default_rng(5)
    wrong = sentences.other_subjects(PERSON, None, {})
    filled, right = defaultdict[str, list[float]](list), list[bool]()
    for _ in range(asked.scenes):
        spec = sample_people_scene(rng, width=144, height=96, places=tuple(ALL_PLACES), evenly=True)
        clip = draw_scene(spec, with_masks=True, at=AT)
        assert clip.masks is not None
        view, sound = CriticView(critic, clip.frames), squares.to_pixels(clip.frames)
        empty = squares.to_pixels(draw_background(spec, at=AT))
        for row, actor in enumerate(spec.actors):
            if actor.character != PERSON:
                continue
            track = tuple(Box(*map(float, clip.boxes[row, frame])) for frame in AT)
            mask = torch.from_numpy(clip.masks[row])
            for name, pixels in (
                ("as drawn", sound), ("taken out", critic_damage.without(sound, mask, empty)),
                ("a blob", critic_damage.as_blob(sound, mask, empty, rng)),
            ):  # fmt: skip
                view.pixels = pixels
                filled[name].append(float(view.filled(ANYBODY, track).mean()))
            view.pixels = sound
            chances = view.close_pictures([ANYBODY, *wrong], track).mean(0)
            right.append(int(chances.argmax()) == 0)
    for name, values in filled.items():
        low, middle, high = np.quantile(values, PARTS)
        print(f"{name}: {len(values)} figures, filled {middle:.2f}, from {low:.2f} to {high:.2f}")
    print(f"by the contest {sum(right)} of {len(right)} are a person")


if __name__ == "__main__":
    main()
