"""Equations written in TeX: MathML for browsers, SVG outlines for paper."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape, unescape
from typing import Any

from report.cache import Cache, digest
from report.places import Misplaced

FORM = "1"
SIZE = 100.0
INLINE = re.compile(r'<span class="arithmatex">\\\((.*?)\\\)</span>', re.S)
DISPLAY = re.compile(r'<div class="arithmatex">\s*\\\[(.*?)\\\]\s*</div>', re.S)
LABEL = re.compile(r"\\label\{([^}]*)\}")
PLAIN_NUMBER = re.compile(r"-?\d[\d.]*(?:\{,\}\d{3})*(?:\.\d+)?")
LABEL_BELOW = re.compile(r"^(\$\$(?:(?!\$\$).)+?)\$\$[ \t]*\n?[ \t]*\{#(eq:[\w-]+)\}", re.S | re.M)


@dataclass(frozen=True)
class Equation:
    """A display equation found in rendered Markdown; `label` is empty for one without a number."""

    tex: str
    label: str


def labels_inside(text: str) -> str:
    r"""Return Markdown in which a {#eq:name} after a display equation is a \label inside of it."""
    return LABEL_BELOW.sub(lambda found: rf"{found[1].rstrip()} \label{{{found[2]}}}$$", text)


def displayed(fragment: str) -> Iterator[Equation]:
    """Yield the display equations of an HTML fragment in their order."""
    for found in DISPLAY.finditer(fragment):
        yield _equation(found[1])


def replace(fragment: str, inline: Callable[[str], str], display: Callable[[Equation], str]) -> str:
    """Return the fragment with every equation replaced by what the two functions make of it."""

    def small(found: re.Match[str]) -> str:
        tex = unescape(found[1]).strip()
        if PLAIN_NUMBER.fullmatch(tex):
            # In the face of the text around it, like every other number.
            return tex.replace("{,}", ",").replace("-", "\u2212")
        return inline(tex)

    fragment = DISPLAY.sub(lambda found: display(_equation(found[1])), fragment)
    return INLINE.sub(small, fragment)


def _equation(source: str) -> Equation:
    tex = unescape(source)
    label = LABEL.search(tex)
    return Equation(LABEL.sub("", tex).strip(), label[1] if label else "")


class Typesetter:
    """Turns TeX into MathML and SVG, each equation once as long as the cache lasts."""

    def __init__(self, cache: Cache) -> None:
        self.cache = cache

    def mathml(self, tex: str, *, display: bool) -> str:
        """Return a <math> element that carries its TeX as an annotation.

        Raises ReportError where the TeX cannot be read.
        """
        key = digest("mathml", FORM, tex, str(display))
        return self.cache.text(key, lambda: _mathml(tex, display))

    def image(self, tex: str, *, display: bool) -> str:
        """Return an <img> with the equation as SVG, its baseline on that of the text.

        Lengths are in em, so the equation has the size of the text around it. Raises ReportError
        where the TeX cannot be read.
        """
        key = digest("svg", FORM, tex, str(display))
        drawn: dict[str, Any] = json.loads(self.cache.text(key, lambda: _svg(tex, display)))
        return (
            f'<img class="math" alt="{escape(_spoken(tex))}" src="{drawn["uri"]}" '
            f'style="width:{drawn["width"]:.4f}em;height:{drawn["height"]:.4f}em;'
            f'vertical-align:{-drawn["depth"]:.4f}em">'
        )


def _mathml(tex: str, display: bool) -> str:
    from latex2mathml.converter import convert

    _refuse_markup(tex)
    mode = "block" if display else "inline"
    try:
        mathml: str = convert(tex, display=mode)
    except Exception as error:
        raise Misplaced(f"cannot read the TeX {tex!r}: {_reason(error)}") from error
    opening, inner, closing = re.fullmatch(r"(<math[^>]*>)(.*)(</math>)", mathml, re.S).groups()  # type: ignore[union-attr]
    annotation = f'<annotation encoding="application/x-tex">{escape(tex, quote=False)}</annotation>'
    return f"{opening}<semantics>{inner}{annotation}</semantics>{closing}"


def _svg(tex: str, display: bool) -> str:
    """Return JSON with a data URI and the size and depth of an equation, in em."""
    from urllib.parse import quote

    import ziamath

    _refuse_markup(tex)
    ziamath.config.svg2 = False
    ziamath.config.precision = 1
    try:
        svg: str = ziamath.Latex(tex, size=SIZE, inline=not display).svg()
    except Exception as error:
        raise Misplaced(f"cannot draw the TeX {tex!r}: {_reason(error)}") from error
    box = re.search(r'viewBox="([-\d.]+) ([-\d.]+) ([-\d.]+) ([-\d.]+)"', svg)
    if box is None:
        raise Misplaced(f"cannot draw the TeX {tex!r}: the drawing has no size")
    _, top, width, height = (float(number) / SIZE for number in box.groups())
    uri = "data:image/svg+xml," + quote(svg, safe=" =:/;,.-<>()")
    return json.dumps({"uri": uri, "width": width, "height": height, "depth": top + height})


def _refuse_markup(tex: str) -> None:
    if "<" in tex and re.search(r"</?\w+", tex):
        raise Misplaced(f"an equation cannot hold a computed number or markup: {tex!r}")


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__


def _spoken(tex: str) -> str:
    """Return the TeX on one line without spacing commands, as the text in place of the picture."""
    return re.sub(r"\s+", " ", re.sub(r"\\[,;!]|\\q?quad\b", " ", tex)).strip()
