"""Settings -> what works on this machine, how fast it is, and how to get the rest to work.

Each finding is a fact, with a remedy where one is needed. The examination changes nothing: no
library is drawn, no weights are downloaded, and nothing is written to the store.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ..errors import DreamRunnerError
from ..tools.sound.choice import VoiceChoice

if TYPE_CHECKING:
    from ..engine.diffusion.devices import Device
    from .settings import Settings

State = Literal["ok", "absent", "broken"]

_GB = 10**9
_LEAST_ROOM = 2 * _GB
_ENDPOINT_S = 3.0
_MINIATURE_KNOWS = (
    "the miniature's eight animals, three colours, seven motions and four places; it measures what "
    "an unpacked folder of it draws"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found out about one thing.

    `state` is `absent` for something optional that is missing, and `broken` for what stops a
    render. `remedy` is what to do about either, None where there is nothing to do.
    """

    topic: str
    name: str
    state: State
    text: str
    remedy: str | None = None


def examine(settings: Settings, director_url: str | None = None) -> Iterator[Finding]:
    """Yield each finding as soon as it is there; measuring takes some seconds.

    Args:
        director_url: an OpenAI-compatible endpoint to try, None for the director by rules.
    """
    from ..engine.diffusion.devices import devices

    present = devices()
    for device in present:
        attention = device.kernels[0] if device.kernels else "grouped calls"
        memory = f"{device.memory_bytes / _GB:.0f} GB, " if device.memory_bytes else ""
        text = f"{device.name}: {memory}{device.rate / 1e12:.2g} TFLOP/s, attention by {attention}"
        yield Finding("device", device.kind, "ok", text)
    if len(present) == 1:
        yield Finding(
            "device", "cuda", "absent", "no NVIDIA GPU that PyTorch can use",
            "only the published models need one; storybook and animatic run without",
        )  # fmt: skip
    if settings.weights is not None:
        yield _weights(settings.weights, present[-1])
    yield _storybook()
    yield Finding("engine", "animatic", "ok", "draws the plan itself, with no model")
    yield from _published(present[-1])
    yield from _critics(settings)
    yield _store(settings.store)
    yield _library(settings.library)
    yield from _voices(settings.voice or VoiceChoice())
    yield _director(director_url)


def _voices(choice: VoiceChoice) -> Iterator[Finding]:
    """Say who can speak, an engine a finding; an endpoint only where one is named."""
    from ..tools.sound.found import ENGINES, how_to_get, voices_of

    for engine in ENGINES:
        if engine == "endpoint" and not choice.url:
            continue
        try:
            voices = voices_of(replace(choice, use=engine), "en")
        except DreamRunnerError:
            text = "not here; films are spoken by what is, or silent"
            yield Finding("voice", engine, "absent", text, how_to_get(engine))
            continue
        names = ", ".join(voice.name for voice in voices)
        yield Finding("voice", engine, "ok", f"{names}; speaks by --voice {engine}")


def _weights(folder: Path, device: Device) -> Finding:
    """Say what a folder of weights is, and whether it fits into the device's memory."""
    from ..engine.diffusion import memory
    from ..engine.diffusion.published import inspect_folder

    try:
        report = inspect_folder(folder)
    except DreamRunnerError as error:
        return Finding("weights", "weights", "broken", f"{folder}", str(error))
    text = f"{folder}: {report.holds}"
    if report.checkpoint is None:
        return Finding("weights", "weights", "broken", text, report.fault)
    try:
        preset, need = memory.fitted(
            report.checkpoint, device.memory_bytes, on_gpu=device.kind == "cuda"
        )
    except DreamRunnerError as error:
        return Finding(
            "weights", "weights", "broken", f"{text}, too large for the {device.kind}", str(error)
        )
    return Finding(
        "weights", "weights", "ok",
        f"{text}, whole; fits the {device.kind}: {preset.means}, about {need / _GB:.1f} GB at most",
        f"render with it by --engine {report.engine}{_weights_option(report.engine, folder)}",
    )  # fmt: skip


def _weights_option(engine: str | None, folder: Path) -> str:
    """Return what must be said beside an engine's name; a folder says all by itself."""
    return "" if engine == str(folder) else f" --weights {folder}"


def _storybook() -> Finding:
    from ..engine.diffusion.devices import storybook_seconds

    try:
        seconds = storybook_seconds()
    except DreamRunnerError as error:
        return Finding("engine", "storybook", "broken", "the embedded model", str(error))
    return Finding(
        "engine", "storybook", "ok", f"the embedded model: about {seconds:.1f} s a shot, measured"
    )


def _published(device: Device) -> Iterator[Finding]:
    from ..engine.diffusion import memory
    from ..engine.diffusion.checkpoints import CHECKPOINTS
    from ..engine.diffusion.devices import shot_operations
    from ..engine.diffusion.weights import find_weights

    on_gpu = device.kind == "cuda"
    for checkpoint in CHECKPOINTS.values():
        state: State = "ok"
        remedy = None if on_gpu else "without a GPU it is too slow to use"
        try:
            where = f"weights in {find_weights(checkpoint)}"
        except DreamRunnerError as error:
            state, where, remedy = "absent", "not here", str(error)
        try:
            preset, need = memory.fitted(checkpoint, device.memory_bytes, on_gpu=on_gpu)
        except DreamRunnerError as error:
            text = f"{where}; too large for the {device.kind}"
            yield Finding("engine", checkpoint.name, "absent", text, str(error))
            continue
        minutes = shot_operations(checkpoint) / device.rate / 60
        text = (
            f"{where}; {_how_long(minutes)} a shot on the {device.kind}, by arithmetic; "
            f"{preset.means}, about {need / _GB:.1f} GB at most; {checkpoint.licence}"
        )
        yield Finding("engine", checkpoint.name, state, text, remedy)


def _critics(settings: Settings) -> Iterator[Finding]:
    """Say which critics are here: the embedded ones, and each model of the published one."""
    from ..engine.miniature.critic import critic_fingerprint as miniature_fingerprint
    from ..engine.storybook.weights import critic_fingerprint
    from ..tools.critic.published.models import MODELS, find_model

    for name, fingerprint, knows in (
        ("embedded", critic_fingerprint, "the drawn world alone"),
        ("miniature", miniature_fingerprint, _MINIATURE_KNOWS),
    ):
        try:
            fingerprint()
        except DreamRunnerError as error:
            yield Finding("critic", name, "broken", f"knows {knows}", str(error))
        else:
            yield Finding("critic", name, "ok", f"knows {knows}")
    for model in MODELS:
        text = f"{model.does}; about {model.gigabytes:g} GB; {model.licence}"
        try:
            where = find_model(model, settings.critic_weights)
        except DreamRunnerError as error:
            yield Finding("critic", model.folder, "absent", f"{text}; not here", str(error))
        else:
            yield Finding("critic", model.folder, "ok", f"{text}; {where}")


def _how_long(minutes: float) -> str:
    return f"about {minutes / 60:.0f} h" if minutes > 90 else f"about {max(1.0, minutes):.0f} min"


def _store(folder: Path) -> Finding:
    """Return whether the store can be written, judged by the nearest folder that exists."""
    there = next(path for path in (folder, *folder.resolve().parents) if path.exists())
    free = shutil.disk_usage(there).free
    text = f"{folder}: {free / _GB:.0f} GB free"
    if not there.is_dir() or not os.access(there, os.W_OK):
        remedy = f"{there} cannot be written; name another folder with --store"
        return Finding("store", "store", "broken", str(folder), remedy)
    if free < _LEAST_ROOM:
        return Finding("store", "store", "broken", text, "make room, or name another with --store")
    return Finding("store", "store", "ok", text)


def _library(folder: Path) -> Finding:
    from ..tools.library import own_part

    try:
        own = own_part(folder)
    except DreamRunnerError as error:
        return Finding("library", "library", "broken", str(error), "remove or mend that file")
    count = len(own.manifest.clips) if own else 0
    text = f"{count} clips of your own in {folder}" if count else "the drawn clips"
    return Finding("library", "library", "ok", text)


def _director(url: str | None) -> Finding:
    if url is None:
        return Finding("director", "rules", "ok", "by rules; no language model is asked")
    from urllib.error import HTTPError
    from urllib.request import urlopen

    if not url.startswith(("http://", "https://")):
        remedy = "write it as http://localhost:11434/v1"
        return Finding("director", "endpoint", "broken", f"{url} is no http address", remedy)
    try:
        with urlopen(f"{url.rstrip('/')}/models", timeout=_ENDPOINT_S):
            return Finding("director", "endpoint", "ok", f"{url} answers")
    except HTTPError as error:
        if error.code in (401, 403):
            return Finding("director", "endpoint", "ok", f"{url} answers, and wants a key")
        text, remedy = f"{url} answers with {error.code}", "the address must end before /models"
    except OSError as error:
        text, remedy = (
            f"{url} does not answer: {error}",
            "is it running? Without it the rules direct",
        )
    return Finding("director", "endpoint", "broken", text, remedy)
