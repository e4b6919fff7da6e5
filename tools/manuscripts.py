"""A story's file -> the same file, neatly written."""

from __future__ import annotations

import difflib
import io
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from ..dsl import decode_story, format_story, read_story_text
from .store.output import write_whole

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
        name = "standard input" if data is not None else str(path)
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
