"""Figures on paper: one that does not fit goes to the next page, and the text moves up.

WeasyPrint leaves a hole where a figure does not fit. So the document is laid out once on a page
without end, which tells the height of every block, and is filled into pages here by those heights:
a figure that does not fit waits, the text after it goes on, and it stands where the next page
begins. The second layout then sets the blocks in this order.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from xml.etree.ElementTree import Element

LINE = 20.0
"""Height of a line of text, in CSS pixels."""
SPLIT = 6
"""Lines below which a paragraph is not split: three stay, three go."""
HOLE = 0.07
"""Share of a page that may stay empty before a figure."""
RULE = 20.0
"""Height of the rule between text and footnotes, with the white around it, in CSS pixels."""
HEADINGS = ("h1", "h2", "h3", "h4")
WHOLE = {"claim-line", "answer", "listing", "equation", "short", "figure"}
"""Classes of blocks that are never split."""


@dataclass(frozen=True)
class Block:
    """A block of the text with its height and that of its footnotes, in CSS pixels."""

    element: Element
    parent: Element
    height: float
    notes: float = 0.0

    @property
    def floats(self) -> bool:
        """Whether the text may go on before it: a figure, or a short table with a caption."""
        classes = _classes(self.element)
        return "figure" in classes or ("short" in classes and "data-name" in self.element.attrib)

    @property
    def heading(self) -> bool:
        """Whether the next block has to begin on the same page."""
        return self.element.tag in HEADINGS

    @property
    def whole(self) -> bool:
        """Whether it stands on one page."""
        return bool(_classes(self.element) & WHOLE) or self.height < SPLIT * LINE


@dataclass
class Pages:
    """Pages as they fill: the blocks in their order, and the figures that wait for a page."""

    height: float
    filled: float = 0.0
    noted: bool = False
    order: list[Block] = field(default_factory=list)
    waiting: list[Block] = field(default_factory=list)

    def add(self, block: Block, following: float) -> None:
        """Set a block; `following` is what has to stand below it on the same page."""
        if block.floats and (self.waiting or self._leaves_a_hole(block)):
            self.waiting.append(block)
        elif self._fits(block, following):
            self._set(block)
        elif block.whole or block.heading:
            self._turn()
            if not self._fits(block, following):
                self._turn()
            self._set(block)
        else:
            self._set(block)
            self._turn(max(self.filled - self.height, 0.0))

    def flush(self) -> None:
        """Set the figures that still wait, on pages of their own."""
        while self.waiting:
            self._turn()

    def _turn(self, filled: float = 0.0) -> None:
        """Begin a page, with so much of it filled, and with the figures that it has room for."""
        self.filled = filled
        self.noted = False
        if self.waiting and not filled:
            self._set(self.waiting.pop(0))
        while self.waiting and self._fits(self.waiting[0]):
            self._set(self.waiting.pop(0))

    def _fits(self, block: Block, following: float = 0.0) -> bool:
        return self.filled + self._room(block) + following <= self.height

    def _room(self, block: Block) -> float:
        """Return the height that a block takes, with the rule above the first footnote."""
        rule = RULE if block.notes and not self.noted else 0.0
        return block.height + block.notes + rule

    def _leaves_a_hole(self, block: Block) -> bool:
        left = self.height - self.filled
        return block.height > left > HOLE * self.height

    def _set(self, block: Block) -> None:
        self.order.append(block)
        self.filled += self._room(block)
        self.noted = self.noted or block.notes > 0


def mark(root: Element) -> None:
    """Give every block of the text and every footnote an id, by which its place can be read."""
    for number, element in enumerate(_marked(root)):
        element.attrib.setdefault("id", f"block-{number}")


def arrange(root: Element, tops: Mapping[str, float], height: float) -> None:
    """Move the figures of a document to where the pages of the given height have room for them.

    `tops` are the places of the blocks that `mark` has named, on one page without end.
    """
    pages = Pages(height)
    heights = _heights([element.attrib["id"] for element in _marked(root)], tops)
    for chapter in _chapters(root):
        blocks = [_measured(element, parent, heights) for element, parent in chapter]
        for number, block in enumerate(blocks):
            pages.add(block, _following(blocks, number))
        pages.flush()
    _reorder(pages.order)


def _chapters(root: Element) -> Iterator[list[tuple[Element, Element]]]:
    """Yield the blocks with their parents, part by part: no figure leaves its part."""
    body = root.find("body")
    assert body is not None
    chapter: list[tuple[Element, Element]] = []
    for element in body:
        if element.tag == "h1":
            if chapter:
                yield chapter
            chapter = [(element, body)]
        elif element.tag == "section" and chapter:
            chapter += [(child, element) for child in element]
    if chapter:
        yield chapter


def _marked(root: Element) -> Iterator[Element]:
    for chapter in _chapters(root):
        for element, _ in chapter:
            yield element
            yield from _notes(element)


def _notes(element: Element) -> Iterator[Element]:
    return (each for each in element.iter("span") if "footnote" in _classes(each))


def _measured(element: Element, parent: Element, heights: Mapping[str, float]) -> Block:
    notes = sum(heights[note.attrib["id"]] for note in _notes(element))
    return Block(element, parent, heights[element.attrib["id"]], notes)


def _heights(names: Sequence[str], tops: Mapping[str, float]) -> dict[str, float]:
    """Return what lies between the tops of two in a row; footnotes stand below all blocks."""
    places = sorted((tops.get(name, 0.0), number, name) for number, name in enumerate(names))
    heights = {name: below - top for (top, _, name), (below, *_) in pairwise(places)}
    return heights | {places[-1][-1]: LINE} if places else {}


def _following(blocks: Sequence[Block], number: int) -> float:
    """Return the height that has to stand on the page of a heading, below it."""
    if not blocks[number].heading or number + 1 == len(blocks):
        return 0.0
    below = next((block for block in blocks[number + 1 :] if not block.floats), blocks[number + 1])
    if below.heading:
        return below.height + _following(blocks, blocks.index(below))
    return below.height + below.notes if below.whole else 3 * LINE


def _reorder(order: Sequence[Block]) -> None:
    """Put the elements into their new order; a figure joins the section that it stands in now."""
    for parent in {id(block.parent): block.parent for block in order}.values():
        for block in order:
            if block.parent is parent and parent.tag == "section":
                parent.remove(block.element)
    stands = order[0]
    for block in order:
        if block.parent.tag == "section":
            stands = block if stands.parent.tag != "section" or not block.floats else stands
            stands.parent.append(block.element)


def _classes(element: Element) -> set[str]:
    return set(element.get("class", "").split())
