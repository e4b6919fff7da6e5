"""Given a real server with a tiny random model, whose answers are noise, expect the rules' plan."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from dreamrunner.agents.director.llm.ask import MOST_ASKED
from dreamrunner.agents.director.llm.director import direct_with
from dreamrunner.agents.director.rules import direct
from dreamrunner.dsl import parse_story
from dreamrunner.engine.family import capabilities
from dreamrunner.tools.llm.cassette import Cassette
from dreamrunner.tools.llm.endpoint import Access, ChatEndpoint

pytestmark = pytest.mark.slow

TEXT = """Title: T

@character FOX: a small red fox
@character OWL: an old purple owl

EXT. MEADOW - DAY

The FOX walks to the right. The OWL stands.
"""
_STARTS_WITHIN_S = 120


def make_model(folder: Path) -> None:
    """Write a model of one narrow layer with random weights, and a tokenizer of single bytes."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    marks = ["<s>", "</s>"]
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {letter: number for number, letter in enumerate([*marks, *letters])}
    bytewise = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    bytewise.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bytewise.decoder = decoders.ByteLevel()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=bytewise, bos_token="<s>", eos_token="</s>", pad_token="</s>"
    )
    tokenizer.chat_template = "{% for turn in messages %}{{ turn['content'] }}\n{% endfor %}"
    tokenizer.save_pretrained(folder)
    torch.manual_seed(0)
    shape = LlamaConfig(
        vocab_size=len(vocabulary), hidden_size=16, intermediate_size=32, num_hidden_layers=1,
        num_attention_heads=2, num_key_value_heads=2, max_position_embeddings=65536,
        bos_token_id=0, eos_token_id=1, pad_token_id=1,
    )  # fmt: skip
    LlamaForCausalLM(shape).save_pretrained(folder)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Access]:
    """Serve the model as `transformers serve` does, on a free port, and say where."""
    pytest.importorskip("uvicorn")
    pytest.importorskip("fastapi")
    model, port = tmp_path / "model", free_port()
    make_model(model)
    command = Path(sys.executable).with_name("transformers")
    server = subprocess.Popen(
        [command, "serve", str(model), "--host", "127.0.0.1", "--port", str(port),
         "--device", "cpu"],
        env={**os.environ, "HF_HUB_OFFLINE": "1"},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for(f"http://127.0.0.1:{port}/health", server)
        yield Access(model=str(model), url=f"http://127.0.0.1:{port}/v1", key=None)
    finally:
        server.terminate()
        server.wait(timeout=30)


def wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + _STARTS_WITHIN_S
    while time.monotonic() < ends:
        assert server.poll() is None, "the server ended before it answered"
        try:
            with urlopen(url, timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.3)
    pytest.fail(f"nobody answers at {url}")


def test_noise_ends_in_the_plan_by_rules_and_is_announced(served: Access, tmp_path: Path) -> None:
    story = parse_story(TEXT, path="t.story").story
    assert story is not None
    world = capabilities("storybook")
    cassette = Cassette(tmp_path / "cassette.jsonl", served.model, ChatEndpoint(served))
    plan = direct_with(cassette, story, world, width=1)
    rules = direct(story, world)
    assert plan.shots == rules.shots
    read, laid = plan.notes
    assert read.startswith("scene 1: read by the rules, not by the model: the answer ")
    assert laid.startswith("scene 1: boxes by the rules, not by the model: the answer ")
    assert cassette.usage.sent == 2 * MOST_ASKED
    assert cassette.usage.tokens_out > 0
    replayed = Cassette(tmp_path / "cassette.jsonl", served.model, None)
    assert direct_with(replayed, story, world, width=1) == plan
