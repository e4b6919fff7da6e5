"""Strategies that build the text of whole stories, untidy where the language allows it."""

from __future__ import annotations

from hypothesis import strategies as st

from dreamrunner.dsl import DIRECTIVES

_SOME_SPACE = st.sampled_from([" ", " ", "  ", "\t"])
_ANY_SPACE = st.sampled_from(["", "", " ", "  "])
_NAMES = st.sampled_from(
    ["FOX", "OWL", "OLD MAN", "ÉLAN", "狐", "motion.FOX", "O'NEIL", "box", "at"]
)
_NUMBERS = st.sampled_from(["0", "0.3", ".5", "30%", "0.125", "1", "-2", "12f", "2.5s", "500ms"])
_STRINGS = st.sampled_from(['""', '"soft  light"', '"a { b } // c"', r'"say \"no\""', '"émoji 🦊"'])
_LABELS = st.sampled_from(["0s", "2.5s", "end", "start", "0s..2s", "2s..end", "48f", "50%"])
_LINES = st.sampled_from(
    [
        "The FOX  walks across   the ice.",
        "A {FOX, motion=walk, 0s..4s} tag,  and \\{ a brace \\}.",
        "She waits.  ",
        "*Slowly* — a 🦊 looks up. [[a note]]",
        "http://somewhere: no comment // here",
        "!@seed is a word here",
        "AND IN CAPITALS",
        "}",
    ]
)
_JOINTS = st.sampled_from(
    [
        "\n\n",
        "\n\n",
        "\n\n\n\n",
        "\n \t\n",
        "\n\n// a comment\n\n\n",
        "\n// a comment\n\n",
        "\n\n/* gone,\n\n\n  {all} of it */\n\n",
        " /* aside */\n\n",
        "\n\n// one\n// two\n",
    ]
)


@st.composite
def _group(draw: st.DrawFn) -> str:
    between = f"{draw(_ANY_SPACE)},{draw(_ANY_SPACE)}"
    count = draw(st.sampled_from([4, 4, 4, 1, 3, 5]))
    values = draw(st.lists(_NUMBERS, min_size=count, max_size=count))
    return f"({draw(_ANY_SPACE)}{between.join(values)}{draw(_ANY_SPACE)})"


@st.composite
def _pair(draw: st.DrawFn) -> str:
    value = draw(st.one_of(_NUMBERS, _STRINGS, _group(), st.just("in-out")))
    return f"ease{draw(_ANY_SPACE)}={draw(_ANY_SPACE)}{value}"


_ARGUMENT = st.one_of(
    _NAMES,
    _NUMBERS,
    _STRINGS,
    _group(),
    _pair(),
    st.just("720x480"),
    st.just("0s..end"),
    st.builds("layout.FOX{}>={}0.5".format, _ANY_SPACE, _ANY_SPACE),
)


@st.composite
def _arguments(draw: st.DrawFn, fewest: int = 1) -> str:
    words = draw(st.lists(_ARGUMENT, min_size=fewest, max_size=4))
    text = words[0] if words else ""
    for word in words[1:]:
        comma = draw(st.sampled_from(["", "", ","]))
        text += f"{draw(_ANY_SPACE)}{comma}{draw(_SOME_SPACE)}" + word
    return text


@st.composite
def _statement(draw: st.DrawFn, depth: int) -> str:
    time = f"{draw(_LABELS)}{draw(_ANY_SPACE)}:{draw(_ANY_SPACE)}" if draw(st.booleans()) else ""
    box = f"box{draw(_ANY_SPACE)}{draw(_group())}" if draw(st.booleans()) else draw(_arguments())
    block = ""
    if depth < 2 and draw(st.integers(0, 5)) == 0:
        block = draw(_ANY_SPACE) + draw(_block(depth + 1))
    return time + box + block


@st.composite
def _block(draw: st.DrawFn, depth: int = 0) -> str:
    """Return a block on one line or on several, with comments only where a line can end."""
    several = draw(st.booleans())
    one_line = [";", " ; ", ";;"]
    many_lines = ["\n", "\n  ", "\n\n\n", ";\n", "  // why\n", "\n// why\n", " ;\n\n  ", "\n\n;"]
    breaks = st.sampled_from([*one_line, *many_lines] if several else one_line)
    edges = st.sampled_from(
        ["", "\n", "\n\n  ", " // open\n", "\n// open\n"] if several else ["", " "]
    )
    statements = draw(st.lists(_statement(depth), max_size=3))
    inside = "".join(
        statement + (draw(breaks) if i + 1 < len(statements) else "")
        for i, statement in enumerate(statements)
    )
    return f"{{{draw(edges)}{inside}{draw(edges)}}}"


@st.composite
def directives(draw: st.DrawFn) -> str:
    """Return one directive of any name, with or without prose and a block."""
    text = f"{draw(_ANY_SPACE)}@{draw(st.sampled_from(sorted(DIRECTIVES)))}"
    arguments = draw(_arguments(fewest=0))
    text += draw(_SOME_SPACE) + arguments if arguments else ""
    if draw(st.booleans()):
        text += f"{draw(_ANY_SPACE)}:{draw(_ANY_SPACE)}a small  red fox{draw(_ANY_SPACE)}"
    if draw(st.booleans()):
        text += draw(_ANY_SPACE) + draw(_block())
    return text + draw(st.sampled_from(["", "", "   ", " // why", " /* why */"]))


_PROSE = st.lists(_LINES, min_size=1, max_size=3).map("\n".join)
_SPEECHES = st.builds(
    "{}\n{}{}".format,
    st.sampled_from(["FOX", "OLD MAN (V.O.)", "@McCLANE", "ÉLAN ^"]),
    st.sampled_from(["", "(softly)\n"]),
    st.sampled_from(["Hello.", "Hello.  \n  \nAnd again.", "~la la la", "NO\nYES"]),
)
_MARKS = st.sampled_from(
    [
        "EXT. FOREST - DAY #1#",
        ".NOWHERE",
        "INT./EXT. CAR - NIGHT",
        "# Act one",
        "= What happens",
        "> THE END <",
        "CUT TO:",
        "===",
        "~a song",
        "[[@seed 7]]",
    ]
)


@st.composite
def stories(draw: st.DrawFn) -> str:
    """Return a whole story without syntax errors, line ends and byte order mark included."""
    title = draw(st.sampled_from(["", "Title: A Walk\nAuthor:\n  Somebody\n\n", "\n\n"]))
    solid = st.one_of(_PROSE, _SPEECHES, _MARKS)
    text = title
    for _ in range(draw(st.integers(0, 5))):
        if draw(st.booleans()):
            text += draw(solid)
            text += draw(st.sampled_from(["\n", "\n", "\n\n"])) + draw(directives()) + draw(_JOINTS)
        elif draw(st.booleans()):
            text += draw(directives()) + draw(st.sampled_from(["\n", "\n// c\n"]))
        else:
            text += draw(solid) + draw(_JOINTS)
    text += draw(st.sampled_from(["", "The end.", "The end.\n", "@seed   7", "\n\n", "// c"]))
    line_end = draw(st.sampled_from(["\n", "\n", "\r\n", "\r"]))
    return draw(st.sampled_from(["", "\ufeff"])) + text.replace("\n", line_end)
