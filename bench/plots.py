"""Series of points -> a small SVG with axes and a legend, that any page can show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

Point = tuple[float, float]

_WIDTH, _HEIGHT, _LEFT, _BELOW, _ABOVE = 560, 260, 48, 40, 34
_COLOURS = ("#888888", "#2f6db3", "#c1562b", "#3f8f55")


def lines(series: Mapping[str, Sequence[Point]], title: str, x: str, y: str) -> str:
    """Draw series of points whose second number is a share, 0 to 1."""
    xs = [point[0] for points in series.values() for point in points]
    low, high = min(xs), max(xs)
    wide, tall = _WIDTH - _LEFT - 150, _HEIGHT - _BELOW - _ABOVE

    def at(point: Point) -> str:
        across = (point[0] - low) / (high - low) if high > low else 0.5
        return f"{_LEFT + across * wide:.1f},{_ABOVE + (1 - point[1]) * tall:.1f}"

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        'font-family="sans-serif" font-size="11">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
        f'<text x="{_LEFT}" y="16" font-size="13">{escape(title)}</text>',
        *(_rule(share, wide, tall) for share in (0.0, 0.5, 1.0)),
        f'<text x="{_LEFT + wide / 2:.0f}" y="{_HEIGHT - 8}">{escape(x)}</text>',
        f'<text x="4" y="{_ABOVE - 6}">{escape(y)}</text>',
        *(f'<text x="{at((v, 0)).split(",")[0]}" y="{_HEIGHT - 24}">{v:g}</text>'
          for v in sorted(set(xs))),
    ]  # fmt: skip
    for number, (name, points) in enumerate(series.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        path = " ".join(at(point) for point in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [_dot(at(point), colour) for point in points]
        top = _ABOVE + 16 * number
        parts.append(
            f'<text x="{_LEFT + wide + 14}" y="{top + 8}" fill="{colour}">{escape(name)}</text>'
        )
    return "\n".join([*parts, "</svg>\n"])


def _rule(share: float, wide: int, tall: int) -> str:
    y = _ABOVE + (1 - share) * tall
    return (
        f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{_LEFT + wide}" y2="{y:.1f}" stroke="#dddddd"/>'
        f'<text x="20" y="{y + 4:.1f}">{share:g}</text>'
    )


def _dot(point: str, colour: str) -> str:
    across, down = point.split(",")
    return f'<circle cx="{across}" cy="{down}" r="3" fill="{colour}"/>'
