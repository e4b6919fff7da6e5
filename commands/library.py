"""The commands on the library of clips that motions are learnt from: add, list, search"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .arguments import EngineName, Format, FormatOption, JsonOption, StoreOption, settings_of
from .output import FAILED, stderr, stdout, write_json

if TYPE_CHECKING:
    from ..production.settings import Settings
    from ..tools.library import Library
    from .screen import Screen

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="Keep and search the clips that motions are learnt from.",
)

OneLibrary = Annotated[
    Path | None,
    typer.Option(
        "--library",
        "-l",
        metavar="FOLDER",
        file_okay=False,
        help="The library to work on; by default your own, in the store.",
    ),
]
AnyLibrary = Annotated[
    Path | None,
    typer.Option(
        "--library",
        "-l",
        metavar="FOLDER",
        file_okay=False,
        help="Only this library; by default your own and the clips that dreamrunner draws.",
    ),
]
QdrantOption = Annotated[
    str | None,
    typer.Option(
        "--qdrant",
        metavar="URL",
        envvar="QDRANT_URL",
        help="Search on this Qdrant server, such as http://localhost:6333; its key is "
        "QDRANT_API_KEY.",
    ),
]


@app.command(
    epilog="Examples:\n\n- `dreamrunner library add clips/ --licence CC-BY-4.0`\n"
    "- `dreamrunner library add clips/ --captions captions.csv --source https://example.org`"
)
def add(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="FOLDER|FILES...",
            exists=True,
            help="Videos, and folders that are looked through for videos.",
            show_default=False,
        ),
    ],
    captions: Annotated[
        Path | None,
        typer.Option(
            "--captions",
            exists=True,
            dir_okay=False,
            help="A CSV, JSON or JSONL file that says what the videos show. Without one: "
            "captions.* in the folder, a .txt beside each video, else the videos' names.",
        ),
    ] = None,
    licence: Annotated[
        str, typer.Option("--licence", help="The licence of videos for which no list says one.")
    ] = "",
    source: Annotated[
        str, typer.Option("--source", help="Where those come from, such as a web address.")
    ] = "",
    library: OneLibrary = None,
    store: StoreOption = None,
    format: FormatOption = Format.TEXT,
    as_json: JsonOption = False,
) -> None:
    """Take videos into your library: cut into shots, sifted, captioned, and without copies.

    The videos stay where they are. What is left out is shown with its reason. Run it again after
    a stop or when there are more videos: what was finished is not looked at again.
    """
    from ..production.libraries import add_to_library
    from ..tools.library import Request
    from .screen import Screen
    from .tables import show_addition

    settings = settings_of(EngineName.STORYBOOK, store=store)
    folder = library or settings.library
    request = Request(tuple(paths), captions, licence, source)
    with Screen(stderr()) as screen:
        made = add_to_library(request, folder, settings, screen)
    if as_json or format is Format.JSON:
        write_json(
            {
                "library": str(folder),
                "clips": len(made.manifest.clips),
                "added": [clip.model_dump(mode="json") for clip in made.added],
                "unchanged": made.unchanged,
                "refused": [refusal.model_dump(mode="json") for refusal in made.refused],
                "gone": [clip.id for clip in made.gone],
            }
        )
    else:
        show_addition(stdout(), made, folder)
    if not made.manifest.clips:
        raise typer.Exit(FAILED)


@app.command(epilog='Example:  `dreamrunner library search "a fox doing a somersault"`')
def search(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="What the clip should show.")],
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=1, help="How many clips to show.")
    ] = 10,
    library: AnyLibrary = None,
    qdrant: QdrantOption = None,
    store: StoreOption = None,
    format: FormatOption = Format.TEXT,
    as_json: JsonOption = False,
) -> None:
    """Find clips by words and by meaning, best first."""
    from .screen import Screen
    from .tables import hits_table

    settings = _settings(store, qdrant)
    with Screen(stderr()) as screen:
        hits = _opened(library, settings, screen).search(query, limit)
    if as_json or format is Format.JSON:
        found = [
            {
                "rank": hit.rank,
                "id": hit.clip.id,
                "caption": hit.clip.caption,
                "path": str(hit.path),
                "licence": hit.clip.licence,
                "bm25": hit.bm25,
                "dense": hit.dense,
                "fused": hit.fused,
            }
            for hit in hits
        ]
        write_json(found)
    else:
        stdout().print(hits_table(hits))


@app.command("list", epilog="Example:  `dreamrunner library list --clips`")
def list_library(
    clips: Annotated[bool, typer.Option("--clips", help="Show every clip of it.")] = False,
    library: AnyLibrary = None,
    store: StoreOption = None,
    format: FormatOption = Format.TEXT,
    as_json: JsonOption = False,
) -> None:
    """Count the clips of each motion, character, place and licence; or show every clip."""
    from dataclasses import asdict

    from .screen import Screen
    from .tables import clips_table, holdings_table

    with Screen(stderr()) as screen:
        opened = _opened(library, _settings(store), screen)
    listed, held = opened.manifest.clips, opened.describe()
    if as_json or format is Format.JSON:
        rows = {"list": [clip.model_dump(mode="json") for clip in listed]} if clips else {}
        write_json({**asdict(held), **rows})
    else:
        stdout().print(clips_table(listed) if clips else holdings_table(held))


@app.command(epilog="Example:  `dreamrunner library show a-fox-leaps-1f2e3d4c`")
def show(
    clip_id: Annotated[str, typer.Argument(metavar="ID", help="The clip, by its id.")],
    library: AnyLibrary = None,
    store: StoreOption = None,
    format: FormatOption = Format.TEXT,
    as_json: JsonOption = False,
) -> None:
    """Show all that is known of one clip, and where it lies."""
    from ..errors import InputError
    from .screen import Screen
    from .tables import clip_table

    with Screen(stderr()) as screen:
        opened = _opened(library, _settings(store), screen)
        try:
            clip = opened.clip(clip_id)
        except KeyError:
            words = "`dreamrunner library list --clips` shows all"
            raise InputError(f'there is no clip "{clip_id}"; {words}') from None
        path = opened.files([clip_id])[clip_id]
    if as_json or format is Format.JSON:
        write_json({**clip.model_dump(mode="json"), "path": str(path)})
    else:
        stdout().print(clip_table(clip, path))


@app.command(
    epilog="Examples:\n\n- `dreamrunner library remove a-fox-leaps-1f2e3d4c`\n"
    "- `dreamrunner library remove 'fox-*'`"
)
def remove(
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="ID|FILE...",
            help="Clips by their ids, by patterns of ids, or by the files they come from.",
            show_default=False,
        ),
    ],
    library: OneLibrary = None,
    store: StoreOption = None,
    format: FormatOption = Format.TEXT,
    as_json: JsonOption = False,
) -> None:
    """Remove clips from your library; the videos stay where they are."""
    from ..production.libraries import remove_from_library
    from .output import say
    from .screen import Screen

    settings = settings_of(EngineName.STORYBOOK, store=store)
    with Screen(stderr()) as screen:
        removed = remove_from_library(names, library or settings.library, settings, screen)
    if as_json or format is Format.JSON:
        write_json([clip.id for clip in removed])
    else:
        for clip in removed:
            say(f"removed  {clip.id}")


@app.command(epilog="Example:  `dreamrunner library credits > credits.txt`")
def credits(
    library: AnyLibrary = None,
    store: StoreOption = None,
    format: FormatOption = Format.TEXT,
    as_json: JsonOption = False,
) -> None:
    """Show whose clips these are and under which licences, to be named where they are used."""
    from .screen import Screen
    from .tables import credit_lines

    with Screen(stderr()) as screen:
        opened = _opened(library, _settings(store), screen)
    owed = opened.credits()
    if as_json or format is Format.JSON:
        write_json(
            [
                {"licence": one.licence, "source": one.source, "clips": list(one.clips)}
                for one in owed
            ]
        )
    else:
        for line in credit_lines(owed):
            stdout().print(line, soft_wrap=True)


def _settings(store: str | None, qdrant: str | None = None) -> Settings:
    import os
    from dataclasses import replace

    settings = settings_of(EngineName.STORYBOOK, store=store)
    return replace(settings, qdrant=qdrant, qdrant_key=os.environ.get("QDRANT_API_KEY"))


def _opened(folder: Path | None, settings: Settings, screen: Screen) -> Library:
    from ..production.libraries import open_library, open_one

    return open_one(folder, settings, screen) if folder else open_library(settings, screen)
