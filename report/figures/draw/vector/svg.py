"""From the drawing of a figure to what a page shows of it: its parts, with ids of their own."""

import re
from collections.abc import Mapping, Sequence
from html import escape
from xml.etree.ElementTree import Element, fromstring
from xml.sax.saxutils import quoteattr

from report.figures.draw import style

_XLINK = "{http://www.w3.org/1999/xlink}"
_REFERENCE = re.compile(r"(?:^|url\()#([^)]+)")


def inline(svg: str, name: str, alt: str, colours: Mapping[str, str], kind: str = "drawing") -> str:
    """Return an SVG document as an element for HTML, of the class `kind`.

    Ids get `name` as prefix, so that several drawings share a page. Each colour of `colours`
    becomes the CSS value given for it: an attribute of SVG takes a variable in every browser, as it
    is read as the CSS property of its name. Without `alt` it is an ornament, which is not read out.
    """
    body = svg[svg.index("<svg") :].strip()
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.S)
    body = re.sub(r"<title>.*?</title>", "", body, count=1, flags=re.S)
    body = _prefixed(body, f"{name}-")
    for colour, value in colours.items():
        body = re.sub(re.escape(colour) + r"(?![0-9a-fA-F])", value, body, flags=re.I)
    opening = _opening(body)
    spoken = f'role="img" aria-label="{escape(alt)}"' if alt else 'aria-hidden="true"'
    drawn = f'{_attributes(opening)} font-size="{style.SIZE:g}"'
    return f'<svg {drawn} class="{kind}" {spoken}>{body[len(opening) :]}'


def without(svg: str, attribute: str, value: str) -> str:
    """Return a drawing without the groups that have an attribute of this value.

    What they define for others stays.
    """
    root = fromstring(svg)
    removed = _take_out(root, attribute, value)
    defined = _definitions(removed, root)
    end = svg[svg.rindex("</svg>") :]
    return f"{_opening(svg)}{_inside(root)}{defined}{end}" if removed else svg


def excerpt(svg: str, attribute: str, value: str, box: tuple[float, float, float, float]) -> str:
    """Return the first group that has an attribute of this value as a drawing of its own.

    `box` is left, top, width and height of what it shows, in the units of the whole.
    """
    root = fromstring(svg)
    group = next(each for each in root.iter() if each.get(attribute) == value)
    left, top, width, height = box
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        f' width="{width:.1f}pt" height="{height:.1f}pt"'
        f' viewBox="{left:.1f} {top:.1f} {width:.1f} {height:.1f}">'
        f"{_definitions([root], group)}{_text(group)}</svg>"
    )


def cropped(svg: str, top: float) -> str:
    """Return a drawing without what is above `top`, in its units; the rest stays in its place."""
    width, height = (value * 3 / 4 for value in size(svg))
    opening = _opening(svg)
    changed = re.sub(r'viewBox="[^"]*"', f'viewBox="0 {top:g} {width:g} {height - top:g}"', opening)
    changed = re.sub(r' height="[^"]*"', f' height="{height - top:g}pt"', changed)
    return changed + svg[len(opening) :]


def _opening(svg: str) -> str:
    """A document up to the end of its first tag, which has its size."""
    return svg[: svg.index(">", svg.index("<svg")) + 1]


def _take_out(parent: Element, attribute: str, value: str) -> list[Element]:
    """Remove the outermost groups that have an attribute of this value; what follows them stays."""
    removed: list[Element] = []
    before: Element | None = None
    for child in list(parent):
        if child.get(attribute) == value:
            parent.remove(child)
            removed.append(child)
            if before is None:
                parent.text = (parent.text or "") + (child.tail or "")
            else:
                before.tail = (before.tail or "") + (child.tail or "")
        else:
            removed += _take_out(child, attribute, value)
            before = child
    return removed


def _definitions(sources: Sequence[Element], user: Element) -> str:
    """The definitions in `sources` that `user` refers to and does not hold itself."""
    values = [value for each in user.iter() for value in each.attrib.values()]
    asked = {name for value in values for name in _REFERENCE.findall(value)}
    asked -= {each.get("id") for each in user.iter()}
    elements = [each for source in sources for each in source.iter()]
    found = [_text(each) for each in elements if each.get("id") in asked]
    return f"<defs>{''.join(found)}</defs>" if found else ""


def _text(element: Element) -> str:
    """An element as it was written, without what follows it."""
    name = element.tag.rpartition("}")[2]
    attributes = "".join(
        f" {key.replace(_XLINK, 'xlink:')}={quoteattr(value)}" for key, value in element.items()
    )
    inside = _inside(element)
    return f"<{name}{attributes}>{inside}</{name}>" if inside else f"<{name}{attributes}/>"


def _inside(element: Element) -> str:
    return escape(element.text or "") + "".join(
        _text(child) + escape(child.tail or "") for child in element
    )


DARK = {
    style.INK: "#e7e5df",
    style.MUTED: "#a6a8b3",
    style.GRID: "#3b3d46",
    style.PAPER: "#17181c",
}
"""The neutral colours of a drawing, and what they are on a dark ground: those of style.css."""


def standalone(svg: str) -> str:
    """Return a drawing as a file of its own that follows the reader's choice of light or dark.

    Its rules reach nothing but itself there, and what knows no such choice, such as paper, is left
    with the colours as drawn.
    """
    rules = "".join(
        f'[{what}="{light}"]{{{what}:{dark}}}'
        for light, dark in DARK.items()
        for what in ("fill", "stroke")
    )
    paper = DARK[style.PAPER]
    sheet = (
        "<style>:root{color-scheme:light dark}@media (prefers-color-scheme:dark)"
        f"{{:root{{background:{paper}}}{rules}}}</style>"
    )
    opening = _opening(svg)
    return opening + sheet + svg[len(opening) :]


def _prefixed(body: str, prefix: str) -> str:
    body = re.sub(r'\bid="', f'id="{prefix}', body)
    body = re.sub(r'((?:xlink:)?href)="#', rf'href="#{prefix}', body)
    return re.sub(r"url\(#", f"url(#{prefix}", body)


def _attributes(opening: str) -> str:
    """Return the view box and the natural size as a style, so that the drawing scales down."""
    box = re.search(r'viewBox="([^"]*)"', opening)
    width, height = size(opening)
    shown = box[1] if box else f"0 0 {width:g} {height:g}"
    return f'viewBox="{shown}" width="{width:g}" height="{height:g}"'


def size(svg: str) -> tuple[float, float]:
    """Return width and height of an SVG document in CSS pixels."""
    opening = _opening(svg)
    found = dict(re.findall(r' (width|height)="([\d.]+)(?:pt|px)?"', opening))
    scale = 4 / 3 if re.search(r' width="[\d.]+pt"', opening) else 1.0
    return float(found["width"]) * scale, float(found["height"]) * scale
