"""The terms of the glossary, and where a section first says them."""

import re
from pathlib import Path

import pytest

from build import ROOT
from report.document.glossary import UNMARKED, Glossary, Term, glossary
from report.document.outline import Label
from tests.made.sites.desk import Desk, written

SEED, RULE, UNIT, DEAD, RUN = terms = tuple(
    Term(names, Label("glossary", f"glossary-{names[0]}", names[0]))
    for names in (("seed",), ("He’s rule", "HeNormal"), ("unit",), ("Dead unit",), ("Run",))
)


def marked(html: str) -> str:
    """A text in which each marked term stands in brackets, behind its usual name."""
    return Glossary(terms).marked(html, lambda term, words: f"[{term.names[0]}: {words}]")


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<p>A seed and a seed.</p>", "<p>A [seed: seed] and a seed.</p>"),
        ("<p>Seeds, then.</p>", "<p>[seed: Seeds], then.</p>"),
        ("<p>By He&rsquo;s rule.</p>", "<p>By [He’s rule: He&rsquo;s rule].</p>"),
        ("<p>HeNormal, or He’s\nrule.</p>", "<p>[He’s rule: HeNormal], or He’s\nrule.</p>"),
        ("<p>A dead unit is a unit.</p>", "<p>A [Dead unit: dead unit] is a [unit: unit].</p>"),
    ],
)
def test_the_first_place_of_a_term_is_marked(html: str, shown: str) -> None:
    """Once a section, under any of its names, in the plural too; the longer name wins."""
    assert marked(html) == shown


@pytest.mark.parametrize(
    "html",
    [
        "<h3>A seed</h3>",
        '<p><a href="#a">a <em>seed</em></a></p>',
        "<p><code>seed</code></p>",
        "<pre>seed = 1</pre>",
        '<p title="seed">seeded, re-seed, seed-wise, &seed; a_seed</p>',
        "<p>A run.</p>",
    ],
)
def test_what_is_no_place_for_a_mark_is_left_alone(html: str) -> None:
    """Headings, links, code, tags and parts of other words; and words of every day."""
    assert marked(html) == html


def test_a_term_leads_to_its_entry_on_the_site_alone(tmp_path: Path) -> None:
    """The site links the word and shows the entry before; paper has the plain word."""
    answers = {"q1a": "## Q1a. Why\n\nEach seed.\n", "glossary": "## G\n\n### Seed\n\nA number.\n"}
    document = Desk(tmp_path).compose(answers)
    site, paper = written(document, "q1a")
    assert (
        '<a class="term" href="glossary.html#glossary-seed" data-preview="glossary-seed">seed</a>'
        in site
    )
    assert "Each seed." in paper
    assert glossary(document).terms[0].names == ("Seed",)


def test_the_glossary_is_in_order_and_leads_on() -> None:
    """Each term of the report has a paragraph with a reference, and they follow the alphabet."""
    text = (ROOT / "report/answers/glossary.md").read_text("utf-8")
    entries = re.findall(r"^### (.+)\n\n(.+)\n", text, re.M)
    names = [name.lower() for name, _ in entries]
    assert len(entries) == text.count("### ") > len(UNMARKED)
    assert names == sorted(names)
    assert [name for name, words in entries if '{{ ref("' not in words] == []
    assert {name for name in UNMARKED if name not in names} == set()
