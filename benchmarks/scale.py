"""Films of 10, 50 and 200 shots by the animatic engine -> seconds and memory of each part of a run.

    python benchmarks/scale.py [--shots 10,50,200] [--json FILE] [--plot FILE]

Each film is made by a process of its own: the plan, the render with everything beside it, the
report written once more, a run that is gone on with where half of the shots lie in the store and
the rest are gone, and a run with nothing left to make. What a shot costs must not grow with the
number of shots: the exponent of each part is fitted by least squares on logarithms. Seconds are of
the processor, for a machine that does other things too gives no others that can be compared.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from dreamrunner.plan import Plan
from dreamrunner.production.facade import plan_story, render_story
from dreamrunner.production.settings import Settings
from dreamrunner.tools.report.media import pack_report
from dreamrunner.tools.stages.runner import silent

PLACES = ("MEADOW", "BEACH", "FOREST", "STREET")
DEEDS = ("walks to the right", "jumps", "walks to the left", "sits down")
PARTS = ("plan", "render", "report", "restart", "unchanged")


def story_of(shots: int) -> str:
    """Return a page of as many scenes of one short shot."""
    head = f"Title: {shots} Shots\nSeed: 5\n\n@character FOX: a red fox\n\n"
    return head + "".join(
        f"EXT. {PLACES[n % 4]} - DAY #{n}#\n@duration 0.5s\n@seed {n}\n\n"
        f"The FOX {DEEDS[n % 4]}.\n\n"
        for n in range(1, shots + 1)
    )


def measure(shots: int, work: Path) -> dict[str, float]:
    """Return what each part of a film takes: processor seconds, and the peak of memory in MB."""
    story = work / "scale.story"
    story.write_text(story_of(shots), encoding="utf-8")
    settings = Settings(engine="animatic", store=work / "store", out=work / "out")
    plan_story(_warmed(work), settings)  # what is loaded once costs nothing a shot
    found: dict[str, float] = {"shots": shots}
    began = time.process_time()

    def took(part: str) -> None:
        nonlocal began
        found[part] = round(time.process_time() - began, 3)
        began = time.process_time()

    planned = plan_story(story, settings)
    assert isinstance(planned, Plan) and len(planned.shots) == shots
    took("plan")
    wall = time.monotonic()
    made = render_story(story, settings, silent)
    took("render")
    found["render wall"] = round(time.monotonic() - wall, 3)
    pack_report(made.report)
    took("report")
    film = (made.folder / "film.mp4").read_bytes()
    for take in made.film.takes[shots // 2 :]:
        folder = settings.store / take.clip.key[:2] / take.clip.key
        shutil.rmtree(folder)
    began = time.process_time()
    again = render_story(story, settings, silent)
    took("restart")
    assert (again.folder / "film.mp4").read_bytes() == film
    render_story(story, settings, silent)
    took("unchanged")
    found["peak MB"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3, 1)
    found["store MB"] = round(_bytes(settings.store) / 1e6, 2)
    found["run.json MB"] = round(made.run.stat().st_size / 1e6, 3)
    return found


def _warmed(work: Path) -> Path:
    story = work / "warm.story"
    story.write_text(story_of(1), encoding="utf-8")
    return story


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def exponent(rows: list[dict[str, float]], part: str) -> float:
    """Return the power of the number of shots with which a part grows."""
    points = [(math.log(row["shots"]), math.log(max(row[part], 1e-3))) for row in rows]
    x0 = sum(x for x, _ in points) / len(points)
    y0 = sum(y for _, y in points) / len(points)
    return sum((x - x0) * (y - y0) for x, y in points) / sum((x - x0) ** 2 for x, _ in points)


def plot(rows: list[dict[str, float]], target: Path) -> None:
    """Draw the seconds of each part, and the memory, over the number of shots, as SVG."""
    from xml.sax.saxutils import escape

    wide, high, left, top = 640, 360, 60, 20
    most_x = max(row["shots"] for row in rows)
    colours = dict(zip(PARTS, ("#4269d0", "#efb118", "#ff725c", "#6cc5b0", "#9c6b4e"), strict=True))
    most_y = max(row[part] for row in rows for part in PARTS)
    most_mb = max(row["peak MB"] for row in rows)

    def at(x: float, y: float, most: float) -> str:
        return f"{left + x / most_x * wide:.1f},{top + high - y / most * high:.1f}"

    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 860 430" font-family="sans-serif" '
        f'font-size="13"><rect width="860" height="430" fill="white"/>'
        f'<path d="M{left},{top} v{high} h{wide}" fill="none" stroke="#888"/>'
    ]
    for number, part in enumerate((*PARTS, "peak MB")):
        most, colour = (most_mb, "#333") if part == "peak MB" else (most_y, colours[part])
        dash = ' stroke-dasharray="5 4"' if part == "peak MB" else ""
        points = " ".join(at(row["shots"], row[part], most) for row in rows)
        lines.append(f'<polyline points="{points}" fill="none" stroke="{colour}"{dash}/>')
        words = f"{part}, to {most_mb:.0f}" if part == "peak MB" else f"{part}, s"
        y = top + 20 + 22 * number
        lines.append(f'<text x="{left + wide + 14}" y="{y}" fill="{colour}">{escape(words)}</text>')
    for row in rows:
        x = left + row["shots"] / most_x * wide
        lines.append(
            f'<text x="{x:.0f}" y="{top + high + 18}" text-anchor="middle">'
            f"{row['shots']:.0f}</text>"
        )
    for share in (0.5, 1.0):
        y = top + high - share * high + 5
        lines.append(
            f'<text x="{left - 8}" y="{y:.0f}" text-anchor="end">{share * most_y:.0f} s</text>'
        )
    lines.append(
        f'<text x="{left + wide / 2}" y="{top + high + 38}" text-anchor="middle">shots</text></svg>'
    )
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--shots", default="10,50,200")
    parser.add_argument("--json", type=Path, help="keep the figures here too")
    parser.add_argument("--plot", type=Path, help="draw them here")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(measure(int(given.one[0]), Path(given.one[1]))))
        return
    rows: list[dict[str, float]] = []
    for shots in given.shots.split(","):
        with tempfile.TemporaryDirectory(prefix="scale-") as work:
            command = [sys.executable, __file__, "--one", shots, work]
            out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        rows.append(json.loads(out.splitlines()[-1]))
        print(json.dumps(rows[-1]), flush=True)
    grown = {part: round(exponent(rows, part), 2) for part in PARTS} if len(rows) > 1 else {}
    print(json.dumps({"exponents": grown}))
    if given.json:
        machine = f"{platform.machine()}, {os.cpu_count()} cores"
        kept = {"machine": machine, "rows": rows, "exponents": grown}
        given.json.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
    if given.plot:
        plot(rows, given.plot)


if __name__ == "__main__":
    main()
