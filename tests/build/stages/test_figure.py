"""One figure is written from what is stored or, of the published study, published."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pandas as pd
import pikepdf
import pytest
from matplotlib.font_manager import fontManager

import build
from analysis.results import sources
from analysis.results.places import Places, Request
from build import ROOT
from report import figures
from tests.build.door import filled, runs_of, typed, watched
from tests.made.sites.copied import copied

KINDS = ("svg", "pdf", "png", "csv")


@pytest.fixture(autouse=True)
def own_faces(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let matplotlib forget the faces that a figure was given."""
    with monkeypatch.context() as patched:
        patched.setattr(fontManager, "ttflist", [*fontManager.ttflist])
        yield
    manager: Any = fontManager  # its types do not tell of what it keeps
    manager._findfont_cached.cache_clear()


@pytest.fixture
def stored(small: Path, elsewhere: Path) -> Path:
    """Return a project with results of its study, and the faces that a figure is set in."""
    (elsewhere / "templates").symlink_to(ROOT / "templates")
    filled(elsewhere / "results", runs_of(small))
    return elsewhere


def test_the_names_are_listed() -> None:
    """Without a name, all that there are."""
    code, out, err = typed("figure")
    assert (code, out.split(), err) == (0, list(figures.NAMES), "")


def test_a_figure_is_four_files(stored: Path) -> None:
    """A drawing, a page of its size with words for who does not see it, a picture, and its rows."""
    code, out, err = typed("figure", "--name", "accuracy")
    assert (code, err) == (0, "")
    expected = "figures/accuracy.svg, .pdf, .png and .csv show 8 runs of results/runs.sqlite.\n"
    assert out == expected
    folder = stored / "figures"
    assert {path.name for path in folder.iterdir()} == {f"accuracy.{kind}" for kind in KINDS}
    drawing = ET.parse(folder / "accuracy.svg").getroot()
    width, height = (float(str(drawing.get(side)).removesuffix("pt")) for side in SIDES)
    with pikepdf.open(folder / "accuracy.pdf") as pdf:
        (page,) = pdf.pages
        sides = [float(each) for each in page.mediabox[2:]]
        assert sides == pytest.approx([width, height], abs=1)
        assert str(pdf.docinfo["/Title"]) == "Small: accuracy"
        assert pdf.Root.MarkInfo.Marked
    picture = (folder / "accuracy.png").read_bytes()
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    pixels = [int.from_bytes(picture[at : at + 4], "big") for at in (16, 20)]
    assert pixels == pytest.approx([each * 300 / 72 for each in (width, height)], abs=3)
    before = {path: path.read_bytes() for path in folder.iterdir()}
    assert typed("figure", "--name", "accuracy")[0] == 0
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


SIDES = ("width", "height")


def test_its_rows_are_those_of_the_whole_study(stored: Path) -> None:
    """As the site would write them, though the runs of one experiment alone are read."""
    assert typed("figure", "--name", "weight-sd", "--out", "a b")[0] == 0
    written = (stored / "a b" / "weight-sd.csv").read_text()
    whole = sources.prepare(Places.of(stored, stored), Request()).results()
    assert written == figures.load("weight-sd").drawn(whole).csv
    assert len(pd.read_csv(io.StringIO(written))) > 8


def test_what_is_published_is_drawn_where_nothing_is_stored(stored: Path) -> None:
    """In a fresh clone, of the published study alone, and not in the place of others."""
    assert typed("publish")[0] == 0
    (stored / "results" / "runs.sqlite").unlink()
    code, out, _ = typed("figure", "--name", "accuracy")
    assert code == 0
    assert out.endswith("show 8 runs of results/published.\n")
    code, out, _ = typed("figure", "--name", "accuracy", "--results", "published", "--out", "p")
    assert code == 0
    for kind in KINDS:
        both = [stored / folder / f"accuracy.{kind}" for folder in ("figures", "p")]
        assert both[0].read_bytes() == both[1].read_bytes()
    for words in (["--set", "training.epochs=3"], ["--results", "r"]):
        code, out, err = typed("figure", "--name", "accuracy", "--out", "q", *words)
        assert (code, out) == (2, "")
        assert "8 of 8 runs of this study have not been trained; train them with: " in err
        assert err.endswith(" --experiment base\n")
    assert not (stored / "q").exists()
    assert not (stored / "results" / "runs.sqlite").exists()


def test_what_a_changed_study_takes_from_the_published_results_is_said(elsewhere: Path) -> None:
    """The change is to another experiment, and nothing is stored here."""
    (elsewhere / "results").mkdir()
    for name in ("study.toml", "templates", "results/published"):
        (elsewhere / name).symlink_to(ROOT / name)
    change = ["--set", "experiments.base.seeds=3"]
    code, out, err = typed("figure", "--name", "scale", *change)
    assert (code, err) == (0, "")
    assert out.endswith("show 128 runs of results/published.\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--name", "acuracy"], "--name 'acuracy': no such figure (did you mean 'accuracy'?); "),
        (["--name", "../accuracy"], "no such figure"),
        (["--name", "chaos"], "study.toml: has no experiment 'chaos', whose runs the figure shows"),
        (
            ["--name", "accuracy", "--out", "study.toml"],
            "--out study.toml: study.toml is no folder",
        ),
        (["--name", "accuracy", "--out", "study.toml/a"], "study.toml is no folder"),
        (["--name", "accuracy", "--results", "published"], "there are no published results"),
        (["--name", "accuracy", "--results", "published", "--set", "seeds=1"], "leave it out"),
    ],
)
def test_what_cannot_be_drawn_is_said(stored: Path, words: list[str], said: str) -> None:
    """With the nearest name; nothing is written."""
    code, out, err = typed("figure", *words)
    assert (code, out) == (2, "")
    assert said in err
    assert not (stored / "figures").exists()


def test_a_damaged_face_is_refused(stored: Path) -> None:
    """A figure would lack its letters."""
    (stored / "templates").unlink()
    copied(stored, "templates")
    face = min((stored / "templates" / "fonts").glob("*.ttf"))
    face.write_bytes(face.read_bytes()[:-1000])
    code, out, err = typed("figure", "--name", "accuracy")
    assert (code, out) == (1, "")
    assert f"templates/fonts/{face.name}: is no whole font; git restore brings it back" in err


def test_a_figure_needs_neither_tensorflow_nor_a_browser(stored: Path) -> None:
    """Nor what makes pages."""
    code, out, loaded = watched(stored, "figure", "--name", "accuracy")
    assert code == 0, out
    assert not loaded & {"tensorflow", "keras", "playwright", "jinja2", "markdown", "pybtex"}


def test_the_real_figures_are_drawn_from_what_is_published(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a fresh clone every name has its experiment in the study."""
    monkeypatch.setattr(build, "ROOT", ROOT)
    code, out, err = typed("figure", "--name", "gain", "--results", "published", "--out", ".")
    assert (code, err) == (0, "")
    assert f"of {ROOT}/results/published" in out
    assert len(pd.read_csv(elsewhere / "gain.csv")) >= 30
