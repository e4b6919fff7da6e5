"""A screenplay or a plan from elsewhere -> story files."""

from __future__ import annotations

import difflib
import io
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from ..dsl import decode_story, format_story, read_story_text, read_xml_text, shown_path
from ..dsl.formats import (
    ImportedStory,
    import_entitybench,
    import_fdx,
    import_fountain,
    import_outline,
    import_plans,
)
from ..errors import InputError, OutputError
from ..film import film_name
from .store.output import write_whole

_FORMATS = {
    ".fountain": "fountain",
    ".spmd": "fountain",
    ".story": "fountain",
    ".fdx": "fdx",
    ".jsonl": "plans",
    ".json": "entitybench",
    ".txt": "outline",
    ".md": "outline",
}
_READERS: dict[str, Callable[[str, str], list[ImportedStory]]] = {
    "entitybench": import_entitybench,
    "fountain": import_fountain,
    "fdx": import_fdx,
    "outline": import_outline,
}


def import_folder(folder: Path, format: str | None) -> list[ImportedStory]:
    """Return the stories of the episodes in a folder, by their names.

    Raises:
        InputError: as `import_file`; the folder holds no episode, or is said to be anything else.
    """
    if format not in (None, "entitybench"):
        raise InputError(f"{folder} is a folder: only episodes of EntityBench are read from one")
    files = sorted(file for file in folder.glob("*.json") if file.is_file())
    if not files:
        raise InputError(f"{folder} holds no .json file: there is no episode to import")
    return [story for file in files for story in import_file(file, "entitybench", repair=False)]


def import_file(path: Path, format: str | None, *, repair: bool) -> list[ImportedStory]:
    """Return the stories of a file.

    Args:
        format: fountain, fdx, outline, plans or entitybench; None asks the file's name.
        repair: mend the boxes of plans.

    Raises:
        InputError: the file cannot be read as text, holds nothing, or is of no known format.
    """
    format = format or _FORMATS.get(path.suffix.lower())
    if format is None:
        known = ", ".join(_FORMATS)
        raise InputError(f"{path} has none of the endings {known}; say what it is with --from")
    text = read_xml_text(path) if format == "fdx" else read_story_text(path)
    if not text.strip("\ufeff \t\r\n"):
        raise InputError(f"{path} is empty: there is nothing to import")
    if format == "plans":
        return import_plans(text, shown_path(path), repair=repair)
    if repair:
        raise InputError("--repair mends the boxes of plans, and this file holds none")
    return _READERS[format](text, shown_path(path))


def write_stories(stories: Sequence[ImportedStory], file: Path, output: Path | None) -> list[Path]:
    """Write what was imported and return where; without an `output` nothing is written over.

    One story goes to `output`, several go into the folder of that name.

    Raises:
        OutputError: a story cannot be written, or is there already.
    """
    if len(stories) == 1:
        targets = [output or Path(f"{film_name(file)}.story")]
    else:
        targets = _names(stories, output or Path(film_name(file)))
    made = [(t, s.text) for t, s in zip(targets, stories, strict=True) if s.text is not None]
    for target, _ in made:
        if output is None and target.exists():
            raise OutputError(f"{target} is already there; say where to write with -o")
    for target, text in made:
        write_script(target, text)
    return [target for target, _ in made]


def _names(stories: Sequence[ImportedStory], folder: Path) -> list[Path]:
    names: list[str] = []
    for story in stories:
        times = names.count(story.name)
        names.append(story.name)
        if times:
            names[-1] = f"{story.name}-{len(names)}"
    return [folder / f"{name}.story" for name in names]


def write_script(path: Path, text: str) -> None:
    """Write a text whole or not at all.

    Raises:
        OutputError: it cannot be written.
    """
    write_whole(path, lambda part: part.write_bytes(text.encode("utf-8")))


STDIN = Path("-")


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A story as it stands and as it should."""

    path: Path
    before: str
    after: str

    @classmethod
    def read(cls, path: Path, data: bytes | None = None) -> Self:
        """Read a story from its file, or from `data` where it came through a pipe.

        Raises:
            InputError: the file cannot be read as text.
            StoryError: it has syntax errors.
        """
        name = "standard input" if data is not None else shown_path(path)
        before = read_story_text(path) if data is None else decode_story(data, name)
        return cls(path, before, format_story(before, name))

    @property
    def is_untidy(self) -> bool:
        return self.after != self.before

    def diff(self) -> str:
        """Return what would change, as a unified diff; nothing where nothing would."""
        before, after = (_lines(text) for text in (self.before, self.after))
        names = f"{self.path}", f"{self.path} (formatted)"
        return "".join(
            line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
            for line in difflib.unified_diff(before, after, *names)
        )

    def write(self) -> None:
        """Put the neat story in the file's place, which keeps its permissions.

        Raises:
            OutputError: it cannot be written; the file is as it was.
        """
        target = self.path.resolve()  # A link stays a link.

        def write(part: Path) -> None:
            part.write_bytes(self.after.encode("utf-8"))
            shutil.copymode(target, part)

        write_whole(target, write)


def _lines(text: str) -> list[str]:
    return list(io.StringIO(text, newline=None))  # every kind of line end is read as LF
