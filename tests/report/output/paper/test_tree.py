"""HTML as data."""

import pytest

from analysis.errors import ReportError
from report.output.paper.tree import node, parse, text, walk


def test_html_becomes_nodes() -> None:
    """Tag, classes, attributes and children in order; entities are letters."""
    tree = parse('<p class="a b" id="x">1 &lt; <em>2</em>\n  and<br>3</p>')
    inside = node("p", "1 < ", node("em", "2"), " and", node("br"), "3", id="x")
    assert tree == node("document", {**inside, "classes": ["a", "b"]})


def test_a_listing_keeps_its_white_space() -> None:
    """Elsewhere a line end is a space."""
    assert text(parse("<pre>a\n  b</pre>")) == "a\n  b"
    assert text(parse("<p>a\n  b</p>")) == "a b"


def test_what_is_not_closed_is_an_error() -> None:
    """So is what overlaps; the message names both."""
    with pytest.raises(ReportError, match="<em> is not closed"):
        parse("<em>a")
    with pytest.raises(ReportError, match="</p> closes <em>, in line 2"):
        parse("<p>\n<em>a</p>")


def test_elements_are_found_in_order() -> None:
    """At every depth, the outer one first."""
    tree = parse('<ul id="1"><li id="2"><ul id="3"></ul></li></ul>')
    assert [each["attributes"]["id"] for each in walk(tree, "ul")] == ["1", "3"]
