"""Equations as the paper has them, as outlines: each glyph once, and where it stands."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring

from analysis.results.cache import digest
from report.output.paper.press import FACES
from report.output.paper.tree import Node
from report.output.writing import sources

FILES = ("equations/alone.typ", "equations/mathml.typ", "tree.typ")
FACE = "stix-two-math-400-normal.ttf"
BASELINE = 5000
"""Where it lies on a page of alone.typ, in thousandths of an em."""
Point = tuple[int, int]
SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
STEP = re.compile(r"([A-Za-z])([^A-Za-z]*)")


@dataclass(frozen=True)
class Placed:
    """A glyph or a rule, as a path of SVG, and where it stands."""

    outline: str
    x: int
    y: int


@dataclass(frozen=True)
class Piece:
    """A part of an equation in thousandths of an em: right and down from where it begins."""

    width: int
    above: int
    """How far it reaches above the baseline, and below."""
    below: int
    parts: tuple[Placed, ...]


class Setter:
    """Sets equations by the templates and the face of the paper."""

    def __init__(self, templates: Path) -> None:
        """`templates` is the folder that holds paper/ and fonts/."""
        self.templates = templates
        self._compiler: Any = None

    @cached_property
    def identity(self) -> str:
        """Return the digest of all that a drawing follows from but the equation."""
        face = sources.face(self.templates, f"{FACES}/{FACE}")
        return digest(face, *self._files.values(), version("typst"))

    def pieces(self, nodes: Sequence[Node], *, display: bool) -> list[Piece] | None:
        """Return MathML drawn, a piece for each node; None for what the paper cannot set."""
        import typst

        given = json.dumps({"pieces": nodes, "display": display}, ensure_ascii=False).encode()
        files = {**self._files, "main.typ": self._files[FILES[0]], "given.json": given}
        if self._compiler is None:
            make: Any = typst.Compiler  # its types do not fit files given as bytes
            faces = str(self.templates / FACES)
            self._compiler = make(files, font_paths=[faces], ignore_system_fonts=True)
        try:
            drawn = self._compiler.compile(input=files, format="svg")
        except typst.TypstError:
            return None
        return [_piece(page) for page in ([drawn] if isinstance(drawn, bytes) else drawn)]

    @cached_property
    def _files(self) -> dict[str, bytes]:
        return {name: sources.text(self.templates, f"paper/{name}").encode() for name in FILES}


def _piece(page: bytes) -> Piece:
    """Return what stands on a page."""
    root = fromstring(page)
    outlines = {f"#{each.get('id')}": each[0].get("d", "") for each in root.iter(f"{SVG}symbol")}
    parts = tuple(part for each in root for part in _parts(each, outlines))
    heights = [part.y + y for part in parts for y in _heights(part.outline)] or [0]
    width = round(float(root.get("viewBox", "").split()[2]))
    return Piece(width, max(0, -min(heights)), max(0, *heights), parts)


def _parts(
    element: Element, outlines: dict[str, str], left: float = 0, top: float = -BASELINE
) -> Iterator[Placed]:
    """Yield what stands in an element that is placed there: glyphs and rules."""
    *_, right, down = map(float, NUMBER.findall(element.get("transform", "translate(0 0)")))
    left, top = left + right, top + down
    if element.tag == f"{SVG}path":
        *_, width = map(float, NUMBER.findall(element.get("d", "")))
        thick = float(element.get("stroke-width", "0"))
        wide, high = round(width), round(thick)
        yield Placed(f"m0 0h{wide}v{high}h{-wide}z", round(left), round(top - thick / 2))
    elif element.tag == f"{SVG}use":
        outline = _outline(outlines[element.get(HREF, "")])
        if outline:  # a space has none
            yield Placed(outline, round(left + float(element.get("x", "0"))), round(top))
    elif element.tag == f"{SVG}g":
        for each in element:
            yield from _parts(each, outlines, left, top)


def _outline(d: str) -> str:
    """Return an outline that grows upwards as one that grows downwards, in whole numbers.

    Its steps stay relative, but each leads to the whole number next to where it should end.
    """
    said: list[str] = []
    at = start = (0, 0)
    bend: Point | None = None
    for command, points in _absolute(d):
        if command == "z":
            said.append("z")
            at, bend = start, None
            continue
        whole = [(round(x), round(-y)) for x, y in points]
        words, bend = _step(command, at, bend, whole)
        said.append(words)
        at = whole[-1]
        start = at if command == "m" else start
    # A step that leads to another start draws nothing.
    return re.sub(r"m0 0(?=m|$)", "", "".join(said)).replace(" -", "-")


def _step(
    command: str, at: Point, bend: Point | None, points: list[Point]
) -> tuple[str, Point | None]:
    """Return a step of an outline in the fewest words, and what it has bent towards."""
    if command == "q":
        # Most curves of a face go on as straight as the one before them has ended.
        ahead = bend and (2 * at[0] - bend[0], 2 * at[1] - bend[1])
        bend = points[0]
        if ahead and max(abs(ahead[0] - bend[0]), abs(ahead[1] - bend[1])) <= 1:
            command, bend, points = "t", ahead, points[1:]
    else:
        bend = None
    steps = [(x - at[0], y - at[1]) for x, y in points]
    right, down = steps[0]
    if command == "l" and 0 in (right, down):
        return (f"h{right}" if down == 0 else f"v{down}"), bend
    return command + " ".join(f"{right} {down}" for right, down in steps), bend


def _absolute(d: str) -> Iterator[tuple[str, list[tuple[float, float]]]]:
    """Yield the commands of an outline with the points that they lead through, all absolute."""
    x = y = 0.0
    start = (x, y)
    for command, said in STEP.findall(d):
        numbers = [float(each) for each in NUMBER.findall(said)]
        if command == "Z":
            x, y = start
            yield "z", []
            continue
        ahead = {"h": [(numbers[0], 0.0)], "v": [(0.0, numbers[0])]} if len(numbers) == 1 else {}
        steps = ahead.get(command) or [*zip(numbers[::2], numbers[1::2], strict=True)]
        at = (0.0, 0.0) if command == "M" else (x, y)
        points = [(at[0] + right, at[1] + up) for right, up in steps]
        x, y = points[-1]
        name = "l" if command in "hv" else command.lower()
        if name == "m":
            start = (x, y)
        yield name, points


def _heights(outline: str) -> Iterator[int]:
    """Yield how far down the points of an outline are, and most of what it bends towards."""
    y = start = 0
    for command, said in STEP.findall(outline):
        numbers = [int(each) for each in NUMBER.findall(said)]
        downs = {"h": [0], "v": numbers}.get(command, numbers[1::2])
        yield from (y + down for down in downs)
        y = y + downs[-1] if downs else start
        start = y if command == "m" else start
