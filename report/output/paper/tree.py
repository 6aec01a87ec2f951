"""HTML as a tree of data, which templates/paper/ sets. It knows no tag but those without an end."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import TypedDict

from analysis.errors import ReportError

VOID = {"meta", "img", "br", "hr", "link", "input", "mspace", "wbr"}
SPACE = re.compile(r"[ \t\r\n]+")


class Node(TypedDict):
    """An element: its tag, its classes, its other attributes, and what it holds in order."""

    tag: str
    classes: list[str]
    attributes: dict[str, str]
    children: "list[Node | str]"


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [node("document")]

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        new = node(tag, **{name: value or "" for name, value in attributes})
        self.open[-1]["children"].append(new)
        if tag not in VOID:
            self.open.append(new)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if self.open[-1]["tag"] != tag:
            line = self.getpos()[0]
            inside = self.open[-1]["tag"]
            raise ReportError(f"paper: </{tag}> closes <{inside}>, in line {line} of the document")
        self.open.pop()

    def handle_data(self, data: str) -> None:
        kept = any(each["tag"] == "pre" for each in self.open)
        self.open[-1]["children"].append(data if kept else SPACE.sub(" ", data))


def node(tag: str, *children: "Node | str", **attributes: str) -> Node:
    """Return an element; the attribute `class` becomes its classes."""
    classes = attributes.pop("class", "").split()
    return {"tag": tag, "classes": classes, "attributes": attributes, "children": list(children)}


def parse(html: str) -> Node:
    """Return the tree of an HTML document or fragment, its white space collapsed.

    Raises ReportError where elements overlap or are not closed.
    """
    tree = _Tree()
    tree.feed(html)
    tree.close()
    if len(tree.open) > 1:
        raise ReportError(f"paper: <{tree.open[-1]['tag']}> is not closed")
    return tree.open[0]


def elements(parent: Node) -> "list[Node]":
    """Return the elements that stand directly in a node."""
    return [child for child in parent["children"] if not isinstance(child, str)]


def walk(parent: Node, *tags: str) -> "Iterator[Node]":
    """Yield a node and all elements below it in order, of these tags alone if any are given."""
    if not tags or parent["tag"] in tags:
        yield parent
    for child in elements(parent):
        yield from walk(child, *tags)


def text(parent: "Node | str") -> str:
    """Return the text of a node without its markup."""
    return parent if isinstance(parent, str) else "".join(map(text, parent["children"]))
