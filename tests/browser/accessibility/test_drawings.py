"""Text in the drawings: legible at every width, in the page's own faces, clear of other text."""

from itertools import combinations
from typing import Any

import pytest

from tests.browser.opening import Opener, lay_out

WIDTHS = (360, 640, 1280)
"""A phone, the narrowest page with the wide drawing, and a desk."""
TEXTS = """() => [...document.querySelectorAll('figure.figure')].map(figure => {
  const drawn = [...figure.querySelectorAll('svg.drawing')]
    .filter(each => getComputedStyle(each).display !== 'none');
  const [svg] = drawn;
  const edges = each => { const r = each.getBoundingClientRect();
    return [r.left, r.top, r.right, r.bottom]; };
  const scale = svg.getScreenCTM().a;
  return {
    name: figure.dataset.name, count: drawn.length,
    pages: [svg, figure.closest('.long')].filter(Boolean).map(edges),
    texts: [...svg.querySelectorAll('text')].map(each => ({
      said: each.textContent, box: edges(each),
      size: scale * parseFloat(getComputedStyle(each).fontSize),
    })),
  };
})"""
LEAST, MOST = 11, 16
"""CSS pixels of type in a drawing."""
SLACK = 1.5
"""CSS pixels of a line's height that no letter fills."""


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("page", ["q1", "q2", "q3"])
def test_text_in_figures_can_be_read(open_page: Opener, page: str, width: int) -> None:
    """One drawing of each is shown, whose texts are large enough, whole, and apart."""
    opened = open_page(page, width=width)
    lay_out(opened)
    figures = opened.evaluate(TEXTS)
    assert figures
    for figure in figures:
        assert figure["count"] == 1, figure["name"]
        assert figure["texts"], figure["name"]
        for text in figure["texts"]:
            told = f"{figure['name']}: {text['said']!r}"
            assert LEAST <= text["size"] <= MOST, told
            assert all(inside(text["box"], page) for page in figure["pages"]), f"{told} is cut"
        for one, other in combinations(figure["texts"], 2):
            told = f"{figure['name']}: {one['said']!r} overlaps {other['said']!r}"
            assert not overlap(one["box"], other["box"]), told


def inside(box: list[float], page: list[float]) -> bool:
    """Whether a box is within the page, a drawing or what cuts off whatever leaves it."""
    left, top, right, bottom = box
    return (
        left >= page[0] - SLACK
        and top >= page[1] - SLACK
        and right <= page[2] + SLACK
        and bottom <= page[3] + SLACK
    )


def overlap(one: list[float], other: list[float]) -> bool:
    """Whether two boxes share more than the room around their letters."""
    return all(
        min(one[at + 2], other[at + 2]) - max(one[at], other[at]) > 2 * SLACK for at in (0, 1)
    )


@pytest.mark.parametrize("width", [360, 1280])
def test_text_in_figures_is_of_the_page_s_own_faces(open_page: Opener, width: int) -> None:
    """What the browser draws letters with came with the page: no sign is left to the system."""
    page = open_page("q2", width=width)
    page.evaluate("document.fonts.ready")
    client: Any = page.context.new_cdp_session(page)
    client.send("DOM.enable")
    client.send("CSS.enable")
    root = client.send("DOM.getDocument")["root"]["nodeId"]
    selector = f"svg.drawing.{'narrow' if width == 360 else 'wide'} text"
    found = client.send("DOM.querySelectorAll", {"nodeId": root, "selector": selector})["nodeIds"]
    assert len(found) > 100
    used = [client.send("CSS.getPlatformFontsForNode", {"nodeId": each})["fonts"] for each in found]
    foreign = {font["familyName"] for fonts in used for font in fonts if not font["isCustomFont"]}
    assert not foreign
    names = {font["familyName"] for fonts in used for font in fonts}
    assert all(name.startswith("Source Serif 4") for name in names)


PAINTS = """() => [...document.querySelectorAll(
  'figure.figure svg.wide [data-variant]:not([data-cell]) :is(path, use)')]
  .filter(each => each.getClientRects().length && !each.closest('defs'))
  .flatMap(each => { const look = getComputedStyle(each); return [look.fill, look.stroke]; })"""


@pytest.mark.parametrize(("theme", "ground"), [("light", "rgb(255, 255, 255)"),
                                               ("dark", "rgb(0, 0, 0)")])  # fmt: skip
def test_chosen_colours_reach_every_mark(open_page: Opener, theme: Any, ground: str) -> None:
    """In forced colours no line keeps a green of its own: all have the text's, or the ground's."""
    page = open_page("q2", theme=theme, context={"forced_colors": "active"})
    system = page.evaluate(
        """() => { const probe = document.createElement('i'); document.body.append(probe);
          return ['Canvas', 'CanvasText'].map(name => { probe.style.color = name;
            return getComputedStyle(probe).color; }); }"""
    )
    assert system[0] == ground
    paints = set(page.evaluate(PAINTS)) - {"none"}
    assert paints <= {*system}
    assert system[1] in paints
    grounds = page.evaluate(
        """() => [...document.querySelectorAll('svg.wide [data-variant] text')].map(each =>
          [each, each.parentElement.querySelector('path')]
            .map(part => getComputedStyle(part).fill))"""
    )
    assert grounds
    assert {tuple(each) for each in grounds} == {(system[1], system[0])}
    cells = page.evaluate(
        """() => [...document.querySelectorAll('figure.figure svg.wide [data-cell] path')]
          .map(each => getComputedStyle(each).fill)"""
    )
    assert set(cells) <= {system[0], "none"}
