"""How the pages of the report are filled."""

import itertools
import re
from typing import Any

from report.output.paper.tree import Node, text, walk

HOLE, BEFORE_A_QUESTION = 0.17, 0.25
FOOT, TOP = 842 - 22 / 25.4 * 72, 24 / 25.4 * 72
LEFT, RIGHT = 28 / 25.4 * 72, 182 / 25.4 * 72
NOTE, TEXT, SMALLEST_HEADING, SUBHEADING = 8.45, 10.4, 10.5, 12.0
"""Sizes of type: footnotes and tables are at most as large as the first."""


def lines(page: Any) -> list[dict[str, Any]]:
    """The lines between the running head and the number of the page, from top to bottom."""
    found = [
        {
            "box": line["bbox"],
            "size": max(span["size"] for span in line["spans"]),
            "spans": line["spans"],
        }
        for block in page.get_text("dict")["blocks"]
        for line in block.get("lines", [])
        if line["bbox"][1] > TOP - 4 and line["bbox"][3] < FOOT + 4
    ]
    return sorted(found, key=lambda line: line["box"][1])


def said(line: dict[str, Any]) -> str:
    """The text of a line."""
    return "".join(span["text"] for span in line["spans"]).strip()


def is_heading(line: dict[str, Any]) -> bool:
    """Whether a line is set as one."""
    bold = all("semibold" in span["font"].lower() for span in line["spans"])
    return bool(bold and line["size"] > SMALLEST_HEADING)


def stretches(page: Any) -> list[tuple[float, float]]:
    """Top and bottom of everything that is printed between the margins, lines and drawings."""
    boxes = [line["box"] for line in lines(page)]
    boxes += [drawing["rect"] for drawing in page.get_drawings() if drawing["rect"][3] < FOOT + 4]
    return sorted((box[1], box[3]) for box in boxes)


def largest_hole(page: Any) -> float:
    """Share of the page's height that the largest empty stretch takes."""
    filled, hole = TOP, 0.0
    for top, bottom in [*stretches(page), (FOOT, FOOT)]:
        hole = max(hole, top - filled)
        filled = max(filled, bottom)
    return float(hole / 842)


def test_pages_are_filled(leaves: list[Any]) -> None:
    """None between the first and the last has an empty stretch of more than a sixth.

    The page before one that begins with a question has what that question leaves: up to a quarter.
    """
    holes = {number: largest_hole(page) for number, page in enumerate(leaves[1:-1], start=2)}
    begun = {number for number in holes if lines(leaves[number])[0]["size"] > SUBHEADING}
    wide = {number: hole for number, hole in holes.items() if hole > HOLE}
    assert {number: hole for number, hole in wide.items() if number not in begun} == {}
    assert all(hole < BEFORE_A_QUESTION for hole in wide.values())


def test_no_heading_is_at_the_foot_of_a_page(leaves: list[Any]) -> None:
    """Below every heading stands more than footnotes and the rows of a table.

    Below that of the contents stand all of them, in the type of notes.
    """
    for number, page in enumerate(leaves, start=1):
        body = [line for line in lines(page) if line["size"] > NOTE]
        for line in filter(is_heading, body):
            listed = said(line) == "Contents"
            below = [
                other
                for other in (lines(page) if listed else body)
                if other["box"][1] > line["box"][3]
            ]
            assert len(below) >= (10 if listed else 1), (number, said(line))


def test_no_page_begins_with_the_last_line_of_a_paragraph(leaves: list[Any]) -> None:
    """A line alone at the head of a page, shorter than the others, is the end of a paragraph."""
    for number, page in enumerate(leaves[1:], start=2):
        body = [line for line in lines(page) if line["size"] > NOTE]
        if len(body) < 2:  # a page of tables
            continue
        first, second = body[:2]
        lone = second["box"][1] - first["box"][1] > 2 * first["size"]
        text_line = abs(first["size"] - TEXT) < 0.1 and abs(first["box"][0] - LEFT) < 1
        # What leads to an equation or to code stands with it.
        led = any("STIX" in span["font"] for span in second["spans"]) or said(first).endswith(":")
        short = first["box"][2] < RIGHT - 60
        assert not (lone and text_line and short and not led), (number, said(first))


def test_what_the_screen_folds_is_printed(leaves: list[Any], source: Node) -> None:
    """Below each question for the reader stands its answer."""
    printed = "".join(said(line) for page in leaves for line in lines(page))
    bare = re.sub(r"[^A-Za-z]", "", printed.replace("\u00ad", ""))
    folded = list(walk(source, "details"))
    assert len(folded) >= 9
    for each in folded:
        for part in (*walk(each, "summary"), *walk(each, "p")):
            first = re.sub(r"[^A-Za-z]", "", text(part["children"][0]))  # up to an equation
            assert first in bare, first


def test_text_stays_on_the_page(leaves: list[Any]) -> None:
    """No word is outside of the margins; a full stop at the end of a line may hang over."""
    for page in leaves:
        for left, _top, right, _bottom, word, *_ in page.get_text("words"):
            assert LEFT - 0.5 < left < right < RIGHT + 3, word


def test_no_figure_leaves_its_section(leaves: list[Any], source: Node) -> None:
    """The caption of each figure stands between the title of its section and that of the next."""
    order: dict[str, tuple[int, float]] = {}
    for number, page in enumerate(leaves[1:], start=2):
        for line in lines(page):
            words = re.sub(r"^\d+[a-z]\.", "", "".join(said(line).split()))
            if not is_heading(line) and not words.startswith("Figure"):
                continue  # the contents have the titles, too
            order.setdefault(words[:14], (number, line["box"][1]))
    sections = [each for each in walk(source, "section") if any(walk(each, "figure"))]
    titles = {id(each): "".join(text(next(walk(each, "h2"))).split())[:14] for each in sections}
    for section, following in itertools.pairwise(sections):
        begins, ends = order[titles[id(section)]], order[titles[id(following)]]
        for caption in walk(section, "figcaption"):
            label = "".join(text(caption).split())[:14]
            if label.startswith("Figure"):
                assert begins < order[label] < ends or begins[0] == order[label][0], label
