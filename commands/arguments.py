"""Arguments and options of the commands, environment and settings file -> the settings."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ..production.settings import Budget, Llm, Settings
    from ..tools.sound.choice import VoiceChoice


class EngineName(StrEnum):
    """What draws the shots."""

    STORYBOOK = "storybook"
    ANIMATIC = "animatic"
    COGVIDEOX_2B = "cogvideox-2b"
    COGVIDEOX_5B = "cogvideox-5b"
    COGVIDEOX_15_5B = "cogvideox-1.5-5b"
    WAN_1_3B = "wan2.1-1.3b"
    WAN_14B = "wan2.1-14b"
    WAN_22_5B = "wan2.2-ti2v-5b"


class Format(StrEnum):
    """The form of a result."""

    TEXT = "text"
    JSON = "json"


class ReportFormat(StrEnum):
    """The form of a list of mistakes."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    JUNIT = "junit"


# The formats that hold diagnostics and nothing else.
FOR_CI = (ReportFormat.SARIF, ReportFormat.JUNIT)


def engine_named(text: str) -> str:
    """Return the name of an engine, or its folder; typer shows what is wrong with another."""
    names = [engine.value for engine in EngineName]
    if text in names or (Path(text) / "model_index.json").is_file():
        return text
    raise typer.BadParameter(
        f"{text!r} is none of {', '.join(names)}, and no folder with a model_index.json"
    )


# Headings of the help text.
LLM_PANEL = "Language model"
StoryFile = Annotated[
    Path,
    typer.Argument(
        metavar="STORY",
        help="The screenplay, a .story or Fountain file.",
        exists=True,
        dir_okay=False,
        readable=True,
        show_default=False,
    ),
]
EngineOption = Annotated[
    str,
    typer.Option(
        "--engine",
        "-e",
        metavar="ENGINE",
        parser=engine_named,
        help="What draws the shots: `storybook`, the embedded model; `animatic`, "
        "which draws the plan itself with no model; or a published model, on a GPU: "
        "`cogvideox-2b`, `cogvideox-5b`, `cogvideox-1.5-5b`, `wan2.1-1.3b`, `wan2.1-14b`, "
        "`wan2.2-ti2v-5b`, or the folder of any "
        "CogVideoX or Wan in diffusers' layout.",
    ),
]
SeedOption = Annotated[
    int | None,
    typer.Option("--seed", min=0, help="Seed of every shot for which the story sets none."),
]


def store_place(text: str | None) -> str | None:
    """Return the place of a store; typer shows what is wrong with a file in its place."""
    if text and not is_url(text) and Path(text).is_file():
        raise typer.BadParameter(f"Directory {text!r} is a file.")
    return text


def is_url(text: str) -> bool:
    """Say whether a place is at a URL and not in a folder of this machine."""
    return "://" in text


StoreOption = Annotated[
    str | None,
    typer.Option(
        "--store",
        envvar="DREAMRUNNER_STORE",
        metavar="FOLDER|URL",
        callback=store_place,
        help="Where finished work is kept: a folder, by default in the user's cache, or a URL such "
        "as s3://BUCKET/PREFIX that several machines share.",
    ),
]
FormatOption = Annotated[Format, typer.Option("--format", help="The form of the result.")]
ReportFormatOption = Annotated[
    ReportFormat,
    typer.Option("--format", help="The form of the result; `sarif` and `junit` are for CI."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="The same as --format json.")]
LlmOption = Annotated[
    str | None,
    typer.Option(
        "--llm",
        metavar="MODEL",
        envvar="DREAMRUNNER_LLM",
        help="Let a language model direct. Its address is OPENAI_BASE_URL, its key "
        "OPENAI_API_KEY; dreamrunner.toml may set them under [llm]. `none`: direct by rules.",
        rich_help_panel=LLM_PANEL,
    ),
]
CassetteOption = Annotated[
    Path | None,
    typer.Option(
        "--cassette",
        dir_okay=False,
        help="The file that keeps the language model's answers, so that no question is asked "
        "twice; by default out/STORY/cassette.jsonl.",
        rich_help_panel=LLM_PANEL,
    ),
]
ReplayOption = Annotated[
    bool,
    typer.Option(
        "--replay",
        help="Use the answers in the cassette only; ask the model nothing.",
        rich_help_panel=LLM_PANEL,
    ),
]
MaxCallsOption = Annotated[
    int | None,
    typer.Option(
        "--max-calls",
        min=0,
        help="Send the language model at most this many questions.",
        rich_help_panel=LLM_PANEL,
    ),
]
MaxTokensOption = Annotated[
    int | None,
    typer.Option(
        "--max-tokens",
        min=0,
        help="Use at most this many tokens of the language model.",
        rich_help_panel=LLM_PANEL,
    ),
]
VoiceOption = Annotated[
    str | None,
    typer.Option(
        "--voice",
        metavar="VOICE",
        envvar="DREAMRUNNER_VOICE",
        help="Who speaks: `auto`, the best that is here; `piper`, `espeak-ng`, `flite` or "
        "`endpoint`; the name of a voice, or a folder of Piper voices; `none`. dreamrunner.toml "
        "may set it under [voice].",
    ),
]
BurnOption = Annotated[
    bool,
    typer.Option("--burn", help="Draw the subtitles into the picture instead of a track."),
]
NoCardsOption = Annotated[
    bool,
    typer.Option("--no-cards", help="Show no card for the title page and none for the end."),
]
SilentOption = Annotated[
    bool,
    typer.Option(
        "--silent",
        help="Make the bare film: nothing is heard, and no card, title or fade is drawn into it. "
        "`--voice none`: nobody speaks, and all else stays.",
    ),
]


@dataclass(frozen=True, slots=True)
class LlmOptions:
    """The options of the language model that directs."""

    llm: LlmOption = None
    cassette: CassetteOption = None
    replay: ReplayOption = False
    max_calls: MaxCallsOption = None
    max_tokens: MaxTokensOption = None

    def model(self) -> Llm | None:
        """Return the model, None for the rules: option, then environment, then settings file."""
        from ..production.settings import SETTINGS_FILE, Llm, read_llm

        written = read_llm(Path(SETTINGS_FILE)) or Llm(model="")
        name = self.llm or written.model
        if not name or name == "none":
            if self.replay or self.cassette:
                raise typer.BadParameter("--cassette and --replay need --llm MODEL")
            return None
        return replace(
            written,
            model=name,
            url=os.environ.get("OPENAI_BASE_URL") or written.url,
            key=os.environ.get("OPENAI_API_KEY") or written.key,
            record=self.cassette,
            replay=self.replay,
        )

    def budget(self, max_minutes: float | None = None) -> Budget:
        """Return what a run may use at most."""
        from ..production.settings import Budget

        return Budget(self.max_calls, self.max_tokens, max_minutes)


def settings_of(
    engine: str,
    *,
    seed: int | None = None,
    store: str | None = None,
    out: Path = Path("out"),
    strict: bool = False,
    director: LlmOptions | None = None,
    max_minutes: float | None = None,
) -> Settings:
    """Return the settings of a command; without a `director` the rules direct."""
    from ..production.settings import Budget, Settings, default_cache, default_store

    remote = store if store and is_url(store) else None
    if remote is not None:
        folder = default_cache(remote)
    else:
        folder = Path(store) if store else default_store()
    return Settings(
        engine=str(engine),
        out=out,
        store=folder,
        remote=remote,
        seed=seed,
        strict=strict,
        llm=director.model() if director else None,
        budget=director.budget(max_minutes) if director else Budget(minutes=max_minutes),
    )


def voice_of(voice: str | None, *, silent: bool) -> VoiceChoice | None:
    """Return whose voices are wanted: option, environment, then settings file; None for none."""
    from ..production.settings import SETTINGS_FILE, read_voice
    from ..tools.sound.choice import VoiceChoice

    written = read_voice(Path(SETTINGS_FILE)) or VoiceChoice()
    key = os.environ.get("OPENAI_API_KEY") or written.key
    chosen = replace(written, use=voice or written.use, key=key)
    return None if silent else chosen
