"""A drawing made fit for a page: unique ids, colours that follow the theme, a text alternative."""

import re
from collections.abc import Mapping
from html import escape


def inline(svg: str, name: str, alt: str, colours: Mapping[str, str]) -> str:
    """Return an SVG document as an element for HTML.

    Ids get `name` as prefix, so that several drawings share a page; an id "variant-x" leaves
    data-variant="x" on its element. Each colour of `colours` becomes the CSS value given for it.
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
    return (
        f'<svg {_attributes(opening[0])} role="img" aria-label="{escape(alt)}">'
        + (body[opening.end() :])
    )


def _prefixed(body: str, prefix: str) -> str:
    body = re.sub(r'\bid="variant-([^"]*)"', r'id="variant-\1" data-variant="\1"', body)
    body = re.sub(r'\bid="', f'id="{prefix}', body)
    body = re.sub(r'((?:xlink:)?href)="#', rf'href="#{prefix}', body)
    return re.sub(r"url\(#", f"url(#{prefix}", body)


def _attributes(opening: str) -> str:
    """Return the view box and the natural size as a style, so that the drawing scales down."""
    box = re.search(r'viewBox="([^"]*)"', opening)
    width, height = size(opening)
    shown = box[1] if box else f"0 0 {width:g} {height:g}"
    return f'viewBox="{shown}" width="{width:g}" height="{height:g}" class="drawing"'


def size(svg: str) -> tuple[float, float]:
    """Return width and height of an SVG document in CSS pixels."""
    found = dict(re.findall(r'\b(width|height)="([\d.]+)(?:pt|px)?"', svg[:2000]))
    scale = 4 / 3 if re.search(r'\bwidth="[\d.]+pt"', svg[:2000]) else 1.0
    return float(found["width"]) * scale, float(found["height"]) * scale
