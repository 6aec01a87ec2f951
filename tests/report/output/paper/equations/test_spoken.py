"""Equations in words."""

import pytest
from latex2mathml.converter import convert

from report.output.paper.equations.spoken import spoken
from report.output.paper.tree import Node, parse, walk
from tests.report.conftest import Rendered


def math(tex: str) -> Node:
    """The <math> element of TeX."""
    return next(walk(parse(convert(tex)), "math"))


@pytest.mark.parametrize(
    ("tex", "words"),
    [
        (r"W_l^2", "W sub l, squared"),
        (r"W_l^{\top} h_{l-1} + b_l", "W sub l transposed h sub l minus 1, end sub, plus b sub l"),
        (r"\sqrt{\hat v_t} + \varepsilon", "square root of v hat sub t, end root, plus epsilon"),
        (r"\tfrac{1}{2} n", "one half n"),
        (r"\frac{\partial \mathcal{L}}{\partial W_l}", "the fraction partial script L over "
         "partial W sub l, end fraction"),
        (r"2^{-30} \approx 9.3 \times 10^{-10}", "2 to the power negative 30 is approximately "
         "9.3 times 10 to the power negative 10"),
        (r"e^{-z^2/2} x", "e to the power negative z squared over 2, end power, x"),
        (r"\varphi'(0) = 1", "phi prime open bracket 0 close bracket equals 1"),
        (r"\varphi'^2", "phi prime squared"),
        (r"\prod_{l=1}^{L} g_l", "product from l equals 1 to L of g sub l"),
        (r"\sum_k f_k", "sum over k of f sub k"),
        (r"a - b", "a minus b"),
        (r"(-a, a)", "open bracket negative a, a close bracket"),
        (r"\ln \chi_1", "natural logarithm of chi sub 1"),
        (r"\Sigma \ne \mathbb{R}", "capital sigma is not equal to double-struck R"),
        (r"w \; \sim \; \mathcal{N}(0, 1)", "w is distributed as script N open bracket 0, 1 close "
         "bracket"),
        (r"\sqrt[3]{x}", "root 3 of x, end root"),
        (r"\begin{matrix} a & b \\ c & d \end{matrix}", "row 1: a, b; row 2: c, d"),
        (r"x = 1 .", "x equals 1"),
    ],
)  # fmt: skip
def test_an_equation_is_said_in_words(tex: str, words: str) -> None:
    """As one reads it to somebody who cannot see it."""
    assert spoken(math(tex)) == words


def test_every_equation_of_the_report_is_said(source: Node, rendered: Rendered) -> None:
    """Each has words, and none has a sign of TeX or a letter that is not read out."""
    alternatives = [each["attributes"]["alttext"] for each in walk(source, "math")]
    assert len(alternatives) > 200
    for words in alternatives:
        assert words
        assert words.isascii()
        assert not set(words) & set(r"\{}^_$=+/()[]|<>*")
