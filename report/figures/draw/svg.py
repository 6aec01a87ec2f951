"""A drawing made fit for a page: unique ids, colours that follow the theme, a text alternative."""

import re
from collections.abc import Mapping
from html import escape

from report.figures.draw import style

_GROUP = re.compile(r"<g\b[^>]*?(/?)>|</g>")
_REFERENCE = re.compile(r'(?:href="|url\()#([^")]+)')
_DEFINED = re.compile(r'<(path|clipPath)\b[^>]*? id="([^"]+)".*?(?:/>|</clipPath>)', re.S)


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
    opening = re.match(r"<svg[^>]*>", body)
    if opening is None:
        raise ValueError(f"{name} is not an SVG document")
    spoken = f'role="img" aria-label="{escape(alt)}"' if alt else 'aria-hidden="true"'
    return f'<svg {_attributes(opening[0])} class="{kind}" {spoken}>{body[opening.end() :]}'


def without(svg: str, attribute: str, value: str) -> str:
    """Return a drawing without the groups that have an attribute of this value.

    What they define for others stays.
    """
    kept, removed, position = [], [], 0
    for start, end in _groups(svg, attribute, value):
        kept.append(svg[position:start])
        removed.append(svg[start:end])
        position = end
    left = "".join(kept) + svg[position:]
    needed = _definitions("".join(removed), left)
    return left.replace("</svg>", f"{needed}</svg>") if needed else left


def excerpt(svg: str, attribute: str, value: str, box: tuple[float, float, float, float]) -> str:
    """Return the first group that has an attribute of this value as a drawing of its own.

    `box` is left, top, width and height of what it shows, in the units of the whole.
    """
    start, end = _groups(svg, attribute, value)[0]
    group = svg[start:end]
    left, top, width, height = box
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        f' width="{width:.1f}pt" height="{height:.1f}pt"'
        f' viewBox="{left:.1f} {top:.1f} {width:.1f} {height:.1f}">'
        f"{_definitions(svg, group)}{group}</svg>"
    )


def cropped(svg: str, top: float) -> str:
    """Return a drawing without what is above `top`, in its units; the rest stays in its place."""
    width, height = (value * 3 / 4 for value in size(svg))
    opening = svg[: svg.index(">") + 1]
    changed = re.sub(r'viewBox="[^"]*"', f'viewBox="0 {top:g} {width:g} {height - top:g}"', opening)
    changed = re.sub(r' height="[^"]*"', f' height="{height - top:g}pt"', changed)
    return changed + svg[len(opening) :]


def _groups(svg: str, attribute: str, value: str) -> list[tuple[int, int]]:
    """Where the outermost groups that have an attribute of this value begin and end."""
    found, begun, depth = [], -1, 0
    mark = f'{attribute}="{value}"'
    for tag in _GROUP.finditer(svg):
        if begun < 0 and mark in tag[0]:
            begun, depth = tag.start(), 0
        depth += 0 if tag[1] else -1 if tag[0] == "</g>" else 1
        if begun >= 0 and depth == 0:
            found.append((begun, tag.end()))
            begun = -1
    return found


def _definitions(source: str, user: str) -> str:
    """The definitions in `source` that `user` refers to and does not hold itself."""
    own = set(re.findall(r' id="([^"]+)"', user))
    asked = set(_REFERENCE.findall(user)) - own
    found = [each[0] for each in _DEFINED.finditer(source) if each[2] in asked]
    return f"<defs>{''.join(found)}</defs>" if found else ""


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
    paper = DARK["#fefdfc"]
    style = (
        "<style>:root{color-scheme:light dark}@media (prefers-color-scheme:dark)"
        f"{{:root{{background:{paper}}}{rules}}}</style>"
    )
    opening = svg[: svg.index(">", svg.index("<svg")) + 1]
    return svg.replace(opening, opening + style, 1)


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
    opening = svg[svg.index("<svg") : svg.index(">", svg.index("<svg"))]
    found = dict(re.findall(r' (width|height)="([\d.]+)(?:pt|px)?"', opening))
    scale = 4 / 3 if re.search(r' width="[\d.]+pt"', opening) else 1.0
    return float(found["width"]) * scale, float(found["height"]) * scale
