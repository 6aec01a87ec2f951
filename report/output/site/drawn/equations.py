"""Equations of a page, drawn as on paper; their MathML stays, out of sight, for readers of text.

A browser's own setting of MathML misses the axis of fractions, the bars of roots and the spaces of
indices, and each browser misses others.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from report.output.paper.equations.drawing import Piece, Placed, Setter
from report.output.paper.tree import Node, elements, node, parse, text, walk
from report.prose.source.derived import Derived

MATH = re.compile(r"(?P<before>\S?)(?P<math><math\b[^>]*>.*?</math>)", re.S)
JOINED = "&#8288;"
"""Within a span that does not wrap, it keeps a drawing on the line of the sign beside it."""
RELATIONS = frozenset("=≈≠≤≥<>∼~∝→")
OPENING, CLOSING = frozenset("([{"), frozenset(")]}")
EMS = re.compile(r"-?[\d.]+em")
APART_EM = 1.0
"""A space of that width, or wider, divides an equation into clauses."""
THICK = node("mspace", width="0.278em")
"""The space before a relation, which the paper leaves out where nothing stands before it."""
AXIS = 258
"""How high above the baseline the face has the bars of fractions."""
ABOVE, BELOW = 750, 250
"""Of a drawing within a line, whatever it holds: so no fraction pushes lines apart."""
IMPLIES = "⟹"

Named = Callable[[str], str]
"""The id of an outline on a page."""


class Drawings:
    """Draws the equations of pages, each once as long as what is derived is kept."""

    def __init__(self, templates: Path, derived: Derived) -> None:
        """`templates` is the folder that holds paper/ and fonts/."""
        self._derived = derived
        self._setter = Setter(templates)

    def page(self, html: str) -> str:
        """Return a page with its equations drawn, and the glyphs of all of them at its head."""
        drawn, glyphs = self._drawn(html, "g-")
        return re.sub(r"<body\b[^>]*>", lambda body: body[0] + glyphs, drawn, count=1)

    def fragment(self, html: str) -> str:
        """Return a part of a page that brings the glyphs of its equations along."""
        drawn, glyphs = self._drawn(html, "preview-g-")
        return drawn + glyphs

    def _drawn(self, html: str, prefix: str) -> tuple[str, str]:
        names: dict[str, str] = {}

        def named(outline: str) -> str:
            return names.setdefault(outline, f"{prefix}{len(names):x}")

        def drawn(found: re.Match[str]) -> str:
            before, math = found["before"], found["math"]
            display = 'display="block"' in math.partition(">")[0]
            clauses = self._clauses(math, display=display)
            if not clauses:
                return found[0]
            if display:
                return before + _displayed(clauses, math, named)
            # At a bracket or quotation mark before it, but not at a tag, a line could end.
            return before + _inline(clauses[0][0], math, named, joined=before not in ("", ">"))

        html = MATH.sub(drawn, html)
        paths = "".join(f'<path id="{name}" d="{outline}"/>' for outline, name in names.items())
        glyphs = f'<svg class="glyphs" aria-hidden="true"><defs>{paths}</defs></svg>'
        return html, glyphs if names else ""

    def _clauses(self, math: str, *, display: bool) -> list[list[Piece]]:
        """Return the pieces of an equation by clause; none for what the paper cannot set.

        The paper, which is set later, tells what that is and where it stands.
        """

        def make() -> str:
            clauses = divided(math) if display else [[_tree(math)]]
            nodes = [part for clause in clauses for part in clause]
            pieces = self._setter.pieces(nodes, display=display)
            told = map(asdict, pieces or ())
            return json.dumps([[next(told) for _ in clause] for clause in clauses if pieces])

        kept = self._derived.text("equation", self._setter.identity, math, make=make)
        return [[_piece(each) for each in clause] for clause in json.loads(kept)]


def divided(math: str) -> list[list[Node]]:
    """Return an equation as clauses, which wide spaces divide, in parts that relations begin."""
    clauses: list[list[list[Node]]] = [[[]]]
    depth = 0
    for each in _row(_tree(math)):
        sign = text(each) if each["tag"] in {"mo", "mi"} else ""
        depth += (sign in OPENING) - (sign in CLOSING)
        part = clauses[-1][-1]
        arrow = bool(part) and text(part[0]) == IMPLIES  # it stays with what it leads to
        if each["tag"] == "mspace" and _em(each) >= APART_EM and not arrow:
            clauses.append([[]])
            continue
        if sign in RELATIONS and depth == 0 and part:
            if part[-1]["tag"] != "mspace":
                part.append(THICK)
            clauses[-1].append([])
        clauses[-1][-1].append(each)
    return [[node("math", *part) for part in clause] for clause in clauses if clause[0]]


def _tree(math: str) -> Node:
    """Return MathML as a tree without its annotations."""
    (tree,) = elements(parse(math))
    for semantics in walk(tree, "semantics"):
        del semantics["children"][1:]
    return tree


def _row(math: Node) -> list[Node]:
    """Return what stands in the outermost row of an equation."""
    while len(inner := elements(math)) == 1 and inner[0]["tag"] in {"semantics", "mrow"}:
        (math,) = inner
    return elements(math)


def _em(space: Node) -> float:
    """Return how wide a space is; nothing for one in another unit, which the paper refuses."""
    width = space["attributes"].get("width", "")
    return float(width.removesuffix("em")) if EMS.fullmatch(width) else 0


def _piece(kept: Mapping[str, Any]) -> Piece:
    parts = tuple(Placed(**each) for each in kept["parts"])
    return Piece(kept["width"], kept["above"], kept["below"], parts)


def _inline(piece: Piece, math: str, named: Named, *, joined: bool) -> str:
    drawing = _drawing(piece, ABOVE, BELOW, "", named)
    before = JOINED if joined else ""
    return f'<span class="math">{before}{drawing}{math}{JOINED}</span>'


def _displayed(clauses: Sequence[Sequence[Piece]], math: str, named: Named) -> str:
    """Return an equation whose pieces stand on one line if they are centred.

    Each reaches as far above its axis as below.
    """
    drawn = ""
    for clause in clauses:
        halves = [max(each.above - AXIS, each.below + AXIS) for each in clause]
        drawings = (
            _drawing(each, half + AXIS, half - AXIS, f' height="{_ems(2 * half)}"', named)
            for each, half in zip(clause, halves, strict=True)
        )
        drawn += f"<span>{''.join(drawings)}</span>"
    return f'<span class="math">{drawn}{math}</span>'


def _drawing(piece: Piece, above: int, below: int, more: str, named: Named) -> str:
    """Return a piece as SVG in a box that reaches so far above and below its baseline."""
    drawn = "".join(
        f'<use href="#{named(each.outline)}"{_at("x", each.x)}{_at("y", each.y)}/>'
        for each in piece.parts
    )
    box = f"0 {-above} {piece.width} {above + below}"
    size = f'viewBox="{box}" width="{_ems(piece.width)}"{more}'
    return f'<svg {size} aria-hidden="true">{drawn}</svg>'


def _ems(thousandths: int) -> str:
    return f"{thousandths / 1000:g}em"


def _at(axis: str, place: int) -> str:
    return f' {axis}="{place}"' if place else ""
