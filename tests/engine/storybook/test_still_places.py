"""A place is one picture through a shot, and what falls is laid over it."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from dreamrunner.engine.storybook import models, still_places
from dreamrunner.engine.storybook.falling import clear_words, fallen, graded, light_of, weather_of
from dreamrunner.engine.storybook.pictures_by_parts import laid_over
from dreamrunner.engine.storybook.world.additions import MORE_PLACES, WINDOWED
from dreamrunner.engine.storybook.world.places.place_parts import (
    LAYOUTS,
    has_windows,
    outside,
    place_palette,
    place_parts,
)
from dreamrunner.engine.storybook.world.places.places import draw_place
from dreamrunner.engine.storybook.world.scene import SceneSpec, draw_background
from dreamrunner.engine.storybook.world.vocabulary import Light, PlaceSetting, Weather
from dreamrunner.engine.storybook.world.words.phrasing import view
from dreamrunner.plan import ShotPlan


def _shot(background: str, place: str = "meadow", seed: int = 7) -> ShotPlan:
    return ShotPlan(
        id="1.1", scene="1", duration_s=3.125, seed=seed, place=place, place_id=place,
        background=background, entities=(), keyframes=(), beats=(),
    )  # fmt: skip


def test_the_place_is_the_mean_of_the_frames_in_which_it_is_seen() -> None:
    generator = torch.Generator().manual_seed(1)
    latents = torch.randn(6, 4, 5, 7, generator=generator)
    busy = (torch.rand(6, 1, 5, 7, generator=generator) > 0.6).float()
    found = still_places.settled(latents, busy)
    for frame, row, column in np.ndindex(6, 5, 7):
        free = [k for k in range(6) if not busy[k, 0, row, column]]
        own = latents[frame, :, row, column]
        mean = latents[free, :, row, column].mean(0) if free else own
        right = own if busy[frame, 0, row, column] else mean
        torch.testing.assert_close(found[frame, :, row, column], right)


def test_a_figure_and_what_is_around_it_stay_each_frames_own() -> None:
    coverage = torch.zeros(1, 1, 9, 9)
    coverage[0, 0, 4, 4] = 0.5
    busy = still_places.busy(coverage, reach=2)
    assert busy.sum() == 25 and bool((busy[0, 0, 2:7, 2:7] == 1).all())


@pytest.mark.parametrize(
    ("background", "still"),
    [("a meadow in the rain", True), ("a meadow", True), ("a meadow, the camera pans left", False)],
)
def test_a_camera_moves_a_place(background: str, still: bool) -> None:
    assert still_places.stands_still(_shot(background)) is still


@pytest.mark.parametrize("weather", ["rain", "snow"])
@pytest.mark.parametrize("light", ["day", "night"])
def test_what_falls_is_what_the_world_draws(weather: Weather, light: Light) -> None:
    words = {"rain": "in the rain", "snow": "in falling snow"}[weather]
    shot = _shot(f"a meadow {'at night ' if light == 'night' else ''}{words}")
    assert (weather_of(shot), light_of(shot)) == (weather, light)
    size = (models.WIDTH, models.HEIGHT)
    spec = SceneSpec("meadow", 7, (), *size, frames=models.FRAMES, light=light, weather=weather)
    place = draw_place("meadow", 7, size, light=light, weather=weather)
    frames = torch.from_numpy(place).permute(2, 0, 1).float().expand(models.FRAMES, -1, -1, -1)
    laid = models.whole(laid_over(frames, fallen(shot), torch.ones(1, 1, 1, 1)))
    assert np.abs(laid.numpy().astype(int) - draw_background(spec).astype(int)).max() <= 2
    assert float(fallen(shot)[:, 3].amax()) == 1.0


def test_in_a_room_the_weather_is_behind_the_panes() -> None:
    assert tuple(place for place in MORE_PLACES if has_windows(place))[: len(WINDOWED)] == WINDOWED
    for layout in range(LAYOUTS):
        panes = outside("kitchen", layout)[place_parts("kitchen", layout)]
        assert 0.01 < panes.mean() < 0.2
        clear, rain = (place_palette("kitchen", layout, "day", w) for w in ("clear", "rain"))
        assert ((clear != rain).any(1) == outside("kitchen", layout)).all()
    assert outside("street", 0).all()


@pytest.mark.parametrize("place", ["street", "alley", "park", "harbour", "road"])
def test_colours_under_clouds_are_the_drawn_places(place: str) -> None:
    for weather in ("rain", "snow"):
        for light in ("day", "night"):
            for layout in range(LAYOUTS):
                filled = place_palette(place, layout, light, weather)[place_parts(place, layout)]  # type: ignore[arg-type]
                drawn = draw_place(place, layout, (96, 64), light=light, weather=weather)  # type: ignore[arg-type]
                off = np.abs(filled.astype(int) - drawn.astype(int)).sum(-1)
                assert (off < 24).mean() > 0.65, (place, weather, light, layout)  # but for clouds


@pytest.mark.parametrize("place", ["farm", "mountain", "forest"])
def test_a_clear_place_is_given_the_colours_of_clouds(place: str) -> None:
    for light, weather in (("day", "rain"), ("night", "rain"), ("day", "snow"), ("night", "snow")):
        setting = PlaceSetting(place, light, weather)  # type: ignore[arg-type]  # two of each
        shot = _shot(view(setting), place)
        assert clear_words(shot) == view(PlaceSetting(place, light))  # type: ignore[arg-type]
        clear, wet = (
            draw_place(place, 5, (192, 128), light=light, weather=w).astype(int)  # type: ignore[arg-type]
            for w in ("clear", weather)
        )
        given = graded(torch.from_numpy(clear).permute(2, 0, 1)[None].float(), shot)
        off = np.abs(given[0].permute(1, 2, 0).numpy() - wet).sum(-1)
        # But for the sky, which the drawn world paints in a grey of its own, and what hangs in it.
        assert (off < 12).mean() > 0.5, (place, light, weather)
        assert off.mean() < 0.8 * np.abs(clear - wet).sum(-1).mean()
