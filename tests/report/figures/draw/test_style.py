"""Every variant has one look, told apart from the others on light and on dark ground."""

from pathlib import Path

import pytest
from matplotlib import font_manager

from analysis.errors import ReportError
from analysis.study.names import slug
from build import ROOT
from report.figures.draw import layout
from report.figures.draw.definition import written
from report.figures.draw.style import GRID, INK, MUTED, PAPER, add_faces, variant_style
from tests.made.results.studies import load_study
from tests.made.results.synthetic import synthetic_study
from tests.made.sites.drawn import BASE, MANY, VARIANTS, base, figure_of, lines
from tests.report.output.site.test_contrast import contrast


@pytest.mark.parametrize("name", BASE)
def test_every_variant_is_drawn_in_its_style(name: str) -> None:
    """Each variant is there in its own colour, the same in every figure."""
    looks = variant_style(base().study)
    axes = figure_of(name, base()).axes
    for variant in VARIANTS:
        colours = {str(line.get_color()) for a in axes for line in lines(a, variant)}
        assert colours
        assert colours <= {looks[variant].colour, INK}
        assert looks[variant].colour in colours


def test_variants_are_told_apart_on_light_and_dark_ground() -> None:
    """Of ten variants no two look alike, none is a sentinel, each stands out 3 to 1."""
    looks = list(variant_style(synthetic_study(variants=MANY)).values())
    assert len({look.colour for look in looks}) == len(looks)
    assert len({look.marker for look in looks}) == len(looks)
    for look in looks:
        assert look.colour not in {INK, MUTED, GRID, PAPER}
        assert contrast(look.colour, "#ffffff") >= 3
        assert contrast(look.colour, "#16181d") >= 3


@pytest.mark.parametrize(
    ("name", "expected"), [("He Normal(σ=2)", "he-normal-2"), ("Größe", "groe")]
)
def test_slugs_are_plain(name: str, expected: str) -> None:
    """A name becomes ASCII letters, digits and single hyphens."""
    assert slug(name) == expected


def test_a_variant_looks_the_same_in_every_experiment() -> None:
    """All variants of all experiments have a look; the study's own keep theirs, whatever follows.

    No two of an experiment share a colour, no two of all a look, and none has that of ink, grid or
    paper.
    """
    study = load_study()
    looks = variant_style(study)
    for experiment in study.experiments.values():
        colours = {looks[variant.name].colour for variant in experiment.variants}
        assert len(colours) == len(experiment.variants)
    assert len({*looks.values()}) == len(looks)
    assert not {look.colour for look in looks.values()} & {INK, MUTED, GRID, PAPER}
    alone = variant_style(study.model_copy(update={"experiments": {}}))
    assert all(looks[name] == look for name, look in alone.items())


def test_a_name_is_no_formula() -> None:
    """What would be mathematics, and wrong, is drawn as its letters: nine paths for nine signs."""
    with layout.styled():
        sheet = layout.new_sheet(1)
        sheet.figure.text(0.1, 0.5, r"$\x_{a}^$")
        drawn = written(sheet).whole
    assert drawn.count("<use ") == len(r"$\x_{a}^$")


def test_faces_are_added_again_when_they_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Matplotlib makes its list of faces anew where a file has gone: ours are put back."""
    from matplotlib.font_manager import fontManager

    folder = ROOT / "templates" / "fonts"
    own = {str(path) for path in folder.glob("*.ttf")}
    others = [face for face in fontManager.ttflist if face.fname not in own]
    monkeypatch.setattr(fontManager, "ttflist", others)
    add_faces(folder)
    assert own <= {each.fname for each in fontManager.ttflist}
    count = len(fontManager.ttflist)
    add_faces(folder)
    assert len(fontManager.ttflist) == count


@pytest.mark.parametrize("content", [b"", b"garbage" * 100])
def test_a_damaged_face_is_named(tmp_path: Path, content: bytes) -> None:
    """The file and what to do stand in place of matplotlib's words."""
    (tmp_path / "a.ttf").write_bytes(content)
    with pytest.raises(ReportError, match=r"/a\.ttf: is no whole font; git restore"):
        add_faces(tmp_path)


def test_faces_are_there_whatever_list_matplotlib_has_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A list of fonts without matplotlib's own, kept in somebody's home, is made whole."""
    manager = font_manager.fontManager
    monkeypatch.setattr(
        manager, "ttflist", [face for face in manager.ttflist if "STIX" not in face.name]
    )
    add_faces(ROOT / "templates" / "fonts")
    assert {"STIXGeneral", "STIX Two Math"} <= {face.name for face in manager.ttflist}
