"""A file that is no whole picture is one error, wherever in it the fault lies."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from dreamrunner.engine.storybook.world.figures.picture_cuts import figure_of
from dreamrunner.errors import InputError


@pytest.mark.parametrize("kept", [0, 4, 30, 60])
@pytest.mark.parametrize("form", ["png", "ppm", "gif", "bmp"])
def test_a_torn_picture_is_an_input_error(kept: int, form: str, tmp_path: Path) -> None:
    whole, torn = tmp_path / f"whole.{form}", tmp_path / f"torn.{form}"
    Image.effect_noise((64, 48), 60).convert("RGB").save(whole)
    torn.write_bytes(whole.read_bytes()[:kept])
    with pytest.raises(InputError, match="is no picture that can be read"):
        figure_of(torn)
