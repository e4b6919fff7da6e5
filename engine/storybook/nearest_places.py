"""Words for places that the world has not -> its places, the nearest by their embedding first.

`python -m dreamrunner.engine.storybook.nearest_places` writes the table from the words in it, so
that nobody who plans a film loads an encoder: `world/nearest_places.toml` is what director and
checker read. A word is compared, as MiniLM embeds sentences, with the words for each place.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

from .world.additions import ALL_PLACES, INDOORS

TABLE = Path(__file__).parent / "world" / "nearest_places.toml"
KEPT = 4  # of each side of a door
_HEAD = """\
# Words for places that the world has not: its places under a roof and under the sky, nearest first,
# by the cosine of their embeddings. The words are anybody's; the rest is written by
# `python -m dreamrunner.engine.storybook.nearest_places`.
"""


@lru_cache(maxsize=1)
def nearest_places() -> dict[str, tuple[str, ...]]:
    """Return word -> places of the world, the nearest first on each side of a door."""
    read = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return {word: (*near["inside"], *near["outside"]) for word, near in read.items()}


def written(words: tuple[str, ...]) -> str:
    """Return the table of words as TOML."""
    from .text_encoder import TextEncoder

    encoder, lines = TextEncoder(), [_HEAD]
    told = {
        place.id: (place.id.replace("-", " "), *place.bare_views, *place.bare_phrases)
        for place in ALL_PLACES.values()
    }
    means = {p: encoder.sentences(said).mean(0) for p, said in told.items()}
    for word in sorted(words):
        own = encoder.sentences([word, f"a {word}", f"at the {word}"]).mean(0)
        order = sorted(means, key=lambda p: -float(own @ means[p] / means[p].norm()))
        sides = {
            side: [p for p in order if (p in INDOORS) == (side == "inside")][:KEPT]
            for side in ("inside", "outside")
        }
        shown = ", ".join(f"{side} = {found!r}".replace("'", '"') for side, found in sides.items())
        lines.append(f'"{word}" = {{ {shown} }}\n')
    return "".join(lines)


if __name__ == "__main__":
    words = tuple(tomllib.loads(TABLE.read_text(encoding="utf-8")))
    TABLE.write_text(written(words), encoding="utf-8")
