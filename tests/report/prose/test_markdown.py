"""Headings and tables of answers."""

from report.prose import markdown


def test_an_apostrophe_in_a_heading_is_one() -> None:
    """Text and anchor of a heading hold words, not what the converter keeps in their place."""
    _, headings = markdown.to_html("## Title\n\n### Where He's *rule* ends\n", "q2d")
    assert [heading.text for heading in headings] == ["Title", "Where He’s rule ends"]
    assert headings[1].anchor == "q2d-where-hes-rule-ends"


def test_anchors_do_not_depend_on_what_stands_before() -> None:
    """More apostrophes above a heading leave its anchor as it is."""
    text = "## It's a title\n\nIt's more.\n\n### He's in it\n"
    _, headings = markdown.to_html(text, "q2d")
    assert headings[1].anchor == "q2d-hes-in-it"


def test_under_an_empty_corner_the_first_column_heads_the_rows() -> None:
    """A cell without a column's name is the name of its row."""
    html, _ = markdown.to_html("## T\n\n|  | A |\n|---|---|\n| one | 1 |\n", "q")
    assert '<th scope="row">one</th>' in html
    assert '<th scope="col">A</th>' in html
    assert "<td>1</td>" in html
