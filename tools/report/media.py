"""A report's pictures and videos -> their addresses: in the page, or in `report/` beside it.

A page that holds everything can be mailed, and is slow to open once it holds a long film: a shot
is nearly a megabyte. What lies beside the page is loaded when it is seen. Files there are named by
what they hold, so that an unchanged picture is not written again.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import quote, unquote

from ...errors import OutputError
from ..store.output import clear, file_hash, write_whole

log = logging.getLogger(__name__)

# A larger video is linked, not put into the page.
MOST_VIDEO_BYTES = 1_000_000

_FOLDER = "report"
_KINDS = {".webp": "image/webp", ".mp4": "video/mp4"}
# No text of a story can look like this: its quotation marks are escaped.
_ADDRESS = re.compile(r'\b(src|poster)="([^":]+)"')


@dataclass(frozen=True, slots=True)
class ReportMedia:
    """Where the media of one page go: `beside` it into a folder, or into the page itself."""

    page: Path
    beside: bool = False
    _used: set[str] = field(default_factory=set, repr=False)

    def picture(self, webp: bytes) -> str:
        """Return the address of a picture.

        Raises:
            OutputError: the folder cannot be written.
        """
        if not self.beside:
            return data_uri("image/webp", webp)
        name = f"{hashlib.sha256(webp).hexdigest()[:20]}.webp"
        return self._put(name, len(webp), lambda part: part.write_bytes(webp))

    def video(self, path: Path) -> str | None:
        """Return the address of a video; None where there is no such file.

        Raises:
            OutputError: the folder cannot be written.
        """
        try:
            size = path.stat().st_size
            if not self.beside and size <= MOST_VIDEO_BYTES:
                return data_uri("video/mp4", path.read_bytes())
            digest = file_hash(path)
        except OSError as error:
            log.warning("the report shows no video %s: %s", path, error.strerror)
            return None
        if not self.beside or path.parent == self.page.parent:
            return quote(Path(os.path.relpath(path, self.page.parent)).as_posix())
        return self._put(f"{digest[:20]}.mp4", size, partial(shutil.copyfile, path))

    def remove_unused(self) -> None:
        """Remove what earlier pages had beside them and this one does not."""
        _remove(self.page, keep=self._used)

    def _put(self, name: str, size: int, write: Callable[[Path], object]) -> str:
        """Write a file into the folder unless it is there, and return its address."""
        path = self.page.parent / _FOLDER / name
        if not path.is_file() or path.stat().st_size != size:
            write_whole(path, write)
        self._used.add(name)
        return f"{_FOLDER}/{name}"


def data_uri(kind: str, data: bytes) -> str:
    """Return the address of data that lies in the page itself."""
    return f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"


def pack_report(page: Path) -> None:
    """Put everything that a report shows into the page itself, and remove its folder.

    Raises:
        OutputError: the page cannot be written, or what it shows cannot be read.
    """
    try:
        text = page.read_text(encoding="utf-8")
        packed = _ADDRESS.sub(partial(_packed, page.parent), text)
    except OSError as error:
        raise OutputError(f"cannot pack {page}: {error}; render the story again") from error
    write_whole(page, lambda part: part.write_text(packed, encoding="utf-8"))
    _remove(page, keep=set())


def _packed(folder: Path, address: re.Match[str]) -> str:
    """Return an attribute with its file as data; any other file than media stays linked."""
    path = folder / unquote(address[2])
    kind = _KINDS.get(path.suffix)
    if kind is None:
        return address[0]
    return f'{address[1]}="{data_uri(kind, path.read_bytes())}"'


def _remove(page: Path, *, keep: set[str]) -> None:
    """Remove the media beside a page, but for those to keep, and their folder where it is empty."""
    folder = page.parent / _FOLDER
    for path in list(folder.iterdir()) if folder.is_dir() else ():
        if path.suffix in _KINDS and path.name not in keep:
            clear(path)
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
