"""What PDF/UA asks of tags and WeasyPrint leaves out: scopes of header cells, and notes."""

from collections.abc import Iterator
from typing import Any


def finish(_document: Any, pdf: Any) -> None:
    """Complete the structure tree of a PDF that WeasyPrint is about to write.

    A header cell says whether it heads a column or a row; a footnote is a Note with an ID.
    """
    elements = _Elements(pdf.objects)
    for element in elements.named("/TH"):
        row = elements.parent(element)
        in_head = elements.parent(row)["S"] == "/THead"
        element["A"]["Scope"] = "/Column" if in_head else "/Row"
    for number, element in enumerate(_notes(elements), start=1):
        element["S"] = "/Note"
        element["ID"] = f"(note-{number})".encode()


def _notes(elements: "_Elements") -> Iterator[dict[str, Any]]:
    """Yield the footnotes: what stands alone in an area of its own at the foot of a page."""
    for area in elements.named("/NonStruct"):
        if elements.parent(area)["S"] == "/Document":
            inside = [elements.at(child) for child in area["K"]]
            if inside and all(child["S"] == "/Span" for child in inside):
                yield from inside


class _Elements:
    """Structure elements of a PDF, found by their references."""

    def __init__(self, objects: list[Any]) -> None:
        self.objects = objects

    def named(self, tag: str) -> list[dict[str, Any]]:
        return [
            each
            for each in self.objects
            if isinstance(each, dict) and each.get("Type") == "/StructElem" and each["S"] == tag
        ]

    def at(self, reference: bytes | str) -> dict[str, Any]:
        number = reference.split()[0]
        found: dict[str, Any] = self.objects[int(number)]
        return found

    def parent(self, element: dict[str, Any]) -> dict[str, Any]:
        return self.at(element["P"])
