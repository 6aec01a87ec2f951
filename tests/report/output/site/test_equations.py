"""Equations of a page: drawn from glyphs that it has once, in pieces for narrow lines."""

import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from analysis.results.cache import Cache
from build import ROOT
from report.document.equations import Typesetter
from report.output.paper.equations import drawing
from report.output.paper.tree import text
from report.output.site.drawn import equations
from report.output.site.drawn.equations import Drawings, divided
from report.prose.source.derived import Derived


@pytest.fixture(scope="module")
def drawings() -> Drawings:
    """Return those of the project's templates, kept in memory."""
    return Drawings(ROOT / "templates", Derived())


def mathml(tex: str, *, display: bool = False) -> str:
    """An equation as the writers leave it."""
    return Typesetter(Cache(None)).mathml(tex, display=display)


def test_a_page_has_each_glyph_once(drawings: Drawings) -> None:
    """What stands in two equations is drawn by reference; the MathML of both is kept."""
    page = drawings.page(f"<body><p>{mathml('x + y')} and {mathml('y + x')}.</p></body>")
    assert page.startswith('<body><svg class="glyphs" aria-hidden="true"><defs><path id="g-0"')
    assert page.count("<path ") == 3
    assert page.count("<use ") == 6
    assert re.findall(r"<annotation[^>]*>(.*?)<", page) == ["x + y", "y + x"]


def test_a_preview_brings_glyphs_of_its_own(drawings: Drawings) -> None:
    """The page that it is shown on may not have them, or have others under these names."""
    html = drawings.fragment(f"<p>{mathml('x')}</p>")
    (name,) = re.findall(r'<path id="(preview-[^"]+)"', html)
    assert f'<use href="#{name}"/>' in html


def test_a_page_without_equations_stays_as_it_is(drawings: Drawings) -> None:
    """It has no glyphs either."""
    assert drawings.page("<body><p>Text.</p></body>") == "<body><p>Text.</p></body>"


def test_what_the_paper_cannot_set_is_left_to_the_browser(drawings: Drawings) -> None:
    """Its MathML stands there, visible."""
    math = "<math><menclose><mi>x</mi></menclose></math>"
    assert drawings.page(f"<body><p>{math}</p></body>") == f"<body><p>{math}</p></body>"


@pytest.mark.parametrize(("before", "joined"), [("(", True), (" ", False), ("<em>", False)])
def test_a_bracket_before_an_equation_stays_on_its_line(
    drawings: Drawings, before: str, joined: bool
) -> None:
    """A space is where a line may end, so that nothing joins its sides."""
    page = drawings.page(f"<body>a{before}{mathml('x')}, b</body>")
    assert ('<span class="math">&#8288;<svg' in page) == joined
    assert "</math>&#8288;</span>, b" in page


@pytest.mark.parametrize(
    ("tex", "clauses"),
    [
        (r"a = b + c", [["a", "=b+c"]]),
        (r"f(x = 1) = 2", [["f(x=1)", "=2"]]),
        (r"\left( a = b \right)", [["(a=b)"]]),
        (r"a = 1 , \qquad b \leq 2", [["a", "=1,"], ["b", "\u22642"]]),
        (r"a = 1 \quad \Longrightarrow \quad b = 2", [["a", "=1"], ["\u27f9b", "=2"]]),
        (r"a \, b \; c", [["abc"]]),
        (r"\frac{a}{b = c}", [["ab=c"]]),
    ],
)
def test_an_equation_is_broken_before_relations(tex: str, clauses: list[list[str]]) -> None:
    """And at wide spaces; not in brackets, and not behind an arrow."""
    found = divided(mathml(tex, display=True))
    assert [[text(part) for part in clause] for clause in found] == clauses


def test_a_broken_equation_is_as_wide_as_a_whole_one(drawings: Drawings) -> None:
    """The space before a relation is there, though nothing stands before it in its piece."""
    page = drawings.page(f"<body>{mathml('a = b', display=True)}{mathml('a = b')}</body>")
    *pieces, whole = [int(each) for each in re.findall(r'viewBox="0 -\d+ (\d+) ', page)]
    assert sum(pieces) == pytest.approx(whole, abs=2)


def test_pieces_of_an_equation_are_centred_on_the_axis_of_the_face(drawings: Drawings) -> None:
    """So that they stand on one line, whatever each holds."""
    face = TTFont(ROOT / "templates" / "fonts" / drawing.FACE)
    axis = face["MATH"].table.MathConstants.AxisHeight.Value
    assert axis == equations.AXIS
    page = drawings.page(f"<body>{mathml(r'x = a^{b^c}_d', display=True)}</body>")
    boxes = re.findall(r'viewBox="0 -(\d+) \d+ (\d+)"', page)
    assert len(boxes) == 2
    assert {int(above) - int(height) / 2 for above, height in boxes} == {float(axis)}


def test_an_equation_is_drawn_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second time it comes from what is kept, whoever asks."""
    html = f"<body>{mathml('x')}</body>"
    first = Drawings(ROOT / "templates", Derived(Cache(tmp_path))).page(html)
    monkeypatch.setattr(drawing.Setter, "pieces", lambda *_, **__: pytest.fail("drawn again"))
    assert Drawings(ROOT / "templates", Derived(Cache(tmp_path))).page(html) == first
