"""Every animal of the drawn world in a few postures -> how often the critic takes it for another.

    python benchmarks/critic_postures.py [--json benchmarks/results/critic_postures.json]

A right figure each, worn by what a picture survives: `present` should hold. What it does not hold
of is a false alarm of that posture, by the contest of words alone.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from dreamrunner.engine.storybook.critic import squares
from dreamrunner.engine.storybook.critic.model import load_critic
from dreamrunner.engine.storybook.training import critic_damage
from dreamrunner.engine.storybook.weights import FOLDER
from dreamrunner.engine.storybook.world.scene import SceneSpec, draw_scene, make_actor
from dreamrunner.engine.storybook.world.vocabulary import CHARACTERS
from dreamrunner.plan import Assertion
from dreamrunner.tools.critic import known_clips, metrics
from dreamrunner.tools.critic.calibrate import look, wilson
from dreamrunner.tools.critic.embedded import embedded_ports
from dreamrunner.tools.critic.known_clips import KnownClip

POSTURES = ("stand", "walk", "sit", "sleep", "somersault")
PLACES = ("meadow", "forest", "beach")
SEED = 5
EVERY = 4  # of so many frames one is looked at


def main() -> None:
    """Print the table, and keep it where asked to."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    torch.set_num_threads(1)
    rng = np.random.default_rng(SEED)
    ports = embedded_ports(load_critic(FOLDER))
    rows: dict[str, dict[str, object]] = {}
    for posture in POSTURES:
        taken: dict[str, str] = {}
        for number, character in enumerate(CHARACTERS):
            actor = make_actor(character, x=0.35, y=0.85, height=0.35, motion=posture)
            spec = SceneSpec(PLACES[number % len(PLACES)], number, (actor,))
            pixels = critic_damage.wear(squares.to_pixels(draw_scene(spec).frames), rng)
            frames = known_clips.to_frames(pixels)[::EVERY]
            clip = KnownClip(known_clips.shot_of(spec), frames, spec.fps / EVERY)
            name = clip.shot.entities[0].id
            asked = Assertion(id="it", metric="present", subject=name)
            rival = metrics.present(look(ports, clip), asked).rival
            if rival:
                taken[character] = rival
        low, high = wilson(len(taken), len(CHARACTERS))
        rows[posture] = {
            "right": len(CHARACTERS), "taken_for_another": len(taken),
            "low": round(low, 3), "high": round(high, 3), "for": taken,
        }  # fmt: skip
        print(f"{posture:<12}{len(taken)} of {len(CHARACTERS)} [{low:.2f}, {high:.2f}]  {taken}")
    if args.json:
        args.json.write_text(json.dumps({"seed": SEED, "postures": rows}, indent=2) + "\n")


if __name__ == "__main__":
    main()
