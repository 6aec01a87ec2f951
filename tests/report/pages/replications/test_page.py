"""The page of replications, the marks at the claims, and the sentence of the abstract."""

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import html5lib
import pytest

from analysis.claims import testing
from analysis.claims.against.replicated import Ledger
from analysis.claims.against.standing import Repeat, Standing
from analysis.claims.claim import Verdict
from analysis.results.ledger.replication import Replication
from report.output.paper import writer as paper
from report.output.writing.report import Report
from report.pages.replications.page import replications
from report.words import verdicts
from tests.made.results.synthetic import synthetic_results
from tests.made.sites import shared
from tests.made.sites.desk import claim, plain
from tests.made.sites.site import build

SCALE, EARLY = "random-normal-is-he-in-layer-1", "gradient-at-initialization"
HERE = {each.id: each for each in testing.evaluate(synthetic_results()).values()}
OTHER = {"supported": "contradicted", "contradicted": "supported", "inconclusive": "supported"}


def made(name: str, block: int, processor: str, **verdicts: str) -> Replication:
    """Return a replication of two claims, as here but for the verdicts given."""
    claims = {
        each.id: {
            "experiment": "base", "declared": each.declared,
            "verdict": verdicts.get(each.id.partition("-")[0], each.verdict),
            "value": each.value, "low": None, "high": each.high, "unit": each.unit, "n": 5,
        }
        for each in (HERE[SCALE], HERE[EARLY])
    }  # fmt: skip
    claims["zeros-never-learns"] = {**claims[SCALE], "declared": "0" * 64}
    kept: dict[str, Any] = {
        "name": name, "block": block, "date": "2026-11-25", "claims": claims,
        "seeds": {"base": [block, block + 1]}, "environment": {"processor": processor},
    }  # fmt: skip
    return cast(Replication, kept)


@dataclass(frozen=True)
class Built:
    """The site of a ledger, and that of none."""

    site: Path
    report: Report
    without: Path


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Build a site beside two replications, of which one has another verdict, and one of none."""
    folder = tmp_path_factory.mktemp("replicated")
    other = OTHER[HERE[EARLY].verdict]
    both = (made("one", 1000, "Chip A"), made("two", 2000, "Chip <B>", gradient=other))
    otherwise = made("four", 4000, "Chip C")
    otherwise["claims"] = {"zeros-never-learns": otherwise["claims"]["zeros-never-learns"]}
    ledger = Ledger((*both, otherwise), (("three", "base"),))
    results = synthetic_results()
    with shared.cache(tmp_path_factory, "synthetic") as cache:
        report = build(results, folder / "site", cache, ledger=ledger)
        build(results, folder / "without", cache)
    return Built(folder / "site", report, folder / "without")


TOLD = "2 replications: 1 supported, 1 contradicted (Chip A, Chip &lt;B&gt;)"
REPEATS = re.compile(r'<svg class="repeats".*?</svg>')


def text(site: Path, page: str) -> str:
    """Return the words of a page."""
    return " ".join(plain((site / f"{page}.html").read_text("utf-8")).split())


def test_the_page_lists_them_and_what_each_claim_came_to(built: Built) -> None:
    """A claim on which one disagrees comes first; one that was declared otherwise is not there."""
    html = (built.site / "replications.html").read_text("utf-8")
    html5lib.HTMLParser(strict=True).parse(html)
    assert re.findall(r'<li id="claim-([\w-]+)"', html) == [EARLY, SCALE]
    assert html.count('<svg class="repeats"') == 2
    assert re.findall(r'<td[^>]*class="right"[^>]*>(\d of \d)</td>', html) == ["2 of 2", "1 of 2"]
    row = html.partition('<th scope="row">four</th>')[2].partition("</tr>")[0]
    assert "none counted: its claims are declared otherwise here" in row
    assert "Chip &lt;B&gt;" in html
    listed = html.partition("Not counted")[2]
    assert "<li>three (base)</li>" in listed
    assert "1000 … 1001 of 1 experiment" in html


def test_a_claim_says_what_replications_came_to_and_where(built: Built) -> None:
    """With a link to them and a drawing of one value here and one of each; in words on paper."""
    html = (built.site / "q1.html").read_text("utf-8")
    found = re.search(
        r'<span class="replicated"><a href="([^"]*)">([^<]*)</a>(<svg.*?</svg>)', html
    )
    assert found
    assert found[1] == f"replications.html#claim-{EARLY}"
    assert found[2] == TOLD
    assert found[3].count("<circle") == 3
    assert found[3].count('class="own"') == 1
    sheets = plain(paper.html(built.report))
    assert TOLD in sheets
    assert "Appendix: the replications" in sheets
    assert "none counted, since its claims are declared otherwise here" in sheets


def test_the_abstract_says_it_in_a_sentence(built: Built) -> None:
    """How many, on which processors, and how many of their verdicts are those printed or not."""
    told = text(built.site, "index")
    assert (
        "2 replications on seeds that nobody had used before, trained on Chip A and "
        "Chip &lt;B&gt;, reached 3 of 4 verdicts as they stand here." in told
    )
    assert "The remaining 1 came out otherwise." in told


REPEAT = Repeat("a", "Chip", "inconclusive", 0.1, 0.0, 0.2, 3)


def test_a_claim_has_the_verdicts_of_its_replications() -> None:
    """Each with its count, in the order in which verdicts are told everywhere; of none nothing."""
    both = (REPEAT, replace(REPEAT, verdict="supported", processor="Other"))
    told = verdicts.replicated(Standing("unpublished", replications=both))
    assert told == "2 replications: 1 supported, 1 inconclusive (Chip, Other)"
    one = verdicts.replicated(Standing("unpublished", replications=both[:1]))
    assert one == "1 replication: 1 inconclusive (Chip)"
    assert verdicts.replicated(Standing("unpublished")) == ""


@pytest.mark.parametrize(
    ("here", "there", "unlike"),
    [
        ("supported", ("supported", "supported"), 0),
        ("inconclusive", ("inconclusive",), 0),
        ("supported", ("supported", "inconclusive"), 1),
        ("inconclusive", ("supported", "contradicted"), 1),
        ("supported", ("inconclusive", "contradicted"), 2),
        ("contradicted", ("supported", "supported"), 2),
    ],
)
def test_only_the_opposite_of_a_verdict_contradicts_it(
    here: Verdict, there: tuple[Verdict, ...], unlike: int
) -> None:
    """Where one side leaves open what the other decides, neither is contradicted."""
    repeats = tuple(replace(REPEAT, verdict=verdict) for verdict in there)
    own = claim(id="a", verdict=here)
    stands = {"a": Standing("unpublished", replications=repeats)}
    page = replications(Ledger(), {"a": own}, stands, {"a": "A."}, lambda _: "")
    assert [row.unlike for row in page.claims] == [unlike]


def test_data_has_every_one(built: Built) -> None:
    """By name, with verdict and numbers, null for what is not there."""
    claims = json.loads((built.site / "data" / "claims.json").read_text("utf-8"))
    (scale,) = (each for each in claims if each["id"] == SCALE)
    assert [each["name"] for each in scale["replications"]] == ["one", "two"]
    assert scale["replications"][0]["low"] is None
    assert scale["frozen"] == "not before its runs"


def test_without_any_one_quiet_line_is_all(built: Built) -> None:
    """On the page of replications; nothing elsewhere, nor on paper."""
    assert "Nobody has replicated this study yet; make replicate does." in text(
        built.without, "replications"
    )
    for page in ("index", "q1", "q2", "q3", "methods"):
        html = (built.without / f"{page}.html").read_text("utf-8")
        assert 'class="replicated"><a' not in html
        assert "replications.html#claim-" not in html
        assert all(drawn.count("<circle") == 1 for drawn in REPEATS.findall(html))
    assert "nobody had used before" not in text(built.without, "index")
