"""The frozen text encoder: known weights, padding that means nothing, sentences that mean more."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from dreamrunner.engine.storybook import text_encoder
from dreamrunner.engine.storybook.text_encoder import TextEncoder
from dreamrunner.errors import WeightsError


@pytest.fixture(scope="module")
def encoder() -> TextEncoder:
    return TextEncoder()


def test_tokens_are_the_same_in_any_company_and_zero_after_the_end(encoder: TextEncoder) -> None:
    alone = encoder.tokens(["a red fox"], 16)
    fresh = TextEncoder().tokens(["a long text about a bear in the snow", "a red fox"], 16)
    assert alone.shape == (1, 16, text_encoder.WIDTH)
    torch.testing.assert_close(alone[0], fresh[1], rtol=1e-4, atol=1e-5)
    assert (alone[0, 5:] == 0).all()  # [CLS] a red fox [SEP]
    assert (alone[0, :5].abs().sum(1) > 0).all()


def test_like_sentences_are_nearer_than_unlike_ones(encoder: TextEncoder) -> None:
    a, b, c = encoder.sentences(["a fox jumps", "a fox leaping", "houses in a town"])
    assert a @ b > a @ c + 0.2
    torch.testing.assert_close(a.norm(), torch.tensor(1.0))


def test_other_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_encoder, "SHA256", "0" * 64)
    text_encoder.model_folder.cache_clear()
    try:
        with pytest.raises(WeightsError, match="has sha256 53aa51"):
            text_encoder.model_folder()
    finally:
        monkeypatch.undo()
        text_encoder.model_folder.cache_clear()
