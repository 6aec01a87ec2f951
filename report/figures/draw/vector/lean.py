"""The SVG that matplotlib writes in few bytes: a page holds many drawings, each of them twice."""

import re
from collections.abc import Iterator

from report.figures.draw.style import INK

_GROUP_ID = re.compile(r'id="(variant|legend)-([a-z0-9-]+?)(?:--([a-z]+))?"')
_LONG = re.compile(r"-?\d+\.\d{3,}")
_PLACED = re.compile(r'(?: (?:x|y)="|translate\()[^")]*')
_NOTHING = re.compile(r'<path d="[^"]*" style="fill: none"/>\n?|<g>\n?</g>\n?')
_MARKERS = re.compile(r'<g([^>]*)>\n((?:<use [^>]*? x="[^>]*/>\n)+)</g>')
_TEXT = re.compile(r'<text style="([^"]*)"([^>]*)>')
_MOVED = re.compile(r' transform="translate\((\S+) (\S+)\)"')
_UNTURNED = re.compile(r' transform="rotate\(-?0 [^"]*"')
_WRAPPED = re.compile(r"<g>\n((?:<(?:text|path|use) [^\n]*>\n)*)</g>\n")
_SHEET = re.compile(r'<defs>\s*<style type="text/css">.*?</style>\s*</defs>\s*', re.DOTALL)
_DRAWN = re.compile(r'( d=")([^"]*)"')
_STEP = re.compile(r"([A-Za-z])([^A-Za-z]*)")
_RAISED = re.compile(r"([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)</text>")
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789−")
EXPONENT = 7
"""Points of an exponent: as small as can be read."""
COURSE = 12
"""Steps of a path from which on it is no mark, whose shape is seen, but a course."""


def minified(document: str) -> str:
    """Return matplotlib's SVG document as an element of few bytes that draws the same.

    Each group of a variant carries data-variant with its slug, each part of its legend data-legend,
    each of two ways to show the spread over seeds data-spread, each cell of a map data-cell;
    other ids stay only where something refers to them. Colours are attributes, so that a style
    sheet rules over them.
    """
    svg = _GROUP_ID.sub(_data, document[document.index("<svg") :])
    used = set(re.findall(r'#([^")]+)[")]', svg))
    svg = re.sub(r' id="([^"]+)"', lambda found: found[0] if found[1] in used else "", svg)
    return _renamed(_unwrapped(_hoisted(_plain(_lettered(_shortened(svg))))))


def _data(found: re.Match[str]) -> str:
    own = f'data-{found[1]}="{found[2]}"'
    if not found[3]:
        return own
    return f'{own} data-cell=""' if found[3] == "cell" else f'{own} data-spread="{found[3]}"'


def _shortened(svg: str) -> str:
    """The same picture in fewer bytes: a hundredth of a point is finer than any screen or press."""
    svg = re.sub(r"<!--.*?-->", "", svg)
    svg = _PLACED.sub(lambda place: _LONG.sub(lambda n: f"{float(n[0]):.2f}", place[0]), svg)
    svg = _DRAWN.sub(lambda path: f'{path[1]}{"".join(_steps(path[2]))}"', svg)
    svg = re.sub(r"\s*\n\s*", "\n", svg)
    svg = re.sub(r'transform="translate\((\S+) 0\)"/>', r'x="\1"/>', svg)
    return _NOTHING.sub("", svg)


def _lettered(svg: str) -> str:
    """The same picture, where text has neither face, size nor ink of its own: a page gives them.

    Exponents become raised digits, as its face has not all of the signs for them.
    """
    return _RAISED.sub(_raised, _TEXT.sub(_letters, svg))


def _raised(found: re.Match[str]) -> str:
    plain = found[1].translate(_DIGITS)
    return f'<tspan dy="-2.6" font-size="{EXPONENT:g}">{plain}</tspan></text>'


def _letters(found: re.Match[str]) -> str:
    """The opening of a text with only what is not the same everywhere."""
    rules = dict(rule.split(": ", 1) for rule in found[1].split("; "))
    anchor, ink = rules.get("text-anchor", "start"), rules.get("fill", "#000000")
    own = {"text-anchor": anchor if anchor != "start" else "", "fill": ink if ink != INK else ""}
    told = "".join(f' {name}="{value}"' for name, value in own.items() if value)
    place = _MOVED.sub(r' x="\1" y="\2"', _UNTURNED.sub("", found[2]))
    return f"<text{told}{place}>"


def _steps(path: str) -> Iterator[str]:
    """Parts of a path of absolute M, L, Q, C and z as relative ones, not drifting.

    Each step starts where the rounded one before it ended, so that rounding errors do not add up.
    A tenth of a unit is finer than a screen for the course of a line, not for the shape of a mark.
    """
    x, y, start, last = 0, 0, (0, 0), ""
    known = _STEP.findall(path)
    unit = 10 if len(known) > COURSE else 1
    for command, text in known:
        if command in "zZ":
            x, y = start
            last = "z"
            yield "z"
            continue
        places = [unit * round(100 / unit * float(number)) for number in text.split()]
        moved = [at - (y if odd % 2 else x) for odd, at in enumerate(places)]
        yield (command.lower() if command != last or command == "M" else " ") + _joined(moved)
        x, y = places[-2:]
        last = command
        if command == "M":
            start = (x, y)


def _joined(hundredths: list[int]) -> str:
    """Numbers with a space only where no minus sign parts them."""
    return " ".join(f"{each / 100:.10g}" for each in hundredths).replace(" -", "-")


def _plain(svg: str) -> str:
    """The same picture without style sheet: in a page, its rules would reach beyond the figure."""
    svg = _SHEET.sub("", svg).replace("<svg ", '<svg stroke-linejoin="round" ', 1)
    return re.sub(r' style="([^"]*)"', lambda found: _spelled_out(found[1]), svg)


def _spelled_out(style: str) -> str:
    pairs = (rule.split(":", 1) for rule in style.split(";") if rule.strip())
    return "".join(f' {name.strip()}="{value.strip()}"' for name, value in pairs)


def _hoisted(svg: str) -> str:
    """The same picture with what all markers of a line share written once, on their group."""

    def group(found: re.Match[str]) -> str:
        looks = set(re.findall(r'<use [^>]*?y="[^"]*"([^>]*)/>', found[2]))
        if len(looks) != 1:
            return found[0]
        (look,) = looks
        return f"<g{found[1]}{look}>\n{found[2].replace(f'{look}/>', '/>')}</g>"

    return _MARKERS.sub(group, svg)


def _unwrapped(svg: str) -> str:
    """The same picture without groups that say nothing of what is in them."""
    while (shorter := _WRAPPED.sub(r"\1", svg)) != svg:
        svg = shorter
    return svg


def _renamed(svg: str) -> str:
    """The same picture with short ids, numbered in the order of their elements."""
    names = {old: f"i{place}" for place, old in enumerate(re.findall(r' id="([^"]+)"', svg))}
    svg = re.sub(r' id="([^"]+)"', lambda found: f' id="{names[found[1]]}"', svg)
    return re.sub(r'(href="|url\()#([^")]+)', lambda found: f"{found[1]}#{names[found[2]]}", svg)
