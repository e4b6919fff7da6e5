"""What a director wants beside the machine's own choice <-> `takes.json` in a film's folder.

It belongs to the film and not to the story: which take of a shot is shown, by the key of its clip,
how many more than the machine makes there shall be, and which plan and takes somebody has approved.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import Field

from ...errors import InputError
from ...film import Take
from ...plan import Record
from ..store.output import write_whole

FILE = "takes.json"


class PreferredTakes(Record):
    """Shot -> the key of the clip that it shall show; shot -> how many takes more it has.

    `plan` is the hash of the plan that was approved, `approved` are the keys of clips that were.
    """

    shown: dict[str, str] = Field(default_factory=dict)
    more: dict[str, int] = Field(default_factory=dict)
    plan: str = ""
    approved: tuple[str, ...] = ()

    def approving(self, take: Take) -> PreferredTakes:
        """Return the same with a take approved."""
        return self.model_copy(update={"approved": (*self.approved, take.clip.key)})

    def showing(self, take: Take) -> PreferredTakes:
        """Return the same with a take preferred."""
        return self.model_copy(update={"shown": {**self.shown, take.shot: take.clip.key}})

    def leaving(self, shot: str) -> PreferredTakes:
        """Return the same with no take of a shot preferred."""
        shown = {name: key for name, key in self.shown.items() if name != shot}
        return self.model_copy(update={"shown": shown})

    def with_one_more(self, shot: str) -> PreferredTakes:
        """Return the same with one more take of a shot, of which nobody has chosen one yet."""
        more = {**self.more, shot: self.more.get(shot, 0) + 1}
        return self.leaving(shot).model_copy(update={"more": more})


def read_preferred(folder: Path) -> PreferredTakes:
    """Return what is preferred in a film's folder; nothing where nobody has said.

    Raises:
        InputError: the file is not what `write_preferred` wrote.
    """
    path = folder / FILE
    try:
        return PreferredTakes.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return PreferredTakes()
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read; mend or remove it: {error}") from error


def write_preferred(folder: Path, preferred: PreferredTakes) -> None:
    """Write what is preferred into a film's folder."""
    text = preferred.model_dump_json(indent=2) + "\n"
    write_whole(folder / FILE, lambda part: part.write_text(text, encoding="utf-8"))


def as_preferred(
    takes: Sequence[Take], preferred: Mapping[str, str]
) -> tuple[tuple[Take, ...], list[str]]:
    """Return takes with those kept that are preferred, and the shots whose take is not there."""
    keys = {take.clip.key for take in takes}
    lost = [shot for shot, key in preferred.items() if key not in keys]
    chosen = {shot: key for shot, key in preferred.items() if key in keys}
    return tuple(
        take.model_copy(update={"kept": take.clip.key == chosen[take.shot]})
        if take.shot in chosen
        else take
        for take in takes
    ), lost
