"""From the SVG that matplotlib writes to the same picture in few bytes, ready for a page."""

import re
from collections.abc import Iterator

_GROUP = re.compile(r'id="(variant|legend)-([a-z0-9-]+?)(?:--([a-z]+))?"')
_LONG = re.compile(r"-?\d+\.\d{3,}")
_PLACED = re.compile(r'(?: (?:x|y)="|translate\()[^")]*')
_NOTHING = re.compile(r'<path d="[^"]*" style="fill: none"/>\n?|<g>\n?</g>\n?')
_MARKERS = re.compile(r'<g([^>]*)>\n((?:<use [^>]*? x="[^>]*/>\n)+)</g>')
_SHEET = re.compile(r'<defs>\s*<style type="text/css">.*?</style>\s*</defs>\s*', re.DOTALL)
_DRAWN = re.compile(r'( d=")([^"]*)"')
_STEP = re.compile(r"([A-Za-z])([^A-Za-z]*)")


def compact(document: str) -> str:
    """Return matplotlib's SVG document as a compact element that draws the same.

    Each group of a variant carries data-variant with its slug, each part of its legend data-legend,
    each of two ways to show the spread over seeds data-spread;
    other ids stay only where something refers to them. Colours are attributes, so that a style
    sheet rules over them.
    """
    svg = _GROUP.sub(_data, document[document.index("<svg") :])
    used = set(re.findall(r'#([^")]+)[")]', svg))
    svg = re.sub(r' id="([^"]+)"', lambda found: found[0] if found[1] in used else "", svg)
    return _renamed(_hoisted(_plain(_shortened(svg))))


def _data(found: re.Match[str]) -> str:
    spread = f' data-spread="{found[3]}"' if found[3] else ""
    return f'data-{found[1]}="{found[2]}"{spread}'


def _shortened(svg: str) -> str:
    """The same picture in fewer bytes: a hundredth of a point is finer than any screen or press."""
    svg = re.sub(r"<!--.*?-->", "", svg)
    svg = _PLACED.sub(lambda place: _LONG.sub(lambda n: f"{float(n[0]):.2f}", place[0]), svg)
    svg = _DRAWN.sub(lambda path: f'{path[1]}{"".join(_steps(path[2]))}"', svg)
    svg = re.sub(r"\s*\n\s*", "\n", svg)
    svg = re.sub(r'transform="translate\((\S+) 0\)"/>', r'x="\1"/>', svg)
    return _NOTHING.sub("", svg)


def _steps(path: str) -> Iterator[str]:
    """Parts of a path of absolute M, L, Q, C and z as relative ones, in hundredths, not drifting.

    Each step starts where the rounded one before it ended, so that rounding errors do not add up.
    """
    x, y, start, last = 0, 0, (0, 0), ""
    for command, text in _STEP.findall(path):
        if command in "zZ":
            x, y = start
            last = "z"
            yield "z"
            continue
        places = [round(100 * float(number)) for number in text.split()]
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
    return re.sub(r' style="([^"]*)"', lambda found: _attributes(found[1]), svg)


def _attributes(style: str) -> str:
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


def _renamed(svg: str) -> str:
    """The same picture with short ids, numbered in the order of their elements."""
    names = {old: f"i{place}" for place, old in enumerate(re.findall(r' id="([^"]+)"', svg))}
    svg = re.sub(r' id="([^"]+)"', lambda found: f' id="{names[found[1]]}"', svg)
    return re.sub(r'(href="|url\()#([^")]+)', lambda found: f"{found[1]}#{names[found[2]]}", svg)
