"""What the search of the site looks through."""

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from analysis.results.cache import Cache
from build import ROOT
from report.document.equations import Typesetter
from report.output.site import search
from tests.report.conftest import Rendered

LARGEST = 300_000
"""Bytes of the library and the entries together, which a reader loads when first searching."""


@pytest.fixture(scope="module")
def found(rendered: Rendered) -> dict[str, Any]:
    """What the script of the search hands over."""
    script = (rendered.site / "search/index.js").read_text("utf-8")
    handed: dict[str, Any] = json.loads(script[script.index(", {") + 2 : -3])
    return handed


def test_every_entry_leads_to_what_is_there(rendered: Rendered, found: dict[str, Any]) -> None:
    """Each address is a page of the site with an element of that name."""
    ids: dict[str, set[str]] = {}
    for _, address, *_ in found["entries"]:
        page, _, anchor = address.partition("#")
        name = page.partition("?")[0]
        html = (rendered.site / name).read_text("utf-8") if name not in ids else ""
        ids.setdefault(name, set(re.findall(r' id="([^"]+)"', html)))
        assert anchor in ids[name], address


def test_everything_that_is_stated_can_be_found(rendered: Rendered, found: dict[str, Any]) -> None:
    """Each heading, claim, figure, table and work of the report has an entry, and each group."""
    kinds = [entry[0] for entry in found["entries"]]
    document = rendered.report.document
    headings = [heading for section in document.sections for heading in section.headings]
    assert kinds.count("text") + kinds.count("term") == len(headings)
    assert kinds.count("claim") == len(document.claims)
    assert kinds.count("figure") == len(document.figures)
    assert kinds.count("table") == len(document.tables)
    assert kinds.count("reference") == len(document.references)
    groups = [variants for _, variants in found["runs"].values()]
    assert kinds.count("run") == sum(map(len, groups))


def test_the_words_are_those_of_the_page(rendered: Rendered, found: dict[str, Any]) -> None:
    """An entry has the page's own words, and neither markup nor the source of an equation."""
    texts = {address: text for _, address, _, _, text in found["entries"]}
    page = (rendered.site / "q1.html").read_text("utf-8")
    passage = page.split('id="q1a-training-is-local-so-the-start-matters"')[1].split("<h3")[0]
    plain = unescape(re.sub(r"<[^>]+>", "", passage))
    sentence = "In a convex problem, such as logistic regression, a bad"
    assert sentence in " ".join(plain.split())
    assert sentence in texts["q1.html#q1a-training-is-local-so-the-start-matters"]
    assert [text for text in texts.values() if "</" in text or "\\mathcal" in text] == []


@pytest.mark.parametrize(
    ("tex", "line"),
    [
        (r"9 \pi^2 / (2 l^2)", "9π²/(2l²)"),
        (r"\text{Var}(W_l) = 2 / n_{l-1}", "Var(W_l)=2/n_(l−1)"),
        (r"\tfrac{1}{2} n \, \text{Var}(W)", "1/2 nVar(W)"),
        (r"\frac{2}{m + n} = a", "2/(m+n)=a"),
        (r"\sigma_w^2 < 10^{-7}", "σ_w²&lt;10⁻⁷"),
        (r"\varphi'(z)^2 + q^* + \delta^{\top}", "φ′(z)²+q^*+δ^⊤"),
        (r"\sqrt{\hat v_t}", "√(v\u0302_t)"),
    ],
)
def test_an_equation_is_found_as_one_types_it(tmp_path: Path, tex: str, line: str) -> None:
    """Indices, exponents and fractions stay what they are, in one line."""
    mathml = Typesetter(Cache(tmp_path)).mathml(tex, display=False)
    assert search.linear(mathml) == line


def test_what_is_no_equation_stays_as_it_is() -> None:
    """A lone number is written without MathML."""
    assert search.linear("0.05") == "0.05"


def test_the_search_is_small_and_its_library_as_released(rendered: Rendered) -> None:
    """Library and entries stay below the bound; the library has its makers' bytes and licence."""
    folder = rendered.site / "search"
    assert sum(path.stat().st_size for path in folder.iterdir()) < LARGEST
    vendored: Path = ROOT / "templates/vendor/minisearch"
    for path in vendored.iterdir():
        assert (folder / path.name).read_bytes() == path.read_bytes()
    assert "Luca Ongaro" in (folder / "LICENSE.txt").read_text("utf-8")
