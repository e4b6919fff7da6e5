"""What a folder of weights is said to be, and what is said where it is broken or another model."""

from __future__ import annotations

import io
import json
import pickle
import re
import tomllib
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
import sentencepiece
import torch
from safetensors.torch import load_file, save_file
from transformers import T5Config, T5EncoderModel, UMT5Config, UMT5EncoderModel

from dreamrunner.engine.diffusion.checkpoints import CHECKPOINTS
from dreamrunner.engine.diffusion.folders import PARTS, check_folder, read_folder
from dreamrunner.engine.diffusion.weights import load_pipeline
from dreamrunner.errors import WeightsError

from .hub import PUBLISHED, hub_folder, weights_file, write_config
from .pipelines import SMALL_T5, WORDS, tiny_pipeline

SMALL = CHECKPOINTS["cogvideox-2b"]
TINY = {name: replace(checkpoint, traits=()) for name, checkpoint in CHECKPOINTS.items()}
FAMILIES = ("cogvideox-2b", "wan2.1-1.3b")


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Tiny stock pipelines as diffusers saves them."""
    folder = tmp_path_factory.mktemp("saved")
    for name in FAMILIES:
        tiny_pipeline(name).save_pretrained(folder / name)
    return {name: folder / name for name in FAMILIES}


def copied(folder: Path, to: Path) -> Path:
    for file in (file for file in folder.rglob("*") if file.is_file()):
        place = to / file.relative_to(folder)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(file.read_bytes())
    return to


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_folder_says_which_published_model_it_is(name: str, tmp_path: Path) -> None:
    folder = hub_folder(tmp_path / "weights", name)
    assert read_folder(folder).name == name
    for checkpoint in CHECKPOINTS.values():
        if checkpoint.name == name:
            check_folder(checkpoint, folder)
            continue
        with pytest.raises(WeightsError) as refused:
            check_folder(checkpoint, folder)
        same_class = PUBLISHED[name]["model_index"]["_class_name"] == checkpoint.pipeline
        expected = f"holds {name}, not {checkpoint.name}" if same_class else "holds a "
        assert expected in str(refused.value)


@pytest.mark.parametrize(
    ("part", "key", "value", "message"),
    [
        (
            "transformer",
            "num_layers",
            12,
            "a CogVideoXPipeline of 12 layers, 30 heads, 16 channels",
        ),
        ("scheduler", "snr_shift_scale", 1.0, "scheduler.snr_shift_scale is 1.0 and not 3.0"),
        ("scheduler", "prediction_type", "epsilon", "prediction_type is 'epsilon'"),
        ("vae", "scaling_factor", 0.7, "vae.scaling_factor is 0.7 and not 1.15258426"),
    ],
)
def test_a_part_of_another_model_is_named(
    part: str, key: str, value: object, message: str, tmp_path: Path
) -> None:
    folder = hub_folder(tmp_path / "weights")
    write_config(folder, part, {**PUBLISHED["cogvideox-2b"][part], key: value})
    with pytest.raises(WeightsError, match=message):
        check_folder(SMALL, folder)


def test_what_a_configuration_leaves_out_is_what_diffusers_takes(tmp_path: Path) -> None:
    folder = hub_folder(tmp_path / "weights")
    write_config(folder, "vae", {})
    write_config(folder, "scheduler", {"_class_name": "CogVideoXDPMScheduler"})
    check_folder(SMALL, folder)


@pytest.mark.parametrize(
    "broken", ["{", "[]", '["CogVideoXPipeline"]', "null", "3", '"text"', "\xff"]
)
@pytest.mark.parametrize(
    "file", ["model_index.json", "transformer/config.json", "scheduler/scheduler_config.json"]
)
def test_a_configuration_that_is_no_object_is_one_error(
    file: str, broken: str, tmp_path: Path
) -> None:
    folder = hub_folder(tmp_path / "weights")
    (folder / file).write_bytes(broken.encode("latin-1"))
    with pytest.raises(WeightsError, match="is no model in diffusers' layout"):
        check_folder(SMALL, folder)


def test_a_folder_must_be_there_and_name_its_class(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="no readable model_index.json"):
        check_folder(SMALL, tmp_path / "nowhere")
    folder = hub_folder(tmp_path / "weights")
    write_config(folder, "model_index", {"_class_name": ["CogVideoXPipeline"]})
    with pytest.raises(WeightsError, match="model_index.json names no class"):
        check_folder(SMALL, folder)


def sharded(folder: Path, weight_map: object) -> Path:
    """Make the transformer of a folder one of two shards, with an index."""
    part = folder / "transformer"
    (part / PARTS["transformer"]).rename(part / "one.safetensors")
    (part / "two.safetensors").write_bytes(weights_file("b"))
    index = {"weight_map": weight_map}
    (part / f"{PARTS['transformer']}.index.json").write_text(json.dumps(index), "utf-8")
    return folder


def test_every_shard_of_an_index_must_be_there(tmp_path: Path) -> None:
    shards = {"transformer.weight": "one.safetensors", "b": "two.safetensors"}
    folder = sharded(hub_folder(tmp_path / "weights"), shards)
    check_folder(SMALL, folder)
    (folder / "transformer" / "two.safetensors").unlink()
    with pytest.raises(WeightsError, match="not whole: .*two.safetensors missing"):
        check_folder(SMALL, folder)


@pytest.mark.parametrize(
    ("weight_map", "message"),
    [
        ([], "it has no weight_map"),
        ({}, "it has no weight_map"),
        ("one.safetensors", "it has no weight_map"),
        ({"b": 3}, "names 3, which is no file beside it"),
        ({"b": ["one.safetensors"]}, "which is no file beside it"),
        ({"b": "../vae/one.safetensors"}, "which is no file beside it"),
        ({"b": "/one.safetensors"}, "which is no file beside it"),
        ({"b": "..\\one.safetensors"}, "which is no file beside it"),
        ({"b": "one.bin"}, "only .safetensors are read"),
        ({"a": "one.safetensors"}, "lacks 1 tensors that .* says are in it, such as a;"),
    ],
)
def test_an_odd_index_is_one_error(weight_map: object, message: str, tmp_path: Path) -> None:
    folder = sharded(hub_folder(tmp_path / "weights"), weight_map)
    with pytest.raises(WeightsError, match=message):
        check_folder(SMALL, folder)


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    "content",
    [b"", b"\0" * 8, b"\xff" * 64, weights_file("a")[:-1], (9).to_bytes(8, "little") + b"[1, 2, 3]",
     b"version https://git-lfs.github.com/spec/v1\n"],
    ids=["empty", "zeros", "ones", "cut short", "list", "pointer"],
)  # fmt: skip
def test_a_broken_weight_file_is_found_by_its_header(
    part: str, content: bytes, tmp_path: Path
) -> None:
    folder = hub_folder(tmp_path / "weights")
    (folder / part / PARTS[part]).write_bytes(content)
    with pytest.raises(WeightsError, match=f"{PARTS[part]} is broken or no safetensors file"):
        check_folder(SMALL, folder)


class Marker:
    """Unpickled, it leaves a file behind."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, tuple[str, str]]:
        return (open, (str(self.path), "w"))


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("part", PARTS)
def test_a_pickle_beside_a_decoy_is_never_opened(
    name: str, part: str, saved: dict[str, Path], tmp_path: Path
) -> None:
    folder, marker = copied(saved[name], tmp_path / "weights"), tmp_path / "marker"
    weights = folder / part / PARTS[part]
    weights.rename(weights.with_name("decoy.safetensors"))
    for stem in ("diffusion_pytorch_model", "pytorch_model", "model"):
        with (folder / part / f"{stem}.bin").open("wb") as file:
            pickle.dump(Marker(marker), file)
    with pytest.raises(WeightsError, match=f"not whole: .*{PARTS[part]} missing"):
        check_folder(TINY[name], folder)
    with pytest.raises(WeightsError, match=f"the {part} of {name} cannot be loaded"):
        load_pipeline(TINY[name], folder)
    assert not marker.exists()


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("part", PARTS)
def test_a_tensor_that_no_file_holds_is_one_error_and_not_drawn_at_random(
    name: str, part: str, saved: dict[str, Path], tmp_path: Path
) -> None:
    folder = copied(saved[name], tmp_path / "weights")
    file = folder / part / PARTS[part]
    state = load_file(file)
    lost = next(key for key in sorted(state) if key.endswith("weight") and state[key].ndim > 1)
    save_file({key: value for key, value in state.items() if key != lost}, file, {"format": "pt"})
    with pytest.raises(
        WeightsError, match=f"the {part} in .* has 1 missing tensors, such as {lost}"
    ):
        load_pipeline(TINY[name], folder)
    save_file(state | {lost: torch.zeros(3, 5)}, file, {"format": "pt"})
    with pytest.raises(WeightsError, match=f"the {part} of {name} cannot be loaded"):
        load_pipeline(TINY[name], folder)


def pieces() -> bytes:
    """Train a SentencePiece model of the words that the tests' prompts are made of."""
    sentences = [" ".join(words) for words in permutations(WORDS[:6], 4)] + [" ".join(WORDS)] * 20
    written = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(sentences), model_writer=written, vocab_size=60, pad_id=0, eos_id=1,
        unk_id=2, bos_id=-1, hard_vocab_limit=False, minloglevel=2,
    )  # fmt: skip
    return written.getvalue()


@pytest.mark.parametrize("name", FAMILIES)
def test_a_published_tokenizer_is_read_from_its_pieces(
    name: str, saved: dict[str, Path], tmp_path: Path
) -> None:
    folder = copied(saved[name], tmp_path / "weights")
    for file in (folder / "tokenizer").iterdir():
        file.unlink()
    model = pieces()
    (folder / "tokenizer" / "spiece.model").write_bytes(model)
    config = {
        "tokenizer_class": "T5Tokenizer", "extra_ids": 100, "eos_token": "</s>",
        "pad_token": "<pad>", "unk_token": "<unk>", "model_max_length": 226,
    }  # fmt: skip
    (folder / "tokenizer" / "tokenizer_config.json").write_text(json.dumps(config), "utf-8")
    index = json.loads((folder / "model_index.json").read_text("utf-8"))
    kind = "T5Tokenizer" if name.startswith("cogvideox") else "T5TokenizerFast"
    write_config(folder, "model_index", index | {"tokenizer": ["transformers", kind]})
    # Its vocabulary is larger than that of the tests' words.
    config_of, encoder_of = {
        "cogvideox-2b": (T5Config, T5EncoderModel), "wan2.1-1.3b": (UMT5Config, UMT5EncoderModel)
    }[name]  # fmt: skip
    encoder_of(config_of(**{**SMALL_T5, "vocab_size": 256})).save_pretrained(
        folder / "text_encoder"
    )

    check_folder(TINY[name], folder)
    pipe = load_pipeline(TINY[name], folder)
    expected = sentencepiece.SentencePieceProcessor(model_proto=model).encode("a red fox walking")
    assert pipe.tokenizer("a red fox walking").input_ids == [*expected, 1]
    embedded = pipe.encode_prompt("a red fox", do_classifier_free_guidance=False)[0]
    assert embedded.shape[0] == 1 and bool(embedded.isfinite().all())


def test_what_reads_published_tokenizers_comes_with_the_package(repository: Path) -> None:
    project = tomllib.loads((repository / "pyproject.toml").read_text("utf-8"))["project"]
    names = {re.split(r"[><=!~\[]", one)[0] for one in project["dependencies"]}
    assert {"sentencepiece", "protobuf"} <= names
