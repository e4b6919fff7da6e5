"""A film that is rendered + what a command asks of it -> a timeline, subtitles, its sources.

Nothing is drawn: all of it is read from the film's folder.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InputError
from ..film import film_name

if TYPE_CHECKING:
    from ..tools.cutting.provenance import FilmSources


def export_film(path: Path, to: str, films: Path, beside: Path | None = None) -> str:
    """Return a story's film as it was last rendered: a timeline (otio, edl), or subtitles.

    Args:
        films: the folder of films.
        beside: where the text will lie, for the paths in it; None for the film's own folder.

    Raises:
        InputError: there is no film, nothing is said in it, or the extra for timelines is missing.
    """
    from ..tools.cutting.finished import finished_film
    from ..tools.cutting.subtitles import web_subtitles
    from ..tools.cutting.timeline import as_edl, as_otio

    film = finished_film(films / film_name(path))
    if to == "otio":
        return as_otio(film, beside or film.folder)
    if to == "edl":
        return as_edl(film, beside or film.folder)
    if film.film.subtitles is None:
        raise InputError(f"nothing is said in the film of {path}: it has no subtitles")
    text = Path(film.film.subtitles).read_text(encoding="utf-8")
    return web_subtitles(text) if to == "vtt" else text


def film_sources(path: Path, films: Path) -> FilmSources:
    """Return of what a story's film was made.

    Raises:
        InputError: there is no film, or no account of it.
    """
    from ..tools.cutting.provenance import FilmSources

    account = films / film_name(path) / "film.json"
    try:
        return FilmSources.model_validate_json(account.read_bytes())
    except (OSError, ValueError) as error:
        raise InputError(
            f"there is no account of a film at {account}; `dreamrunner render {path}` makes one"
        ) from error
