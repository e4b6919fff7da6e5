"""A stock transformer -> the same with peft's low-rank layers, one set for what is kept and one for
each clip that is thrown away, and back.

Weights of an adapter are float32 whatever the model's numbers are: an optimizer's small steps are
lost in half precision.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from peft import LoraConfig, inject_adapter_in_model
from peft.tuners.lora import LoraLayer
from peft.utils import get_peft_model_state_dict
from torch import Tensor, nn

KEPT = "kept"


@dataclass(frozen=True, slots=True)
class LayerSet:
    """One adapter while it is learnt: its name in peft, and its weights by their path."""

    name: str
    weights: dict[str, nn.Parameter]


def add_layers(
    transformer: Any, name: str, layers: Sequence[str], *, rank: int, dropout: float, seed: int
) -> LayerSet:
    """Put new low-rank layers beside some linears; they change nothing until they have learnt.

    Down is drawn from N(0, 1/rank), up is zero, the alpha is the rank, so that the scale is one.
    """
    config = LoraConfig(
        r=rank, lora_alpha=rank, lora_dropout=dropout, target_modules=list(layers),
        init_lora_weights="gaussian",
    )  # fmt: skip
    # peft draws from the global generator, which is left as it was.
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        with warnings.catch_warnings():
            # More than one adapter is what is wanted here.
            warnings.filterwarnings("ignore", "Already found a `peft_config`")
            inject_adapter_in_model(config, transformer, adapter_name=name)
    mark = f".{name}.weight"
    weights = {
        path.removesuffix(mark): value
        for path, value in transformer.named_parameters()
        if path.endswith(mark)
    }
    for value in weights.values():
        value.data = value.data.float()
    return LayerSet(name, weights)


def use_layers(transformer: nn.Module, names: Sequence[str], learning: str | None) -> None:
    """Let some adapters work and no others, and one of them learn, or none."""
    for module in transformer.modules():
        if isinstance(module, LoraLayer):
            own = [name for name in names if name in module.lora_A]
            module.enable_adapters(bool(own))
            if own:
                module.set_adapter(own)
            for name, layer in (*module.lora_A.items(), *module.lora_B.items()):
                layer.requires_grad_(name == learning)


def kept_state(transformer: nn.Module, layers: LayerSet) -> dict[str, Tensor]:
    """Return an adapter's weights under diffusers' names, in fp16 on the CPU."""
    state = get_peft_model_state_dict(transformer, adapter_name=layers.name)
    return {
        f"transformer.{name}": value.detach().to("cpu", torch.float16).clone().contiguous()
        for name, value in state.items()
    }


@contextmanager
def borrowed(transformer: Any) -> Iterator[None]:
    """Take all low-rank layers out again when the context ends: the model is what it was."""
    before = {name: p.requires_grad for name, p in transformer.named_parameters()}
    training = transformer.training
    transformer.requires_grad_(False)
    try:
        yield
    finally:
        for path, module in list(transformer.named_modules()):
            if isinstance(module, LoraLayer):
                parent, _, child = path.rpartition(".")
                setattr(transformer.get_submodule(parent), child, module.get_base_layer())
        if hasattr(transformer, "peft_config"):
            del transformer.peft_config
        for name, parameter in transformer.named_parameters():
            parameter.requires_grad_(before[name])
        transformer.train(training)
