"""A finished render -> patches of its story, and a story with a kept take's patch applied."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InputError
from ..film import film_name, read_account

if TYPE_CHECKING:
    from ..dsl import ParsedStory
    from ..film import Take
    from ..plan import Plan

FOLDER = "patches"


@dataclass(frozen=True, slots=True)
class TakePatch:
    """A take that was not shot as the page has it, and the page's patch; `kept` by the film."""

    shot: str
    take: int
    kept: bool
    text: str

    @property
    def name(self) -> str:
        from ..tools.story_patches import patch_name

        return patch_name(self.shot, self.take)


def take_patches(parsed: ParsedStory, directed: Plan, takes: Sequence[Take]) -> Iterator[TakePatch]:
    """Yield a patch for each take whose plan is not the director's, in the film's order."""
    from ..agents.critic.patch import changes
    from ..tools.story_patches import unified, with_changes

    assert parsed.story is not None  # it was rendered
    written = {scene.id: scene for scene in parsed.story.scenes}
    for planned in directed.scenes:
        start_s = 0.0
        for shot in planned.shots:
            for take in takes:
                if take.shot == shot.id and take.plan is not None and take.plan != shot:
                    found = changes(shot, take.plan, start_s=start_s)
                    alone = len(planned.shots) == 1
                    page = with_changes(parsed.source, written[planned.id], found, alone=alone)
                    name = Path(parsed.story.span.file).name
                    text = unified(parsed.source, page, name)
                    if text:
                        yield TakePatch(take.shot, take.number, take.kept, text)
            start_s += shot.duration_s


def write_patches(patches: Sequence[TakePatch], folder: Path) -> None:
    """Write each patch into the film's folder; those of earlier renders go.

    Raises:
        OutputError: one cannot be written.
    """
    from ..tools.store.output import write_whole

    place = folder / FOLDER
    for old in place.glob("*.patch"):
        old.unlink()
    for patch in patches:
        data = patch.text.encode("utf-8")
        place.mkdir(parents=True, exist_ok=True)
        write_whole(place / patch.name, partial(Path.write_bytes, data=data))


def accept(story: Path, out: Path, shot: str | None = None) -> list[str]:
    """Write what the machine changed for the kept takes into a story; return the shots' ids.

    Every patch is applied or none is: the new page is checked before it is written.

    Args:
        story: the page.
        out: the folder of films.
        shot: the shot whose change is taken over, None for all.

    Raises:
        InputError: there is no render, no change, no such shot, or the page has changed since.
        StoryError: the page would have errors.
        OutputError: it cannot be written.
    """
    folder = out / film_name(story)
    patches = _kept_patches(folder, story)
    if shot is not None and shot not in patches:
        known = ", ".join(patches) or "no shot"
        raise InputError(f"nothing was changed for shot {shot}; changed: {known}")
    if not patches:
        raise InputError(
            f"nothing was changed for the takes of {story}: there is nothing to accept"
        )
    chosen = {shot: patches[shot]} if shot is not None else patches
    write_patched(story, list(chosen.values()))
    return list(chosen)


def write_patched(story: Path, patches: Sequence[str]) -> None:
    """Write a story with all patches applied, after the new page was checked.

    Raises:
        InputError: a patch is none, or the page has changed since it was made.
        StoryError: the page would have errors.
        OutputError: it cannot be written.
    """
    from ..dsl import parse_story, read_story_text, shown_path
    from ..errors import StoryError
    from ..tools.screenplays import write_script
    from ..tools.story_patches import applied

    raw = read_story_text(story)
    text = raw.replace("\r\n", "\n").removeprefix("\ufeff")
    for patch in patches:
        text = applied(text, patch)
    checked = parse_story(text, path=shown_path(story), folder=story.parent)
    if checked.errors:
        raise StoryError(checked.diagnostics, checked.source)
    # The writer's own line ends and mark stay.
    mark = "\ufeff" * raw.startswith("\ufeff")
    write_script(story, mark + (text.replace("\n", "\r\n") if "\r\n" in raw else text))


def _kept_patches(folder: Path, story: Path) -> dict[str, str]:
    """Return the patches of the kept takes of a film's last render, by shot."""
    from ..tools.story_patches import patch_name

    try:
        account = read_account(folder / "run.json")
        takes = [(take["shot"], int(take["number"])) for take in account["takes"] if take["kept"]]
    except (OSError, ValueError, KeyError, TypeError, json.JSONDecodeError) as error:
        raise InputError(
            f"there is no finished render at {folder}; `dreamrunner render {story}` makes one"
        ) from error
    found: dict[str, str] = {}
    for shot, number in takes:
        path = folder / FOLDER / patch_name(shot, number)
        if path.is_file():
            found[shot] = path.read_text(encoding="utf-8")
    return found
