"""Equations written in TeX: MathML for browsers, SVG outlines for paper."""

import json
import re
import warnings
from functools import cache
from html import escape
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring

from analysis.results.cache import Cache, digest
from report.figures.draw.style import INK
from report.prose.places import Misplaced
from report.words import plain

FORM = "2"
SIZE = 100.0
ARGUMENTS = {
    "mfrac": 2,
    "mroot": 2,
    "mover": 2,
    "msub": 2,
    "msubsup": 3,
    "msup": 2,
    "munder": 2,
    "munderover": 3,
}
PLAIN_NUMBER = re.compile(r"-?\d+(?:(?:\{,\}|\\,)\d{3})*(?:\.\d+)?")


def plain_number(tex: str) -> str | None:
    """Return TeX that is nothing but a number as text; None for any other."""
    if not PLAIN_NUMBER.fullmatch(tex):
        return None
    return tex.replace("{,}", ",").replace(r"\,", "\u00a0").replace("-", "\u2212")


class Typesetter:
    """Turns TeX into MathML and SVG, each equation once as long as the cache lasts."""

    def __init__(self, cache: Cache) -> None:
        self.cache = cache

    def mathml(self, tex: str, *, display: bool) -> str:
        """Return a <math> element that carries its TeX as an annotation.

        Raises ReportError where the TeX cannot be read.
        """
        key = digest("mathml", FORM, *_versions("latex2mathml"), tex, str(display))
        return self.cache.text(key, lambda: _mathml(tex, display))

    def image(self, tex: str, *, display: bool) -> str:
        """Return an <img> with the equation as SVG, its baseline on that of the text.

        Lengths are in em, so the equation has the size of the text around it. Raises ReportError
        where the TeX cannot be read.
        """
        key = digest("svg", FORM, *_versions("ziamath", "ziafont"), tex, str(display))
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
    wrong = _mistake(fromstring(mathml))
    if wrong:
        raise Misplaced(f"cannot read the TeX {tex!r}: {wrong}")
    opening, inner, closing = re.fullmatch(r"(<math[^>]*>)(.*)(</math>)", mathml, re.S).groups()  # type: ignore[union-attr]
    annotation = f'<annotation encoding="application/x-tex">{escape(tex, quote=False)}</annotation>'
    return f"{opening}<semantics>{inner}{annotation}</semantics>{closing}"


def _mistake(math: Element) -> str:
    """Return what is wrong with MathML that the converter made of faulty TeX without complaint."""
    for element in math.iter():
        name = element.tag.rsplit("}", 1)[-1]
        if len(element) != ARGUMENTS.get(name, len(element)):
            return f"<{name}> lacks an argument"
        text = (element.text or "").strip()
        if name == "mi" and re.match(r"\\[A-Za-z]|[{}]", text):
            return f"{text} is no command, or a brace without its partner"
    return ""


def _svg(tex: str, display: bool) -> str:
    """Return JSON with a data URI and the size and depth of an equation, in em."""
    from urllib.parse import quote

    with warnings.catch_warnings():
        # ziamath finds its font by a function that Python 3.11 has deprecated.
        warnings.simplefilter("ignore", DeprecationWarning)
        from ziamath.config import config
        from ziamath.zmath import Latex

    _refuse_markup(tex)
    config.svg2 = False
    config.precision = 1
    try:
        svg: str = Latex(tex, size=SIZE, color=INK, inline=not display).svg()
    except Exception as error:
        raise Misplaced(f"cannot draw the TeX {tex!r}: {_reason(error)}") from error
    box = re.search(r'viewBox="([-\d.]+) ([-\d.]+) ([-\d.]+) ([-\d.]+)"', svg)
    if box is None:
        raise Misplaced(f"cannot draw the TeX {tex!r}: the drawing has no size")
    _, top, width, height = (float(number) / SIZE for number in box.groups())
    uri = "data:image/svg+xml," + quote(svg, safe=" =:/;,.-<>()")
    return json.dumps({"uri": uri, "width": width, "height": height, "depth": top + height})


@cache
def _versions(*packages: str) -> tuple[str, ...]:
    """Return the versions of the packages that make an equation: another one may draw another."""
    return tuple(version(package) for package in packages)


def math_font() -> Path:
    """Return the font in which equations are drawn, which has the signs that text faces lack."""
    found = find_spec("ziamath")
    assert found is not None
    assert found.submodule_search_locations is not None
    return Path(found.submodule_search_locations[0]) / "fonts" / "STIXTwoMath-Regular.ttf"


def _refuse_markup(tex: str) -> None:
    if ("<" in tex and re.search(r"</?\w+", tex)) or plain.SEALED.search(tex):
        tex = plain.opened(tex, markup=False)
        raise Misplaced(f"an equation cannot hold a computed number or markup: {tex!r}")


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__


def _spoken(tex: str) -> str:
    """Return the TeX on one line without spacing commands, as the text in place of the picture."""
    return re.sub(r"\s+", " ", re.sub(r"\\[,;!]|\\q?quad\b", " ", tex)).strip()
