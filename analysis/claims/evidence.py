"""The evidence that a claim may ask for: the results of its experiment, and which of them it read.

What the results cannot answer, because a study has left it out, is Undecided and never an error.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import NoReturn

import numpy as np
import pandas as pd

from analysis.claims.deciding import Level
from analysis.results.frames import Results
from analysis.study.initializers import SCHEMES, variance
from analysis.study.model import Experiment, Settings, Variant

PERCENT = 100.0


class Undecided(Exception):
    """The results cannot decide a claim; the message is the reason."""


@dataclass(frozen=True)
class Evidence:
    """The results of one experiment, as predicates ask for them."""

    results: Results
    experiment: str
    margin: float = np.nan
    read: dict[str, None] = field(default_factory=dict)
    """Ids of the runs that a predicate has read: they are the claim's evidence."""

    @property
    def beside(self) -> "Evidence":
        """The same results for what decides nothing, such as a note: what it reads is not kept."""
        return replace(self, read={})

    @property
    def settings(self) -> Experiment:
        """The experiment as the study declares it; Undecided where there is none."""
        found = self.results.study.experiments.get(self.experiment)
        return found if found is not None else self._nothing()

    def check_dense(self) -> None:
        """Raise Undecided where networks of the experiment are more than dense layers."""
        more = {
            key for point in self.settings.points for key in point.settings.network.beyond_dense
        }
        if more:
            keys = ", ".join(f"network.{key}" for key in sorted(more))
            raise Undecided(
                f"the claim is about dense layers alone, and the experiment {self.experiment!r} "
                f"sets {keys}"
            )

    @property
    def chance(self) -> float:
        """The accuracy, a fraction, of guessing in the experiment; Undecided where it has several.

        A sweep may be over data sets, or over what is used of one.
        """
        found = {chance(self.results, point.settings) for point in self.settings.points}
        if len(found) > 1:
            raise Undecided(f"guessing is not the same over the experiment {self.experiment!r}")
        return found.pop()

    def accuracy(self, level: Level) -> float:
        """The test accuracy, in percent, that a level stands for on these data."""
        return level.of(self.chance)

    def variant(self, initializer: str, output: str | None = None) -> str:
        """Name of the variant that uses this Keras initializer, the one of that name if several do.

        `output` is the initializer of its output kernel where that differs; a variant with biases
        of its own is another one. Raises Undecided where the experiment has none.
        """
        using = [
            each.name
            for each in self.settings.variants
            if each.initializer == initializer
            and each.bias is None
            and (each.output.initializer if each.output else None) == output
        ]
        if not using:
            other = f" with {output} in the output kernel" if output else ""
            raise Undecided(f"the study has no {initializer} variant{other}")
        return initializer if initializer in using else using[0]

    def learners(self) -> list[str]:
        """Names of the variants that start from random kernels; Undecided for fewer than two."""
        names = [v.name for v in self.settings.variants if SCHEMES[v.initializer].random]
        if len(names) < 2:
            raise Undecided("the study has fewer than two variants with random kernels")
        return names

    def declared(self, name: str) -> Variant:
        """The variant of that name, with its initializer and parameters."""
        return next(v for v in self.settings.variants if v.name == name)

    def kernel_variance(
        self, variant: str, layer: int, layers: int, fan_in: int, fan_out: int
    ) -> float | None:
        """Closed-form Var(W) of a layer's kernel, None where its initializer has none.

        `layer` counts from 1 to `layers`, the output layer, whose initializer may be another.
        """
        kernel = self.declared(variant).kernel(layer, layers)
        return variance(kernel.initializer, kernel.parameters, fan_in, fan_out)

    def runs(
        self, variants: Iterable[str] | None = None, by: Sequence[str] = (), **where: object
    ) -> pd.DataFrame:
        """One row for a variant, seed and value of `by`, of the variants and coordinates asked for.

        A coordinate in `where` is one value, or a tuple of those that will do. Raises Undecided
        where there is none, or where the experiment sweeps over more than `by` and `where` tell
        apart.
        """
        frame = self.results.runs
        own = frame[frame["experiment"] == self.experiment]
        if own.empty:
            self._nothing()
        if variants is not None:
            own = own[own["variant"].isin(list(variants))]
        for name, value in where.items():
            own = own[_equal(own, name, value)]
        if own.empty:
            at = ", ".join(f"{name} = {_shown(value)}" for name, value in where.items())
            raise Undecided(f"the experiment {self.experiment!r} has no such runs: {at}")
        if own.duplicated(["variant", "seed", *by]).any():
            raise Undecided(
                f"the experiment {self.experiment!r} has several runs of a variant and seed, which "
                "this claim does not tell apart"
            )
        self.read.update(dict.fromkeys(own["run_id"]))
        return own

    def scores(
        self, variants: Iterable[str] | None = None, by: Sequence[str] = (), **where: object
    ) -> pd.DataFrame:
        """Runs with `value`: final test accuracy in percent."""
        runs = self.runs(variants, by, **where)
        return runs.assign(value=runs["test_accuracy"].astype(float) * PERCENT)

    def scores_or_guesses(
        self, variants: Iterable[str] | None = None, by: Sequence[str] = (), **where: object
    ) -> pd.DataFrame:
        """The same, where a diverged run scores as one that guesses instead of being left out."""
        runs = self.scores(variants, by, **where)
        kept = runs["value"].where(runs["status"] != "diverged", PERCENT * self.chance)
        return runs.assign(value=kept, status="finished")

    def epochs(
        self, variants: Iterable[str] | None = None, by: Sequence[str] = (), **where: object
    ) -> pd.DataFrame:
        """One row a run and epoch, with the columns of `by`."""
        return _of(self.runs(variants, by, **where), self.results.epochs, by)

    def layers(
        self,
        moment: str | None,
        column: str,
        variants: Iterable[str] | None = None,
        by: Sequence[str] = (),
        **where: object,
    ) -> pd.DataFrame:
        """One row a run and layer at a moment (None: at every one), where `column` was measured.

        Raises Undecided where it was nowhere.
        """
        layers = _of(self.runs(variants, by, **where), self.results.layers, by)
        if moment is not None:
            layers = layers[layers["moment"] == moment]
        if column in layers:
            layers = layers[layers[column].notna()]
        if layers.empty:
            raise Undecided(f"the experiment {self.experiment!r} did not measure {column}")
        return layers

    def activation(self) -> str:
        """The one activation of the runs read; Undecided where they have several."""
        found = self._runs_read()["activation"].unique()
        if len(found) != 1:
            raise Undecided("the runs have several activations")
        return str(found[0])

    def diverged(self) -> int:
        """How many of the runs read have diverged."""
        return int((self._runs_read()["status"] == "diverged").sum())

    def run_ids(self) -> tuple[str, ...]:
        """Runs that were read, in the order of the results."""
        return tuple(self._runs_read()["run_id"])

    def _runs_read(self) -> pd.DataFrame:
        """The rows of the experiment's runs that were read; others may have the same runs."""
        runs = self.results.runs
        return runs[runs["run_id"].isin(list(self.read)) & (runs["experiment"] == self.experiment)]

    def _nothing(self) -> NoReturn:
        raise Undecided(f"there are no results of the experiment {self.experiment!r}")


def chance(results: Results, settings: Settings) -> float:
    """Return the accuracy, a fraction, of guessing under these settings."""
    training, about = settings.training, results.data[settings.dataset.name]
    return about.guess(training.validation_split, training.data_fraction).chance


def _of(runs: pd.DataFrame, frame: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Rows of `frame` that belong to the runs, with the runs' columns `by`."""
    own = frame[frame["run_id"].isin(runs["run_id"])]
    own = own[own["experiment"].astype(str).isin(set(runs["experiment"].astype(str)))]
    return own.merge(runs[["run_id", *by]], on="run_id") if by else own


def _equal(frame: pd.DataFrame, name: str, value: object) -> pd.Series:
    if name not in frame:
        raise Undecided(f"no experiment of the study varies {name}")
    if isinstance(value, tuple):
        return pd.concat([_equal(frame, name, each) for each in value], axis=1).any(axis=1)
    if isinstance(value, float):
        return pd.Series(np.isclose(frame[name].astype(float), value), index=frame.index)
    return frame[name] == value


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return " or ".join(map(_shown, value))
    return f"{value:g}" if isinstance(value, float) else str(value)
