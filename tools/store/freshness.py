"""Two sets of inputs of a stage -> reasons in words why its key changed.

Items of a list are matched by what they are (id, entity, time), not by where they stand, so that
one new keyframe is one reason. "box of FOX at 2.0s changed" is what a writer can find again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .recipe import JSON

# The fields that identify a list's item, in the order in which a phrase names them.
_WHO = ("id", "entity", "name", "speaker", "what")
_WHEN = ("time_s", "start_s")
_UNITS = {"_s": "s", "_px": " px"}
_LONGEST_VALUE = 40
# More items of a list than that are counted, not listed.
_MOST_ITEMS = 2
_BOX = {"left", "top", "right", "bottom"}
# How the words of a list's item begin.
_ITEM = ("of ", "at ", "#")
# A reason is shown beside its shot or story, and need not name it.
_NOT_NAMED = {"shot", "story"}
# Where a line stands in the file changes nothing that is made from it.
_IGNORED = {"span"}


def explain_difference(old_inputs: Mapping[str, JSON], new_inputs: Mapping[str, JSON]) -> list[str]:
    """Return what differs between two sets of inputs, one phrase a difference, in their order."""
    return list(dict.fromkeys(_compare(old_inputs, new_inputs, ())))


def _compare(old: JSON, new: JSON, path: tuple[str, ...]) -> list[str]:
    """Return the differences at `path`: field names, and "of FOX" or "at 2.0s" for items."""
    if old == new and type(old) is type(new):
        return []
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        if _BOX.issubset(old) and _BOX.issubset(new):
            return [f"{_phrase(path)} changed"]
        return _compare_fields(old, new, path)
    if _is_list(old) and _is_list(new):
        return _grouped(_compare_fields(_by_identity(old), _by_identity(new), path), path)
    return [_changed(path, old, new)]


def _compare_fields(
    old: Mapping[str, JSON], new: Mapping[str, JSON], path: tuple[str, ...]
) -> list[str]:
    reasons: list[str] = []
    for name in dict.fromkeys([*old, *new]):
        here = (*path, name)
        if name in _IGNORED:
            continue
        if name not in old:
            reasons.append(f"{_phrase(here)} is new")
        elif name not in new:
            reasons.append(f"{_phrase(here)} is gone")
        else:
            reasons += _compare(old[name], new[name], here)
    return reasons


def _grouped(reasons: list[str], path: tuple[str, ...]) -> list[str]:
    """Return the reasons, with many items that came or went together counted as one."""
    grouped = reasons
    for what in ("is new", "is gone"):
        # An item's own phrase ends so, and so does that of a field that it got or lost.
        item = _phrase((*path, "#")).rstrip(" #")
        some = [
            reason for reason in grouped if reason.startswith(f"{item} ") and reason.endswith(what)
        ]
        if len(some) > _MOST_ITEMS:
            first = grouped.index(some[0])
            grouped = [reason for reason in grouped if reason not in some]
            grouped.insert(first, f"{len(some)} {item}s {what.replace('is', 'are')}")
    return grouped


def _is_list(value: JSON) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _by_identity(items: JSON) -> dict[str, JSON]:
    """Return a list's items by entity, id and time; by number where they have none."""
    if not isinstance(items, Sequence) or isinstance(items, str):
        return {}
    named: dict[str, JSON] = {}
    for number, item in enumerate(items, start=1):
        name = _identity(item) or f"#{number}"
        while name in named:
            name += f" #{number}"
        named[name] = item
    return named


def _identity(item: JSON) -> str:
    if not isinstance(item, Mapping):
        return ""
    who = next((f"of {item[field]}" for field in _WHO if item.get(field)), "")
    times = (item.get(field) for field in _WHEN)
    when = next((time_s for time_s in times if isinstance(time_s, int | float)), None)
    words = [who, f"at {round(when, 2)}s" if when is not None else ""]
    return " ".join(word for word in words if word)


def _phrase(path: Sequence[str]) -> str:
    """Phrase a path from its leaf outwards: keyframes / at 2.0s / placements / of FOX / box.

    The names of the lists on the way are left out: an item's own words stand for them.
    """
    if len(path) > 1 and path[0] in _NOT_NAMED:
        path = path[1:]
    phrase, item_of = "", ""
    for depth, here in enumerate(path, start=1):
        if depth < len(path) and path[depth].startswith(_ITEM):
            item_of = _plain(here).removesuffix("s").removesuffix("ie")
            item_of += "y" * here.endswith("ies")
            continue
        words = _plain(here)
        if here.startswith("#") or (here.startswith(_ITEM) and depth == len(path)):
            words = f"{item_of} {here.removeprefix('of ')}"
        link = " of " if phrase and not phrase.startswith(_ITEM) else " "
        phrase = f"{words}{link}{phrase}".strip()
    return phrase


def _plain(name: str) -> str:
    for suffix in _UNITS:
        name = name.removesuffix(suffix)
    return name.replace("_", " ")


def _changed(path: tuple[str, ...], old: JSON, new: JSON) -> str:
    unit = next((u for suffix, u in _UNITS.items() if path and path[-1].endswith(suffix)), "")
    before, after = _value(old, unit), _value(new, unit)
    if before is None or after is None:
        return f"{_phrase(path)} changed"
    return f"{_phrase(path)} changed from {before} to {after}"


def _value(value: JSON, unit: str) -> str | None:
    """Return a value short enough to read, or None where it is not (a hash, a long prompt)."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value}{unit}"
    if isinstance(value, str) and len(value) <= _LONGEST_VALUE:
        return f'"{value}"'
    return None
