"""Make the faces of the paper: `python -m tools.faces path/to/STIXTwoMath-Regular.ttf`.

Typst reads no woff2, so the text faces of the site are written once more as .ttf. The
face of the equations is cut from the whole STIX Two Math 2.11 (SIL Open Font License), with more
signs than the site asks for.
"""

import sys
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
    font = TTFont(source, recalcTimestamp=False)
    options = subset.Options()
    options.layout_features = ["*"]
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.hinting = False
    cut = subset.Subsetter(options)
    cut.populate(unicodes=list(chain(*(range(first, last + 1) for first, last in SIGNS))))
    cut.subset(font)
    close_subscripts(font)
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
    math_face(stix).save(FOLDER / "stix-two-math-400-normal.ttf")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
