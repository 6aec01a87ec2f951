"""The rows of the results that one figure or table shows; what is not there is named."""

import itertools
from collections.abc import Sequence
from typing import Any, Literal

import pandas as pd

from analysis.data.dataset import Description
from analysis.data.guessing import Guess
from analysis.errors import ReportError
from analysis.results.frames import KEYS, POINT, Results
from analysis.study.model import Experiment, Point, Settings, Variant

Frame = Literal["runs", "epochs", "curves", "layers", "histograms", "first_steps"]
SETTINGS = ["depth", "width", "activation", "optimizer"]


def rows(results: Results, frame: Frame, experiment: str) -> pd.DataFrame:
    """Return the rows of an experiment in one of the frames of the results.

    Raises ReportError where the experiment has none there.
    """
    runs = results.runs[results.runs["experiment"] == experiment]
    if runs.empty:
        known = ", ".join(str(name) for name in results.runs["experiment"].unique())
        raise ReportError(
            f"there are no results of the experiment {experiment!r}, which a figure or table "
            f"shows; there are {known or 'none at all'}"
        )
    whole: pd.DataFrame = getattr(results, frame)
    own = whole[whole["experiment"] == experiment]
    if own.empty:
        raise ReportError(
            f"the experiment {experiment!r} has no {frame}, which a figure or table shows: "
            f"measure them by its measure, moments, curve_points or training.epochs"
        )
    return own


def layers(
    results: Results, experiment: str, value: str, moment: str | None = "initial"
) -> pd.DataFrame:
    """Return the layers of an experiment at a moment (None: all) with the settings of their runs.

    Raises ReportError where the experiment has not measured `value`.
    """
    own = rows(results, "layers", experiment)
    if moment is not None:
        own = own[own["moment"] == moment]
    if own[value].isna().all():
        raise ReportError(
            f"the experiment {experiment!r} has not measured {value}, which a figure shows: name "
            "what it belongs to in the experiment's measure "
            "(weights, signals, correlation, symmetry)"
        )
    return with_settings(results, own)


def with_settings(results: Results, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with depth, width, activation and optimizer of their runs."""
    # A run that a sweep does not touch stands at several of its points, with the same settings.
    settings = results.runs[[*KEYS, *SETTINGS]].drop_duplicates(KEYS)
    return frame.merge(settings, on=KEYS)


def hidden_layers(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the hidden layers of a frame that has the settings of its runs."""
    return frame[frame["layer"] <= frame["depth"]]


def data(results: Results, experiment: str) -> Description:
    """Return what the data of an experiment are, at the first point of its sweep."""
    return results.data[common(results, experiment).dataset.name]


def guess(results: Results, experiment: str) -> Guess:
    """Return what guessing is worth in an experiment, at the first point of its sweep."""
    training = common(results, experiment).training
    return data(results, experiment).guess(training.validation_split, training.data_fraction)


def scores(results: Results, experiment: str) -> pd.DataFrame:
    """Return the runs of an experiment with `value`, their test accuracy in percent.

    A run that diverged has that of guessing, as it has where a claim compares networks that may
    not train. Raises ReportError as `rows` does.
    """
    runs = rows(results, "runs", experiment)
    reached = runs["test_accuracy"].where(runs["status"] != "diverged")
    return runs.assign(value=100.0 * reached.fillna(guess(results, experiment).chance))


def swept(results: Results, experiment: str, name: str) -> pd.DataFrame:
    """Return the runs of an experiment that sweeps over `name`, such as "scale".

    Raises ReportError where it does not.
    """
    runs = rows(results, "runs", experiment)
    if name not in runs or runs[name].isna().any():
        raise ReportError(
            f"the experiment {experiment!r} does not sweep over {name}, which a figure shows"
        )
    return runs


def one_run_a_seed(results: Results, experiment: str, apart: Sequence[str] = ()) -> None:
    """Raise ReportError, naming the swept keys, where a variant has several runs of a seed.

    `apart` are the columns by which whoever asks tells the points of a sweep apart; one that the
    runs do not have is an error that only it can word.
    """
    runs = rows(results, "runs", experiment)
    if not {*apart} <= {*runs.columns}:
        return
    groups = runs.groupby(["variant", "seed", *apart], observed=True)[POINT]
    several = next((points.tolist() for _, points in groups if len(points) > 1), [])
    if several:
        sweep = results.study.experiments[experiment].sweep
        chosen = list(itertools.product(*sweep.values()))
        mixed = [
            key
            for place, key in enumerate(sweep)
            if len({str(chosen[point][place]) for point in several}) > 1
        ]
        raise ReportError(
            f"the experiment {experiment!r} sweeps over {' and '.join(mixed or sweep)}, so that a "
            "variant has several runs of a seed, which a figure would take for one: sweep over it "
            "in an experiment of its own"
        )


def values(frame: pd.DataFrame, column: str) -> list[Any]:
    """Return the different values of a column, in the order of the rows."""
    return list(dict.fromkeys(frame[column].tolist()))


def common(results: Results, experiment: str) -> Settings:
    """Return the settings of an experiment at the first point of its sweep.

    What is not swept is the same at every point, and a sweep over one value has but one.
    """
    return results.study.experiments[experiment].points[0].settings


def variants(results: Results, experiment: str) -> tuple[Variant, ...]:
    """Return the variants of an experiment, in its order, with the parameters of `common`."""
    return common(results, experiment).variants


def settings(experiment: Experiment, runs: pd.DataFrame) -> list[tuple[Point, Variant]]:
    """Return for every run of an experiment its point of the sweep and its variant there.

    Raises ReportError for a run that the experiment does not define.
    """
    defined = {
        (index, variant.name, seed): (point, variant)
        for index, point in enumerate(experiment.points)
        for variant in point.settings.variants
        for seed in point.settings.seeds
    }
    found = []
    for key in zip(*(runs[name].tolist() for name in (POINT, "variant", "seed")), strict=True):
        if key not in defined:
            label = f"variant {key[1]!r}, seed {key[2]}, point {key[0]} of the sweep"
            raise ReportError(f"the results hold a run that their study does not define: {label}")
        found.append(defined[key])
    return found


def nearest(known: list[int], wanted: int) -> int:
    """Return the value nearest to the one wanted; of two the smaller."""
    return min(known, key=lambda value: (abs(value - wanted), value))
