"""`--on ray` without Ray says how to get it; an order of a film has no secrets."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from dreamrunner.errors import InputError
from dreamrunner.plan import Plan
from dreamrunner.production.cluster.executor import executor_on
from dreamrunner.production.cluster.worker import order_of
from dreamrunner.production.settings import Llm, Settings


def settings_in(folder: Path) -> Settings:
    llm = Llm(model="m", key="secret")
    return Settings(
        store=folder / "store", engine="animatic", on="ray", llm=llm, qdrant_key="secret"
    )


def plan() -> Plan:
    return Plan.model_construct(title="Walks", shots=())


def test_without_the_extra_the_message_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_in(tmp_path)
    order = order_of(settings, "walks", tmp_path, plan(), "animatic")
    monkeypatch.delitem(sys.modules, "dreamrunner.tools.cluster.ray_executor", raising=False)
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(InputError, match=r"pip install dreamrunner\[cluster\]"):
        executor_on(settings, order)


def test_no_key_of_anybodys_is_in_an_order(tmp_path: Path) -> None:
    order = order_of(settings_in(tmp_path), "walks", Path(), plan(), "animatic")
    assert "secret" not in repr(order)
    assert (order.settings.llm, order.settings.qdrant_key) == (None, None)
    assert order.root.is_absolute() and order.settings.store.is_absolute()
