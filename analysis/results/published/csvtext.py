"""Frames as CSV and back: short numbers, types kept, nothing guessed from a cell's looks.

A cell holds its value letter for letter, for programs that read it: a quote or an apostrophe before
what a spreadsheet takes for a formula would be part of the value. So such a value is refused.
"""

import csv
import io
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.errors import StoreError, is_unseen
from analysis.study.names import FORMULA

LISTS = {"shares"}
"""Columns of JSON lists of numbers, written with spaces between the numbers."""


def number(value: float) -> str:
    """Return a number with ten significant digits: a network's float32 has seven."""
    return format(value, ".10g")


def check(frame: pd.DataFrame, name: str) -> None:
    """Raise StoreError where a text of the table `name` is unseen in part, or looks like a formula.

    It names the column and the value.
    """
    for column in frame.select_dtypes(exclude="number").columns:
        for value in (column, *frame[column].unique()):
            if isinstance(value, str) and (value.startswith(FORMULA) or any(map(is_unseen, value))):
                raise StoreError(
                    f"{name}, column {column!r}: the text {value!r} must not begin with one of "
                    f"{' '.join(FORMULA)}, by which a spreadsheet would run it, nor hold what "
                    "cannot be seen"
                )


def text(frame: pd.DataFrame) -> str:
    """Return a frame as CSV, without its index; what is missing is an empty cell."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(frame.columns)
    columns = [_cells(str(name), frame[name]) for name in frame.columns]
    writer.writerows(zip(*columns, strict=True))
    return out.getvalue()


def frame(
    source: str, kinds: Mapping[str, str], categories: Mapping[str, Sequence[str]]
) -> pd.DataFrame:
    """Return the frame that `text` has written, equal to it up to the rounding of numbers.

    `kinds` gives the dtype of every column by name, and `categories` the values of the ordered
    categorical ones. Raises ValueError or csv.Error for what `text` has not written.
    """
    lines = list(csv.reader(io.StringIO(source)))
    head = lines[0] if lines else []
    if head != list(kinds):
        raise ValueError(f"has the columns {', '.join(head)}; expected {', '.join(kinds)}")
    for place, row in enumerate(lines, start=1):
        if len(row) != len(head):
            raise ValueError(f"line {place} has {len(row)} cells; expected {len(head)}")
    cells = zip(*lines, strict=True)
    found = {}
    for name, *values in cells:
        try:
            found[name] = _column(name, values, kinds[name], categories)
        except (ValueError, TypeError, OverflowError) as error:
            raise ValueError(f"column {name!r}: {error}") from None
    return pd.DataFrame(found)


def _cells(name: str, column: pd.Series) -> Iterator[str]:
    if name in LISTS:
        return (" ".join(map(number, json.loads(cell))) for cell in column)
    to_text = _kind(str(column.dtype))[0]
    return ("" if pd.isna(value) else to_text(value) for value in column)


def _column(
    name: str, cells: Sequence[str], dtype: str, categories: Mapping[str, Sequence[str]]
) -> pd.Series:
    if name in LISTS:
        lists = [json.dumps([float(part) for part in cell.split()]) for cell in cells]
        return pd.Series(lists, dtype=dtype)
    _, from_text, missing = _kind(dtype)
    values: Any = [from_text(cell) if cell else missing for cell in cells]
    if dtype == "category":
        if strange := [each for each in cells if each not in categories[name]]:
            raise ValueError(f"{strange[0]!r} is none of {', '.join(categories[name])}")
        kind = pd.CategoricalDtype(list(categories[name]), ordered=True)
        return pd.Series(values, dtype=kind)
    return pd.Series(values, dtype=dtype)


def _kind(dtype: str) -> tuple[Callable[[Any], str], Callable[[str], Any], object]:
    """Return how a value of a column is written and read, and what an empty cell stands for."""
    if dtype == "float64":
        return number, float, math.nan
    if dtype in ("int64", "Int64"):
        return lambda value: str(int(value)), int, pd.NA
    if dtype in ("str", "string", "category"):
        return str, str, None
    return json.dumps, json.loads, math.nan
