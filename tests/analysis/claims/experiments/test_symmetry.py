"""Claims on symmetry: one bit or one rank contradicts; a zero output kernel may cost a point."""

from dataclasses import replace

import pytest

from tests.made.results.claimed import found, jitter, only, verdict, words


def test_constant_is_a_symmetry() -> None:
    """Contradicted by one bit of one column, or one rank, at one moment."""
    whole = only("symmetry", lambda key: 0.3)
    name = "constant-is-a-symmetry"
    assert verdict(whole, name) == "supported"
    own = (whole.layers["variant"] == "Constant") & (whole.layers["layer"] == 2)
    for column in ("distinct_units", "kernel_rank"):
        layers = whole.layers.copy()
        layers.loc[layers.index[own & (layers["moment"] == "during")][0], column] = 2
        assert verdict(replace(whole, layers=layers), name) == "contradicted"


@pytest.mark.parametrize(
    ("lag", "expected"), [(0.002, "supported"), (0.1, "contradicted"), (0.0101, "inconclusive")]
)
def test_zero_output_kernel(lag: float, expected: str) -> None:
    """Level within a point, contradicted far beyond it, open astride; He is the other HeNormal."""
    claim = found(
        "zero-output-kernel-harmless",
        lambda key: 0.96 - lag * (key["variant"] == "He, zero output") + jitter(key) / 4,
    )
    assert claim.verdict == expected
    assert claim.value == pytest.approx(-100 * lag, abs=0.2)


def test_a_sweep_that_a_claim_does_not_know_leaves_it_open() -> None:
    """Two learning rates at once: several runs of one seed, and no crash."""
    more = 'experiments.symmetry.sweep={"training.batch_size"=[32, 64]}'
    claim = found("zero-output-kernel-harmless", lambda key: 0.9, more)
    assert claim.verdict == "inconclusive"
    assert "does not tell apart" in words(claim.note)
