"""A command that takes records of options -> one whose every option Typer sees by itself.

Typer reads a function's parameters and knows no records. A parameter whose type is a dataclass is
replaced by the fields of that dataclass, each with its own `Annotated` option and default; what
comes from the command line is put into the record before the command is called.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import is_dataclass
from functools import wraps
from typing import get_type_hints


def with_records(command: Callable[..., None]) -> Callable[..., None]:
    """Return the command as Typer shall see it; two records may not share a field's name."""
    hints = get_type_hints(command, include_extras=True)
    parameters = inspect.signature(command).parameters.values()
    records = {p.name: hints[p.name] for p in parameters if is_dataclass(hints[p.name])}
    fields = {name: inspect.signature(record).parameters for name, record in records.items()}

    def flat() -> Iterator[inspect.Parameter]:
        for parameter in parameters:
            if parameter.name not in records:
                yield parameter.replace(
                    annotation=hints[parameter.name], kind=inspect.Parameter.KEYWORD_ONLY
                )
                continue
            types = get_type_hints(records[parameter.name], include_extras=True)
            for field in fields[parameter.name].values():
                yield field.replace(
                    annotation=types[field.name], kind=inspect.Parameter.KEYWORD_ONLY
                )

    @wraps(command)
    def called(**options: object) -> None:
        made = {
            name: record(**{field: options.pop(field) for field in fields[name]})
            for name, record in records.items()
        }
        command(**options, **made)

    del called.__wrapped__  # Typer would read that one instead
    signature = inspect.Signature(list(flat()))
    called.__signature__ = signature  # type: ignore[attr-defined]  # what inspect looks for
    called.__annotations__ = {p.name: p.annotation for p in signature.parameters.values()}
    return called
