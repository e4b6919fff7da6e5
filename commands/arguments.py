"""What the commands may be given; options, environment and settings file -> what was chosen."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ..production.settings import Budget, Llm, Settings


class EngineName(StrEnum):
    """Who draws the shots."""

    STORYBOOK = "storybook"
    ANIMATIC = "animatic"
    COGVIDEOX_2B = "cogvideox-2b"
    COGVIDEOX_5B = "cogvideox-5b"
    COGVIDEOX_15_5B = "cogvideox-1.5-5b"
    WAN_1_3B = "wan2.1-1.3b"


class Format(StrEnum):
    """How a result is written."""

    TEXT = "text"
    JSON = "json"


class ReportFormat(StrEnum):
    """How mistakes are written."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    JUNIT = "junit"


# The formats that hold diagnostics and nothing else.
FOR_CI = (ReportFormat.SARIF, ReportFormat.JUNIT)


def memory_size(text: str) -> int:
    """Return the bytes that a text such as 8GB says; typer shows what is wrong with another."""
    from ..engine.diffusion.memory import parse_size
    from ..errors import InputError

    try:
        return parse_size(text)
    except InputError as error:
        raise typer.BadParameter(str(error)) from error


def speed_levers(text: str | None) -> str | None:
    """Return a text such as fp8,steps=25 if it names levers; typer shows what is wrong with it."""
    from ..engine.lossy import parse_lossy
    from ..errors import InputError

    try:
        parse_lossy(text or "")
    except InputError as error:
        raise typer.BadParameter(str(error)) from error
    return text


class ScriptFormat(StrEnum):
    """What a screenplay or a plan is written in elsewhere."""

    FOUNTAIN = "fountain"
    FDX = "fdx"
    OUTLINE = "outline"
    PLANS = "plans"


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
StoryFiles = Annotated[
    list[Path],
    typer.Argument(
        metavar="STORY...",
        help="Story files, or - for what is piped in.",
        show_default=False,
    ),
]
ScriptFile = Annotated[
    Path,
    typer.Argument(
        metavar="FILE",
        help="A .fountain, .fdx, .txt, .md or .jsonl file.",
        exists=True,
        dir_okay=False,
        readable=True,
        show_default=False,
    ),
]
EngineOption = Annotated[
    EngineName,
    typer.Option(
        "--engine",
        "-e",
        metavar="ENGINE",
        help="Who draws the shots: `storybook`, the embedded model; `animatic`, "
        "which draws the plan itself with no model; or a published model, on a GPU: "
        "`cogvideox-2b`, `cogvideox-5b`, `cogvideox-1.5-5b`, `wan2.1-1.3b`.",
    ),
]
SeedOption = Annotated[
    int | None,
    typer.Option("--seed", min=0, help="Seed of every shot that the story gives none."),
]
StoreOption = Annotated[
    Path | None,
    typer.Option(
        "--store",
        envvar="DREAMRUNNER_STORE",
        file_okay=False,
        help="Where finished work is kept; the user's cache if not given.",
    ),
]
WeightsOption = Annotated[
    Path | None,
    typer.Option(
        "--weights",
        envvar="DREAMRUNNER_WEIGHTS",
        file_okay=False,
        help="The folder with a published model's weights; the hub's cache if not given.",
    ),
]
DownloadOption = Annotated[
    bool, typer.Option("--download", help="Fetch a published model's weights where they lack.")
]
FitOption = Annotated[
    int | None,
    typer.Option(
        "--fit",
        metavar="SIZE",
        parser=memory_size,
        help="Memory of the GPU to stay within, such as 8GB; all that is free if not given.",
    ),
]
CompileOption = Annotated[
    bool,
    typer.Option("--compile", help="Compile a published model's blocks: slower to begin, faster."),
]
LossyOption = Annotated[
    str | None,
    typer.Option(
        "--lossy",
        metavar="LEVERS",
        callback=speed_levers,
        help="Trade faithfulness for speed: steps=N, cache=X, trim, fp8, with commas between.",
    ),
]
FormatOption = Annotated[Format, typer.Option("--format", help="How to write the result.")]
ReportFormatOption = Annotated[
    ReportFormat,
    typer.Option("--format", help="How to write the result; `sarif` and `junit` are for CI."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Short for --format json.")]
LlmOption = Annotated[
    str | None,
    typer.Option(
        "--llm",
        metavar="MODEL",
        envvar="DREAMRUNNER_LLM",
        help="Let a language model direct: MODEL at OPENAI_BASE_URL, with the key in "
        "OPENAI_API_KEY, or as dreamrunner.toml says under [llm]. `none` is the rules.",
    ),
]
CassetteOption = Annotated[
    Path | None,
    typer.Option(
        "--cassette",
        dir_okay=False,
        help="Where the model's answers are kept; out/STORY/cassette.jsonl if not given. "
        "What is in it is not asked again.",
    ),
]
ReplayOption = Annotated[
    bool,
    typer.Option("--replay", help="Direct from the cassette alone, with no network."),
]
MaxCallsOption = Annotated[
    int | None,
    typer.Option("--max-calls", min=0, help="Stop before more questions than this are sent."),
]
MaxTokensOption = Annotated[
    int | None,
    typer.Option("--max-tokens", min=0, help="Stop before more tokens than this are used."),
]
MaxMinutesOption = Annotated[
    float | None,
    typer.Option(
        "--max-minutes",
        min=0,
        help="Do not begin what would take longer than this, and make nothing more after it.",
    ),
]
DryRunOption = Annotated[
    bool,
    typer.Option(
        "--dry-run",
        help="Make nothing and ask nobody: say what would be made and why, and what it takes.",
    ),
]


SingleOption = Annotated[
    bool,
    typer.Option(
        "--single",
        help="Pack the report and all that it shows into one file, to mail around.",
    ),
]


@dataclass(frozen=True, slots=True)
class DirectorChoice:
    """Who directs, and what it may take."""

    llm: Llm | None
    budget: Budget


def director_of(
    model: str | None,
    cassette: Path | None,
    replay: bool,
    max_calls: int | None,
    max_tokens: int | None,
    max_minutes: float | None = None,
) -> DirectorChoice:
    """Return who directs: an option beats the environment, which beats the settings file."""
    from ..production.settings import SETTINGS_FILE, Budget, Llm, read_llm

    written = read_llm(Path(SETTINGS_FILE)) or Llm(model="")
    name = model or written.model
    if not name or name == "none":
        if replay or cassette:
            raise typer.BadParameter("say which model's answers they are: add --llm MODEL")
        return DirectorChoice(None, Budget(minutes=max_minutes))
    llm = replace(
        written,
        model=name,
        url=os.environ.get("OPENAI_BASE_URL") or written.url,
        key=os.environ.get("OPENAI_API_KEY") or written.key,
        record=cassette,
        replay=replay,
    )
    return DirectorChoice(llm, Budget(max_calls, max_tokens, max_minutes))


def settings_of(
    engine: EngineName,
    *,
    seed: int | None = None,
    store: Path | None = None,
    out: Path = Path("out"),
    strict: bool = False,
    director: DirectorChoice | None = None,
) -> Settings:
    from ..production.settings import Budget, Settings, default_store

    return Settings(
        engine=engine.value,
        out=out,
        store=store or default_store(),
        seed=seed,
        strict=strict,
        llm=director.llm if director else None,
        budget=director.budget if director else Budget(),
    )
