"""All answers as one document: numbered, checked, and what its records tell of it."""

from pathlib import Path

import pytest

from analysis.errors import ReportError
from report.document.outline import Label
from report.words.numbers import SPACE
from tests.made.sites.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk in an empty folder."""
    return Desk(tmp_path)


def test_an_unused_figure_is_an_error(desk: Desk) -> None:
    """Every figure that can be drawn has to be shown."""
    with pytest.raises(ReportError, match=r"answers: no answer shows the figure 'curve'"):
        desk.compose({}, figures=("curve",))


def test_a_broken_reference_is_an_error(desk: Desk) -> None:
    """A reference that leads nowhere is reported with its line and the nearest label."""
    answer = '## Q1a. T\n\nSee {{ ref("eq:sum") }}.\n\n$$x$$\n{#eq:sums}\n'
    with pytest.raises(ReportError, match=r"q1a\.md:3: there is no label 'eq:sum' .*'eq:sums'"):
        desk.compose({"q1a": answer})


def test_an_answer_needs_a_title_and_a_file(desk: Desk) -> None:
    """An answer without a heading of its own, or one that is not there, is an error."""
    with pytest.raises(ReportError, match=r"q1a\.md:1: an answer begins with its title"):
        desk.compose({"q1a": "Text only."})


def test_an_answer_that_no_page_has_is_an_error(desk: Desk) -> None:
    """A file of the folder that the outline does not name would be left out in silence."""
    desk.compose({})
    (desk.folder / "answers" / ".#q1a.md").write_text("a lock of an editor", "utf-8")
    desk.compose({})
    (desk.folder / "answers" / "q9z.md").write_text("## T", "utf-8")
    with pytest.raises(ReportError, match=r"answers/q9z\.md: no page has this answer; name it in"):
        desk.compose({})


def test_a_figure_in_a_block_that_is_left_out_is_not_unused(desk: Desk) -> None:
    """Where a study lacks what a figure shows, its answer may leave it out."""
    answer = (
        '## Q1b. T\n\n{% if "none" in study.experiments %}{{ figure("curve", "A.") }}{% endif %}'
    )
    document = desk.compose({"q1b": answer}, figures=("curve",))
    assert not document.figures


def test_figures_tables_and_equations_are_numbered_in_their_order(desk: Desk) -> None:
    """Each kind has its own numbers, which run through the whole document."""
    document = desk.compose(
        {
            "q2a": '## T\n\n$$a$$\n{#eq:second}\n\n{{ figure("curve", "C.") }}',
            "q1a": '## T\n\n$$a$$\n{#eq:first}\n\n$$b$$\n\n{{ table("final", "C.") }}',
        },
        figures=("curve",),
    )
    assert document.labels["eq:first"] == Label("q1", "eq-first", f"Equation{SPACE}1")
    assert document.labels["eq:second"] == Label("q2", "eq-second", f"Equation{SPACE}2")
    assert document.labels["fig:curve"] == Label("q2", "fig-curve", f"Figure{SPACE}1")
    assert document.labels["tab:final"] == Label("q1", "tab-final", f"Table{SPACE}1")
    assert document.labels["q1a"].text == "Q1a"


def test_a_claim_stands_where_it_is_stated_first(desk: Desk) -> None:
    """In a note too; one that no answer states stands nowhere."""
    answers = {
        "q1b": '## Q1b. Title\n\nWord.{{ note("By " ~ claim("level")) }}',
        "q2a": '## Q2a. Other\n\n{{ claim("level") }}',
    }
    assert desk.compose(answers).claims == {"level": Label("q1", "claim-level", "Q1b. Title")}
    assert Desk(desk.folder).compose({}).claims == {}


def test_what_a_section_cites(desk: Desk) -> None:
    """Several works at once count each; those in notes and captions do not stand in its text."""
    answer = (
        '## T\n\n{{ cite("one", "two") }} {{ note("See " ~ cite("many")) }}\n\n'
        '{{ table("final", "After " ~ cite("same") ~ ".") }}'
    )
    document = desk.compose({"q2a": answer})
    section = next(each for each in document.sections if each.name == "q2a")
    assert document.cited(section) == {"one", "two"}
    assert {each.key for each in document.references} == {"one", "two", "many", "same"}


@pytest.mark.parametrize(
    "call",
    [
        '{{ note("Some $\\\\frac{a}$.") }}',
        '{{ figure("curve", "Some $\\\\frac{a}$.") }}',
    ],
)
def test_a_mistake_in_an_equation_of_a_call_has_its_line(desk: Desk, call: str) -> None:
    """Notes and captions are checked as the text is, at the line of their call."""
    with pytest.raises(ReportError, match=r"q1a\.md:5: cannot read the TeX"):
        desk.compose({"q1a": f"## T\n\ntext\n\n{call}\n"}, figures=("curve",))
