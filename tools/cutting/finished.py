"""A folder of a rendered film -> its plan and its film, as its last render left them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ...errors import InputError
from ...film import Film, Take, read_account
from ...plan import Plan


@dataclass(frozen=True, slots=True)
class FinishedFilm:
    """A film that was rendered: where it lies, by which plan, and with which engine."""

    folder: Path
    plan: Plan
    film: Film
    engine: str

    def kept(self, shot: str) -> Take:
        """Return the take of a shot that the film shows."""
        return next(take for take in self.film.takes if take.shot == shot and take.kept)


def finished_film(folder: Path) -> FinishedFilm:
    """Return the film in a folder, with its files where the folder is now.

    Raises:
        InputError: there is none, or its render did not end.
    """
    try:
        account = read_account(folder / "run.json")
        plan = Plan.model_validate_json((folder / "plan.json").read_bytes())
        if account["status"] != "done" or account["film"] is None:
            raise InputError(
                f"the last render into {folder} did not end; the same `render` goes on with it"
            )
        film = Film.model_validate({**account["film"], "takes": account["takes"]})
        return FinishedFilm(folder, plan, _moved(film, folder), account["engine"])
    except FileNotFoundError as error:
        raise InputError(
            f"there is no film in {folder}; `dreamrunner render STORY` makes one"
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{folder} holds no film that can be read ({type(error).__name__}); render it again"
        ) from error


def _moved(film: Film, folder: Path) -> Film:
    """Return a film with the files that lie in its folder, wherever that was when it was made."""

    def here(path: str) -> str:
        return str(folder / Path(path).name)

    clips = tuple(
        clip.model_copy(update={"path": str(folder / "shots" / Path(clip.path).name)})
        for clip in film.clips
    )
    cards = tuple(
        card.model_copy(update={"path": str(folder / "shots" / Path(card.path).name)})
        for card in film.cards
    )
    return film.model_copy(
        update={
            "path": here(film.path),
            "clips": clips,
            "subtitles": here(film.subtitles) if film.subtitles else None,
            "stems": tuple(map(here, film.stems)),
            "cards": cards,
        }
    )
