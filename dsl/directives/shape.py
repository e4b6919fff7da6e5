"""A directive + its row of the schema -> whether its shape is right, so that it can be resolved.

What every directive shares is checked here once: that it exists, where it stands, whether it
takes prose, a block, these options and these statements.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ..diagnostics.findings import Findings, closest, did_you_mean
from ..schema import DIRECTIVES, DirectiveSpec
from ..syntax import tree
from ..syntax.names import NamePart

# `@Seed 7`, but not a cue that is forced, `@VOICE (V.O.)`.
_IN_CAPITALS = re.compile(r"[ \t]*@([A-Za-z][A-Za-z-]*)[ \t]+[^\s(^]")


def report_capitals(items: Iterable[tree.Item], findings: Findings) -> None:
    """Warn of directives in capitals, which Fountain reads as a forced cue or as prose."""
    for text in _prose_lines(items):
        name = meant_directive(text.text)
        if name is not None:
            start = text.start + text.text.index("@")
            at = tree.Node(start, start + 1 + len(name))
            findings.warning(
                "015", at, f"this is prose, not @{name}", f"write it in small letters: @{name}"
            )


def meant_directive(line: str) -> str | None:
    """Return the directive that a line of prose was probably meant to be, or None."""
    match = _IN_CAPITALS.match(line)
    name = match[1].casefold() if match else ""
    return name if match and name in DIRECTIVES and name != match[1] else None


def _prose_lines(items: Iterable[tree.Item]) -> Iterator[tree.Text]:
    for item in items:
        if isinstance(item, tree.Speech):
            yield item.cue
        elif isinstance(item, tree.Paragraph):
            yield from (line[0] for line in item.lines if isinstance(line[0], tree.Text))


def check_shape(directive: tree.Directive, findings: Findings, *, in_scene: bool) -> bool:
    """Report what is wrong with the shape; True if the directive can be resolved."""
    spec = DIRECTIVES.get(directive.name.text)
    if spec is None:
        _report_unknown(directive.name, findings)
        return False
    usable = _check_tail(directive, spec, findings)
    _check_options(directive, spec, findings)
    _check_name(directive, spec, findings)
    _check_statements(directive, spec, findings)
    if not spec.acted_on:
        findings.unused(f"@{spec.name}", directive.name)
    if spec.where == "scene" and not in_scene:
        message = f"@{spec.name} belongs to a scene, and no scene has begun"
        findings.error("007", directive.name, message, "put it under a heading")
        return False
    return usable


def _report_unknown(name: tree.Word, findings: Findings) -> None:
    meant = closest(name.text, DIRECTIVES)
    help = f"did you mean @{meant}?" if meant else "a cue in lower case is written in capitals"
    findings.error("100", name, f"there is no directive @{name.text}", help)


def _check_tail(directive: tree.Directive, spec: DirectiveSpec, findings: Findings) -> bool:
    usage = f"write it like this: {spec.usage}"
    if directive.prose is not None and not spec.prose:
        findings.error("006", directive.prose, f"@{spec.name} takes no text after a colon", usage)
        return False
    if directive.block is not None and spec.block == "none":
        findings.error("006", directive.block, f"@{spec.name} takes no block", usage)
        return False
    if directive.block is None and spec.block == "required":
        findings.error("006", directive.name, f"@{spec.name} needs a block", usage)
        return False
    return True


def _check_options(directive: tree.Directive, spec: DirectiveSpec, findings: Findings) -> None:
    for arg in directive.args.flat:
        if isinstance(arg, tree.Pair) and arg.key.text not in spec.options:
            help = did_you_mean(arg.key.text, spec.options) or _offer(spec.options)
            findings.error("006", arg, f"@{spec.name} has no option {arg.key.text}", help)


def _check_name(directive: tree.Directive, spec: DirectiveSpec, findings: Findings) -> None:
    """Report what cannot be a part of a new name; it would be left out of the name in silence."""
    for arg in directive.args.flat if spec.takes == "new name" else ():
        if not isinstance(arg, NamePart | tree.Pair):
            help = f"put the name in quotes, or write it like this: {spec.usage}"
            findings.error("006", arg, "this is no part of a name", help)
            return


def _check_statements(directive: tree.Directive, spec: DirectiveSpec, findings: Findings) -> None:
    if directive.block is not None and not directive.block.statements:
        usage = f"write it like this: {spec.usage}"
        findings.warning("016", directive.block, "this block is empty", usage)
    for statement in directive.block.statements if directive.block else ():
        if statement.block is not None and spec.name not in ("shot", "defaults"):
            findings.error("006", statement.block, f"a statement of @{spec.name} has no block")
        first = statement.args.flat[0]
        if not spec.statements or (isinstance(first, tree.Word) and first.text in spec.statements):
            continue
        word = first.text if isinstance(first, tree.Word) else ""
        help = did_you_mean(word, spec.statements) or _offer(spec.statements)
        findings.error("008", first, f"the block of @{spec.name} does not take this", help)


def _offer(words: tuple[str, ...]) -> str | None:
    return f"it takes {', '.join(words)}" if words else None
