"""What figures, tables and pages ask of results: rows with their settings, or an error in words."""

from pathlib import Path

import pandas as pd
import pytest

from analysis.errors import ReportError
from analysis.results import select
from analysis.results.frames import Results
from tests.made.results import tiny
from tests.made.results.synthetic import results_of, synthetic_study


@pytest.fixture(scope="module")
def measured() -> Results:
    """Made-up results of one experiment that sweeps over a scale of one of its four variants."""
    base = {"sweep": {"variants.RandomNormal.stddev": [0.1, 0.2]}}
    return results_of(synthetic_study(seeds=2, epochs=1, experiments={"base": base}))


@pytest.mark.parametrize(
    ("column", "value", "label"),
    [
        ("seed", 3, "variant 'Zeros', seed 3"),
        ("point", 2, "variant 'Zeros', seed 0, point 2"),
        ("variant", "Other", "variant 'Other', seed 0"),
    ],
)
def test_a_run_that_the_study_does_not_define_is_an_error(
    measured: Results, column: str, value: object, label: str
) -> None:
    """Results that do not fit their study end the build, with the run that does not."""
    own = measured.runs.astype({"variant": str})
    own[column] = [value, *own[column].tolist()[1:]]
    with pytest.raises(ReportError, match=f"does not define: {label}"):
        select.settings(measured.study.experiments["base"], own)


def test_every_run_has_the_settings_of_its_point(measured: Results) -> None:
    """The variant that is swept has another standard deviation at each of the two points."""
    runs = measured.runs[measured.runs["variant"] == "RandomNormal"]
    found = select.settings(measured.study.experiments["base"], runs)
    assert [variant.parameters["stddev"] for _, variant in found] == [0.1, 0.1, 0.2, 0.2]
    assert [point.coordinates["stddev"] for point, _ in found] == runs["stddev"].tolist()


def test_settings_add_no_rows(measured: Results) -> None:
    """A run that stands at two points of a sweep, which does not touch it, is not multiplied."""
    he = measured.runs["variant"] == "HeNormal"
    runs = measured.runs.assign(run_id=measured.runs["run_id"].mask(he, "same"), seed=0)
    layers = pd.DataFrame(
        [{"experiment": "base", "variant": "HeNormal", "seed": 0, "run_id": "same", "layer": 1}]
    )
    results = Results(**{**vars(measured), "runs": runs})
    (row,) = select.with_settings(results, layers).to_dict("records")
    assert (row["depth"], row["width"], row["optimizer"]) == (2, 128, "Adam")


def test_the_classes_are_those_of_the_data(tmp_path: Path) -> None:
    """An .npz of three classes has three, whether its layers were measured or not."""
    results = tiny.stored_results(tmp_path, ["experiments.base.measure=[]"])
    assert {name: select.data(results, name).classes for name in results.study.experiments} == {
        "base": tiny.CLASSES, "deep": tiny.CLASSES, "start": tiny.CLASSES,
    }  # fmt: skip
