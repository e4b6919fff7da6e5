"""The path in a directive -> a reference that stays in the story's folder and can be read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Literal

from ...story import Reference
from ..syntax import tree
from .context import Context
from .pictures import SMALLEST_SIDE_PX, picture_size

Sort = Literal["file", "folder", "picture", "adapter", "sound"]
# How files of sound begin: WAV, AIFF, Ogg, FLAC, MP3 with and without tags, Matroska.
_SOUND_HEADERS = (
    b"RIFF", b"FORM", b"OggS", b"fLaC", b"ID3", b"\xff\xfb", b"\xff\xf3", b"\x1aE\xdf\xa3",
)  # fmt: skip
SAVE_AS_SOUND = "save it as WAV, FLAC, Ogg, MP3 or M4A"
_OUTSIDE_HELP = "put the file beside the story and name it from there"
_HEADER_BYTES = 9  # of a safetensors file: the length of its header, and the brace it begins with


def resolve_reference(quoted: tree.Quoted, context: Context, sort: Sort = "file") -> Reference:
    """Return the reference; a path that is forbidden, missing or empty is reported at its place.

    A path in a file that `@use` brought in is relative to that file, and comes back relative to
    the story.
    """
    span = context.findings.source.span(quoted.start, quoted.end)
    problem = _forbidden(quoted.text)
    if problem is not None:
        context.findings.error("114", quoted, problem, _OUTSIDE_HELP)
        return Reference(quoted.text, span)
    path = str(context.base / quoted.text) if context.base.parts else quoted.text
    if context.folder is not None:
        _check_file(quoted, path, context.folder, context, sort)
    return Reference(path, span)


def _forbidden(path: str) -> str | None:
    """Say why a path may not be named at all, judging by its text alone."""
    if not path.strip():
        return "the path is empty"
    if "\0" in path:
        return "the path holds a character that no file name can have"
    if "://" in path:
        return f'"{path}" is an address; references are files beside the story'
    windows = PureWindowsPath(path)
    if PurePosixPath(path).is_absolute() or windows.drive or windows.root:
        return f'"{path}" is outside the story\'s folder: the path is absolute'
    if ".." in windows.parts:
        return f'"{path}" may not go up out of a folder'
    return None


def _check_file(quoted: tree.Quoted, path: str, folder: Path, context: Context, sort: Sort) -> None:
    try:
        root = folder.resolve()
        target = (root / path).resolve()
        problem = _problem(path, target, root, sort)
    except (OSError, RuntimeError) as failed:  # a loop of links, a name too long, no permission
        reason = getattr(failed, "strerror", None) or str(failed)
        problem = _Problem("112", f'"{path}" cannot be read: {reason}')
    if problem is not None:
        context.findings.error(problem.number, quoted, problem.message, problem.help)


@dataclass(frozen=True, slots=True)
class _Problem:
    """What is wrong with what a path leads to."""

    number: str
    message: str
    help: str | None = None


def _problem(path: str, target: Path, root: Path, sort: Sort) -> _Problem | None:
    if not target.is_relative_to(root):
        message = f'"{path}" leads out of the story\'s folder through a link'
        return _Problem("114", message, _OUTSIDE_HELP)
    if not target.exists():
        return _Problem("111", f'"{path}" is not there', f"put the {sort} at {path}")
    if sort == "folder":
        return None if target.is_dir() else _Problem("112", f'"{path}" is a file, not a folder')
    if not target.is_file():
        found = "folder" if target.is_dir() else "device or a pipe"
        return _Problem("112", f'"{path}" is a {found}, not a {sort}')
    if target.stat().st_size == 0:
        return _Problem("113", f'"{path}" is empty')
    if sort == "adapter":
        return _adapter_problem(path, target)
    if sort == "sound":
        return _sound_problem(path, target)
    return _picture_problem(path, target) if sort == "picture" else None


def _sound_problem(path: str, target: Path) -> _Problem | None:
    """Refuse what begins as no sound does; whether it can be heard is known when it is mixed."""
    with target.open("rb") as file:
        begin = file.read(_HEADER_BYTES)
    if begin.startswith(_SOUND_HEADERS) or begin[4:8] == b"ftyp":
        return None
    return _Problem("117", f'"{path}" is no sound', SAVE_AS_SOUND)


def _adapter_problem(path: str, target: Path) -> _Problem | None:
    """Refuse every format but safetensors: the older ones can run code when they are read."""
    with target.open("rb") as file:
        begin = file.read(_HEADER_BYTES)
    fits = int.from_bytes(begin[:-1], "little") <= target.stat().st_size - len(begin) + 1
    if target.suffix == ".safetensors" and begin[-1:] == b"{" and fits:
        return None
    return _Problem("112", f'"{path}" is no safetensors file', "adapters are .safetensors files")


def _picture_problem(path: str, target: Path) -> _Problem | None:
    size = picture_size(target)
    if size is None:
        return _Problem("112", f'"{path}" is no picture', "save it as PNG or JPEG")
    if min(size) < SMALLEST_SIDE_PX:
        message = f'"{path}" is too small: {size[0]} x {size[1]} pixels'
        return _Problem("113", message, f"each side has at least {SMALLEST_SIDE_PX} pixels")
    return None
