"""`@style`, `@negative` and `@location` -> the words for the look of the film and its places."""

from __future__ import annotations

from collections.abc import Iterable

from ...story import Location, Pinned, Style
from ..diagnostics.findings import did_you_mean
from ..resolve.context import Context
from ..schema import DIRECTIVES
from ..syntax import tree
from ..syntax.names import head_name, name_key
from .cast import resolve_references

_ADD = "add"


def resolve_style(directive: tree.Directive, context: Context) -> Style | None:
    """Return the words of one `@style`, or None with the reason reported."""
    match directive.args.flat:
        case (tree.Word(text=word), tree.Quoted(text=text)) if word == _ADD and text.strip():
            adds = True
        case (tree.Quoted(text=text),) if text.strip():
            adds = False
        case (tree.Word(text=word) as first, *_) if word != _ADD:
            help = did_you_mean(word, (_ADD,)) or f"write it like this: {_usage('style')}"
            context.findings.error("006", first, f'@style does not take "{word}"', help)
            return None
        case _:
            _report(directive, context)
            return None
    return Style(text, adds, context.findings.source.span(directive.start, directive.end))


def resolve_negative(directive: tree.Directive, context: Context) -> Pinned[str] | None:
    """Return what must not be seen, or None with the reason reported."""
    match directive.args.flat:
        case (tree.Quoted(text=text),) if text.strip():
            span = context.findings.source.span(directive.start, directive.end)
            return Pinned(text, span)
    _report(directive, context)
    return None


def _report(directive: tree.Directive, context: Context) -> None:
    name = directive.name.text
    at = directive.args if directive.args.flat else directive.name
    help = f"write it like this: {_usage(name)}"
    context.findings.error("006", at, f"@{name} takes words in quotes", help)


def _usage(name: str) -> str:
    return DIRECTIVES[name].usage


def resolve_locations(
    directives: Iterable[tree.Directive], context: Context, shared: Iterable[Location] = ()
) -> tuple[Location, ...]:
    """Return the declared places in the order of the text; a second of one name is reported.

    `shared` are those that `@use` brought in.
    """
    places = {name_key(place.name): place for place in shared}
    findings = context.findings
    for directive in directives:
        named = head_name(directive.args)
        if named is None:
            findings.error("006", directive.name, "@location needs a name", _usage("location"))
            continue
        name, place = named
        look = directive.prose.text if directive.prose else ""
        if not look:
            message = f"nothing says what {name} looks like"
            findings.warning("013", place, message, f"@location {name}: ...")
        key = name_key(name)
        if key in places:
            line = places[key].span.line
            message = f"{places[key].name} is already declared on line {line}"
            findings.error("102", place, message, "give one of them another name")
            continue
        span = findings.source.span(directive.start, directive.end)
        references = tuple(resolve_references(directive.block, context))
        places[key] = Location(name.upper(), look, span, references)
    return tuple(places.values())
