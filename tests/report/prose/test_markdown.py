"""Headings, tables and equations of answers."""

import pytest

from report.prose import markdown
from report.prose.locations import Misplaced
from report.prose.uses import EquationUse, HeadingUse, Uses


def read(text: str, prefix: str = "q2d") -> Uses:
    """The records that Markdown leaves."""
    uses = Uses()
    markdown.to_html(text, prefix, uses)
    return uses


def test_an_apostrophe_in_a_heading_is_one() -> None:
    """Text and anchor of a heading hold words, not what the converter keeps in their place."""
    headings = read("## Title\n\n### Where He's *rule* ends\n").of(HeadingUse)
    assert [heading.text for heading in headings] == ["Title", "Where He’s rule ends"]
    assert headings[1].anchor == "q2d-where-hes-rule-ends"


def test_anchors_do_not_depend_on_what_stands_before() -> None:
    """More apostrophes above a heading leave its anchor as it is."""
    text = "## It's a title\n\nIt's more.\n\n### He's in it\n"
    assert read(text).of(HeadingUse)[1].anchor == "q2d-hes-in-it"


def test_anchors_are_given_and_unique() -> None:
    """The first heading has the prefix, one may choose its own, and no two are the same."""
    headings = read("## T\n\n### A & b\n\n#### A & b\n\n### Other {#own}\n").of(HeadingUse)
    assert [(each.level, each.text) for each in headings] == [
        (2, "T"), (3, "A & b"), (4, "A & b"), (3, "Other"),
    ]  # fmt: skip
    anchors = [each.anchor for each in headings]
    assert (anchors[0], anchors[1], anchors[3]) == ("q2d", "q2d-a-b", "own")
    assert len(set(anchors)) == len(anchors)


def test_under_an_empty_corner_the_first_column_heads_the_rows() -> None:
    """A cell without a column's name is the name of its row."""
    html = markdown.to_html("## T\n\n|  | A |\n|---|---|\n| one | 1 |\n", "q", Uses())
    assert '<th scope="row">one</th>' in html
    assert '<th scope="col">A</th>' in html
    assert "<td>1</td>" in html


def test_each_cell_of_a_broad_table_of_words_names_its_column() -> None:
    """So that a row can be a card; not below an equation, nor where the columns are few."""

    def table(*heads: str) -> str:
        row = "|" + "|".join(["x"] * len(heads)) + "|"
        text = "|" + "|".join(heads) + "|\n|" + "---|" * len(heads) + f"\n{row}\n"
        return markdown.to_html(text, "q2d", Uses())

    words = table("Rule", "Fits", "For", "Against", "Cost")
    assert "table plain broad cards" in words
    assert [words.count(f'data-column="{name}"') for name in ("Rule", "Cost")] == [1, 1]
    assert "data-column" not in table("Rule", "$x$", "For", "Against", "Cost")
    assert "table plain cards" in table("Rule", "Fits", "For", "Against")
    assert "data-column" not in table("Rule", "Fits", "For")
    assert "slim" in table("Rule", "Fits", "For")


@pytest.mark.parametrize("source", ["$$x$$\n{#eq:a}", "$$x$$ {#eq:a}", "$$\nx\n$$\n{#eq:a}"])
def test_a_label_may_stand_below_or_beside(source: str) -> None:
    """A label after a display equation becomes its own; the next equation has none."""
    equations = read(f"{source}\n\n$$y$$\n").of(EquationUse)
    assert [(e.tex, e.label, e.display) for e in equations] == [
        ("x", "eq:a", True),
        ("y", "", True),
    ]


@pytest.mark.parametrize("tex", ["a < b", "a & b", r"\{x\}", "x_1 * y_2 * z"])
def test_an_equation_is_read_as_it_is_written(tex: str) -> None:
    """Neither HTML nor Markdown makes anything of what stands in it."""
    assert [each.tex for each in read(f"so ${tex}$ is\n\n$$\n{tex}\n$$\n").of(EquationUse)] == [
        tex,
        tex,
    ]


def test_a_block_of_code_can_be_reached_by_keyboard() -> None:
    """It may be wider than the screen, and is then scrolled by the keys."""
    html = markdown.to_html("## T\n\n```python\nx = 1\n```\n", "t", Uses())
    assert html.count("<pre") == html.count('<pre tabindex="0">') == 1


def test_dollars_in_code_are_left_alone() -> None:
    """Neither a code span nor a fenced block holds equations."""
    assert not read("`$x$`\n\n```sh\necho $$HOME$$\n```\n").records


def test_a_token_survives_markdown() -> None:
    """In a sentence, in emphasis, in a cell and between paragraphs it stays what it is."""
    uses = Uses()
    tokens = [uses.token(EquationUse(name, "", False, None)) for name in "abc"]
    text = f"{tokens[0]}'s *{tokens[1]}*\n\n| H |\n|---|\n| {tokens[2]} |\n"
    html = markdown.to_html(text, "q", uses)
    found = [use.tex for use in uses.within(html) if isinstance(use, EquationUse)]
    assert found == ["a", "b", "c"]
    assert uses.fill(html, lambda use: "X").startswith("<p>X&rsquo;s <em>X</em></p>")


def test_plain_words() -> None:
    """Of one paragraph the marks of Markdown go, and an equation stays as its TeX."""
    assert markdown.plain("He's *rule*, $x < 2$ & more") == "He’s rule, x < 2 & more"


def test_what_was_too_deep_leaves_no_trace() -> None:
    """The answers that follow are read as if it had not been there."""
    wanted = markdown.to_html("**A part** of *it*", "a", Uses())
    with pytest.raises(Misplaced, match="too deep"):
        markdown.to_html("- " * 3000 + "deep", "a", Uses())
    assert markdown.to_html("**A part** of *it*", "a", Uses()) == wanted
