"""A figure on a page: drawing, legend and switches, and the way to its sources."""

from collections.abc import Mapping
from html import escape

from analysis.plan.provenance import Origin
from report.figures.draw import style
from report.figures.draw.drawn import Drawn, Key
from report.figures.draw.vector import svg
from report.output.writing.common import traced
from report.words import addresses

COLOURS = {
    style.INK: "var(--ink)",
    style.MUTED: "var(--muted)",
    style.GRID: "var(--rule)",
    style.PAPER: "var(--paper)",
}
"""The neutral colours of the figures follow the theme of the page."""
SPREADS = {"mean": "mean with band", "seeds": "every seed"}
SOURCES = "Data, code, and how to draw it again"
"""What is folded below each figure."""
DRAWN = {
    "band": "Drawn: the mean of each variant, with a band from its lowest to its highest seed.",
    "seeds": "Drawn: the mean of each variant, with a thin line for every seed instead.",
}
"""What each of the two draws, said at the switch; a style sheet shows the line that holds."""


def picture(name: str, drawn: Drawn) -> str:
    """Return a figure once more, as an inline drawing with ids of its own."""
    return svg.inline(drawn.svg, f"preview-{name}", drawn.alt, COLOURS)


def again(name: str, drawn: Drawn) -> str:
    """Return a figure once more with its legend, for a wide page and for a narrow one."""
    drawings = (("wide", drawn.screen.svg), ("narrow", drawn.narrow.svg))
    return _legend(f"again-{name}", drawn.legend) + "".join(
        svg.inline(text, f"again-{name}-{kind}", drawn.alt, COLOURS, f"drawing {kind}")
        for kind, text in drawings
    )


def content(name: str, drawn: Drawn) -> str:
    """Return a figure whose drawing is part of the page, whole without a script.

    It is there twice, for a wide page and for a narrow one, of which a style sheet shows one.
    What a script makes use of is inert data: readings as JSON, other views as templates. Switches
    are shown where there are scripts only.
    """
    wide = svg.inline(drawn.screen.svg, name, drawn.alt, COLOURS, "drawing wide")
    narrow = svg.inline(drawn.narrow.svg, f"{name}-narrow", drawn.alt, COLOURS, "drawing narrow")
    inert = (
        _marks(drawn.screen.marks)
        + _marks(drawn.narrow.marks, "narrow-marks")
        + "".join(
            f'<template data-view="{view}">'
            f"{svg.inline(other.svg, f'{name}-{view}', other.alt, COLOURS, 'drawing wide')}"
            f"{_marks(other.marks)}</template>"
            for view, other in drawn.views.items()
        )
    )
    return (
        _switches(name, drawn.views)
        + _legend(name, drawn.legend)
        + f'<div class="scroll"><div class="plot">{wide}{narrow}</div></div>'
        + inert
    )


def links(name: str, drawn: Drawn, label: str, origin: Origin, asked: str = "") -> str:
    """Return what a figure was made of, folded: data, code, drawing, runs, and how to make it.

    `origin` is that of its networks; `asked` is what make is to be told beside the
    figure's name, as in " STUDY=quick".
    """
    places = {
        "Data (CSV)": f"figures/{name}.csv",
        "Code": f"code.html#code-{name}",
        "SVG": f"figures/{name}.svg",
        "Runs": escape(addresses.address(drawn.experiment)),
    }
    shown = " ".join(
        f'<a href="{address}" aria-label="{text} of {label}">{text}</a>'
        for text, address in places.items()
    )
    told = f"{traced(origin)}, on {origin.machine}" if origin.machine else traced(origin)
    origins = f'<span class="origin">{escape(told, quote=False)}</span>'
    command = f"<code>make figure NAME={name}{escape(asked, quote=False)}</code>"
    return (
        f' <details class="figure-links"><summary aria-label="{SOURCES} {label}">{SOURCES}'
        f"</summary><span>{shown} {origins} {command}</span></details>"
    )


def _marks(text: str, kind: str = "marks") -> str:
    return f'<script type="application/json" class="{kind}">{text}</script>' if text else ""


def _legend(name: str, keys: tuple[Key, ...]) -> str:
    """A list; a script makes buttons of the entries that are variants."""
    if not keys:
        return ""
    items = "".join(
        f"<li{_variant(key)}><span>"
        f"{svg.inline(key.picture, f'{name}-key{place}', '', COLOURS, 'key')}"
        f"{escape(key.name)}</span></li>"
        for place, key in enumerate(keys)
    )
    return f'<ul class="legend">{items}</ul>'


def _variant(key: Key) -> str:
    return "" if key.slug.startswith("-") else f' data-legend="{key.slug}"'


def _switches(name: str, views: Mapping[str, object]) -> str:
    if not views:
        return ""
    shown = {"": "both", **{view: view for view in views}}
    return (
        '<div class="switches">'
        + _choice(name, "view", "Show", shown)
        + _choice(name, "spread", "Spread over seeds", SPREADS)
        + "".join(
            f'<p class="drawn" data-spread="{part}">{said}</p>' for part, said in DRAWN.items()
        )
        + "</div>"
    )


def _choice(name: str, what: str, legend: str, options: Mapping[str, str]) -> str:
    """Radio buttons of which the first is chosen."""
    buttons = "".join(
        f'<label><input type="radio" name="{name}-{what}" value="{value}" data-{what}="{value}"'
        f'{" checked" if not place else ""} autocomplete="off"> {text}</label>'
        for place, (value, text) in enumerate(options.items())
    )
    return f"<fieldset><legend>{legend}</legend>{buttons}</fieldset>"
