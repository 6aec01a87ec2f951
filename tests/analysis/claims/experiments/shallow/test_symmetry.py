"""Claims on symmetry: one entry or one rank contradicts; what was not measured leaves open."""

from dataclasses import replace

import pandas as pd
import pytest

from analysis.results.frames import Results
from tests.made.results.claimed import claim_on, only, values, verdict, words


def changed(results: Results, column: str, value: float, **where: object) -> Results:
    """The results with one value in a column of some of their layers."""
    layers = results.layers.merge(results.runs[["run_id", "activation"]], on="run_id")
    own = pd.Series(True, index=layers.index)
    for name, each in where.items():
        own &= layers[name] == each
    layers.loc[own, column] = value
    return replace(results, layers=layers.drop(columns="activation"))


def unmeasured(results: Results) -> Results:
    """The results of an experiment that measures nothing."""
    return replace(results, layers=results.layers[:0])


def test_zeros_supported_and_contradicted_by_a_single_bit(base: Results) -> None:
    """One kernel entry, or one hidden bias, that moved is enough; the output bias may move."""
    assert verdict(base, "zeros-never-learns") == "supported"
    last = base.layers.index[
        (base.layers["variant"] == "Zeros")
        & (base.layers["moment"] == "final")
        & (base.layers["layer"] == 1)
    ][-1]
    for column in ("kernel_max_abs", "bias_max_abs"):
        moved = base.layers.copy()
        moved.loc[last, column] = 1e-45
        assert verdict(replace(base, layers=moved), "zeros-never-learns") == "contradicted"
    assert verdict(unmeasured(base), "zeros-never-learns") == "inconclusive"


@pytest.fixture(scope="module")
def stuck() -> Results:
    """Zeros that stay with tanh, and move with the sigmoid."""
    return changed(only("stuck"), "kernel_max_abs", 0.1, activation="sigmoid", variant="Zeros")


STUCK = "zeros-stuck-in-tanh-not-in-sigmoid"


def test_zeros_by_activation(stuck: Results) -> None:
    """What was made so is found so; largest and least entry and the ranks are told."""
    claim = claim_on(stuck, STUCK)
    assert (claim.verdict, claim.n) == ("supported", 8)
    assert values(claim.note) == [0, 0.1, 1]
    assert verdict(unmeasured(stuck), STUCK) == "inconclusive"


@pytest.mark.parametrize(
    ("column", "value", "where"),
    [
        ("kernel_max_abs", 1e-45, {"activation": "tanh", "layer": 3, "seed": 3004}),
        ("kernel_max_abs", 0.0, {"activation": "sigmoid", "layer": 1, "seed": 3004}),
        ("kernel_rank", 2, {"activation": "sigmoid", "layer": 2, "seed": 3004}),
    ],
)
def test_one_kernel_contradicts(
    stuck: Results, column: str, value: float, where: dict[str, object]
) -> None:
    """A tanh kernel that moved, a sigmoid one that did not, a hidden one of rank two."""
    other = changed(stuck, column, value, variant="Zeros", moment="final", **where)
    assert verdict(other, STUCK) == "contradicted"


def test_an_output_kernel_may_have_any_rank(stuck: Results) -> None:
    """The claim is about hidden kernels."""
    other = changed(stuck, "kernel_rank", 3, activation="sigmoid", layer=3)
    assert verdict(other, STUCK) == "supported"


def test_constant_is_a_symmetry() -> None:
    """Contradicted by one rank at one moment; bits that differ are told and decide nothing."""
    name, results = "constant-is-a-symmetry", only("symmetry")
    claim = claim_on(results, name)
    assert claim.verdict == "supported"
    assert "bit for bit at most {} distinct units" in words(claim.note)
    rounded = changed(results, "distinct_units", 2, variant="Constant", layer=2)
    assert verdict(rounded, name) == "supported"
    one = {"variant": "Constant", "moment": "final", "seed": 3003, "layer": 1}
    assert verdict(changed(results, "kernel_rank", 2, **one), name) == "contradicted"
    assert verdict(unmeasured(results), name) == "inconclusive"


def test_dropout_breaks_symmetry() -> None:
    """Every run must have a second kernel of a rank above one."""
    name, results = "dropout-breaks-symmetry", only("dropout")
    broken = changed(results, "kernel_rank", 9, layer=2)
    assert verdict(broken, name) == "supported"
    one = {"moment": "final", "seed": 3003, "layer": 2}
    assert verdict(changed(broken, "kernel_rank", 1, **one), name) == "contradicted"
    assert verdict(unmeasured(results), name) == "inconclusive"
    without = only("dropout", None, "experiments.dropout.network.dropout=0.0")
    assert claim_on(without, name).note == ("the networks have no dropout",)
