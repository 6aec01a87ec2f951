"""Claims on the first epoch, held to losses that have its order, another one, or none."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.results.frames import Results
from tests.made.results.claimed import claim_on, only, words

CLAIMS = {
    "early-speed": "many",
    "fashion-early-speed": "fashion",
    "convolution-early-speed": "convolution",
}


def started(results: Results, **losses: float) -> Results:
    """The results with these training losses in the first epoch, and noise by run."""
    epochs = results.epochs.copy()
    for name, loss in losses.items():
        own = (epochs["variant"] == name) & (epochs["epoch"] == 1)
        epochs.loc[own, "loss"] = loss + np.random.default_rng(list(name.encode())).normal(
            0, 0.01, own.sum()
        )
    return replace(results, epochs=epochs)


@pytest.mark.parametrize(("name", "experiment"), CLAIMS.items())
@pytest.mark.parametrize(
    ("he", "expected"), [(0.2, "supported"), (0.5, "contradicted"), (0.3, "inconclusive")]
)
def test_early_speed(name: str, experiment: str, he: float, expected: str) -> None:
    """He below Glorot, and Glorot below RandomNormal; a reversed order contradicts."""
    results = started(only(experiment), HeNormal=he, GlorotNormal=0.3, RandomNormal=0.4)
    assert claim_on(results, name).verdict == expected


@pytest.mark.parametrize("name", ["early-speed", "fashion-early-speed"])
def test_every_gap_counts(name: str) -> None:
    """Glorot level with RandomNormal leaves it open though He is ahead; both gaps are told."""
    results = started(only(CLAIMS[name]), HeNormal=0.1, GlorotNormal=0.4, RandomNormal=0.4)
    claim = claim_on(results, name)
    assert claim.verdict == "inconclusive"
    assert "GlorotNormal − HeNormal {}" in words(claim.note)
    assert "RandomNormal − GlorotNormal {}" in words(claim.note)
