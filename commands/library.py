"""The commands on the library of clips that motions are learnt from: search, list."""

from __future__ import annotations

from typing import Annotated

import typer

from .arguments import EngineName, Format, FormatOption, JsonOption, StoreOption, settings_of
from .output import stderr, stdout, write_json

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="Search the clips that motions are learnt from.",
)


@app.command(epilog='Example:  `dreamrunner library search "a fox doing a somersault"`')
def search(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="What the clip should show.")],
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=1, help="How many clips to show.")
    ] = 10,
    store: StoreOption = None,
    format: FormatOption = Format.TEXT,
    as_json: JsonOption = False,
) -> None:
    """Find clips by words and by meaning, best first.

    The library is drawn on first use, which takes a while.
    """
    from ..production.facade import search_library
    from .screen import Screen
    from .tables import hits_table

    with Screen(stderr()) as screen:
        hits = search_library(query, limit, settings_of(EngineName.STORYBOOK, store=store), screen)
    if as_json or format is Format.JSON:
        found = [
            {
                "rank": hit.rank,
                "id": hit.clip.id,
                "caption": hit.clip.caption,
                "path": str(hit.path),
                "bm25": hit.bm25,
                "dense": hit.dense,
                "fused": hit.fused,
            }
            for hit in hits
        ]
        write_json(found)
    else:
        stdout().print(hits_table(hits))


@app.command("list", epilog="Example:  `dreamrunner library list`")
def list_library(
    store: StoreOption = None,
    format: FormatOption = Format.TEXT,
    as_json: JsonOption = False,
) -> None:
    """Count the library's clips of each motion, character and place."""
    from dataclasses import asdict

    from ..production.facade import describe_library
    from .screen import Screen
    from .tables import holdings_table

    with Screen(stderr()) as screen:
        held = describe_library(settings_of(EngineName.STORYBOOK, store=store), screen)
    if as_json or format is Format.JSON:
        write_json(asdict(held))
    else:
        stdout().print(holdings_table(held))
