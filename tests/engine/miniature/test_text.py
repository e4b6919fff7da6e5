"""The miniature's words: a tokenizer of whole words, and labels that say what a sentence says."""

from __future__ import annotations

import random

import pytest
import torch
from transformers import T5EncoderModel

from dreamrunner.engine.miniature import text
from dreamrunner.engine.miniature.text import CLASSES, CONFIG, TOKENS, random_sentence
from dreamrunner.engine.miniature.world import CHARACTERS, COLOURS, MOTIONS, PLACES


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> text.T5Tokenizer:
    folder = tmp_path_factory.mktemp("tokenizer")
    text.train_tokenizer(folder, seed=1, sentences=3000)
    return text.load_tokenizer(folder)


def test_every_word_of_the_world_is_one_piece(tokenizer: text.T5Tokenizer) -> None:
    pieces = tokenizer.tokenize("a yellow elephant walks to the left, a snowy field")
    assert [piece.lstrip("\u2581") for piece in pieces] == (
        "a yellow elephant walks to the left , a snowy field".split()
    )
    assert len(tokenizer) <= CONFIG.vocab_size


def test_every_sentence_fits_and_ends_as_a_t5_sentence_does(tokenizer: text.T5Tokenizer) -> None:
    chance = random.Random(2)
    for _ in range(300):
        ids = tokenizer(random_sentence(chance).text).input_ids
        assert len(ids) <= TOKENS
        assert ids[-1] == tokenizer.eos_token_id == CONFIG.eos_token_id
        assert tokenizer.unk_token_id not in ids
    assert text.token_ids(tokenizer, [""])[0].tolist() == [1] + [0] * (TOKENS - 1)


def test_labels_say_what_the_sentence_says_in_its_own_order() -> None:
    chance = random.Random(4)
    for _ in range(300):
        sentence = random_sentence(chance)
        words = sentence.text.replace(",", " ").split()
        shown = [word for word in words if word in CHARACTERS]
        first, second, place = sentence.labels[:4], sentence.labels[4:8], sentence.labels[8]
        for labels, character in zip((first, second), shown, strict=False):
            assert CHARACTERS[labels[0]] == character
            assert f"{COLOURS[labels[1]]} {character}" in sentence.text
            if labels[3] < 2:
                side = ("left", "right")[labels[3]]
                clause = sentence.text[sentence.text.index(character) :]
                assert clause.index(f"on the {side}") < len(clause)
        if not shown:
            assert first[0] == len(CHARACTERS)
        if place < len(PLACES):
            assert {"meadow": "meadow", "beach": "beach", "night": "night", "snow": "snowy"}[
                PLACES[place]
            ] in words
        assert all(label < size for label, size in zip(sentence.labels, CLASSES, strict=True))
        assert first[2] <= len(MOTIONS)


def test_sides_are_labelled_as_they_are_named() -> None:
    chance, seen = random.Random(6), set()
    for _ in range(400):
        sentence = random_sentence(chance)
        said = "on the left" in sentence.text and "on the right" in sentence.text
        # Only captions that name sides have both, as "walks to the left" has another preposition.
        assert (sentence.labels[3] < 2) == said
        if said:
            first = sentence.text.index("on the left") < sentence.text.index("on the right")
            assert sentence.labels[3] == (0 if first else 1)
            assert sentence.labels[7] == 1 - sentence.labels[3]
            seen.add(first)
    assert seen == {True, False}


def test_texts_are_embedded_as_the_stock_pipeline_embeds_them(
    tokenizer: text.T5Tokenizer,
) -> None:
    torch.manual_seed(0)
    encoder = T5EncoderModel(CONFIG).eval()
    found = text.embed(tokenizer, encoder, ["a red owl", ""])
    assert found.shape == (2, TOKENS, text.WIDTH)
    ids = text.token_ids(tokenizer, ["a red owl"])
    torch.testing.assert_close(found[:1], encoder(ids)[0], rtol=1e-5, atol=1e-5)
