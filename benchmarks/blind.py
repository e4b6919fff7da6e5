"""Shots of finished films, to be named by somebody who never saw the pages.

    python benchmarks/blind.py draw out/knight out/kitchen --out FOLDER [--seed N]
        writes strips of shots under numbers alone, the names to choose from, and the key
    python benchmarks/blind.py score ANSWERS.tsv --key FOLDER/key.json [--json FILE]
        compares answers, a line each: number, who (names with commas), place, what (a motion for
        each name, in the same order)

All shots of all films are in one order by chance. Whoever answers sees strips and names alone;
answers are committed before they are scored. Of one who does two things in a shot either is right;
what looks alike (walking, entering, leaving) is alike.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
from pathlib import Path
from typing import TypedDict

import numpy as np
from PIL import Image, ImageDraw

from dreamrunner.bench.intervals import wilson
from dreamrunner.engine.storybook.judge.grown.accuracy import SAME_MOTIONS, SAME_PLACES, alike
from dreamrunner.engine.video import read_video
from dreamrunner.plan import Plan, ShotPlan

MOMENTS = tuple(n / 7 for n in range(8))  # of a shot: in four stills a nod is standing
SIZE = (180, 120)
LABEL, GAP, ROWS = 34, 6, 10  # pixels for a number, between pictures; shots of a page


class KeyRow(TypedDict):
    """What a shot shows: place, and of each name the motions that it is asked for."""

    film: str
    shot: str
    place: str
    done: dict[str, list[str]]


def row_of(film: str, shot: ShotPlan) -> KeyRow:
    """Return the key's row of a shot."""
    done = {
        entity.id: [beat.motion for beat in shot.beats if beat.entity == entity.id] or ["stand"]
        for entity in shot.entities
    }
    return {"film": film, "shot": shot.id, "place": shot.place_id or shot.place, "done": done}


def strip(clip: Path, number: int) -> Image.Image:
    """Return moments of a clip side by side, under its number."""
    frames = read_video(clip).frames
    page = Image.new("RGB", (LABEL + len(MOMENTS) * (SIZE[0] + GAP), SIZE[1] + GAP), "white")
    ImageDraw.Draw(page).text((4, SIZE[1] // 2), str(number), fill="black")
    for at, moment in enumerate(MOMENTS):
        picture = Image.fromarray(frames[round(moment * (len(frames) - 1))])
        page.paste(
            picture.resize(SIZE, Image.Resampling.LANCZOS), (LABEL + at * (SIZE[0] + GAP), 0)
        )
    return page


def names(plans: dict[str, Plan]) -> str:
    """Return what there is to choose from: everybody's name and look, all places, all motions."""
    looks: dict[str, str] = {}
    for plan in plans.values():
        for shot in plan.shots:
            for e in shot.entities:
                plain = e.character in (None, "person")
                looks.setdefault(e.id, (e.color if plain else f"{e.color} {e.character}") or e.look)
    lines = [f"- {name}: {look}" for name, look in sorted(looks.items())]
    world = [
        f"places: {', '.join(sorted({row['place'] for row in rows_of(plans)}))}",
        "motions: "
        + ", ".join(sorted({m for r in rows_of(plans) for ms in r["done"].values() for m in ms})),
    ]
    return "\n".join(["who:", *lines, *world]) + "\n"


def rows_of(plans: dict[str, Plan]) -> list[KeyRow]:
    """Return the rows of all shots, film by film."""
    return [row_of(film, shot) for film, plan in plans.items() for shot in plan.shots]


def draw(args: argparse.Namespace) -> None:
    """Write strips, names and the key."""
    args.out.mkdir(parents=True, exist_ok=True)
    plans, clips = {}, {}
    for folder in args.films:
        plans[folder.name] = Plan.model_validate_json((folder / "plan.json").read_text())
        film = json.loads((folder / "run.json").read_text())["film"]
        for clip in film["clips"]:
            clips[folder.name, clip["shot"]] = folder / "shots" / Path(clip["path"]).name
    rows = [row for row in rows_of(plans) if (row["film"], row["shot"]) in clips]
    random.Random(args.seed).shuffle(rows)
    strips = [strip(clips[r["film"], r["shot"]], n + 1) for n, r in enumerate(rows)]
    for first in range(0, len(strips), ROWS):
        page = np.concatenate([np.asarray(s) for s in strips[first : first + ROWS]])
        Image.fromarray(page).save(args.out / f"strips-{first // ROWS + 1}.png", optimize=True)
    (args.out / "names.txt").write_text(names(plans), encoding="utf-8")
    (args.out / "key.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    print(f"{len(rows)} shots of {len(plans)} films written to {args.out}")


def right_of(answer: list[str], row: KeyRow) -> dict[str, bool]:
    """Return what of an answer (who, place, what) is right."""
    who = [name.strip().upper() for name in answer[0].split(",") if name.strip()]
    what = [motion.strip().lower() for motion in answer[2].split(",") if motion.strip()]
    done = row["done"]
    deeds = dict(zip(who, what, strict=False))
    return {
        "who": set(who) == set(done),
        "where": alike(answer[1].strip().lower(), row["place"], SAME_PLACES),
        "what": set(deeds) == set(done)
        and all(any(alike(deeds[n], m, SAME_MOTIONS) for m in done[n]) for n in done),
    }


def score(args: argparse.Namespace) -> None:
    """Compare answers with the key."""
    key: list[KeyRow] = json.loads(args.key.read_text())
    with args.answers.open(encoding="utf-8") as file:
        answers = {
            int(r[0]): r[1:] for r in csv.reader(file, delimiter="\t") if r and r[0].isdigit()
        }
    # Who gives no answer for a shot is wrong about it.
    scored = [right_of(answers.get(n + 1, ["", "", ""]), row) for n, row in enumerate(key)]
    rates = {what: wilson([one[what] for one in scored]) for what in ("who", "where", "what")}
    rates["all three"] = wilson([all(one.values()) for one in scored])
    for what, rate in rates.items():
        print(f"{what}: {rate} of {rate.count}")
    wrong = [
        {**key[n], "number": n + 1, "answered": answers.get(n + 1)}
        for n, one in enumerate(scored) if not all(one.values())
    ]  # fmt: skip
    if args.json:
        plain = {what: rate.plain() for what, rate in rates.items()}
        args.json.write_text(json.dumps({"rates": plain, "wrong": wrong}, indent=1) + "\n")


def main() -> None:
    """Do what the command line says."""
    top = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = top.add_subparsers(required=True)
    drawing = commands.add_parser("draw")
    drawing.add_argument("films", type=Path, nargs="+", help="folders of finished films")
    drawing.add_argument("--out", type=Path, required=True)
    drawing.add_argument("--seed", type=int, default=1_907)
    drawing.set_defaults(do=draw)
    scoring = commands.add_parser("score")
    scoring.add_argument("answers", type=Path)
    scoring.add_argument("--key", type=Path, required=True)
    scoring.add_argument("--json", type=Path)
    scoring.set_defaults(do=score)
    args = top.parse_args()
    args.do(args)


if __name__ == "__main__":
    main()
