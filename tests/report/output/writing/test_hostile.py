"""One hostile text through every field of every input: in every output it is text, or refused."""

import csv
import dataclasses
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import html5lib
import pymupdf
import pypdf
import pytest

from analysis.claims import testing
from analysis.claims.against.standing import Standing
from analysis.results.cache import Cache
from analysis.results.frames import Results
from analysis.study.file import build_study
from report.document.catalogue import code, inputs_digest
from report.output.paper import pdf
from report.output.site.build import build_pages
from tests.made.results.synthetic import BASE_VARIANTS, results_of, synthetic_study
from tests.made.sites import shared
from tests.made.sites.copied import copied

HOSTILE = (
    '#panic("no") <img src=x onerror=alert(1)> {{ 7*7 }} $\\x$ *a* _b_ `c` [l](javascript:1) '
    "</script> ]]> <!-- & &amp; \" ' \\ % =1+1 @import(1) -- ..."
)
"""All of it may be seen, so that it may stand in a title."""
UNSEEN = "\x1b[31m\u202e\0"
NAMES = {"HeNormal": "He_a_b, x_ (=1+1) – é.", "Zeros": "zero_"}
DATA = {"name": "set_a_, (=1+1) – é", "source": f"Source: {HOSTILE}"}
AUTHOR = "<b onclick=alert(1)>Ada</b> & {{ 7*7 }} *a* </script>"
PERSON = "<b onclick=alert(1)>Ada</b> & *a* </script>"
WORK = '<img src=x onerror=alert(2)> *a* _b_ [l](javascript:1) </script> ]]> "q"'
BIB = f"""@article{{glorot2010, author = {{{{{PERSON}}}}}, title = {{{WORK}}},
  year = {{1998}}, journal = {{{WORK}}}, volume = {{<u>}}, pages = {{<s>}},
  url = {{https://example.org/?a="><script>}}}}
"""


def hostile_results() -> Results:
    """Made-up results of a study that calls everything by a hostile name."""
    variants = [
        dict(each) | {"name": NAMES.get(str(each["name"]), each["name"])} for each in BASE_VARIANTS
    ]

    tables = synthetic_study(variants, seeds=2, epochs=2).tables()
    tables |= {"title": HOSTILE, "dataset": DATA}
    tables["experiments"]["base"] |= {"title": HOSTILE, "dataset": DATA}
    results = results_of(build_study(tables, "hostile"))
    told = {"processor": HOSTILE + UNSEEN, HOSTILE: "1"}
    return dataclasses.replace(results, provenance={"study": tables, "trained_with": told})


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Site and paper of these results, made once for all processes."""
    return shared.built(tmp_path_factory, "hostile", made) / "site"


def made(root: Path) -> None:
    """Build a project of people and works of hostile names, with the results."""
    copied(root, "analysis", "report", "templates", "examples", data=False)
    known = {"authors": [{"name": AUTHOR}], "repository-code": 'https://example.org/"><script>'}
    (root / "CITATION.cff").write_text(json.dumps(known), "utf-8")
    works = root / "report" / "answers" / "references.bib"
    others = re.sub(
        r"@inproceedings\{glorot2010.*?\n\}\n", "", works.read_text("utf-8"), flags=re.S
    )
    works.write_text(BIB + others, "utf-8")
    results, out = hostile_results(), root / "site"
    claims = testing.evaluate(results)
    before: Any = HOSTILE  # as the manifest of somebody else may have it
    standings = dict.fromkeys(claims, Standing("changed", before))
    report = build_pages(
        results, claims, standings, out,
        root=root, cache=Cache(None), inputs=inputs_digest(results, code(root)), code=code(root),
    )  # fmt: skip
    pdf.setting(report, out)()


@pytest.fixture(scope="module")
def trees(site: Path) -> dict[str, Element]:
    """Every page, and the HTML of every preview, as a browser would read it."""
    texts = {path.name: path.read_text("utf-8") for path in sorted(site.glob("*.html"))}
    for path in sorted((site / "previews").glob("*.js")):
        call = path.read_text("utf-8").strip().removeprefix("window.preview(").removesuffix(");")
        texts[path.name] = json.loads(f"[{call}]")[1]
    return {name: html5lib.parse(text, namespaceHTMLElements=False) for name, text in texts.items()}


SCRIPTS = {"theme.js", "site.js", "runs.js", "runs/index.js", "laboratory.js", "hero.js"}
LED = re.compile(
    r"#|[\w-]+\.html|(data/|figures/)?[\w-]+\.(css|svg|pdf|json|csv|zip|txt|md)$"
    r"|https://(example\.org|doi\.org|arxiv\.org|proceedings\.mlr\.press|www\.jstor\.org"
    r"|keras\.io|github\.com|cdn\.openai\.com)(/|$)"
)
"""Where a link of the templates or of the bibliography leads."""


def faults(each: Element) -> Iterator[str]:
    """What an element is or has that no template of the project makes."""
    tag, source = str(each.tag), each.get("src")
    yield from (key for key, _ in each.items() if key.lower().startswith("on"))
    if tag in {"img", "iframe", "object", "embed", "base"}:
        yield tag
    if tag == "script" and source is None:
        json.loads(each.text or "")
    if tag == "script" and source is not None and source not in SCRIPTS:
        yield source
    if tag in {"a", "link"} and not LED.match(each.get("href", "")):
        yield each.get("href", "a link without an address")


def words(element: Element) -> str:
    """The text of an element with single spaces."""
    return " ".join("".join(element.itertext()).split())


def test_no_page_has_anything_made_of_it(trees: Mapping[str, Element]) -> None:
    """No script, handler, picture or link but those of the templates; the letters are all there."""
    for name, tree in trees.items():
        made = [wrong for each in tree.iter() for wrong in faults(each)]
        assert (name, made) == (name, [])
    index = trees["index.html"]
    title, author = index.find("head/title"), index.find("head/meta[@name='author']")
    heading = index.find(".//h1")
    assert title is not None
    assert title.text == HOSTILE
    assert author is not None
    assert author.get("content") == AUTHOR
    assert heading is not None
    assert words(heading) == HOSTILE


@pytest.mark.parametrize(
    ("page", "texts"),
    [
        ("methods.html", [*DATA.values(), *NAMES.values(), HOSTILE + "\\x1b[31m\\u202e\\x00"]),
        ("methods.html", [PERSON, WORK, "(1998)", "<u>, <s>", '?a="><script>']),
        ("runs.html", [HOSTILE, *NAMES.values(), DATA["name"]]),
        ("index.html", [*NAMES.values(), f"{HOSTILE} → ", f"{AUTHOR}. {HOSTILE}."]),
        ("q3.html", [*NAMES.values(), f"published as {HOSTILE}"]),
    ],
)
def test_it_is_read_letter_for_letter(
    trees: Mapping[str, Element], page: str, texts: list[str]
) -> None:
    """Where a page shows a title, a name, a source or a version, it is that very text."""
    shown = words(trees[page])
    for text in texts:
        assert text in shown


def test_drawings_are_drawings(site: Path, trees: Mapping[str, Element]) -> None:
    """An SVG is well-formed and has neither scripts, links, text nor foreign elements."""
    drawings = [fromstring(path.read_text("utf-8")) for path in (site / "figures").glob("*.svg")]
    tags = {str(each.tag).rpartition("}")[2] for drawing in drawings for each in drawing.iter()}
    assert drawings
    assert tags <= {
        "svg",
        "style",
        "g",
        "path",
        "defs",
        "use",
        "clipPath",
        "rect",
        "linearGradient",
    }
    legend = trees["q3.html"].findall(".//ul[@class='legend']/li")
    assert set(NAMES.values()) <= {words(each) for each in legend}


def test_data_read_back_are_the_same(site: Path) -> None:
    """JSON and CSV hold the very letters, and no cell is one that a spreadsheet would run."""
    told = json.loads((site / "provenance.json").read_text("utf-8"))
    with zipfile.ZipFile(site / "data.zip") as packed:
        crate = json.loads(packed.read("ro-crate-metadata.json"))["@graph"]
    assert HOSTILE in next(each["name"] for each in crate if each["@id"] == "./")
    assert AUTHOR in [each.get("name") for each in crate]
    assert told["study"]["title"] == HOSTILE
    assert told["trained_with"]["processor"] == HOSTILE + UNSEEN
    json.loads((site / "data" / "claims.json").read_text("utf-8"))
    for path in [*(site / "data").glob("*.csv"), *(site / "figures").glob("*.csv")]:
        rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))
        cells = [(key, cell) for row in rows for key, cell in row.items()]
        starts = {cell for _, cell in cells if cell[:1] in ("=", "+", "@", "-")}
        assert not [cell for cell in starts if not re.fullmatch(r"-[\d.e+-]+|-inf", cell)]
        if rows and "variant" in rows[0]:
            assert {row["variant"] for row in rows if row["variant"]} <= {
                *NAMES.values(), "RandomNormal", "GlorotNormal",
            }  # fmt: skip


def test_the_paper_prints_it(site: Path) -> None:
    """Its title, text and data are those letters; no link of it leads where they say."""
    reader = pypdf.PdfReader(site / "report.pdf")
    opened: Any = pymupdf.open  # the library has no types
    leaves = list(opened(site / "report.pdf"))
    told: Mapping[str, Any] = reader.metadata or {}
    assert told["/Title"] == HOSTILE
    assert told["/Author"] == AUTHOR
    shown = "".join("".join(page.get_text().split()) for page in leaves).replace("\u00ad", "")
    for text in (HOSTILE, AUTHOR, *NAMES.values(), *DATA.values(), PERSON, WORK):
        assert "".join(text.split()) in shown
    links = [link["uri"] for page in leaves for link in page.get_links() if "uri" in link]
    assert links
    assert not [link for link in links if not re.match("https?://", link)]
    assert "/EmbeddedFiles" not in reader.root_object.get("/Names", {})
