"""Row headers, after the fact: the typesetter's package cannot say them while it sets a table."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf

from report.output.paper.tree import Node, elements, walk


def complete(pdf: bytes, tree: Node) -> bytes:
    """Return the PDF made of `tree`, smaller, with a header for each row that has one in the tree.

    The same PDF gives the same bytes. Raises ValueError where PDF and tree have other tables.
    """
    with pikepdf.open(BytesIO(pdf)) as document:
        for made, source in zip(
            _named(document.Root.StructTreeRoot, "/Table"), walk(tree, "table"), strict=True
        ):
            _head_rows(made, source)
        finished = BytesIO()
        document.save(
            finished,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            recompress_flate=True,
        )
    return finished.getvalue()


def _head_rows(made: Any, source: Node) -> None:
    """Tag the first cell of each row of a body as its header where the tree has a <th> there."""
    rows = [row for body in walk(source, "tbody") for row in elements(body)]
    found = [row for body in _named(made, "/TBody") for row in _named(body, "/TR")]
    for tagged, row in zip(found, rows, strict=True):
        if elements(row)[0]["tag"] == "th":
            cell = next(_named(tagged, "/TD"))
            cell.S = pikepdf.Name.TH
            cell.A = pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=pikepdf.Name.Row)


def _named(element: Any, tag: str) -> Iterator[Any]:
    """Yield the structure elements of a tag below an element, in order."""
    below = element.get("/K", [])
    for child in below if isinstance(below, pikepdf.Array) else [below]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            if tag == child.S:
                yield child
            yield from _named(child, tag)
