"""One look for every figure: sizes, type, and a colour, marker and dash for each variant.

Ink, muted ink, grid and paper are sentinels: no variant has these colours, so that a page may map
them to its own variables, for a dark theme for example. Figures have no background of their own.
"""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from analysis.errors import ReportError

if TYPE_CHECKING:
    from analysis.results.frames import Results
    from analysis.study.model import Study

INK = "#1b1b20"
MUTED = "#5d5f6b"
GRID = "#d8dae1"
PAPER = "#fefdfc"


WIDTH, NARROW = 5.2, 3.1
"""Inches of every figure on paper and on a page, and of its second drawing for a phone.

At 72 user units an inch the type of both is about as large as that of their captions.
"""
SIZE = 8.5
"""Points of all type in a figure."""

FACES = ("Source Serif 4", "Source Serif 4 Greek", "STIX Two Math", "DejaVu Sans")
"""The faces of the report's text; matplotlib's own has the signs that they lack."""

SETTINGS: dict[str, object] = {
    "font.family": list(FACES),
    "font.size": SIZE,
    **{f"{part}size": SIZE for part in ("axes.title", "axes.label", "xtick.label", "ytick.label")},
    **{f"{part}size": SIZE for part in ("legend.font", "figure.label", "figure.title")},
    "text.color": INK,
    "axes.titlecolor": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": MUTED,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "axes.linewidth": 0.8,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.titlelocation": "left",
    "axes.titlepad": 7.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "grid.color": GRID,
    "grid.linewidth": 0.7,
    "lines.linewidth": 1.8,
    "lines.markersize": 4.5,
    "legend.frameon": False,
    "legend.handlelength": 2.4,
    "legend.columnspacing": 1.6,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "text.parse_math": False,  # a name is no formula, whatever it holds
    "svg.fonttype": "path",
    "svg.hashsalt": "initializers",
}
"""matplotlib settings under which every figure is drawn and saved."""


class VariantStyle(NamedTuple):
    """How a variant is drawn; `dash` is a matplotlib line style."""

    colour: str
    marker: str
    dash: str | tuple[int, tuple[float, ...]]


# Okabe and Ito (2008), the lighter ones darkened until each has a contrast of 3 to white and to a
# near-black page. Black, their eighth, is left to the ink. A colour goes by the place of a variant
# in the study, not by its name.
_COLOURS = (
    "#c0609a",  # reddish purple
    "#c07d00",  # orange
    "#0d7cc0",  # blue
    "#00916a",  # bluish green
    "#d55e00",  # vermilion
    "#7a6fd0",  # violet
    "#8a8500",  # olive
    "#2a93c7",  # sky blue
    "#a8684a",  # brown
    "#7d7f88",  # grey
    "#5c8f2a",  # moss
    "#c9566b",  # rose
)
_MARKERS = ("s", "^", "o", "D", "v", "P", "X", "<", ">", "p", "h")
# A dashed variant follows a solid one, so that of two equal curves both are seen.
_DASHES: tuple[str | tuple[int, tuple[float, ...]], ...] = (
    (0, (1.2, 1.2)),
    (0, (5, 1.4, 1.2, 1.4)),
    "-",
    (0, (4, 1.8)),
    (0, (7, 1.4, 1.2, 1.4, 1.2, 1.4)),
    (0, (2.6, 1.2)),
    (0, (8, 2)),
)


def variant_style(study: "Study") -> dict[str, VariantStyle]:
    """Style of each variant of a study and of all its experiments; the first seventy-seven differ.

    A style goes by the place of a variant in the study. The study's own come first, so that an
    experiment that adds others changes none; a variant put before others moves theirs on. Where one
    of the same experiment has its colour already, it takes the next that is free.
    """
    groups = [[v.name for v in e.variants] for e in study.experiments.values()]
    names = dict.fromkeys([*(v.name for v in study.variants), *(n for g in groups for n in g)])
    found = dict[str, VariantStyle]()
    for index, name in enumerate(names):
        beside = {n for group in groups if name in group for n in group}
        taken = {found[n].colour for n in beside if n in found}
        found[name] = VariantStyle(
            _colour(index, taken),
            _MARKERS[index % len(_MARKERS)],
            _DASHES[index % len(_DASHES)],
        )
    return found


def _colour(index: int, taken: set[str]) -> str:
    """The colour of a place, or the next after it that is not taken, if any is free."""
    start = index % len(_COLOURS)
    turned = (*_COLOURS[start:], *_COLOURS[:start])
    return next((each for each in turned if each not in taken), turned[0])


def looks(results: "Results", experiment: str) -> dict[str, VariantStyle]:
    """Return the style of each variant of an experiment, in its order."""
    every = variant_style(results.study)
    return {
        variant.name: every[variant.name]
        for variant in results.study.experiments[experiment].variants
    }


def add_faces(folder: Path) -> None:
    """Let matplotlib find the faces of the report, the .ttf files of a folder, and its own.

    Raises ReportError for one that is damaged.
    """
    import matplotlib as mpl
    from matplotlib import font_manager

    # Asked each time: where a file has gone, matplotlib makes its list anew, without ours. Its list
    # is kept in the user's home; one that was made where it stood elsewhere lacks its own.
    known = {face.fname for face in font_manager.fontManager.ttflist}
    its_own = Path(mpl.get_data_path(), "fonts", "ttf").glob("*.ttf")
    for path in sorted((*folder.glob("*.ttf"), *its_own)):
        if str(path) not in known:
            try:
                font_manager.fontManager.addfont(path)
            except (RuntimeError, OSError):
                raise ReportError(
                    f"templates/{folder.name}/{path.name}: is no whole font; git restore brings it "
                    "back"
                    if path.parent == folder
                    else f"{path.name} of matplotlib is no whole font; make distclean and make "
                    "report install it anew"
                ) from None
