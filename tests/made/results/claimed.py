"""What the tests of claims share: one claim on its own experiment, and its note taken apart."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from analysis.claims import testing
from analysis.claims.claim import Claim, Note, Quantity
from analysis.results.frames import Results
from tests.made.results.studies import load_study
from tests.made.results.synthetic import Law, results_of

DECLARED = {each.id: each for each in testing.declarations()}
RunKey = Mapping[str, Any]


def claim_on(results: Results, name: str) -> Claim:
    """One claim."""
    return testing.tested(DECLARED[name], results)


def verdict(results: Results, name: str) -> str:
    """The verdict on one claim."""
    return claim_on(results, name).verdict


def words(note: Note) -> str:
    """The words of a note, with {} for each quantity."""
    return "".join(part if isinstance(part, str) else "{}" for part in note)


def values(note: Note) -> list[float]:
    """The quantities of a note, first to last."""
    return [part.value for part in note if isinstance(part, Quantity)]


def after(note: Note, text: str) -> float:
    """The quantity that follows the words `text` at the end of a part."""
    return next(
        part.value
        for before, part in pairwise(note)
        if isinstance(part, Quantity) and isinstance(before, str) and before.endswith(text)
    )


def only(name: str, law: Law | None = None, *overrides: str) -> Results:
    """Results of one experiment of the published study alone."""
    study = load_study(None, overrides)
    own = {name: study.experiments[name]}
    return results_of(study.model_copy(update={"experiments": own}), law=law)


def found(name: str, law: Law, *overrides: str, validated: bool = False) -> Claim:
    """The claim on its experiment alone where every run scores what `law` says.

    So it does on the test images, and `validated` on the held-out rows, too.
    """
    results = only(DECLARED[name].experiment, law, *overrides)
    if validated:
        runs = results.runs.assign(val_accuracy=results.runs["test_accuracy"])
        results = replace(results, runs=runs)
    return claim_on(results, name)


def jitter(key: RunKey) -> float:
    """A fifth of a point of luck, by everything that a run is."""
    return float(np.random.default_rng(list(key["run_id"].encode())).normal(0, 0.002))


def ahead(column: str, better: object, lead: float, wavering: bool = False) -> Law:
    """Half of all images right, and where a column has a value a lead; `wavering`, behind by turns.

    Luck of a fifth of a point is each run's own.
    """

    def law(key: RunKey) -> float:
        turn = -1 if wavering and key["seed"] % 2 else 1
        return 0.5 + (turn * lead if key[column] == better else 0.0) + jitter(key)

    return law


def scaled(results: Results, column: str, factor: float, **where: object) -> Results:
    """The results with a column of some of their layers multiplied."""
    layers = results.layers.copy()
    own = pd.Series(True, index=layers.index)
    for name, value in where.items():
        own &= layers[name] == value
    layers.loc[own, column] = layers.loc[own, column] * factor
    return replace(results, layers=layers)
