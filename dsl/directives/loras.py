"""`lora "fox.safetensors" weight=0.8` in the block of an entity or a motion -> a LoraReference."""

from __future__ import annotations

from collections.abc import Iterable

from ...story import LoraReference
from ..resolve.context import Context
from ..resolve.references import resolve_reference
from ..syntax import tree

_USAGE = 'lora "adapters/fox.safetensors" weight=0.8'


def resolve_lora(block: tree.Block | None, context: Context) -> LoraReference | None:
    """Return the adapter that a block names, the last if it names several."""
    lora: LoraReference | None = None
    for statement, values in saying(block, "lora"):
        weight = 1.0
        match values:
            case (tree.Quoted() as file,):
                pass
            case (
                tree.Quoted() as file,
                tree.Pair(
                    key=tree.Word(text="weight"), value=tree.Quantity(number=weight, unit="")
                ),
            ) if 0 <= weight <= 2:
                pass
            case _:
                message = "lora takes the file of an adapter in quotes, and a weight in 0..2"
                context.findings.error("006", statement, message, _USAGE)
                continue
        span = context.findings.source.span(statement.start, statement.end)
        lora = LoraReference(resolve_reference(file, context, "adapter").path, weight, span)
    return lora


def saying(
    block: tree.Block | None, word: str
) -> Iterable[tuple[tree.Statement, tuple[tree.Arg, ...]]]:
    """Yield the statements of a block that begin with a word, each with what follows it."""
    for statement in block.statements if block else ():
        first, *values = statement.args.flat
        if isinstance(first, tree.Word) and first.text == word and statement.time is None:
            yield statement, tuple(values)
