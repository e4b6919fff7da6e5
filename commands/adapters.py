"""The commands on adapters, which teach models motions and characters."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .arguments import (
    EngineName,
    EngineOption,
    Format,
    FormatOption,
    JsonOption,
    StoreOption,
    settings_of,
)
from .engine_options import EngineOptions
from .output import say, stderr, stdout, write_json
from .records import with_records

if TYPE_CHECKING:
    from ..film import Adapter

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="Train, try and share the adapters that teach a model motions and characters.",
)
NameArgument = Annotated[
    str, typer.Argument(metavar="NAME", help="What it teaches, or the first letters of its key.")
]


@app.command("list", epilog="Example:  `dreamrunner adapters list`")
def list_adapters(
    store: StoreOption = None, format: FormatOption = Format.TEXT, as_json: JsonOption = False
) -> None:
    """Show every adapter that was trained here."""
    from ..production.adapters import registry
    from .tables import adapters_table

    found = registry(settings_of(EngineName.STORYBOOK, store=store)).listed()
    if as_json or format is Format.JSON:
        write_json([_record(one) for one in found])
    elif found:
        stdout().print(adapters_table(found))
    else:
        say("no adapter was trained yet; a render trains what it needs, and so does train")


@app.command(epilog="Example:  `dreamrunner adapters show somersault`")
def show(
    name: NameArgument,
    store: StoreOption = None,
    format: FormatOption = Format.TEXT,
    as_json: JsonOption = False,
) -> None:
    """Show what an adapter is, what it was learnt from, and how its training went."""
    from ..production.adapters import registry
    from .tables import adapter_lines

    adapter = registry(settings_of(EngineName.STORYBOOK, store=store)).one(name)
    if as_json or format is Format.JSON:
        write_json(_record(adapter))
        return
    for line in adapter_lines(adapter):
        stdout().print(line, soft_wrap=True)


@app.command(
    epilog="Examples:\n\n- `dreamrunner adapters train somersault --engine models/my-cogvideox`\n"
    '- `dreamrunner adapters train FOX --picture fox.png --look "a red fox" --engine cogvideox-2b`'
)
@with_records
def train(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="A motion, or a character with its pictures.")
    ],
    picture: Annotated[
        list[Path] | None,
        typer.Option("--picture", help="A picture of the character; may be given several times."),
    ] = None,
    look: Annotated[
        str, typer.Option("--look", help="What the character looks like, in words.")
    ] = "",
    engine: EngineOption = EngineName.STORYBOOK,
    store: StoreOption = None,
    *,
    drawing: EngineOptions,
    format: FormatOption = Format.TEXT,
    as_json: JsonOption = False,
) -> None:
    """Train an adapter from the library's clips of a motion, or from pictures of a character.

    You can stop it at any time: the same command goes on where it was.
    """
    from ..production.adapters import need_of, train_adapter
    from .screen import Screen
    from .tables import adapter_lines

    settings = drawing.applied(settings_of(engine, store=store))
    need = need_of(name, tuple(picture or ()), look)
    with Screen(stderr()) as screen:
        adapter = train_adapter(need, settings, screen)
    if as_json or format is Format.JSON:
        write_json(_record(adapter))
        return
    for line in adapter_lines(adapter):
        stdout().print(line, soft_wrap=True)


@app.command("test", epilog="Example:  `dreamrunner adapters test somersault`")
@with_records
def test_adapter(
    name: NameArgument,
    output: Annotated[
        Path, typer.Option("--output", "-o", file_okay=False, help="The folder of the pictures.")
    ] = Path("out"),
    motion: Annotated[
        str | None, typer.Option("--motion", help="What the figures do, for a character.")
    ] = None,
    engine: EngineOption = EngineName.STORYBOOK,
    store: StoreOption = None,
    *,
    drawing: EngineOptions,
    format: FormatOption = Format.TEXT,
    as_json: JsonOption = False,
) -> None:
    """Draw a shot without and with an adapter, and show what it changes in whose region."""
    from ..production.adapters import try_adapter
    from .screen import Screen
    from .tables import trial_table

    settings = drawing.applied(settings_of(engine, store=store))
    settings = replace(settings, out=output)
    with Screen(stderr()) as screen:
        tried = try_adapter(name, settings, screen, output, motion=motion)
    trial = tried.trial
    if as_json or format is Format.JSON:
        write_json(trial.model_dump(mode="json"))
        return
    stdout().print(trial_table(trial))
    before, after = trial.saturation
    say(f"leak: {trial.leak:.3f} of the change in its own region; saturation there {before:.2f}, "
        f"then {after:.2f}")  # fmt: skip
    for name, value in trial.shown.items():
        say(f"the motion of A, {name}: " + ("not judged" if value is None else f"{value:.2f}"))
    if not trial.shown:
        say("whether it makes the motion is not measured: no critic knows these pictures")
    say(f"pictures: {tried.sheet}")


@app.command(epilog="Example:  `dreamrunner adapters export somersault adapters/`")
def export(
    name: NameArgument,
    to: Annotated[
        Path, typer.Argument(metavar="TO", help="A .safetensors file, or a folder.")
    ] = Path(),
    store: StoreOption = None,
) -> None:
    """Write an adapter's file, with a card of what it is.

    That of a published model is as `load_lora_weights` of diffusers and `lora` of a story read it.
    """
    from ..production.adapters import registry

    adapters = registry(settings_of(EngineName.STORYBOOK, store=store))
    adapter = adapters.one(name)
    say(adapters.export(adapter, to))
    if not adapters.loads_elsewhere(adapter):
        say(f"{adapter.means or adapter.name}: only the engine that it was made for draws with it")


@app.command(epilog="Example:  `dreamrunner adapters remove somersault`")
def remove(name: NameArgument, store: StoreOption = None) -> None:
    """Remove an adapter; a film that needs it trains it again."""
    from ..production.adapters import registry

    adapters = registry(settings_of(EngineName.STORYBOOK, store=store))
    adapter = adapters.one(name)
    adapters.remove(adapter)
    say(f"removed {adapter.kind} {adapter.name} ({adapter.key[:10]})")


def _record(adapter: Adapter) -> dict[str, object]:
    return adapter.model_dump(mode="json", exclude={"strip"})
