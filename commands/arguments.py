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


class CriticKind(StrEnum):
    """What measures the shots."""

    PUBLISHED = "published"
    EMBEDDED = "embedded"
    NONE = "none"


class CriticWorld(StrEnum):
    """The drawn world that an embedded critic knows."""

    STORYBOOK = "storybook"
    MINIATURE = "miniature"


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


def sampling_knobs(text: str | None) -> str | None:
    """Return a text such as scheduler=dpm,dynamic if it says how to sample; else typer says why."""
    from ..engine.sampling import parse_sampling
    from ..errors import InputError

    try:
        parse_sampling(text or "")
    except InputError as error:
        raise typer.BadParameter(str(error)) from error
    return text


def take_limits(text: str | None) -> str | None:
    """Return a text such as takes=12,minutes=20 if it is a budget; else typer says why."""
    from ..errors import InputError
    from ..production.retakes import parse_budget

    try:
        parse_budget(text or "")
    except InputError as error:
        raise typer.BadParameter(str(error)) from error
    return text


class Teach(StrEnum):
    """What an engine that takes any words is taught."""

    NEEDED = "needed"
    ALL = "all"
    NONE = "none"


class ScriptFormat(StrEnum):
    """The formats in which other programs keep screenplays and plans."""

    FOUNTAIN = "fountain"
    FDX = "fdx"
    OUTLINE = "outline"
    PLANS = "plans"


class ImportFormat(StrEnum):
    """The formats that become stories: those of other programs, and episodes of EntityBench."""

    FOUNTAIN = "fountain"
    FDX = "fdx"
    OUTLINE = "outline"
    PLANS = "plans"
    ENTITYBENCH = "entitybench"


class ExportFormat(StrEnum):
    """What a story, or a film of it that is rendered, can be written as."""

    FOUNTAIN = "fountain"
    FDX = "fdx"
    OUTLINE = "outline"
    PLANS = "plans"
    OTIO = "otio"
    EDL = "edl"
    SRT = "srt"
    VTT = "vtt"


# Those that are of a film and not of a page.
OF_FILMS = (ExportFormat.OTIO, ExportFormat.EDL, ExportFormat.SRT, ExportFormat.VTT)

# Headings of the help text.
_LLM_PANEL = "Language model"
_CLUSTER_PANEL = "Beyond one machine"
_MODEL_PANEL = "Published models and speed"

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
        help="Story files, or - for standard input.",
        show_default=False,
    ),
]
ScriptWords = Annotated[
    list[str],
    typer.Argument(
        metavar="[FORMAT] FILE",
        help="A .fountain, .fdx, .txt, .md, .jsonl or .json file; of `entitybench` a folder too.",
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
WeightsOption = Annotated[
    Path | None,
    typer.Option(
        "--weights",
        envvar="DREAMRUNNER_WEIGHTS",
        file_okay=False,
        help="The folder with a published model's weights; by default the hub's cache.",
        rich_help_panel=_MODEL_PANEL,
    ),
]
DownloadOption = Annotated[
    bool,
    typer.Option(
        "--download",
        help="Download a published model's weights if they are missing.",
        rich_help_panel=_MODEL_PANEL,
    ),
]
FitOption = Annotated[
    int | None,
    typer.Option(
        "--fit",
        metavar="SIZE",
        parser=memory_size,
        help="GPU memory that a published model may use, such as 8GB; by default all that is free.",
        rich_help_panel=_MODEL_PANEL,
    ),
]
CompileOption = Annotated[
    bool,
    typer.Option(
        "--compile",
        help="Compile a published model's blocks: it starts later and then draws faster.",
        rich_help_panel=_MODEL_PANEL,
    ),
]
LossyOption = Annotated[
    str | None,
    typer.Option(
        "--lossy",
        metavar="LEVERS",
        callback=speed_levers,
        help="Draw faster and less exactly: steps=N, cache=X, trim, fp8, separated by commas.",
        rich_help_panel=_MODEL_PANEL,
    ),
]
SamplingOption = Annotated[
    str | None,
    typer.Option(
        "--sampling",
        metavar="KNOBS",
        callback=sampling_knobs,
        help="How shots are sampled: scheduler=NAME, guidance=X, steps=N, dynamic, separated by "
        "commas; by default as the model is published.",
        rich_help_panel=_MODEL_PANEL,
    ),
]
CriticOption = Annotated[
    CriticKind | None,
    typer.Option(
        "--critic",
        help="What measures the shots: `embedded`, the small critic of a drawn world, the "
        "storybook's or the miniature's, which knows that world alone; `published`, models that "
        "know any picture; or `none`. By default engines of those worlds have the embedded one and "
        "every other engine none.",
    ),
]
CriticWeightsOption = Annotated[
    Path | None,
    typer.Option(
        "--critic-weights",
        envvar="DREAMRUNNER_CRITIC",
        file_okay=False,
        help="The folder of the published critic's models, one folder each; by default the hub's "
        "cache.",
        rich_help_panel=_MODEL_PANEL,
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
        rich_help_panel=_LLM_PANEL,
    ),
]
CassetteOption = Annotated[
    Path | None,
    typer.Option(
        "--cassette",
        dir_okay=False,
        help="The file that keeps the language model's answers, so that no question is asked "
        "twice; by default out/STORY/cassette.jsonl.",
        rich_help_panel=_LLM_PANEL,
    ),
]
ReplayOption = Annotated[
    bool,
    typer.Option(
        "--replay",
        help="Use the answers in the cassette only; ask the model nothing.",
        rich_help_panel=_LLM_PANEL,
    ),
]
MaxCallsOption = Annotated[
    int | None,
    typer.Option(
        "--max-calls",
        min=0,
        help="Send the language model at most this many questions.",
        rich_help_panel=_LLM_PANEL,
    ),
]
MaxTokensOption = Annotated[
    int | None,
    typer.Option(
        "--max-tokens",
        min=0,
        help="Use at most this many tokens of the language model.",
        rich_help_panel=_LLM_PANEL,
    ),
]
MaxMinutesOption = Annotated[
    float | None,
    typer.Option(
        "--max-minutes",
        min=0,
        help="Do not start a render that would take longer; stop making more after this time.",
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
LibrariesOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--library",
        "-l",
        metavar="FOLDER",
        file_okay=False,
        exists=True,
        help="Also learn motions from the clips in this folder; may be given more than once.",
    ),
]
DryRunOption = Annotated[
    bool,
    typer.Option(
        "--dry-run",
        help="Make nothing; show what would be made, why, and how long it would take.",
    ),
]


TeachOption = Annotated[
    Teach,
    typer.Option(
        "--teach",
        help="What a published model is taught by adapters: `needed`, motions that are pinned or "
        "that it is known not to draw, and characters with reference pictures; `all` motions; or "
        "`none`.",
        rich_help_panel=_MODEL_PANEL,
    ),
]
BudgetOption = Annotated[
    str | None,
    typer.Option(
        "--budget",
        metavar="LIMITS",
        callback=take_limits,
        help="What further takes of shots that fail may use: takes=N in the whole film, minutes=X "
        "of making, money=X with hour=X for the price of an hour, separated by commas. Every shot "
        "is made once, and the best takes are the film.",
    ),
]


class Approve(StrEnum):
    """What waits for somebody's word."""

    PLAN = "plan"
    SHOTS = "shots"


ApproveOption = Annotated[
    list[Approve] | None,
    typer.Option(
        "--approve",
        metavar="plan|shots",
        help="Wait for your word on the plan before anything is drawn, or on every shot before the "
        "film is cut; may be given twice. Accept it, edit the page, have a shot made again or keep "
        "another take of it. Words once said are kept, and the work goes on the next day.",
    ),
]
FrozenOption = Annotated[
    bool,
    typer.Option(
        "--frozen",
        help="Refuse what differs from the lock: STORY.lock beside the page, else "
        "OUTPUT/STORY/story.lock. Ends with exit code 1 where equal inputs made another film.",
    ),
]


def cluster_address(text: str | None) -> str | None:
    """Return the address of a cluster; typer shows what is wrong with another text."""
    if text is None or text == "ray" or (text.startswith("ray://") and len(text) > len("ray://")):
        return text
    raise typer.BadParameter(f"{text!r} is neither ray nor ray://HOST[:PORT]")


OnOption = Annotated[
    str | None,
    typer.Option(
        "--on",
        metavar="ray[://HOST]",
        callback=cluster_address,
        envvar="DREAMRUNNER_ON",
        help="Have shots drawn, measured and taught by the workers of a Ray cluster: the one of "
        "`RAY_ADDRESS` or else this machine's cores, or the one whose client server is at HOST.",
        rich_help_panel=_CLUSTER_PANEL,
    ),
]
WorkerCoresOption = Annotated[
    int,
    typer.Option(
        "--worker-cores",
        min=1,
        help="The cores of each worker where the cluster has no GPU.",
        rich_help_panel=_CLUSTER_PANEL,
    ),
]


@dataclass(frozen=True, slots=True)
class ClusterOptions:
    """The options of who makes the stages."""

    on: OnOption = None
    worker_cores: WorkerCoresOption = 1

    def applied(self, settings: Settings) -> Settings:
        """Return settings with these options."""
        return replace(settings, on=self.on, worker_cores=self.worker_cores)


AdviceOption = Annotated[
    bool,
    typer.Option(
        "--advice",
        help="Let the model of --llm propose what is changed for a take that failed.",
        rich_help_panel=_LLM_PANEL,
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


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """The options of published models and of the levers of speed."""

    fit: FitOption = None
    weights: WeightsOption = None
    download: DownloadOption = False
    compile: CompileOption = False
    lossy: LossyOption = None
    sampling: SamplingOption = None
    critic: CriticOption = None
    critic_weights: CriticWeightsOption = None

    def applied(self, settings: Settings) -> Settings:
        """Return settings with these options."""
        from ..engine.lossy import parse_lossy
        from ..engine.sampling import parse_sampling

        return replace(
            settings,
            fit=self.fit,
            weights=self.weights,
            download=self.download,
            compile=self.compile,
            lossy=parse_lossy(self.lossy or ""),
            sampling=parse_sampling(self.sampling or ""),
            critic=self.critic.value if self.critic else None,
            critic_weights=self.critic_weights,
        )


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
