"""A film that is rendered + what a command asks of it -> a timeline, subtitles, its sources.

All of it is read from the film's folder; only `redo` draws, and that one take.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InputError
from ..film import Take, film_name

if TYPE_CHECKING:
    from ..tools.cutting.preferred import PreferredTakes
    from ..tools.cutting.provenance import FilmSources
    from ..tools.stages.runner import Observer
    from .keeping.outcome import RenderResult
    from .settings import Settings


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


def takes_of(path: Path, films: Path) -> tuple[Take, ...]:
    """Return all takes of a story's film as it was last rendered, in its order.

    Raises:
        InputError: there is no film.
    """
    from ..tools.cutting.finished import finished_film

    return finished_film(films / film_name(path)).film.takes


def keep_take(
    path: Path,
    shot: str,
    number: int,
    settings: Settings,
    observer: Observer,
    *,
    write: bool = False,
) -> RenderResult:
    """Let a film show a take, and cut it again; with `write` the story says so, by a `@take`.

    Raises:
        InputError: there is no such film or take, the story shows another, or the film was rendered
            with other options.
        StoryError, OutputError: the story would have errors, or cannot be written.
    """
    from ..tools.cutting.preferred import read_preferred, write_preferred
    from .facade import render_story

    folder = settings.out / film_name(path)
    takes = [take for take in takes_of(path, settings.out) if take.shot == shot]
    chosen = next((take for take in takes if take.number == number), None)
    if chosen is None:
        raise InputError(_which(path, settings.out, shot, takes, number))
    if not write:
        _refuse_pinned(path, shot, settings)
    before = read_preferred(folder)
    _prefer(path, before.showing(chosen), frozenset({"cut"}), settings, observer)
    if write:
        try:
            _write_take(path, chosen, settings)
        except BaseException:
            write_preferred(folder, before)
            raise
        write_preferred(folder, before.leaving(shot))  # the story says it now
    return render_story(path, settings, observer)


def _write_take(path: Path, take: Take, settings: Settings) -> None:
    """Write into a story which take of a shot its film shows, by a patch."""
    from ..dsl import load_story
    from ..film import DirectiveChange
    from ..tools.cutting.finished import finished_film
    from ..tools.story_patches import unified, with_changes
    from .accept import write_patched

    plan = finished_film(settings.out / film_name(path)).plan
    scene = next(s for s in plan.scenes if any(shot.id == take.shot for shot in s.shots))
    place = [shot.id for shot in scene.shots].index(take.shot) + 1
    of = "" if len(scene.shots) == 1 else f" shot={place}"
    change = DirectiveChange(name="take", entity=str(place), text=f"@take {take.number}{of}")
    parsed = load_story(path)
    scenes = parsed.story.scenes if parsed.story else ()
    written = next((s for s in scenes if s.id == scene.id), None)
    if written is None:
        raise InputError(f"{path} has no scene {scene.id} any more; render it again")
    page = with_changes(parsed.source, written, [change], alone=True)
    patch = unified(parsed.source, page, path.name)
    if patch:
        write_patched(path, [patch])


def _refuse_pinned(path: Path, shot: str, settings: Settings) -> None:
    """Refuse to show another take of a shot than the one that its story shows.

    Raises:
        InputError: the story has a `@take` of it.
    """
    from ..dsl import load_story
    from ..tools.cutting.finished import finished_film
    from .takes import pinned_takes

    story = load_story(path).story
    plan = finished_film(settings.out / film_name(path)).plan
    pinned = pinned_takes(story, plan).get(shot) if story else None
    if pinned is not None:
        raise InputError(
            f"line {pinned.span.line} of {path} shows take {pinned.number} of shot {shot}; change "
            f"it there, or by `dreamrunner keep --write {path} {shot} TAKE`"
        )


def redo_shot(path: Path, shot: str, settings: Settings, observer: Observer) -> RenderResult:
    """Make one more take of a shot, and cut the film again with it.

    Raises:
        InputError: there is no such film or shot, the story shows a certain take of it, or the film
            was rendered with other options.
    """
    from ..tools.cutting.preferred import read_preferred
    from .facade import render_story

    folder = settings.out / film_name(path)
    takes = [take for take in takes_of(path, settings.out) if take.shot == shot]
    if not takes:
        raise InputError(_which(path, settings.out, shot, takes, None))
    _refuse_pinned(path, shot, settings)
    preferred = read_preferred(folder).with_one_more(shot)
    _prefer(path, preferred, frozenset({"render", "measure", "cut"}), settings, observer)
    return render_story(path, settings, observer)


def _prefer(
    path: Path,
    preferred: PreferredTakes,
    stages: frozenset[str],
    settings: Settings,
    observer: Observer,
) -> None:
    """Note beside a film which takes it shows, if a cut of it is all there is to make.

    Raises:
        InputError: more than `stages` would be made, or more than one take drawn.
    """
    from ..tools.cutting.preferred import read_preferred, write_preferred
    from .facade import rehearse_story

    folder = settings.out / film_name(path)
    before = read_preferred(folder)
    write_preferred(folder, preferred)
    try:
        forecast = rehearse_story(path, settings, observer)
        if not set(forecast.counts) <= stages or forecast.counts.get("render", 0) > 1:
            due = ", ".join(f"{count} {stage}" for stage, count in forecast.counts.items())
            raise InputError(
                f"more than that would be made ({due}): the story has changed, or its film was "
                f"rendered with other options; run `dreamrunner render {path}` with them first"
            )
    except BaseException:
        write_preferred(folder, before)
        raise


def _which(path: Path, films: Path, shot: str, takes: list[Take], number: int | None) -> str:
    """Say that there is no such shot or take, and which there are."""
    if takes:
        there = ", ".join(str(take.number) for take in takes)
        return f"shot {shot} has no take {number}; it has {there}"
    shots = ", ".join(dict.fromkeys(take.shot for take in takes_of(path, films)))
    return f"the film of {path} has no shot {shot}; it has {shots}"
