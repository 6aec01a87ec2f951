"""Equations written in TeX, as MathML for browsers and paper."""

import re
from functools import cache
from html import escape
from importlib.metadata import version
from xml.etree.ElementTree import Element, fromstring

from analysis.results.cache import Cache, digest
from report.prose.locations import Misplaced
from report.prose.source.literals import TEX_NUMBER
from report.words import plain

FORM = "3"
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
DEEPEST = 15
"""Elements in each other, two for a fraction; the paper can be set with more, but not always."""
PLAIN_NUMBER = re.compile(rf"-?{TEX_NUMBER}")


def plain_number(tex: str) -> str | None:
    """Return TeX that is nothing but a number as text; None for any other."""
    if not PLAIN_NUMBER.fullmatch(tex):
        return None
    return tex.replace("{,}", ",").replace(r"\,", "\u00a0").replace("-", "\u2212")


class Typesetter:
    """Turns TeX into MathML, each equation once as long as the cache lasts."""

    def __init__(self, cache: Cache) -> None:
        self.cache = cache

    def mathml(self, tex: str, *, display: bool) -> str:
        """Return a <math> element that carries its TeX as an annotation.

        Raises ReportError where the TeX cannot be read.
        """
        key = digest("mathml", FORM, _converter(), tex, str(display))
        return self.cache.text(key, lambda: _mathml(tex, display))


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
    if _depth(math) > DEEPEST:
        return "fractions, roots or indices stand in each other too deep"
    for element in math.iter():
        name = element.tag.rsplit("}", 1)[-1]
        if len(element) != ARGUMENTS.get(name, len(element)):
            return f"<{name}> lacks an argument"
        text = (element.text or "").strip()
        if name == "mi" and re.match(r"\\[A-Za-z]|[{}]", text):
            return f"{text} is no command, or a brace without its partner"
    return ""


def _depth(element: Element) -> int:
    return 1 + max(map(_depth, element), default=0)


@cache
def _converter() -> str:
    """Return the version of what makes MathML of TeX: another one may do so otherwise."""
    return version("latex2mathml")


def _refuse_markup(tex: str) -> None:
    if ("<" in tex and re.search(r"</?\w+", tex)) or plain.SEALED.search(tex):
        tex = plain.opened(tex, markup=False)
        raise Misplaced(f"an equation cannot hold a computed number or markup: {tex!r}")


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__
