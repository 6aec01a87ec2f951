"""Studies as they would come out, and how a test reads what a figure has drawn.

Drawn in the faces of the report, as a build does, whichever tests have run before.
"""

import functools
from typing import Any, cast

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from analysis.results.frames import Results
from analysis.study.file import build_study
from analysis.study.names import slug
from build import ROOT
from report.figures import load
from report.figures.draw.definition import Written, written
from report.figures.draw.style import add_faces
from tests.made.results.studies import load_study
from tests.made.results.synthetic import results_of, synthetic_results

add_faces(ROOT / "templates" / "fonts")

BASE = ("accuracy", "loss", "test-accuracy", "weight-sd")
VARIANTS = ("Zeros", "RandomNormal", "GlorotNormal", "HeNormal")
EXPERIMENT = {
    "accuracy": "base", "loss": "base", "test-accuracy": "base", "weight-sd": "base",
    "propagation": "propagation", "gradients": "propagation", "activations": "propagation",
    "glorot": "glorot", "scale": "scale", "depth": "depth", "thirty-layers": "depth",
    "activation-heatmap": "activation", "symmetry": "symmetry", "chaos": "chaos", "gain": "gain",
    "dynamics": "dynamics", "late": "late", "fair": "fair", "rates": "rates", "stacks": "stacks",
    "likeness": "spread", "scatter": "spread", "fashion": "fashion",
}  # fmt: skip
"""The one experiment that each figure shows."""
NOT_BASE = [name for name, experiment in EXPERIMENT.items() if experiment != "base"]
MANY = [
    {"name": name, "initializer": name}
    for name in (
        *VARIANTS,
        "GlorotUniform",
        "HeUniform",
        "LecunNormal",
        "LecunUniform",
        "Orthogonal",
    )
] + [{"name": "VarianceScaling (a longer name, yes)", "initializer": "VarianceScaling"}]
ODD: dict[str, dict[str, Any]] = {
    "one seed, one epoch": {"seeds": 1, "epochs": 1},
    "two seeds, two epochs": {"seeds": 2, "epochs": 2},
    "ten variants, ten layers": {"variants": MANY, "epochs": 40, "hidden": [64] * 9},
    "two variants, three classes": {"variants": MANY[2:4], "classes": 3},
    "only zeros": {"variants": MANY[:1], "seeds": 3},
    "some and all diverged": {
        "seeds": 5,
        "diverged": {("GlorotNormal", 1): 4, ("GlorotNormal", 3): 6}
        | {("HeNormal", seed): 1 for seed in range(5)},
    },
    "everything diverged": {
        "seeds": 2,
        "diverged": {(name, seed): 1 for name in VARIANTS for seed in range(2)},
    },
}
"""Studies unlike the base one, by what is odd about them."""


@functools.cache
def whole() -> Results:
    """Every experiment of the project's own study, made up; the same object for every test."""
    return results_of(load_study())


@functools.cache
def quick() -> Results:
    """Every experiment of the small study."""
    return results_of(load_study("quick"))


LONG = {
    "A variant with a name of 40 signs, so lo": "LecunNormal",
    "Uniform, another one of the long names": "GlorotUniform",
    "Truncated normal, with scale 2 (fan avg)": "HeUniform",
    "Orthogonal, as Saxe and others (2014)": "Orthogonal",
}


@functools.cache
def crowded() -> Results:
    """Every experiment of the project's own study, with four more variants of long names."""
    tables = load_study().tables()
    more = [{"name": name, "initializer": kind} for name, kind in LONG.items()]
    for each in (tables, *(tables["experiments"][name] for name in SHARED)):
        each["variants"] += more
    return results_of(build_study(tables, "crowded"))


SHARED = ("base", "dynamics", "propagation")
"""The experiments that have the variants of the study."""


@functools.cache
def base() -> Results:
    """Twenty seeds of the base study."""
    return synthetic_results()


@functools.cache
def odd(case: str) -> Results:
    """A study unlike the base one."""
    return synthetic_results(**ODD[case])


def figure_of(name: str, results: Results, view: str = "") -> Figure:
    """What a figure, or a view of it, draws of the results."""
    return load(name).draw(results, view).figure


def svg_of(name: str, results: Results) -> str:
    """A figure as its file has it."""
    return written(load(name).draw(results)).whole


@functools.cache
def written_of(name: str) -> tuple[Figure, Written]:
    """A figure of the whole study, and how it is written; the same objects for every test."""
    sheet = load(name).draw(whole())
    return sheet.figure, written(sheet)


def lines(axes: Axes, variant: str) -> list[Line2D]:
    """The lines of a panel that belong to a variant."""
    return [line for line in axes.lines if line.get_gid() == f"variant-{slug(variant)}"]


def xs(line: Line2D) -> np.ndarray:
    """Where the points of a line stand along the x axis."""
    return np.asarray(line.get_xdata(), dtype=float)


def ys(line: Line2D) -> np.ndarray:
    """Where the points of a line stand along the y axis."""
    return np.asarray(line.get_ydata(), dtype=float)


def text_boxes(figure: Figure) -> list[tuple[str, Bbox]]:
    """Each visible text of a figure with the box it fills, a little less than its line height."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()  # type: ignore[no-untyped-call]  # matplotlib leaves this one bare
    renderer = canvas.get_renderer()  # type: ignore[no-untyped-call]  # and this
    texts = cast("list[Text]", figure.findobj(Text))
    shown = [text for text in texts if text.get_visible() and text.get_text().strip()]
    hidden = {id(text) for axes in figure.axes for text in unshown(axes)}
    boxes = [
        (text.get_text(), text.get_window_extent(renderer).padded(-1))
        for text in shown
        if id(text) not in hidden
    ]
    return [(text, box) for text, box in boxes if box.width > 0]


def unshown(axes: Axes) -> list[Text]:
    """Labels of ticks outside the axis, or of an axis whose labels are switched off."""
    texts = []
    for axis, (low, high) in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
        room = 1e-9 * abs(high - low)
        for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
            inside = min(low, high) - room <= tick.get_loc() <= max(low, high) + room
            texts += [tick.label1, tick.label2] if not inside else []
    return texts
