"""What is drawn is what is written: the rows of a figure, to the bit."""

import csv
import re
from io import StringIO
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from report.figures import NAMES, load
from report.figures.draw import longform
from tests.made.sites.drawn import figure_of, quick, whole


@pytest.mark.parametrize("name", NAMES)
def test_a_csv_reads_back_as_the_frame(name: str) -> None:
    """Numbers in full: what is written is to the bit what is drawn."""
    data = load(name).rows(quick())
    text = data.to_csv(index=False, lineterminator="\n")
    back = pd.read_csv(StringIO(text))
    assert list(back.columns) == list(data.columns)
    for column in data.columns:
        if data[column].dtype.kind == "f":
            kept = back[column].astype(float).to_numpy()
            assert np.array_equal(kept, data[column].to_numpy(dtype=float), equal_nan=True)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_drawn_is_in_the_data(name: str) -> None:
    """Each height of a variant's line, dot or cell is a number of the CSV file."""
    text = load(name).rows(whole()).to_csv(index=False)
    numbers = {
        float(cell)
        for row in csv.DictReader(StringIO(text))
        for cell in row.values()
        if re.fullmatch(r"-?[\d.]+(e-?\d+)?", cell or "")
    }
    known = np.array(sorted(numbers))
    axis = 0 if name in {"test-accuracy", "fair", "stacks"} else 1
    for heights in shown(figure_of(name, whole()), axis):
        nearest = np.abs(known[:, None] - heights[None, :]).min(axis=0)
        assert (nearest <= 1e-9 * np.maximum(1, np.abs(heights))).all()


def shown(figure: Figure, axis: int) -> list[np.ndarray]:
    """The values of every line that belongs to a variant; ridges are left to their own test."""
    found = []
    for axes in figure.axes:
        for line in axes.lines:
            plain = line.get_transform() == axes.transData
            if plain and str(line.get_gid()).startswith("variant-") and not ridge(axes, line):
                values = np.asarray(line.get_xydata(), dtype=float)[:, axis]
                found.append(values[np.isfinite(values)])
    return found


def ridge(axes: Any, line: Line2D) -> bool:
    """Whether a line is the stroke of a distribution that is narrower than a hair."""
    return bool(axes.patches) or (
        len(set(np.asarray(line.get_xdata(), dtype=float))) == 1
        and (axes.get_ylim()[1] == pytest.approx(1.4))
    )


def test_a_lone_quantity_keeps_the_columns_of_an_empty_part() -> None:
    """Where every seed is lost there are no rows of seeds, and still a column for them."""
    means = pd.DataFrame({"variant": ["A"], "value": [1.0], "kind": ["mean"], "quantity": ["q"]})
    seeds = pd.DataFrame({"variant": [], "seed": [], "value": [], "kind": [], "quantity": []})
    assert list(longform.joined(means, seeds).columns) == [
        "quantity", "kind", "variant", "seed", "value",
    ]  # fmt: skip
