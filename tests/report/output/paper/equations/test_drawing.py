"""Equations as outlines, held to what the face of the equations says of itself."""

import re
from typing import Any

import pytest
from fontTools.pens.areaPen import AreaPen
from fontTools.pens.boundsPen import BoundsPen
from fontTools.svgLib.path import parse_path
from fontTools.ttLib import TTFont

from build import ROOT
from report.output.paper.equations import drawing
from report.output.paper.equations.drawing import Piece, Setter
from report.output.paper.tree import Node, elements, node, parse

FACE = ROOT / "templates" / "fonts" / drawing.FACE


@pytest.fixture(scope="module")
def face() -> Any:
    """Return the face of the equations."""
    return TTFont(FACE)


@pytest.fixture(scope="module")
def setter() -> Setter:
    """Return one with the templates of the project."""
    return Setter(ROOT / "templates")


def drawn(setter: Setter, mathml: str, *, display: bool = True) -> Piece:
    """The one piece of an equation."""
    pieces = setter.pieces([tree(mathml)], display=display)
    assert pieces is not None
    (piece,) = pieces
    return piece


def tree(mathml: str) -> Node:
    """MathML as the setter takes it."""
    return node("math", *elements(parse(mathml)))


@pytest.mark.parametrize("sign", ["x", "g", "S", "8", "\u03c3", "\u2211"])
def test_a_glyph_has_the_outline_that_the_face_has(setter: Setter, face: Any, sign: str) -> None:
    """Its box, its area and its width are those of the glyph, in thousandths of an em."""
    piece = drawn(setter, f"<mtext>{sign}</mtext>")
    (part,) = piece.parts
    glyphs, name = face.getGlyphSet(), face.getBestCmap()[ord(sign)]
    own, other = BoundsPen(glyphs), BoundsPen(None)
    glyphs[name].draw(own)
    parse_path(part.outline, other)
    left, low, right, high = own.bounds
    assert other.bounds == pytest.approx((left, -high, right, -low), abs=1.5)
    area, drawn_area = AreaPen(glyphs), AreaPen(None)
    glyphs[name].draw(area)
    parse_path(part.outline, drawn_area)
    assert drawn_area.value == pytest.approx(-area.value, rel=0.01)
    assert piece.width == pytest.approx(glyphs[name].width, abs=1)
    assert (piece.above, piece.below) == pytest.approx((high, max(0, -low)), abs=1.5)


def test_a_bar_lies_on_the_axis_of_the_face(setter: Setter, face: Any) -> None:
    """It is as thick as the face says, and as far above the baseline."""
    constants = face["MATH"].table.MathConstants
    piece = drawn(setter, "<mfrac><mn>1</mn><mn>2</mn></mfrac>")
    (bar,) = [part for part in piece.parts if re.fullmatch(r"m0 0h\d+v\d+h-\d+z", part.outline)]
    thick = int(bar.outline.split("v")[1].split("h")[0])
    assert thick == constants.FractionRuleThickness.Value
    assert -bar.y - thick / 2 == pytest.approx(constants.AxisHeight.Value, abs=1)


def test_a_line_has_smaller_sums_than_a_line_of_its_own(setter: Setter) -> None:
    """Within text limits stand beside the sign, which is lower."""
    mathml = "<munderover><mo>\u2211</mo><mi>i</mi><mi>n</mi></munderover>"
    high, low = drawn(setter, mathml), drawn(setter, mathml, display=False)
    assert high.above + high.below > low.above + low.below
    assert high.width < low.width


def test_what_the_paper_cannot_set_is_not_drawn(setter: Setter) -> None:
    """An element without a setting: the paper says which and where."""
    assert setter.pieces([tree("<menclose><mi>x</mi></menclose>")], display=False) is None
