"""Strategies that build syntax trees, and the text that a tree stands for."""

from __future__ import annotations

import dataclasses

from hypothesis import strategies as st

from dreamrunner.dsl import DIRECTIVES
from dreamrunner.dsl.syntax import tree

# A tree that nobody has parsed has no places: all its nodes lie at 0.
_AT = (0, 0)


def written(node: object) -> str:
    """Return the text of a tree or of a part of it."""
    match node:
        case tree.SyntaxTree(title_page=titles, items=items):
            head = "".join(f"{entry.key.text}:{entry.value.text}\n" for entry in titles)
            return "\n\n".join([*filter(None, [head]), *map(written, items)]) + "\n"
        case tree.Directive(name=name, args=args, prose=prose, block=block):
            text = f"@{name.text}" + (f" {written(args)}" if args.groups else "")
            text += f": {prose.text}" if prose else ""
            return text + (f" {written(block)}" if block else "")
        case tree.Block(statements=statements):
            return "{ " + "; ".join(map(written, statements)) + " }"
        case tree.Statement(time=time, args=args, block=block):
            label = f"{written(time)}: " if time else ""
            return label + written(args) + (f" {written(block)}" if block else "")
        case tree.Args(groups=groups):
            return ", ".join(" ".join(map(written, group)) for group in groups)
        case tree.Pair(key=key, value=value):
            return f"{key.text}={written(value)}"
        case tree.Test(name=name, comparison=comparison, value=value):
            return f"{name.text} {comparison} {written(value)}"
        case tree.ValueGroup(values=values):
            return f"({', '.join(map(written, values))})"
        case tree.Range(low=low, high=high):
            return f"{written(low)}..{written(high)}"
        case tree.Dimensions(width=width, height=height):
            return f"{width}x{height}"
        case tree.Edge(at=at):
            return at
        case tree.Quoted(text=text):
            return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
        case tree.InlineTag(args=args):
            return f"{{{written(args)}}}"
        case tree.Note(text=text):
            return f"[[{text}]]"
        case tree.Paragraph(lines=lines):
            return "\n".join("".join(map(written, line)) for line in lines)
        case tree.Speech(cue=cue, lines=said):
            spoken = ("".join(map(written, line.parts)) for line in said)
            return "\n".join([cue.text, *spoken])
        case tree.Word(text=text) | tree.Quantity(text=text) | tree.Text(text=text):
            return text
        case tree.Line(text=text):
            return text
    raise TypeError(f"{node!r} has no text")


def without_places(value: object) -> object:
    """Return a tree as plain values, without where its nodes stand."""
    if isinstance(value, tuple):
        return tuple(map(without_places, value))
    if not dataclasses.is_dataclass(value):
        return value
    names = [f.name for f in dataclasses.fields(value) if f.name not in ("start", "end")]
    return type(value).__name__, *(without_places(getattr(value, name)) for name in names)


_WORDS = st.sampled_from(
    [
        "FOX",
        "OLD",
        "dolly-in",
        "motion.FOX",
        "MR.",
        "#2",
        "狐",
        "लोमड़ी",
        "O'NEIL",
        "E\u0301LAN",
        "box",
    ]
).map(lambda text: tree.Word(*_AT, text))
_QUOTED = st.text(st.characters(exclude_categories=("C", "Z")), max_size=8).map(
    lambda text: tree.Quoted(*_AT, text)
)
_QUANTITIES = st.builds(
    lambda number, unit: tree.Quantity(*_AT, float(number), unit, f"{number}{unit}"),
    st.sampled_from(["0", "7", "0.25", ".5", "-3", "12", "007"]),
    st.sampled_from(["", "s", "ms", "f", "%", "PO"]),
)
_RANGES = st.builds(
    lambda low, high: tree.Range(*_AT, low, high),
    st.one_of(_QUANTITIES, st.just(tree.Edge(*_AT, "start"))),
    st.one_of(_QUANTITIES, st.just(tree.Edge(*_AT, "end"))),
)
_SIZES = st.builds(
    lambda w, h: tree.Dimensions(*_AT, w, h), st.integers(0, 9999), st.integers(0, 9999)
)
_PLAIN = st.one_of(_WORDS, _QUOTED, _QUANTITIES, _RANGES, _SIZES)
_GROUPS = st.lists(_PLAIN, min_size=1, max_size=4).map(lambda v: tree.ValueGroup(*_AT, tuple(v)))
_VALUES = st.one_of(_PLAIN, _GROUPS)
_PAIRS = st.builds(lambda key, value: tree.Pair(*_AT, key, value), _WORDS, _VALUES)
_TESTS = st.builds(
    lambda name, comparison, value: tree.Test(*_AT, name, comparison, value),
    _WORDS,
    st.sampled_from([">=", "<=", ">", "<", "=="]),
    _VALUES,
)
_ARGUMENTS = st.lists(st.one_of(_VALUES, _PAIRS, _TESTS), min_size=1, max_size=3).map(tuple)
_ARGS = st.lists(_ARGUMENTS, min_size=1, max_size=2).map(lambda g: tree.Args(*_AT, tuple(g)))
_TIMES = st.one_of(
    st.none(),
    _QUANTITIES,
    _RANGES,
    st.sampled_from(["start", "end"]).map(lambda e: tree.Edge(*_AT, e)),
)


def _statements(blocks: st.SearchStrategy[tree.Block | None]) -> st.SearchStrategy[tree.Block]:
    statement = st.builds(lambda t, a, b: tree.Statement(*_AT, t, a, b), _TIMES, _ARGS, blocks)
    return st.lists(statement, max_size=3).map(lambda s: tree.Block(*_AT, tuple(s)))


_BLOCKS = _statements(st.one_of(st.none(), _statements(st.none())))
_PROSE = st.sampled_from(["a small red fox", "an owl; it has one eye, 2s old"])
_DIRECTIVES = st.builds(
    lambda name, args, prose, block: tree.Directive(
        *_AT, tree.Word(*_AT, name), args, prose, block
    ),
    st.sampled_from(sorted(DIRECTIVES)),
    st.one_of(_ARGS, st.just(tree.Args(*_AT, ()))),
    st.one_of(st.none(), _PROSE.map(lambda text: tree.Prose(*_AT, text))),
    st.one_of(st.none(), _BLOCKS),
)
_TEXTS = st.sampled_from(
    ["The FOX  walks.", "AND IN CAPITALS", "Ünder *the* 🦊", "a \\{ brace \\}", "(not now)"]
).map(lambda text: tree.Text(*_AT, text))
_TAGS = _ARGS.map(lambda args: tree.InlineTag(*_AT, args))
_NOTES = st.sampled_from(["a note", "@seed 7"]).map(lambda text: tree.Note(*_AT, text))
_LINES = st.one_of(
    _TEXTS.map(lambda text: (text,)),
    st.tuples(_TEXTS, st.one_of(_TAGS, _NOTES)),
    _TAGS.map(lambda tag: (tag,)),
)
_PARAGRAPHS = (
    st.lists(_LINES, min_size=1, max_size=3)
    .filter(
        # A first line in capitals with more below it is somebody who speaks.
        lambda lines: len(lines) == 1 or not written(lines[0][0]).isupper()
    )
    .map(lambda lines: tree.Paragraph(*_AT, tuple(lines)))
)
_SAID = st.one_of(
    _LINES.filter(lambda line: not written(line[0]).startswith("(")).map(
        lambda line: tree.SpeechLine("speech", line)
    ),
    st.just(tree.SpeechLine("parenthetical", (tree.Text(*_AT, "(softly)"),))),
    st.just(tree.SpeechLine("lyric", (tree.Text(*_AT, "~la la"),))),
)
_SPEECHES = st.builds(
    lambda cue, lines: tree.Speech(*_AT, tree.Text(*_AT, cue), tuple(lines)),
    st.sampled_from(["FOX", "OLD MAN (V.O.)", "@McCLANE", "ÉLAN ^", "MR. FOX", "@लोमड़ी"]),
    st.lists(_SAID, min_size=1, max_size=3),
)
_MARKS = st.sampled_from(
    [
        ("heading", "EXT. FOREST - DAY #1#"),
        ("heading", ".NOWHERE"),
        ("section", "## Act one"),
        ("synopsis", "= What happens"),
        ("transition", "CUT TO:"),
        ("transition", "> FADE OUT."),
        ("centered", "> THE END <"),
        ("page-break", "==="),
        ("lyric", "~a song"),
    ]
).map(lambda mark: tree.Line(*_AT, *mark))
_TITLES = st.lists(
    st.sampled_from([("Title", " A Walk"), ("Seed", " 7"), ("Author", "\n\tSomebody\n\tElse")]),
    max_size=3,
).map(
    lambda found: tuple(
        tree.TitleLine(*_AT, tree.Word(*_AT, key), tree.Text(*_AT, value)) for key, value in found
    )
)
TREES = st.builds(
    tree.SyntaxTree,
    _TITLES,
    st.lists(st.one_of(_DIRECTIVES, _PARAGRAPHS, _SPEECHES, _MARKS), max_size=5).map(tuple),
)
