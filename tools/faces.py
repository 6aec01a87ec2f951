"""Make faces of the site and the paper: `python -m tools.faces path/to/STIXTwoMath-Regular.ttf`.

From text faces of the site are cut those that stand in its style sheet, with the signs that nearly
all of its text is made of. Typst reads no woff2, so the text faces are written once more as .ttf.
The face of the equations is cut from the whole STIX Two Math 2.11 (SIL Open Font License), with
more signs than the paper asks for.
"""

import sys
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont

FOLDER = Path(__file__).parents[1] / "templates" / "fonts"
SIGNS = (
    (0x20, 0x7E), (0xA0, 0xFF), (0x131, 0x131), (0x237, 0x237),  # Latin
    (0x300, 0x338), (0x20D0, 0x20D7),  # accents
    (0x370, 0x3FF),  # Greek
    (0x2010, 0x203A), (0x2057, 0x2057), (0x2070, 0x209C), (0x2150, 0x215E),
    (0x2100, 0x214F),  # letterlike
    (0x2190, 0x22FF), (0x27E6, 0x27FF), (0x2A00, 0x2A0C), (0x2A7D, 0x2A8C),  # arrows, operators
    (0x2308, 0x230B), (0x239B, 0x23B9), (0x23DC, 0x23DF),  # brackets and braces
    (0x25A0, 0x25FF), (0x2605, 0x2606), (0x2713, 0x2717),  # marks
    (0x1D400, 0x1D503), (0x1D538, 0x1D56B),  # bold, italic and script; double-struck
    (0x1D6A4, 0x1D755), (0x1D7CE, 0x1D7E1),  # Greek italic, bold and double-struck digits
)  # fmt: skip
"""First and last of each range of signs that the face of the equations has."""

FIRST = ("source-serif-4-latin-400-normal", "source-serif-4-latin-400-italic",
         "source-serif-4-latin-600-normal", "source-code-pro-latin-400-normal")  # fmt: skip
"""Faces that no page is drawn without."""
COMMON = "\u00a0±²³·¹×áäéöü–—‘’“”…↑↓−"
"""What a text has beside the signs of ASCII."""
FEATURES = ["kern", "liga", "pnum", "tnum"]


def common_face(source: Path) -> TTFont:
    """Return the common signs of a text face of the site."""
    return _cut(source, [*range(0x20, 0x7F), *map(ord, COMMON)], FEATURES, [0, 1, 2, 13])


def text_face(source: Path) -> TTFont:
    """Return a text face of the site, to be saved as .ttf.

    Greek gets a family of its own: of two faces of one family and style only one is found.
    """
    font = TTFont(source, recalcTimestamp=False)
    font.flavor = None
    if "greek" in source.stem:
        names = font["name"]
        family = names.getDebugName(16) or names.getDebugName(1)
        for number in (16, 17, 21, 22):
            names.removeNames(nameID=number)
        for platform, encoding, language in ((3, 1, 0x409), (1, 0, 0)):
            name = f"{family.replace(' ExtraLight', '')} Greek"
            names.setName(name, 1, platform, encoding, language)
    return font


def math_face(source: Path) -> TTFont:
    """Return the face of the equations: SIGNS of STIX Two Math, with its table MATH."""
    signs = chain(*(range(first, last + 1) for first, last in SIGNS))
    font = _cut(source, signs, ["*"], ["*"])
    close_subscripts(font)
    return font


def _cut(source: Path, signs: Iterable[int], features: list[str], names: list[Any]) -> TTFont:
    """Return a face with these signs, features and names alone."""
    font = TTFont(source, recalcTimestamp=False)
    options = subset.Options()
    options.layout_features = features
    options.name_IDs = names
    options.notdef_outline = True
    options.hinting = False
    cut = subset.Subsetter(options)
    cut.populate(unicodes=signs)
    cut.subset(font)
    return font


def close_subscripts(font: Any) -> None:
    """Let no subscript be pushed away from its letter.

    The kerns of STIX move a subscript as tall as an l by a quarter of an em from a W.
    """
    for record in font["MATH"].table.MathGlyphInfo.MathKernInfo.MathKernInfoRecords:
        if record.BottomRightMathKern:
            for kern in record.BottomRightMathKern.KernValue:
                kern.Value = min(kern.Value, 0)


def main(stix: Path) -> None:
    """Write all faces into templates/fonts."""
    for source in sorted(FOLDER.glob("source-*.woff2")):
        text_face(source).save(source.with_suffix(".ttf"))
    for name in FIRST:
        common_face(FOLDER / f"{name}.woff2").save(
            FOLDER / f"{name.replace('source', 'common')}.woff2"
        )
    math_face(stix).save(FOLDER / "stix-two-math-400-normal.ttf")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
