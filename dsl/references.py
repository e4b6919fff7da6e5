"""The path in a directive -> a reference that stays in the story's folder and can be read."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Literal

from ..story import Reference
from . import tree
from .context import Context

_OUTSIDE_HELP = "put the file beside the story and name it from there"
Sort = Literal["file", "folder"]


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
    findings = context.findings
    try:
        root = folder.resolve()
        target = (root / path).resolve()
        if not target.is_relative_to(root):
            message = f'"{path}" leads out of the story\'s folder through a link'
            findings.error("114", quoted, message, _OUTSIDE_HELP)
        elif not target.exists():
            findings.error("111", quoted, f'"{path}" is not there', f"put the {sort} at {path}")
        elif target.is_dir() != (sort == "folder"):
            others: tuple[Sort, Sort] = ("file", "folder")
            other = others[sort == "file"]
            findings.error("112", quoted, f'"{path}" is a {other}, not a {sort}')
        elif target.is_file() and target.stat().st_size == 0:
            findings.error("113", quoted, f'"{path}" is empty')
    except (OSError, RuntimeError) as problem:  # a loop of links, a name too long, no permission
        reason = getattr(problem, "strerror", None) or str(problem)
        findings.error("112", quoted, f'"{path}" cannot be read: {reason}')
