"""`@character` and `@prop` -> the cast; names in directives and cues -> members of it.

The id downstream is the name in capitals.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from ...story import Character, Reference
from ..diagnostics.findings import MAX_FINDINGS, closest
from ..resolve.context import Context
from ..resolve.references import resolve_reference
from ..schema import DIRECTIVES
from ..syntax import tree
from ..syntax.names import NamePart, declaration, head_name, name_key, name_of
from .loras import resolve_lora, saying

# Comparing a name with every other costs time in which a writer waits.
_MOST_SUGGESTED = 1000


class Cast:
    """The names of a story: those declared, and those that cues and capitals introduce.

    A cast that is not `complete` has members that could not be looked up: no name is unknown.
    """

    def __init__(
        self,
        members: Sequence[Character],
        on_the_page: Iterable[str] = (),
        *,
        complete: bool = True,
    ) -> None:
        self.members = tuple(members)
        self.complete = complete
        self._by_key = {name_key(member.name): member.name for member in reversed(self.members)}
        self._on_the_page = {name_key(name): name for name in on_the_page}
        self._closest: dict[str, str | None] = {}

    def declared(self, name: str) -> str | None:
        """Return the id of a declared member, or None."""
        return self._by_key.get(name_key(name))

    def on_the_page(self, name: str) -> str | None:
        """Return the name that a cue or capitals in the action introduce, or None."""
        return self._on_the_page.get(name_key(name))

    def closest(self, name: str) -> str | None:
        """Return the declared name that was probably meant, None in a text with too many."""
        if name not in self._closest and len(self._closest) < MAX_FINDINGS:
            self._closest[name] = closest(name, islice(self._by_key.values(), _MOST_SUGGESTED))
        return self._closest.get(name)


def resolve_name(parts: Sequence[NamePart], cast: Cast, context: Context) -> str | None:
    """Return the id of the entity that some parts of a head name, or None as `resolve_entity`."""
    named = name_of(parts)
    return resolve_entity(*named, cast, context) if named else None


def resolve_entity(name: str, at: tree.Node, cast: Cast, context: Context) -> str | None:
    """Return the id of the entity that a directive names; report and return None if unknown.

    Somebody whom only the page brings on is known, with the warning that an undeclared speaker
    gets; somebody named nowhere else is a mistake.
    """
    declared = cast.declared(name)
    if declared is not None:
        return declared
    if not cast.complete:
        return name.upper()
    meant = cast.closest(name)
    help = f"did you mean {meant}?" if meant else declaration(name)
    message = f'"{name}" is not in the cast'
    seen = cast.on_the_page(name)
    if seen is not None and meant is None:
        context.strict_error("101", at, message, help)
        return seen
    context.findings.error("101", at, message, help)
    return None


def resolve_cast(
    directives: Iterable[tree.Directive], context: Context, shared: Iterable[Character] = ()
) -> tuple[Character, ...]:
    """Return the declared cast in the order of the text; a second of the same name is reported.

    `shared` are those whom `@use` brought in.
    """
    members = {name_key(member.name): member for member in shared}
    for directive in directives:
        named = head_name(directive.args)
        if named is None:
            word = directive.name.text
            usage = DIRECTIVES[word].usage
            context.findings.error("006", directive.name, f"@{word} needs a name", usage)
            continue
        name, place = named
        key = name_key(name)
        if key in members:
            line = members[key].span.line
            message = f"{members[key].name} is already declared on line {line}"
            context.findings.error("102", place, message, "give one of them another name")
            continue
        members[key] = _member(directive, name, place, context)
    return tuple(members.values())


def _member(directive: tree.Directive, name: str, place: tree.Node, context: Context) -> Character:
    look = directive.prose.text if directive.prose else ""
    if not look:
        message = f"nothing says what {name} looks like"
        context.findings.warning("013", place, message, f"@{directive.name.text} {name}: ...")
    return Character(
        name.upper(),
        look,
        context.findings.source.span(directive.start, directive.end),
        "prop" if directive.name.text == "prop" else "character",
        tuple(resolve_references(directive.block, context)),
        _voice(directive.block, context),
        resolve_lora(directive.block, context),
    )


def resolve_references(block: tree.Block | None, context: Context) -> Iterable[Reference]:
    """Yield the pictures that a block names."""
    for statement, values in saying(block, "reference"):
        files = [value for value in values if isinstance(value, tree.Quoted)]
        if not files or len(files) != len(values):
            message = "reference takes the path of a picture in quotes"
            context.findings.error("006", statement, message, 'reference "refs/fox.png"')
        for file in files:
            yield resolve_reference(file, context, "picture")


def _voice(block: tree.Block | None, context: Context) -> str | None:
    voice: str | None = None
    for statement, values in saying(block, "voice"):
        match values:
            case (tree.Quoted(text=text) | tree.Word(text=text),):
                voice = text
            case _:
                message = "voice takes the name of a voice in quotes"
                context.findings.error("006", statement, message, 'voice "alba"')
    return voice
