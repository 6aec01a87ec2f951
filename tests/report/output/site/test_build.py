import base64
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import html5lib
import pandas as pd
import pytest

from analysis.claims import testing
from analysis.errors import ReportError
from build import ROOT
from report import figures, tables
from report.document.outline import PAGES
from report.output.site.build import CODE
from tests.made.folders import digests
from tests.made.results.studies import load_study
from tests.made.results.synthetic import results_of, synthetic_results, synthetic_study
from tests.made.sites.site import build
from tests.report.conftest import Rendered

NAMES = [*(page.name for page in PAGES), CODE.name]


def html_of(rendered: Rendered, name: str) -> str:
    """The text of a page."""
    return (rendered.site / f"{name}.html").read_text("utf-8")


def attributes(html: str, name: str) -> Iterator[tuple[str, str]]:
    """Yield (tag, value) of every element with an attribute."""
    for element in html5lib.parse(html, namespaceHTMLElements=False).iter():
        if name in element.attrib:
            yield element.tag, element.attrib[name]


@pytest.mark.parametrize("name", NAMES)
def test_pages_are_valid_html(rendered: Rendered, name: str) -> None:
    """A strict parser finds no error, and no two elements of a page share an id."""
    html = html_of(rendered, name)
    html5lib.HTMLParser(strict=True).parse(html)
    assert {
        key: n for key, n in Counter(v for _, v in attributes(html, "id")).items() if n > 1
    } == {}


def test_the_contents_of_a_page_list_answers_and_their_parts(rendered: Rendered) -> None:
    """They lead to each answer, and after it to each of its headings, in their order."""
    contents = r'<nav class="contents".*?</nav>'
    for page in PAGES:
        if page.name not in ("guide", "q3"):
            continue
        found = re.search(contents, html_of(rendered, page.name), re.DOTALL)
        assert found is not None
        listed = re.findall(r'href="#([^"]+)"', found[0])
        answers = [each.headings for each in rendered.report.document.on(page)]
        assert listed == [each.anchor for own in answers for each in own if each.level < 4]
        assert len(listed) > len(page.answers)


def test_no_link_is_dead(rendered: Rendered) -> None:
    """Every address inside of the site leads to a file, every anchor to an element."""
    ids = {name: {v for _, v in attributes(html_of(rendered, name), "id")} for name in NAMES}
    for name in NAMES:
        for _, address in attributes(html_of(rendered, name), "href"):
            parts = urlsplit(address)
            if parts.scheme:
                continue
            if "=" in parts.fragment:  # a setting of the laboratory, and no place on a page
                parts = parts._replace(fragment="")
            page = parts.path.removesuffix(".html") if parts.path else name
            if parts.path and parts.path != "report.pdf":
                assert (rendered.site / parts.path).is_file(), address
            assert not parts.fragment or unquote(parts.fragment) in ids[page], f"{name}: {address}"


def test_nothing_is_asked_of_another_host(rendered: Rendered) -> None:
    """Style sheets, fonts and pictures are files of the site; only links lead out of it."""
    for name in NAMES:
        html = html_of(rendered, name)
        assert [v for tag, v in attributes(html, "href") if tag == "link" and "//" in v] == []
        assert [v for _, v in attributes(html, "src") if "//" in v] == []
        assert "@import" not in html
    for sheet in rendered.site.glob("*.css"):
        for address in re.findall(r'url\("?([^")]+)', sheet.read_text("utf-8")):
            assert address.startswith("data:") or (rendered.site / address).is_file(), address


def test_fonts_are_small_and_licensed(rendered: Rendered) -> None:
    """The text faces weigh under 150 kB together, and each comes with its licence."""
    fonts = list((rendered.site / "fonts").glob("*.woff2"))
    assert 0 < sum(font.stat().st_size for font in fonts) < 150_000
    licences = [path.read_text("utf-8") for path in (rendered.site / "fonts").glob("LICENSE*")]
    assert len(licences) == 3
    assert all("SIL OPEN FONT LICENSE Version 1.1" in text for text in licences)


def test_every_equation_is_drawn_from_glyphs_of_its_page(rendered: Rendered) -> None:
    """No equation falls back on whatever face a reader's machine has, and all keep their MathML."""
    for name in NAMES:
        html = html_of(rendered, name)
        known = set(re.findall(r'<path id="(g-\w+)"', html))
        used = re.findall(r'<use href="#(g-\w+)"', html)
        assert known == set(used), name
        assert html.count("<math ") == html.count('<span class="math">'), name


def test_common_signs_come_with_the_style_sheet(rendered: Rendered) -> None:
    """Their faces stand whole in it, so that text never changes its face; others are files."""
    sheet = (rendered.site / "style.css").read_text("utf-8")
    found = re.findall(r'url\("data:font/woff2;base64,([^"]+)"\)', sheet)
    faces = sorted((ROOT / "templates" / "fonts").glob("*.woff2"))
    common = [path for path in faces if path.name.startswith("common-")]
    assert {base64.b64decode(each) for each in found} == {path.read_bytes() for path in common}
    named = set(re.findall(r'url\("fonts/([^"]+)"\)', sheet))
    assert named == {path.name for path in faces if path not in common}


def test_headings_do_not_skip_a_level(rendered: Rendered) -> None:
    """Each page has one first heading, and no level is left out below it."""
    for name in NAMES:
        main = html_of(rendered, name).split("<main", 1)[1]
        levels = [int(level) for level in re.findall(r"<h([1-6])", main)]
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))


def test_drawings_follow_the_theme_and_speak(rendered: Rendered) -> None:
    """An inline figure has no fixed ink, and a text of its own that is not its caption."""
    figures = re.findall(
        r'<figure class="figure".*?</figure>', "".join(html_of(rendered, n) for n in NAMES), re.S
    )
    assert len(figures) == len(rendered.report.document.figures)
    for figure in figures:
        assert "#1b1b20" not in figure.lower()
        assert "var(--ink)" in figure or "<text" in figure
        alt = re.search(r'aria-label="([^"]+)"', figure)
        caption = re.sub(r"<[^>]+>", "", figure.split("<figcaption>")[1])
        assert alt is not None
        assert len(alt[1]) > 80
        assert alt[1] not in caption
        assert 'data-variant="henormal"' in figure or 'data-variant="he' in figure


def test_every_number_in_the_text_is_marked(rendered: Rendered) -> None:
    """The abstract's test accuracy of HeNormal is the mean of the runs, and says so."""
    runs = rendered.results.runs
    mean = runs.loc[runs["variant"] == "HeNormal", "test_accuracy"].mean()
    found = re.search(
        r'<a class="number" href="([^"]*)" data-metric="test_accuracy" data-experiment="base" '
        r'data-variant="HeNormal" data-stat="mean" data-n="20"[^>]*data-about="([^"]*)">([^<]*)<',
        html_of(rendered, "index"),
    )
    assert found is not None
    address, about, text = found.groups()
    query = "experiment=base&amp;variant=HeNormal&amp;metric=test_accuracy"
    assert address == f"runs.html?{query}#runs-base-henormal"
    assert about.startswith("Mean test accuracy over 20 seeds: HeNormal, in ")
    assert "95\u00a0% interval of the mean: " in about
    assert text == f"{100 * mean:.2f}\u00a0%"


def test_data_is_written_in_full(rendered: Rendered) -> None:
    """The tables read back as they were, and claims and provenance hold what they must."""
    for name in ("runs", "epochs", "curves", "layers", "histograms", "first_steps"):
        frame = getattr(rendered.results, name)
        read = pd.read_csv(rendered.site / "data" / f"{name}.csv")
        assert list(read.columns) == list(frame.columns)
        numbers = frame.select_dtypes("float").columns
        pd.testing.assert_frame_equal(read[numbers], frame[numbers], check_exact=True)
    claims = json.loads((rendered.site / "data" / "claims.json").read_text("utf-8"))
    assert {claim["verdict"] for claim in claims} <= {"supported", "contradicted", "inconclusive"}
    for claim in claims:
        fields = {"id", "question", "statement", "verdict", "value", "low", "high", "unit", "n"}
        assert fields | {"method", "runs"} <= set(claim)
        assert set(claim["runs"]) <= set(rendered.results.runs["run_id"])
    provenance = json.loads((rendered.site / "provenance.json").read_text("utf-8"))
    assert provenance["study"]["title"] == rendered.results.study.title


def test_equal_results_give_equal_bytes(rendered: Rendered, tmp_path: Path) -> None:
    """Rendered with nothing cached and again from the cache, every file is the same to the bit."""
    build(synthetic_results(), tmp_path, rendered.cache)
    cold = digests(rendered.site)
    cold.pop("report.pdf", None)
    assert digests(tmp_path) == cold


def test_a_failed_build_writes_nothing(rendered: Rendered, tmp_path: Path) -> None:
    """An answer with a mistake ends the build before the first file."""
    answers = tmp_path / "answers"
    answers.mkdir()
    for path in (ROOT / "report" / "answers").glob("*.md"):
        (answers / path.name).write_bytes(path.read_bytes())
    (answers / "q3b.md").write_text('## Q3b. T\n\n{{ number("x", "y") }}\n', "utf-8")
    out = tmp_path / "site"
    with pytest.raises(ReportError, match=r"q3b\.md:3: "):
        build(rendered.results, out, rendered.cache, answers=answers)
    assert not out.exists()


def test_a_changed_sentence_needs_no_heavy_library(rendered: Rendered, tmp_path: Path) -> None:
    """With everything cached, neither TensorFlow nor SciPy nor matplotlib is imported."""
    code = (
        "import sys; from pathlib import Path\n"
        "from tests.made.results.synthetic import synthetic_results\n"
        "from tests.made.sites.site import build\n"
        f"build(synthetic_results(), Path({str(tmp_path)!r}), Path({str(rendered.cache)!r}))\n"
        "heavy = {'tensorflow', 'keras', 'scipy', 'statsmodels', 'matplotlib', 'typst'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("seeds", "epochs", "diverged"),
    [(1, 1, None), (3, 2, {("HeNormal", seed): 1 for seed in range(3)})],
)
def test_any_study_renders_anew(
    rendered: Rendered,
    tmp_path: Path,
    seeds: int,
    epochs: int,
    diverged: dict[tuple[str, int], int] | None,
) -> None:
    """One seed, or a variant that diverged throughout: the answers stand, and nothing is stale."""
    results = synthetic_results(seeds=seeds, epochs=epochs, diverged=diverged)
    build(results, tmp_path, rendered.cache)
    numbers = re.findall(
        r'class="number"[^>]*>diverged<', (tmp_path / "q3.html").read_text("utf-8")
    )
    assert bool(numbers) == (diverged is not None)
    before, after = digests(rendered.site), digests(tmp_path)
    for name in ("index.html", "q3.html", "figures/accuracy.svg", "data/claims.json"):
        assert before[name] != after[name], name


@pytest.mark.slow
def test_the_quick_study_shows_every_figure_table_and_claim(tmp_path: Path) -> None:
    """However few its seeds and epochs, nothing is left out; what cannot be decided says so."""
    results = results_of(load_study("quick"))
    report = build(results, tmp_path)
    document = report.document
    assert set(document.figures) == set(figures.NAMES)
    assert set(document.tables) == set(tables.NAMES)
    assert set(document.claims) == {each.id for each in testing.declarations()}
    for drawn in document.figures.values():
        assert len(drawn.alt) > 80
    html = "".join((tmp_path / f"{page.name}.html").read_text("utf-8") for page in PAGES)
    shown = re.sub(r"<pre.*?</pre>", "", html, flags=re.DOTALL)  # code may have a None
    assert not re.search(r">\s*(?:nan|None)\s*<|\bnan\s*%", shown)


BEYOND = {
    "base": {"network": {"convolution": [{"filters": 2, "size": 3}]}},
    "chaos": {
        "measure": [],
        "network": {"hidden": [8, 8], "activation": "tanh", "normalization": "layer"},
        "variants": [{"name": "Normal", "initializer": "VarianceScaling"}],
        "sweep": {"variants.Normal.scale": [1.0, 2.0], "network.hidden": [[8], [8, 8]]},
    },
}


def test_networks_beyond_dense_layers_have_a_report(tmp_path: Path) -> None:
    """Theory draws and predicts nothing of them, and no text says that there are none."""
    build(results_of(synthetic_study(seeds=3, epochs=3, experiments=BEYOND)), tmp_path)
    shown = {name: (tmp_path / f"{name}.html").read_text("utf-8") for name in ("q1", "methods")}
    assert "Theory has no lines here" in shown["q1"]
    assert "The dashed line marks the critical variance" not in shown["q1"]
    assert "Every network is a plain stack" not in shown["methods"]
