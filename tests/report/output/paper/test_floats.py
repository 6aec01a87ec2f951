"""Figures that wait for a page with room."""

from xml.etree.ElementTree import Element, fromstring

import pytest

from report.output.paper import floats

PAGE = 1000.0


def arranged(*blocks: tuple[str, float], height: float = PAGE) -> list[str]:
    """The names of blocks of these heights after their figures were moved; "|" begins a part."""
    sections = "".join(
        f'</section><h1 id="{name}"/><section>' if name[0] == "|" else block(name)
        for name, _ in blocks
    )
    root = fromstring(f'<html><body><h1 id="part"/><section>{sections}</section></body></html>')
    tops, top = {"part": 0.0}, 0.0
    for name, tall in blocks:
        tops[name] = top
        top += tall
    floats.mark(root)
    floats.arrange(root, tops, height)
    return [identity(each) for each in root.iter() if each.tag in ("p", "h1", "h3", "figure")][1:]


def block(name: str) -> str:
    """A figure, a heading, a claim or a paragraph, by the first letter of its name."""
    tag = {"f": "figure", "h": "h3"}.get(name[0], "p")
    kind = {"f": "figure", "c": "claim-line"}.get(name[0], "")
    return f'<{tag} id="{name}" class="{kind}"/>'


def identity(element: Element) -> str:
    """The id of an element."""
    return str(element.get("id"))


@pytest.mark.parametrize(
    ("blocks", "order"),
    [
        # There is room: it stays.
        ([("p1", 500), ("f1", 400), ("p2", 500), ("p3", 100)], "p1 f1 p2 p3"),
        # There is none: the text goes on, and the figure stands where the page has turned.
        ([("p1", 700), ("f1", 400), ("p2", 500), ("p3", 300), ("p4", 9)], "p1 p2 f1 p3 p4"),
        # A claim is not split, so the figure begins the page before it.
        ([("p1", 700), ("f1", 400), ("c1", 350), ("p2", 300), ("p3", 9)], "p1 f1 c1 p2 p3"),
        # Figures keep their order.
        ([("p1", 700), ("f1", 400), ("f2", 200), ("p2", 350), ("p3", 9)], "p1 p2 f1 f2 p3"),
        # What is left of the page is too little to be missed.
        ([("p1", 950), ("f1", 400), ("p2", 500), ("p3", 9)], "p1 f1 p2 p3"),
        # A heading takes its text along, so the page turns before it.
        ([("p1", 700), ("f1", 400), ("h1", 280), ("p2", 300), ("p3", 9)], "p1 f1 h1 p2 p3"),
    ],
)
def test_a_figure_without_room_waits(blocks: list[tuple[str, float]], order: str) -> None:
    """The order of the blocks after it was worked out by hand for pages of 1000 pixels."""
    assert arranged(*blocks) == order.split()


def test_no_figure_leaves_its_part() -> None:
    """At the end of a part the figures that wait are set."""
    order = arranged(("p1", 700), ("f1", 400), ("p2", 100), ("|2", 50), ("p3", 500), ("p4", 9))
    assert order == ["p1", "p2", "f1", "|2", "p3", "p4"]


def test_a_page_goes_on_after_a_part() -> None:
    """A part begins where the last one ended, so its first page has less room."""
    first = [("p1", 600), ("|2", 50)]
    order = arranged(*first, ("p2", 200), ("f1", 300), ("p3", 300), ("p4", 9))
    assert order == ["p1", "|2", "p2", "p3", "f1", "p4"]


def test_a_figure_taller_than_a_page_is_set() -> None:
    """It waits for a page of its own, and the text does not wait for it."""
    assert arranged(("p1", 500), ("f1", 1500), ("p2", 700), ("p3", 9)) == ["p1", "p2", "p3", "f1"]


def test_footnotes_take_room() -> None:
    """A paragraph with a footnote fills more of the page than its own lines."""
    note = '<span class="footnote" id="n1"/><span class="footnote" id="n2"/>'
    root = fromstring(
        f'<html><body><h1 id="part"/><section><p id="p1">{note}</p><figure id="f1" class="figure"/>'
        '<p id="p2"/><p id="p3"/></section></body></html>'
    )
    tops = {"part": 0, "p1": 0, "f1": 500, "p2": 900, "p3": 1400, "n1": 2000, "n2": 2100}
    floats.mark(root)
    floats.arrange(root, tops, PAGE)
    section = root.find("body/section")
    assert section is not None
    assert [identity(each) for each in section] == ["p1", "p2", "f1", "p3"]
