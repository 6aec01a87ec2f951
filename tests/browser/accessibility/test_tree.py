"""What a screen reader is handed: the tree that the browser makes of each page for it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.opening import Opener, lay_out, sampled

LANDMARKS = {"navigation", "region", "search", "complementary"}
"""Of each of these there may be several on a page: without a name none can be told from another."""
STOPS = {"link", "button", "textbox", "searchbox", "combobox", "slider", "spinbutton", "checkbox"}
OPEN = """document.querySelectorAll("details:not(section.runs ~ section.runs details)")
  .forEach(each => { each.open = true; })"""
"""All that is folded is read as well; of the tables of runs the first, which are all alike."""


@dataclass(frozen=True)
class Node:
    """A node of the tree: its role, name and level, and the roles of those above it."""

    role: str
    name: str
    level: int
    above: tuple[str, ...]


def tree(page: Page) -> list[Node]:
    """Return the nodes that are not passed over, in the order in which they are read."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    known = {each["nodeId"]: each for each in nodes}

    def walk(node: dict[str, Any], above: tuple[str, ...]) -> Iterator[Node]:
        own = {each["name"]: each["value"].get("value") for each in node.get("properties", [])}
        role, name = (str(node.get(key, {}).get("value", "")) for key in ("role", "name"))
        if not node["ignored"]:
            yield Node(role, name.strip(), int(own.get("level", 0)), above)
            above = (*above, role)
        for child in node.get("childIds", ()):
            if child in known:
                yield from walk(known[child], above)

    return list(walk(nodes[0], ()))


@pytest.mark.parametrize("name", sampled("index", "q2", "runs", "laboratory"))
def test_a_screen_reader_finds_its_way(open_page: Opener, name: str) -> None:
    """Headings skip no level, and landmarks, stops, pictures and tables have names and headers.

    Formulas are handed over as such, and none is spelled out letter by letter.
    """
    page = open_page(name)
    page.evaluate(OPEN)
    lay_out(page)
    if name == "laboratory":  # its words come when it has measured
        expect(page.locator("#train")).to_be_enabled()
    found = tree(page)
    levels = [node.level for node in found if node.role == "heading"]
    assert levels[0] <= 2  # of the list of contents, which stands before the text
    assert levels.count(1) == 1
    text = levels[levels.index(1) :]
    assert [pair for pair in pairwise(text) if pair[1] > pair[0] + 1] == []
    unnamed = [node for node in found if not node.name]
    assert [node for node in unnamed if node.role in LANDMARKS | STOPS | {"image", "heading"}] == []
    named = Counter((node.role, node.name) for node in found if node.role in LANDMARKS)
    assert [each for each, count in named.items() if count > 1] == []
    roles = Counter(node.role for node in found)
    assert roles["main"] == roles["banner"] == roles["contentinfo"] == 1
    heads = sum(node.role == "columnheader" for node in found)
    assert heads >= roles["table"]
    formulas = page.locator("math:visible").count()
    assert sum(node.role in ("math", "MathMLMath") for node in found) >= 0.9 * formulas
