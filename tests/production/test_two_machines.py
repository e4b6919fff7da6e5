"""Two processes with caches of their own render one story at once: nothing is made twice."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

from dreamrunner.production.facade import render_story
from dreamrunner.production.settings import Settings
from dreamrunner.tools.stages.runner import silent

STORY = """\
Title: Three Walks
Seed: 5

@character FOX: a red fox

""" + "".join(
    f"EXT. MEADOW - DAY #{n}#\n@duration 0.5s\n@seed {n}\n\nThe FOX walks to the right.\n\n"
    for n in (1, 2, 3)
)
# A machine: a cache, a folder of films, and the store of both.
MACHINE = """
import sys
from pathlib import Path
from dreamrunner.production.facade import render_story
from dreamrunner.production.settings import Settings
from dreamrunner.tools.stages.runner import StageFinished
class Made:
    def report(self, event):
        if isinstance(event, StageFinished) and not event.record.cached:
            print(event.record.stage, event.record.key, flush=True)
story, folder, url = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
settings = Settings(store=folder / "cache", remote=url, engine="animatic", out=folder / "out")
render_story(story, settings, Made())
"""


def test_two_machines_make_one_film_and_nothing_twice(tmp_path: Path, bucket: str) -> None:
    story = tmp_path / "walks.story"
    story.write_text(STORY, encoding="utf-8")
    folders = [tmp_path / "one", tmp_path / "two"]
    commands = [
        [sys.executable, "-c", MACHINE, str(story), str(folder), f"{bucket}/store"]
        for folder in folders
    ]
    machines = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for command in commands
    ]
    said = [machine.communicate(timeout=300) for machine in machines]
    assert [machine.returncode for machine in machines] == [0, 0], said
    made = Counter(line for out, _ in said for line in out.splitlines())
    assert Counter(line.split()[0] for line in made) == {"plan": 1, "render": 3, "cut": 1}
    assert set(made.values()) == {1}
    films = [(folder / "out" / "walks" / "film.mp4").read_bytes() for folder in folders]
    alone = Settings(store=tmp_path / "own", engine="animatic", out=tmp_path / "own-out")
    own = render_story(story, alone, silent).folder / "film.mp4"
    assert films == [own.read_bytes()] * 2
