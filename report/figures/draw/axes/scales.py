"""Axes: broken, whole-numbered and logarithmic ones, and lines across them."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

from report.figures.draw import layout
from report.figures.draw.style import MUTED
from report.words import numbers

Span = tuple[float, float]

# A gap this large a share of the whole range would squash what lies on either side of it.
BREAK_FROM = 0.4
TOGETHER = 0.12
"""Share of an axis within which two names would touch."""


def spans(ranges: Sequence[Span], least: float) -> list[Span]:
    """Return one axis range, or two around the widest gap where that would squash the rest.

    `ranges` are lowest and highest value of each variant; every span is padded, and `least` wide.
    """
    known = sorted(r for r in ranges if np.isfinite(r).all())
    if not known:
        return [(0.0, 1.0)]
    merged = [list(known[0])]
    for low, high in known[1:]:
        if low <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], high)
        else:
            merged.append([low, high])
    whole = merged[-1][1] - merged[0][0]
    gaps = [after[0] - before[1] for before, after in pairwise(merged)]
    if not gaps or max(gaps) < max(BREAK_FROM * whole, least):
        return [_padded(merged[0][0], merged[-1][1], least)]
    at = int(np.argmax(gaps))
    lower, upper = (merged[0][0], merged[at][1]), (merged[at + 1][0], merged[-1][1])
    return [_padded(*lower, least), _padded(*upper, least)]


def _padded(low: float, high: float, least: float) -> Span:
    room = max(0.06 * (high - low), (least - (high - low)) / 2)
    return low - room, high + room


def mark_break(before: Axes, after: Axes, vertical: bool) -> None:
    """Draw the two strokes of a broken axis between neighbouring panels.

    `before` holds the smaller values: below `after` where the break is vertical, else left of it.
    """
    stroke = [(-1.0, -0.6), (1.0, 0.6)] if vertical else [(-0.6, -1.0), (0.6, 1.0)]
    look: dict[str, Any] = {"marker": stroke, "markersize": 9, "mew": 1.0}
    look |= {"linestyle": "none", "color": MUTED, "clip_on": False}
    place_before = (0.0, 1.0) if vertical else (1.0, 0.0)
    for axes, (x, y) in ((before, place_before), (after, (0.0, 0.0))):
        axes.plot([x], [y], transform=axes.transAxes, scalex=False, scaley=False, **look)


def integer_axis(axes: Axes, last: int) -> None:
    """Epochs 1 to `last` on the x axis, with room for a marker at both ends."""
    room = 0.04 * (last - 1) if last > 1 else 0.5
    axes.set_xlim(1 - room, last + room)
    ticks = MaxNLocator(nbins=5, integer=True, steps=[1, 2, 5, 10]).tick_values(1, last)
    axes.set_xticks([tick for tick in ticks if 1 <= tick <= last and tick == int(tick)])


def few_ticks(axes: Axes, span: Span) -> None:
    """One tick in the middle of a narrow panel, or two where its range is wide."""
    low, high = span
    middle = (low + high) / 2
    if high - low > 2:
        axes.xaxis.set_major_locator(MaxNLocator(nbins=2))
    else:
        axes.set_xticks([middle], [numbers.magnitude(middle, 4)])


def log_axis(axes: Axes) -> None:
    """A logarithmic y axis labelled with plain numbers, the more to a decade the fewer decades."""
    axes.set_yscale("log")
    low, high = axes.get_ylim()
    decades = np.log10(high / low) if low > 0 else 1.0
    subs = [1.0]
    if layout.narrow():  # where panels are low
        subs = [1.0] if decades >= 1.5 else [1.0, 3.0] if decades >= 1 else [1.0, 2.0, 5.0]
    elif decades < 3.5:
        subs = [1.0, 2.0, 5.0] if decades >= 1 else [1.0, 1.5, 2.0, 3.0, 5.0, 7.0]
    axes.yaxis.set_major_locator(LogLocator(subs=subs))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: numbers.exact(value)))


def decade_axis(axes: Axes) -> None:
    """A logarithmic y axis over many decades, marked at few round powers of ten."""
    axes.set_yscale("log")
    low, high = np.log10(axes.get_ylim())
    if high - low < 3:
        log_axis(axes)
        return
    step = next(each for each in (1, 2, 5, 10, 20, 50, 100) if (high - low) / each < 6)
    first = int(np.ceil(low / step))
    exponents = [step * place for place in range(first, int(np.floor(high / step)) + 1)]
    axes.set_yticks(
        [10.0**each for each in exponents], [numbers.power(10.0**each) for each in exponents]
    )
    axes.yaxis.set_minor_locator(NullLocator())


def room_above(axes: Axes, share: float) -> None:
    """Widen the y axis upwards by a share of its range."""
    low, high = axes.get_ylim()
    axes.set_ylim(low, high + share * (high - low))


def mark_level(axes: Axes, value: float, name: str = "") -> None:
    """A dashed line across a panel at a value, with its name beyond its end, which none crosses."""
    axes.axhline(value, color=MUTED, linewidth=0.8, linestyle=(0, (4, 3)))
    name_end(axes, value, name)


def name_end(axes: Axes, value: float, name: str) -> None:
    """A name on the right of a panel, at a value."""
    axes.annotate(
        name, (1, value), xycoords=("axes fraction", "data"), va="center", xytext=(4, 0),
        textcoords="offset points", annotation_clip=False,
    )  # fmt: skip


def name_ends(axes: Axes, ends: Mapping[str, float]) -> None:
    """Names on the right of a panel at the values where lines end, those of one place together."""
    low, high = axes.get_ylim()
    found: list[tuple[float, list[str]]] = []
    for name, value in sorted(ends.items(), key=lambda each: -each[1]):
        if found and found[-1][0] - value < TOGETHER * (high - low):
            found[-1][1].append(name)
        else:
            found.append((value, [name]))
    for value, names in found:
        name_end(axes, value, "\n".join(names))


def plain_decades(axes: Axes) -> None:
    """Label the decades of a logarithmic x axis with plain numbers."""
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: numbers.exact(value)))
