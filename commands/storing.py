"""The commands that look after finished work: store du, gc, verify, push, pull."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .arguments import (
    EngineName,
    Format,
    FormatOption,
    JsonOption,
    StoreOption,
    is_url,
    settings_of,
)
from .output import FAILED, say, write_json

if TYPE_CHECKING:
    from ..production.settings import Settings

app = typer.Typer(
    rich_markup_mode="markdown",
    no_args_is_help=True,
    help="Look after finished work: how large it is, whether it is sound, what can go.",
)

FilmsOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--film",
        exists=True,
        help="Only what a film names: its folder, or a lock. May be repeated.",
    ),
]
UrlArgument = Annotated[str, typer.Argument(metavar="URL", help="Such as s3://BUCKET/PREFIX.")]


@app.command(epilog="Example:  `dreamrunner store du`")
def du(
    store: StoreOption = None, format: FormatOption = Format.TEXT, as_json: JsonOption = False
) -> None:
    """Show what the store holds, by stage."""
    from ..production.keeping.storing import measure_store

    found = measure_store(settings_of(EngineName.STORYBOOK, store=store))
    if as_json or format is Format.JSON:
        write_json([asdict(one) for one in found])
        return
    for one in found:
        count = f"{one.results:>7}" if one.results else " " * 7
        say(f"{_size(one.size):>10} {count}  {one.stage}")


@app.command(epilog="Example:  `dreamrunner store gc --days 30 --keep out`")
def gc(
    store: StoreOption = None,
    days: Annotated[
        float, typer.Option("--days", min=0, help="Remove what was not used for so many days.")
    ] = 30.0,
    keep: Annotated[
        list[Path] | None,
        typer.Option(
            "--keep",
            exists=True,
            file_okay=False,
            help="A folder of films whose results stay; may be repeated.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Remove nothing; show how much it would be.")
    ] = False,
) -> None:
    """Remove results that nobody has used for long, and what killed runs have left.

    What the films in `out`, or in the folders of `--keep`, are made of stays. Whatever is needed
    again is made again.
    """
    from ..production.keeping.storing import sweep_store

    folders = keep or [Path("out")]
    settings = settings_of(EngineName.STORYBOOK, store=store)
    swept = sweep_store(settings, days, folders, dry=dry_run)
    done = "would be removed" if dry_run else "removed"
    say(f"{swept.results} result{'s' * (swept.results != 1)}, {_size(swept.size)} {done}")


@app.command(epilog="Example:  `dreamrunner store verify`")
def verify(store: StoreOption = None) -> None:
    """Hash everything in the store; what is damaged is moved aside, and made again when needed.

    Ends with exit code 1 if something was damaged.
    """
    from ..production.keeping.storing import verify_store

    count = 0
    for key, why in verify_store(settings_of(EngineName.STORYBOOK, store=store)):
        count += 1
        say(f"{key}: {why}")
    say(f"{count} damaged" if count else "all is as it was written")
    if count:
        raise typer.Exit(FAILED)


@app.command(epilog="Example:  `dreamrunner store push s3://films/store --film out/fox`")
def push(url: UrlArgument, store: StoreOption = None, film: FilmsOption = None) -> None:
    """Copy results from the store's folder to a URL that other machines see."""
    from ..production.keeping.storing import push_store

    moved = push_store(_folder(store, url), url, film or ())
    say(f"{moved.copied} copied, {moved.there} there already")


@app.command(epilog="Example:  `dreamrunner store pull s3://films/store --film fox.lock`")
def pull(url: UrlArgument, store: StoreOption = None, film: FilmsOption = None) -> None:
    """Copy results from a URL into the store's folder, to go on without the network."""
    from ..production.keeping.storing import pull_store

    moved = pull_store(_folder(store, url), url, film or ())
    say(f"{moved.copied} copied, {moved.there} there already")


def _folder(store: str | None, url: str) -> Settings:
    """Return the settings of a store in a folder, from which or to which something is copied."""
    if not is_url(url):
        raise typer.BadParameter(f"{url!r} is no URL, such as s3://BUCKET/PREFIX")
    if store is not None and is_url(store):
        raise typer.BadParameter("--store is the folder here, and URL the other place")
    return settings_of(EngineName.STORYBOOK, store=store)


def _size(size: int) -> str:
    """Return bytes as text."""
    for unit, scale in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= scale:
            return f"{size / scale:.1f} {unit}"
    return f"{size} bytes"
