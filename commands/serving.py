"""Commands that go on until they are stopped: watch, lsp."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .arguments import EngineName, EngineOption, SeedOption, StoreOption, StoryFile, settings_of
from .output import say

app = typer.Typer(rich_markup_mode="markdown")


@app.command(epilog="Example:  `dreamrunner watch stories/fox.story`")
def watch(
    story: StoryFile,
    port: Annotated[
        int,
        typer.Option("--port", min=0, max=65535, help="Where the page is; 0 takes any free port."),
    ] = 8420,
    open_it: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the page in the browser.")
    ] = True,
    engine: EngineOption = EngineName.STORYBOOK,
    seed: SeedOption = None,
    store: StoreOption = None,
) -> None:
    """Draw a story's storyboard and animatic anew at every save, on a page that follows.

    The story is checked and planned for ENGINE; the animatic draws the plan with no model. The
    page is for this machine alone. Ends with Ctrl-C.
    """
    from ..production.watch import WatchRound, watch_story

    def opened(address: str) -> None:
        say(f"{story} is at {address}")
        if open_it:
            typer.launch(address)

    def told(round: WatchRound) -> None:
        mark = "not drawn" if round.errors else "drawn"
        say(f"{mark}: {round.summary} ({round.seconds:.1f} s)")

    settings = settings_of(engine, store=store, seed=seed)
    watch_story(story, settings, port=port, opened=opened, told=told)


@app.command(epilog="Your editor starts it; `editors/` says how.")
def lsp(
    engine: EngineOption = EngineName.STORYBOOK,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", envvar="DREAMRUNNER_OUT", help="The folder of films."),
    ] = Path("out"),
    stdio: Annotated[
        bool, typer.Option("--stdio", hidden=True, help="What editors say; there is no other way.")
    ] = True,
) -> None:
    """Help an editor with stories: mistakes as you type, completion, outline, renaming.

    Speaks the language server protocol on standard input and output. Needs the extra `lsp`.
    """
    from ..production.facade import serve_editor

    serve_editor(settings_of(engine, out=output))
