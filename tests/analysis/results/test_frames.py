"""The results of one experiment, taken out of those of a study."""

import pickle
from dataclasses import fields, replace
from typing import Any

import pandas as pd
import pytest

from analysis.results.frames import Results
from tests.made.results.studies import load_study
from tests.made.results.synthetic import results_of

TABLES = ("runs", "epochs", "curves", "layers", "histograms")


@pytest.fixture(scope="module")
def whole() -> Results:
    """Return what the small version of every experiment might come out as."""
    return results_of(load_study("quick"))


@pytest.mark.parametrize("table", TABLES)
def test_a_table_is_written_as_pandas_writes_it(whole: Results, table: str) -> None:
    """Also where it is written in pieces: letter for letter."""
    assert whole.csv(table) == getattr(whole, table).to_csv(index=False, lineterminator="\n")


@pytest.mark.parametrize("table", TABLES)
def test_an_experiment_has_its_rows_and_no_others(whole: Results, table: str) -> None:
    """All of them, in their order, and with the letters that they have among the others."""
    for name in whole.study.experiments:
        own: pd.DataFrame = getattr(whole.of(name), table)
        frame: pd.DataFrame = getattr(whole, table)
        expected = frame[frame["experiment"] == name].reset_index(drop=True)
        pd.testing.assert_frame_equal(own, expected, check_categorical=False)
        assert whole.of(name).csv(table) == own.to_csv(index=False, lineterminator="\n")


def test_its_variants_are_in_the_order_of_the_study(whole: Results) -> None:
    """Those that it has; what another experiment adds is no category of its own."""
    order = ["Zeros", "RandomNormal", "GlorotNormal", "HeNormal", "He, zero output"]
    assert list(whole.runs["variant"].cat.categories)[: len(order)] == order
    found = {
        name: list(whole.of(name).runs["variant"].cat.categories)
        for name in whole.study.experiments
    }
    assert found["base"] == order[:4]
    assert found["glorot"] == ["Standard", "GlorotUniform"]
    assert found["activation"] == ["GlorotNormal", "HeNormal", "LecunNormal", "Orthogonal"]


def test_its_digest_is_that_of_its_rows_and_settings(whole: Results) -> None:
    """A number or a setting of it makes another digest; those of another experiment do not."""
    before = {name: whole.of(name).digest for name in whole.study.experiments}
    assert len({*before.values(), whole.digest}) == len(before) + 1
    for table in TABLES:
        frame: pd.DataFrame = getattr(whole, table)
        first = frame.index[0]
        number = frame.select_dtypes("float64").columns
        column = number[-1] if len(number) else "shares"
        other = frame.copy()
        other.loc[first, column] = 0.125 if len(number) else "[0.125]"
        frames: dict[str, Any] = {table: other}
        changed = replace(whole, **frames)
        found = {name for name in before if changed.of(name).digest != before[name]}
        assert found == {str(frame.loc[first, "experiment"])}
        assert changed.digest != whole.digest
    experiments = dict(whole.study.experiments)
    base = experiments["base"]
    training = base.training.model_copy(update={"epochs": base.training.epochs + 1})
    experiments["base"] = base.model_copy(update={"training": training})
    study = whole.study.model_copy(update={"training": training, "experiments": experiments})
    longer = replace(whole, study=study)
    assert {name for name in before if longer.of(name).digest != before[name]} == {"base"}


def test_of_an_experiment_without_runs_all_is_known(whole: Results) -> None:
    """Whoever asks for it can tell which there are."""
    assert whole.of("unheard") is whole


def test_another_process_is_sent_what_was_measured_alone(whole: Results) -> None:
    """What can be found out from it stays here, and comes out the same there."""
    assert whole.of("base").digest
    there = pickle.loads(pickle.dumps(whole))
    assert set(vars(there)) == {each.name for each in fields(Results)}
    assert there.digest == whole.digest
