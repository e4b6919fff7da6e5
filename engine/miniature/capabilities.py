"""The miniature's world -> what directors, checkers and critics may know of who draws it.

Its prompts are the sentences that it was trained on: "a red owl walks to the left". No torch.
"""

from __future__ import annotations

from ...plan import Capabilities, Stage
from .captions import PLACE_NOUNS, VERBS
from .world import COLOURS, FPS, FRAMES, HEIGHT, HELD_OUT_MOTIONS, MOTIONS, WIDTH

WORLD = "miniature"  # whose words and whose critic are meant
STEPS, GUIDANCE = 5, 3.0  # twenty steps draw no better: docs/miniature.md
MOST_FIGURES = 3  # with more they would stand in each other

# The width of standing figures with a margin of three pixels on each side, beside the height of the
# stage: as the boxes of the benchmark.
_ASPECTS = {
    "owl": 0.85, "rabbit": 0.68, "frog": 0.93, "elephant": 1.2, "turtle": 0.93, "fox": 0.95,
    "penguin": 0.80, "hedgehog": 1.03,
}  # fmt: skip
# 36 pixels and a margin; the way of a walk; one leap a clip.
_STAGE = Stage(height=0.62, travel=20 / WIDTH, leap_s=FRAMES / FPS)

# Other words for the world's ids, as writers use them.
SYNONYMS: dict[str, str] = {
    "bunny": "rabbit", "hare": "rabbit", "toad": "frog", "tortoise": "turtle", "vixen": "fox",
    "owlet": "owl",
    "field": "meadow", "grass": "meadow", "hills": "meadow", "seaside": "beach",
    "shore": "beach", "coast": "beach", "sea": "beach", "winter": "snow", "snowy field": "snow",
    "snowfield": "snow", "hill at night": "night", "hill": "night",
    "wait": "stand", "stop": "stand", "pause": "stand", "watch": "stand", "look": "stand",
    "stroll": "walk", "wander": "walk", "go": "walk", "come": "walk", "march": "walk",
    "leap": "jump", "hop": "jump", "spring": "jump", "float": "rise", "fly": "rise",
    "nod": "bow", "greet": "wave", "glide": "sway", "slide": "sway", "dance": "sway",
}  # fmt: skip


def miniature_capabilities(name: str, *, max_entities: int = MOST_FIGURES) -> Capabilities:
    """Return what a checkpoint of the miniature can draw, and its critic measure.

    Held-out motions come from clips that somebody brings. Characters that training held out are
    among the others: the text encoder knows their names, and nothing else does.
    """
    words = {"walk": "walks"} | {
        motion: VERBS[motion][0] for motion in MOTIONS if not motion.startswith("walk")
    }
    return Capabilities(
        name=name,
        clip_frames=FRAMES,
        fps=FPS,
        width=WIDTH,
        height=HEIGHT,
        max_entities=max_entities,
        world=WORLD,
        stage=_STAGE,
        characters=dict.fromkeys(_ASPECTS, COLOURS),
        aspects=_ASPECTS,
        places=dict(PLACE_NOUNS),
        motions={motion: said for motion, said in words.items() if motion not in HELD_OUT_MOTIONS},
        library_motions={motion: words[motion] for motion in HELD_OUT_MOTIONS},
        traveling=("walk",),
        says_facing=False,
        synonyms=SYNONYMS,
        metrics=("text", "layout", "identity", "motion", "place", "join"),
        learns=("motion", "character"),
        steps=STEPS,
        guidance=GUIDANCE,
        schedulers=("ddim", "dpm"),
    )
