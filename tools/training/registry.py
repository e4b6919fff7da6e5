"""A store -> the adapters in it: what each teaches, to which base, and its file.

The store knows results by their keys alone; a person names an adapter by the first letters of its
key, or by its name where one adapter has it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from ...errors import AdapterError, OutputError, why_not_written
from ...film import Adapter, AdapterNeed, TrialRecord
from ..stages.job import read_result
from ..store.output import write_whole
from ..store.store import Store

_STAGE = "adapt"
_CARD = "adapter.json"

_MOST_HEADER = 50_000_000  # bytes of what stands before the weights


@dataclass(frozen=True, slots=True)
class AdapterRegistry:
    """The trained adapters of a store."""

    store: Store

    def listed(self) -> list[Adapter]:
        """Return every adapter, by kind and name."""
        return sorted(self._found(), key=lambda one: (one.kind, one.name, one.key))

    def _found(self) -> Iterator[Adapter]:
        for key in self.store.keys_of(_STAGE):
            made = read_result(self.store, key)
            if made is None:
                continue
            fields = made.fields
            # One that an earlier version has made does not say what it is for.
            need = fields.get("need") or {"kind": "motion", "name": "unknown"}
            asked = AdapterNeed.model_validate(need)
            strip = fields.get("strip", "")
            yield Adapter(
                name=asked.name, kind=asked.kind, path=str(made.folder / fields["file"]), key=key,
                base=fields.get("base", ""), steps=fields.get("step", 0), loss=fields["loss"],
                clips=tuple(fields.get("clips", ())), trigger=fields.get("trigger", ""),
                means=fields.get("means", ""), losses=fields.get("losses", ()),
                checks=fields.get("checks", ()), strip=str(made.folder / strip) if strip else "",
            )  # fmt: skip

    def one(self, name: str) -> Adapter:
        """Return the adapter of a name, or of the first letters of a key.

        Raises:
            AdapterError: there is none, or there are several.
        """
        every = self.listed()
        found = [a for a in every if a.name == name] or [a for a in every if a.key.startswith(name)]
        if len(found) == 1:
            return found[0]
        if not found:
            known = ", ".join(f"{a.name} ({a.key[:10]})" for a in every) or "none"
            raise AdapterError(f"no adapter is called {name!r}; there are: {known}")
        keys = ", ".join(a.key[:10] for a in found)
        raise AdapterError(f"{len(found)} adapters are called {name!r}; name one by key: {keys}")

    def export(self, adapter: Adapter, target: Path) -> Path:
        """Copy an adapter's file, with a card of what it is beside it; return the file.

        Args:
            target: a file of the adapter's own kind, .safetensors for most, or a folder.

        Raises:
            AdapterError: the file would be of another kind.
            OutputError: it cannot be written.
        """
        own = Path(adapter.path)
        file = target
        if target.suffix != own.suffix:
            if target.suffix in (".safetensors", ".png"):
                raise AdapterError(f"{adapter.name} is no {target.suffix} but a {own.suffix} file")
            file = target / own.name
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(adapter.path, file)
            card = adapter.model_dump(mode="json", exclude={"path", "strip"})
            text = json.dumps(card, indent=2, ensure_ascii=False) + "\n"
            file.with_suffix(".json").write_text(text, encoding="utf-8")
        except OSError as error:
            raise OutputError(f"cannot write {file}: {why_not_written(error)}") from error
        return file

    @staticmethod
    def loads_elsewhere(adapter: Adapter) -> bool:
        """Say whether `load_lora_weights` of diffusers takes an adapter's file."""
        return bool(layers := _layers(Path(adapter.path))) and all(
            name.startswith("transformer.") for name in layers
        )

    def note_trial(self, adapter: Adapter, trial: TrialRecord) -> None:
        """Keep what a trial of an adapter found, for reports.

        Raises:
            OutputError: it cannot be written.
        """
        path = self._trial_path(adapter.key)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, lambda part: part.write_text(trial.model_dump_json(), encoding="utf-8"))

    def trial_of(self, key: str) -> TrialRecord | None:
        """Return what the last trial of an adapter found, None where there was none."""
        try:
            return TrialRecord.model_validate_json(self._trial_path(key).read_bytes())
        except (OSError, ValidationError):
            return None

    def _trial_path(self, key: str) -> Path:
        return self.store.root / "trials" / f"{key}.json"

    def remove(self, adapter: Adapter) -> None:
        """Remove an adapter; a film that needs it trains it again."""
        self.store.remove(adapter.key)
        self._trial_path(adapter.key).unlink(missing_ok=True)


def _layers(file: Path) -> list[str]:
    """Return the names of an adapter's low-rank layers, of a file that has none an empty list."""
    try:
        with file.open("rb") as opened:
            size = int.from_bytes(opened.read(8), "little")
            header = json.loads(opened.read(min(size, _MOST_HEADER)))
    except (OSError, ValueError):
        return []
    return [name for name in header if ".lora_" in name]
