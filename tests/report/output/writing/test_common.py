"""Records as HTML, on the site and on paper."""

from pathlib import Path
from typing import Any

import pytest

from analysis.claims.against.standing import Standing
from analysis.claims.claim import Quantity, Verdict
from report.words.numbers import SPACE
from tests.made.sites.desk import Desk, claim, plain, written

CHANGED = Standing("changed", "supported")
SAME = Standing("published", "supported")
NEW = Standing("unpublished")
LOST: Verdict = "contradicted"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk in an empty folder."""
    return Desk(tmp_path)


@pytest.mark.parametrize("verdict", ["supported", "contradicted", "inconclusive"])
def test_a_claim_shows_verdict_and_evidence(tmp_path: Path, verdict: str) -> None:
    """Verdict and statement, in a line value, interval, margin and n; the method is folded."""
    note = ("mean ", Quantity(-1.5, "points"), " points")
    desk = Desk(tmp_path, level=claim(verdict=verdict, note=note, statement="They end *level*."))
    html = desk.brief('{{ claim("level") }}').replace(SPACE, " ")
    assert f' {verdict}</span> They end <em>level</em>. <a class="anchor"' in html
    line, folded = html.split("<details", 1)
    assert "−0.035 percentage points [−0.110, 0.040] · margin 0.15 · n = 20 · <a" in line
    assert (
        "<p>Paired TOST. Mean −1.50 points. Refuted by an interval wholly beyond ±0.15 " in folded
    )


@pytest.mark.parametrize(
    ("standing", "verdict", "words"),
    [
        (None, "supported", "✓ supported They end level."),
        (NEW, "supported", "✓ supported They end level."),
        (SAME, "supported", "✓ supported They end level."),
        (CHANGED, "supported", "✓ supported re-tested at your settings They"),
        (CHANGED, LOST, "× contradicted re-tested at your settings; published as supported They"),
        (
            CHANGED,
            "inconclusive",
            "? inconclusive re-tested at your settings; published as supported They",
        ),
        (SAME, LOST, "× contradicted tested anew; published as supported They"),
        (Standing("changed", LOST), LOST, "× contradicted re-tested at your settings They"),
    ],
)
def test_a_verdict_says_under_which_settings_it_fell(
    tmp_path: Path, standing: Standing | None, verdict: Any, words: str
) -> None:
    """Only what is not as published has a mark, and a flip names both verdicts."""
    desk = Desk(tmp_path, level=claim(verdict=verdict))
    desk.prose.standings = {} if standing is None else {"level": standing}
    html = desk.brief('{{ claim("level") }}')
    assert words in plain(html)
    flipped = standing is not None and standing.flipped(verdict)
    assert ('class="retested flipped"' in html) is flipped


def test_a_claim_that_was_changed_after_its_runs_is_marked(tmp_path: Path) -> None:
    """On the site and on paper, beside its verdict; one that was not is not."""
    made = Desk(tmp_path)
    for state in ("changed", "unfrozen", "frozen"):
        made.prose.standings = {"level": Standing("published", "supported", frozen=state)}
        document = made.compose({"q2d": '## Q2d. Title\n\n{{ claim("level") }}'})
        for html in written(document, "q2d"):
            assert ("changed after its runs were trained" in html) is (state == "changed")


def test_a_claim_is_anchored_once(desk: Desk) -> None:
    """A claim that is stated twice has one id, at its first place."""
    text = desk.brief('{{ claim("level") }} {{ claim("level") }}')
    assert text.count('id="claim-level"') == 1


def test_a_claim_leads_to_itself_and_to_its_test(desk: Desk) -> None:
    """On the site, at its first place; on paper it needs neither."""
    document = desk.compose({"q2d": '## Q2d. T\n\n{{ claim("level") }}\n\n{{ claim("level") }}'})
    site, paper = written(document, "q2d")
    assert (
        site.count('<a class="anchor" href="#claim-level" aria-label="Link to “claim level”">') == 1
    )
    assert site.count('<a href="code.html#test-level">') == 2
    assert "anchor" not in paper
    assert "code.html" not in paper


def test_a_verdict_in_a_sentence_leads_to_its_claim(desk: Desk) -> None:
    """From another page of the site, and inside of the paper; where it is not stated, it is one."""
    stated = {"q2d": '## Q2d. T\n\n{{ claim("level") }}', "q1a": '## T\n\n{{ verdict("level") }}'}
    site, paper = written(desk.compose(stated), "q1a")
    assert '<a class="judged" href="q2.html#claim-level" title="The claim level"><span' in site
    assert '<a class="judged" href="#claim-level"' in paper
    assert plain(desk.brief('{{ verdict("level") }}')) == "✓ supported"
    assert "judged" not in desk.brief('{{ verdict("level") }}')


def test_references_cross_pages_on_the_site_and_not_on_paper(desk: Desk) -> None:
    """The same reference is an address of another page, or an anchor in the one document."""
    document = desk.compose(
        {
            "q1b": '## Q1b. T\n\n{{ figure("curve", "Seen *here*.") }}',
            "q2a": '## Q2a. T\n\n{{ ref("fig:curve") }}, {{ ref("q1b") }}, {{ ref("q1b-part") }}',
            "q1a": "## Q1a. T\n\n### A part {#q1b-part}\n",
        },
        figures=("curve",),
    )
    site, paper = written(document, "q2a")
    assert (
        f'<a class="ref" href="q1.html#fig-curve" data-preview="fig-curve">Figure{SPACE}1</a>'
        in site
    )
    assert '<a class="ref" href="q1.html#q1b" data-preview="q1b">Q1b</a>' in site
    assert '<a class="ref" href="q1.html#q1b-part" data-preview="q1b-part">A part</a>' in site
    assert f'<a class="ref" href="#fig-curve">Figure{SPACE}1</a>' in paper


def test_a_work_is_noted_beside_its_first_citation_in_a_section(desk: Desk) -> None:
    """The site shows the whole reference on demand, paper at its foot; later ones are links."""
    document = desk.compose({"q2a": '## Q2a. T\n\n{{ cite("one") }}, {{ cite("one", "two") }}'})
    site, paper = written(document, "q2a")
    assert site.count('<span class="note" role="note">Kingma (2001). Alone.') == 1
    assert site.count('<input class="note-switch" type="checkbox" aria-label="Reference: ') == 2
    assert "note-switch" not in paper


def test_an_aside_stands_beside_the_text(desk: Desk) -> None:
    """A note is inline on the site, with a switch for narrow screens, and a footnote on paper."""
    document = desk.compose({"q2a": '## Q2a. T\n\nWord.{{ note("An *aside*, see.") }}'})
    site, paper = written(document, "q2a")
    assert (
        'Word.<span class="whole">&#8288;<input class="note-switch" type="checkbox"'
        ' aria-label="Note"><span class="note" role="note">An <em>aside</em>, see.</span>'
        "&#8288;</span>" in site
    )
    assert "An <em>aside</em>, see." in paper
    assert "<input" not in paper


def test_a_figure_has_a_caption_and_another_text_in_its_place(desk: Desk) -> None:
    """On the site it is an inline drawing in the colours of the page, on paper a file."""
    answers = {"q1b": '## Q1b. T\n\n{{ figure("curve", "Seen *here*.") }}'}
    document = desk.compose(answers, figures=("curve",))
    site, paper = written(document, "q1b")
    assert 'role="img" aria-label="What curve shows"' in site
    assert '<path id="curve-p" fill="var(--ink)"/>' in site
    assert 'Seen <em>here</em>. <details class="figure-links"><summary' in site
    assert '<img src="figures/curve.svg" alt="What curve shows">' in paper
    for page in (site, paper):
        assert '<strong class="title">Title of curve.</strong> Seen' in page


def test_a_work_is_a_footnote_once_in_the_document(desk: Desk) -> None:
    """On paper a later section only names it; the abstract has no footnotes and counts for none."""
    cited = '## T\n\n{{ cite("one") }}'
    document = desk.compose({"abstract": cited, "q1a": cited, "q2a": cited})
    notes = [written(document, name)[1].count("footnote") for name in ("abstract", "q1a", "q2a")]
    assert notes == [0, 1, 0]
    assert all("note-switch" in written(document, name)[0] for name in ("abstract", "q2a"))


def test_no_side_note_stands_in_a_cell_a_note_or_a_caption(desk: Desk) -> None:
    """There is no room for one; the first citation outside of them has it."""
    answer = """## T

| H |
|---|
| {{ cite("one") }} |

Word.{{ note("See " ~ cite("two") ~ ".") }}

{{ table("final", "After " ~ cite("many") ~ ".") }}

{{ cite("one") }} {{ cite("two") }}
"""
    site, paper = written(desk.compose({"q2a": answer}), "q2a")
    table, rest = site.split("</table>", 1)
    assert "note" not in table.split("<table", 1)[1]
    assert rest.count('aria-label="Reference: ') == 2
    assert rest.count('aria-label="Note"') == 1
    assert "Müller et al., 2015a</a>)." in rest
    # On paper a footnote stands at the foot of the sheet, wherever its mark is.
    assert "footnote" in paper.split("</table>", 1)[0]
    assert paper.count("Kingma (2001). Alone.") == 1


def test_a_sentence_is_set_with_care(desk: Desk) -> None:
    """No line ends before a percent sign, and a claim is a block of its own, anchored once."""
    answer = """## T

Its 95 % interval and {{ const("20 %", "a source") }}.

{{ claim("level") }}

So {{ claim("level") }}
"""
    for html in written(desk.compose({"q2a": answer}), "q2a"):
        assert f"95{SPACE}%" in html
        assert f"20{SPACE}%" in html
        assert html.count('<div class="claim" id="claim-level" data-claim="level">') == 1
        assert '<div class="claim" data-claim="level">' in html


def test_a_number_leads_to_its_runs(desk: Desk) -> None:
    """On the site with what a script needs to tell of it, on paper to the appendix."""
    call = '{{ number("kernel_sd", "HeNormal", layer=2, moment="initial") }}'
    site, paper = written(desk.compose({"q2a": f"## T\n\n{call}"}), "q2a")
    start = (
        '<a class="number" href="runs.html?experiment=base&amp;variant=HeNormal'
        '&amp;metric=kernel_sd&amp;moment=initial&amp;layer=2#runs-base-henormal"'
        ' data-metric="kernel_sd" data-experiment="base" data-variant="HeNormal"'
        ' data-moment="initial" data-layer="2" data-stat="mean" data-n="3" data-low="0.'
    )
    assert start in site
    assert 'data-about="Mean standard deviation of the kernel over 3 seeds: HeNormal, la' in site
    assert '<a class="number" href="#runs-base-henormal">' in paper
    assert "data-metric" not in paper


def test_a_heading_leads_to_itself_on_the_site(desk: Desk) -> None:
    """The name of the link has the words of the heading, an apostrophe as one."""
    site, paper = written(desk.compose({"q2a": "## Where He's rule ends"}), "q2a")
    assert (
        '<h2 id="q2a">Where He&rsquo;s rule ends '
        '<a class="anchor" href="#q2a" aria-label="Link to “Where He’s rule ends”">#</a></h2>'
    ) in site
    assert '<h2 id="q2a">Where He&rsquo;s rule ends</h2>' in paper


@pytest.mark.parametrize(
    ("tex", "text"),
    [("0.05", "0.05"), ("60{,}000", "60,000"), (r"10\,000", "10\u00a0000"), ("-3", "\u22123")],
)
def test_a_plain_number_is_text(desk: Desk, tex: str, text: str) -> None:
    """A number between dollars has the face of the sentence it stands in, in a note too."""
    call = f'{{{{ note("about ${tex}$ of") }}}}'.replace("\\", "\\\\")
    document = desk.compose({"q2a": f"## T\n\nabout ${tex}$ of{call}\n"})
    for html in written(document, "q2a"):
        assert html.count(f"about {text} of") == 2
