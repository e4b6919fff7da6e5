"""Options and `dreamrunner.toml` -> the settings of a command, with their defaults."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ..engine.lossy import Lossy
from ..engine.sampling import Sampling
from ..errors import InputError
from ..film import film_name
from ..tools.sound.choice import VoiceChoice
from .retakes import TakeBudget

if TYPE_CHECKING:
    from ..engine.diffusion.weights import LoadOptions
    from ..plan import Capabilities
    from ..tools.store.store import Store

SETTINGS_FILE = "dreamrunner.toml"


@dataclass(frozen=True, slots=True)
class Budget:
    """What a run may use at most; None is without limit."""

    calls: int | None = None
    tokens: int | None = None
    minutes: float | None = None

    def without(self, *, calls: int, tokens: int) -> Budget:
        """Return what is left when so much was used; a model is asked no more where that is 0."""
        return replace(
            self,
            calls=None if self.calls is None else max(0, self.calls - calls),
            tokens=None if self.tokens is None else max(0, self.tokens - tokens),
        )


@dataclass(frozen=True, slots=True)
class Llm:
    """The language model that directs, and how it is reached.

    `key` is in no representation of this record, so that it gets into no message by accident.
    `input_price` and `output_price` are what a million tokens cost; without them no cost is known.
    `record` is where answers are kept, and `replay` says that only kept answers count.
    """

    model: str
    url: str | None = None
    key: str | None = field(default=None, repr=False)
    timeout_s: float = 120.0
    deadline_s: float = 300.0
    width: int = 4
    requests_per_minute: float | None = None
    input_price: float | None = None
    output_price: float | None = None
    record: Path | None = None
    replay: bool = False


@dataclass(frozen=True, slots=True)
class Teaching:
    """What an engine that takes any words is taught; `unknown` are motions that it does not know,
    as the user says."""

    policy: Literal["needed", "all", "none"] = "needed"
    unknown: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Say it as `--teach` is told."""
        return ",".join(self.unknown) or self.policy

    def known_of(self, capabilities: Capabilities) -> Capabilities:
        """Return what an engine can do, with what the user says that it does not know."""
        unknown = dict.fromkeys((*capabilities.unknown_motions, *self.unknown))
        return capabilities.model_copy(update={"unknown_motions": tuple(unknown)})


def parse_teaching(text: str) -> Teaching:
    """Return what `--teach` says: needed, all, none, or the motions that are not known.

    Raises:
        InputError: it is a list with one of these words in it, or with nothing between its commas.
    """
    match text.strip():
        case "needed" | "all" | "none" as policy:
            return Teaching(policy)
    names = tuple(" ".join(part.split()).lower() for part in text.split(","))
    if not all(names) or {"needed", "all", "none"} & set(names):
        raise InputError(f"--teach takes needed, all, none, or motions: not {text!r}")
    return Teaching(unknown=names)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user chose for a command. `seed` is for a story that sets none.

    `store` is the folder of finished work; where that is shared at the URL `remote`, the folder
    holds what this machine has of it.

    `weights`, `download`, `fit` and `compile` are for published models: the folder with their
    weights, whether missing ones are downloaded, the GPU memory in bytes that they may use, and
    whether their blocks are compiled. `lossy` are the levers that draw faster and less exactly,
    `sampling` how shots are sampled where it is not as the model is published, `teach` what an
    engine that takes any words is taught. Without an `llm` the rules direct; without a `voice` the
    film is its silent clips and nothing else; with `burn` its subtitles are in the picture, without
    `cards` it has none of title and end. `critic` is what measures, None
    for the engine's own; `critic_weights` is the folder of the published critic's models, None for
    the hub's cache. `clips` are folders of clips beside the user's own library, and `qdrant` is
    the address of a server that searches them. With `frozen` a film that is not as its lock has it
    is refused; `approve` is what waits for somebody's word. `on` is the cluster whose workers make
    the stages, "ray" or "ray://HOST", None for this process; `worker_cores` are the cores of each
    worker.
    """

    store: Path
    engine: str = "storybook"
    out: Path = Path("out")
    seed: int | None = None
    strict: bool = False
    weights: Path | None = None
    download: bool = False
    fit: int | None = None
    compile: bool = False
    lossy: Lossy = Lossy()
    sampling: Sampling = Sampling()
    llm: Llm | None = None
    budget: Budget = Budget()
    retakes: TakeBudget = TakeBudget()
    advice: bool = False
    single_report: bool = False
    critic: Literal["published", "embedded", "none"] | None = None
    critic_weights: Path | None = None
    voice: VoiceChoice | None = None
    teach: Teaching = Teaching()
    clips: tuple[Path, ...] = ()
    qdrant: str | None = None
    qdrant_key: str | None = field(default=None, repr=False)
    burn: bool = False
    cards: bool = True
    frozen: bool = False
    approve: tuple[Literal["plan", "shots"], ...] = ()
    on: str | None = None
    worker_cores: int = 1
    remote: str | None = None

    @property
    def library(self) -> Path:
        """The user's own library of clips; those that are drawn, and of stories, lie below it."""
        return self.store / "library"

    @property
    def trainings(self) -> Path:
        """Where trainings are kept that were stopped."""
        return self.store / "trainings"

    @property
    def load_options(self) -> LoadOptions:
        """Return how a published model is loaded."""
        from ..engine.diffusion.weights import LoadOptions

        return LoadOptions(
            weights=self.weights,
            download=self.download,
            fit=self.fit,
            compile=self.compile,
            fp8=self.lossy.fp8,
            bf16=self.lossy.bf16,
        )

    def cassette(self, story: Path) -> Path:
        """Where the answers of a language model to a story are kept."""
        own = self.llm.record if self.llm else None
        return own or self.out / film_name(story) / "cassette.jsonl"


def default_store() -> Path:
    """Return the default folder of finished work, in the user's cache."""
    from platformdirs import user_cache_path

    return user_cache_path("dreamrunner") / "store"


def store_of(settings: Settings) -> Store:
    """Return the store that settings name; one at a URL has its cache in their folder.

    Raises:
        StoreError: there can be no store at such a URL.
    """
    if settings.remote is None:
        from ..tools.store.store import Store

        return Store(settings.store)
    from ..tools.store.shared import SharedStore

    return SharedStore(settings.store, settings.remote)


def default_cache(url: str) -> Path:
    """Return the default folder of what this machine has of a shared store."""
    from platformdirs import user_cache_path

    from ..tools.store.remote import place_name

    chosen = os.environ.get("DREAMRUNNER_CACHE")
    folder = Path(chosen) if chosen else user_cache_path("dreamrunner") / "shared"
    return folder / place_name(url)


_KINDS: dict[str, tuple[type, ...]] = {
    "model": (str,), "url": (str,), "key": (str,), "timeout_s": (int, float),
    "deadline_s": (int, float), "width": (int,),
    "requests_per_minute": (int, float), "input_price": (int, float), "output_price": (int, float),
}  # fmt: skip


_VOICE_KINDS: dict[str, tuple[type, ...]] = {
    "use": (str,), "url": (str,), "model": (str,), "key": (str,), "names": (list,),
    "timeout_s": (int, float),
}  # fmt: skip


def read_llm(path: Path) -> Llm | None:
    """Return the `[llm]` table of a settings file; None where there is no file or no table.

    Raises:
        InputError: the file cannot be read, or has an unknown setting or a wrong value.
    """
    table = _read_table(path, "llm", _KINDS)
    return None if table is None else replace(Llm(model=""), **table)


def read_voice(path: Path) -> VoiceChoice | None:
    """Return the `[voice]` table of a settings file; raises as `read_llm`."""
    table = _read_table(path, "voice", _VOICE_KINDS)
    if table is None:
        return None
    names = table.pop("names", [])
    if not all(isinstance(name, str) for name in names):
        raise InputError(f"{path}: [voice] `names` must be a list of texts")
    return replace(VoiceChoice(), **table, names=tuple(names))


def _read_table(
    path: Path, title: str, kinds: Mapping[str, tuple[type, ...]]
) -> dict[str, Any] | None:  # Any: as TOML comes back
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8")).get(title)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read: {error}") from error
    if table is None:
        return None
    if not isinstance(table, dict):
        raise InputError(f"{path}: write `[{title}]` as a table of settings")
    for name, value in table.items():
        if name not in kinds:
            known = ", ".join(kinds)
            raise InputError(f"{path}: [{title}] has no setting `{name}`; it has {known}")
        if not isinstance(value, kinds[name]) or isinstance(value, bool):
            words: dict[type, str] = {str: "a text", list: "a list of texts"}
            said = words.get(kinds[name][0], "a number")
            # Never the value: it may be a key.
            raise InputError(f"{path}: [{title}] `{name}` must be {said}")
        if isinstance(value, int | float) and value <= 0 and not name.endswith("price"):
            raise InputError(f"{path}: [{title}] `{name}` must be more than 0")
    return table
