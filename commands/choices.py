"""Options, environment and settings file -> what was chosen."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from .arguments import Engine

if TYPE_CHECKING:
    from ..production.settings import Budget, Llm, Settings


@dataclass(frozen=True, slots=True)
class Director:
    """Who directs, and what it may take."""

    llm: Llm | None
    budget: Budget


def director_of(
    model: str | None,
    cassette: Path | None,
    replay: bool,
    max_calls: int | None,
    max_tokens: int | None,
    max_minutes: float | None = None,
) -> Director:
    """Return who directs: an option beats the environment, which beats the settings file."""
    from ..production.settings import SETTINGS_FILE, Budget, Llm, read_llm

    written = read_llm(Path(SETTINGS_FILE)) or Llm(model="")
    name = model or written.model
    if not name or name == "none":
        if replay or cassette:
            raise typer.BadParameter("say which model's answers they are: add --llm MODEL")
        return Director(None, Budget(minutes=max_minutes))
    llm = replace(
        written,
        model=name,
        url=os.environ.get("OPENAI_BASE_URL") or written.url,
        key=os.environ.get("OPENAI_API_KEY") or written.key,
        record=cassette,
        replay=replay,
    )
    return Director(llm, Budget(max_calls, max_tokens, max_minutes))


def settings_of(
    engine: Engine,
    *,
    seed: int | None = None,
    store: Path | None = None,
    out: Path = Path("out"),
    strict: bool = False,
    director: Director | None = None,
) -> Settings:
    from ..production.settings import Budget, Settings, default_store

    return Settings(
        engine=engine.value,
        out=out,
        store=store or default_store(),
        seed=seed,
        strict=strict,
        llm=director.llm if director else None,
        budget=director.budget if director else Budget(),
    )
