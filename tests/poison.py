"""A pickle that writes a marker when it is read, and a watch on everybody who unpickles it."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest


class _WritesMarker:
    """Unpickling this writes a file."""

    def __init__(self, marker: Path) -> None:
        self._marker = marker

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.write_text, (self._marker, "a pickle was run")


@dataclass(slots=True)
class Poison:
    """The pickle, the file that it writes, and whoever tried to read it."""

    marker: Path
    pickle: bytes
    readers: list[str] = field(default_factory=list)

    def assert_untouched(self) -> None:
        assert self.readers == []
        assert not self.marker.exists()


def poisoned(marker: Path, monkeypatch: pytest.MonkeyPatch) -> Poison:
    """Make a pickle that writes `marker`, and record whoever unpickles it from now on."""
    poison = Poison(marker, pickle.dumps(_WritesMarker(marker)))
    load, unpickler = pickle.loads, pickle.Unpickler

    def recording_loads(data: Any, /, **options: Any) -> Any:
        if poison.pickle in bytes(data):
            poison.readers.append("pickle.loads")
        return load(data, **options)

    def recording_load(file: Any, /, **options: Any) -> Any:
        return recording_loads(file.read(), **options)

    class RecordingUnpickler(unpickler):  # type: ignore[misc, valid-type]
        def __init__(self, file: Any, **options: Any) -> None:
            data = file.read()
            if poison.pickle in data:
                poison.readers.append("pickle.Unpickler")
            super().__init__(BytesIO(data), **options)

    monkeypatch.setattr(pickle, "loads", recording_loads)
    monkeypatch.setattr(pickle, "load", recording_load)
    monkeypatch.setattr(pickle, "Unpickler", RecordingUnpickler)
    return poison
