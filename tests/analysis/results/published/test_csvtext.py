"""Frames as CSV and back: what was a number, a truth value or text is one again."""

import math

import pandas as pd
import pytest

from analysis.errors import StoreError
from analysis.results.published import csvtext


def test_columns_of_mixed_values_come_back_as_they_were() -> None:
    """A swept key may hold numbers, text and truth values, and be missing in some experiments."""
    mixed = pd.DataFrame({"a": pd.Series([1, "1", True, math.nan, 0.5, "NaN", ""], dtype="object")})
    found = csvtext.frame(csvtext.text(mixed), {"a": "object"}, {})
    assert [repr(value) for value in found["a"]] == [repr(value) for value in mixed["a"]]


def test_text_that_looks_like_nothing_stays_text() -> None:
    """A variant may be called NA, None or 007, and hold commas, quotes and line breaks."""
    names = ["NA", "None", "nan", "007", "1e5", 'a,"b"', "a\nb", "é–×"]
    frame = pd.DataFrame({"variant": pd.Categorical(names, categories=names, ordered=True)})
    found = csvtext.frame(csvtext.text(frame), {"variant": "category"}, {"variant": names})
    pd.testing.assert_frame_equal(found, frame)


COLUMNS = {
    "truth": pd.Series([True, False], dtype="bool"),
    "whole": pd.Series([3, -(2**62)], dtype="int64"),
    "whole or missing": pd.Series([3, pd.NA], dtype="Int64"),
    "number": pd.Series([0.1, -math.inf], dtype="float64"),
    "number or missing": pd.Series([math.nan, 1e300], dtype="float64"),
    "all missing": pd.Series([math.nan, math.nan], dtype="float64"),
    "text": pd.Series(["0.05", "True"], dtype="str"),
    "text or missing": pd.Series(["NA", None], dtype="str"),
    "a truth value in some rows": pd.Series([True, math.nan], dtype="object"),
}


@pytest.mark.parametrize("name", list(COLUMNS))
@pytest.mark.parametrize("rows", [2, 0])
def test_every_type_of_column_comes_back(name: str, rows: int) -> None:
    """Type, values and what is missing, in a table with rows and in one without."""
    frame = pd.DataFrame({"first": [1, 2], name: COLUMNS[name]})[:rows]
    kinds = {str(column): str(kind) for column, kind in frame.dtypes.items()}
    pd.testing.assert_frame_equal(csvtext.frame(csvtext.text(frame), kinds, {}), frame)


def test_a_variant_may_be_called_by_a_number() -> None:
    """Categories named 0.01 and 0.1 stay text, in their order."""
    names = ["0.1", "0.01", "1", "001"]
    frame = pd.DataFrame({"variant": pd.Categorical(names, categories=names, ordered=True)})
    found = csvtext.frame(csvtext.text(frame), {"variant": "category"}, {"variant": names})
    pd.testing.assert_frame_equal(found, frame)


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "a\x1b[31m", "\u202ea", "\tx", "\0"]
)
@pytest.mark.parametrize("kind", ["object", "str", "category"])
def test_what_a_spreadsheet_would_run_is_refused(text: str, kind: str) -> None:
    """As a cell it is named with its column; as a header, too. Numbers may be negative."""
    frame = pd.DataFrame({"n": [-1.5, -2.0], "a": pd.Series(["b", text], dtype=kind)})
    with pytest.raises(StoreError) as refused:
        csvtext.check(frame, "runs.csv")
    assert str(refused.value).startswith(f"runs.csv, column 'a': the text {text!r} must not begin")
    csvtext.check(frame[:1].astype({"a": "object"}), "runs.csv")
    csvtext.check(
        pd.DataFrame({"a": pd.Series([-1.5, "x", True, None], dtype="object")}), "runs.csv"
    )
    with pytest.raises(StoreError):
        csvtext.check(pd.DataFrame({text: ["b"]}), "runs.csv")
