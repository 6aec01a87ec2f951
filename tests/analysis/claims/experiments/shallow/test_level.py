"""Claims on where the base networks end, held to results that support, contradict or leave open."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.results.frames import Results
from tests.made.results.claimed import after, claim_on, only, values, verdict, words

SEEDS = range(3000, 3040)


@pytest.fixture(scope="module")
def many() -> Results:
    """Forty seeds of the three variants that learn."""
    return only("many")


@pytest.fixture(scope="module")
def output() -> Results:
    """Forty seeds of He, with and without zeros in its output kernel."""
    return only("output")


def scored(results: Results, spread: float = 0.1, **shift: float) -> Results:
    """The results with test accuracies of 97.5 %, noise in points by seed, and `shift`."""
    runs = results.runs.copy()
    for name, points in shift.items():
        own = runs["variant"] == name
        noise = np.random.default_rng(list(name.encode())).normal(0, spread, own.sum())
        runs.loc[own, "test_accuracy"] = (97.5 + noise - noise.mean() + points) / 100
    return replace(results, runs=runs)


def test_a_claim_carries_its_numbers_and_its_runs(many: Results) -> None:
    """He against Glorot: the mean difference, its interval around it, and the eighty runs read."""
    claim = claim_on(many, "he-glorot-level")
    wide = many.runs.pivot(index="seed", columns="variant", values="test_accuracy") * 100
    assert claim.value == pytest.approx((wide["HeNormal"] - wide["GlorotNormal"]).mean())
    assert claim.low < claim.value < claim.high
    assert claim.n == 40
    assert set(claim.runs) == {
        f"many-{name}-{seed}" for name in ("HeNormal", "GlorotNormal") for seed in SEEDS
    }


@pytest.mark.parametrize(
    ("lead", "expected"),
    [(0.0, "supported"), (0.15, "inconclusive"), (0.5, "contradicted"), (-0.5, "contradicted")],
)
def test_he_and_glorot_level(many: Results, lead: float, expected: str) -> None:
    """Level within 0.15 points, contradicted far beyond, open where the interval straddles it."""
    results = scored(many, HeNormal=lead, GlorotNormal=0.0)
    assert verdict(results, "he-glorot-level") == expected


def test_the_power_is_that_of_no_difference_at_the_spread_seen(many: Results) -> None:
    """Differences of 0.3 points: some three in four; of 0.1 points each it is certain."""
    power = claim_on(
        scored(many, 0.3 / 2**0.5, HeNormal=0, GlorotNormal=0), "he-glorot-level"
    ).power
    assert power == pytest.approx(0.74, abs=0.12)
    sure = claim_on(scored(many, 0.05, HeNormal=0, GlorotNormal=0), "he-glorot-level")
    assert sure.expects == 0.0
    assert sure.power == pytest.approx(1)


@pytest.mark.parametrize(
    ("glorot", "random", "expected"),
    [
        (0.0, 0.0, "supported"),
        (0.0, 0.5, "contradicted"),
        (0.0, -2.0, "contradicted"),
        (0.0, 0.15, "inconclusive"),
    ],
)
def test_none_wins(many: Results, glorot: float, random: float, expected: str) -> None:
    """Every two must be level; one that is ahead, or behind, of the others contradicts."""
    results = scored(many, HeNormal=0.0, GlorotNormal=glorot, RandomNormal=random)
    claim = claim_on(results, "none-wins")
    assert claim.verdict == expected
    if random:
        assert "RandomNormal" in words(claim.note).partition("weakest: ")[2].partition(";")[0]


def test_level_is_not_inferred_from_noise(many: Results) -> None:
    """Where seeds scatter so much that a lead could hide, no difference is not yet level."""
    results = scored(many, 2.0, HeNormal=0.0, GlorotNormal=0.0, RandomNormal=0.0)
    claim = claim_on(results, "none-wins")
    assert claim.verdict == "inconclusive"
    assert " seeds would decide it" in words(claim.note)


def standing(results: Results, effect: float) -> Results:
    """The results where He − Glorot is so many of its own standard deviations, exactly."""
    draw = np.random.default_rng(1).normal(size=len(SEEDS))
    draw = (draw - draw.mean()) / draw.std(ddof=1)
    runs = results.runs.copy()
    for name, points in (("HeNormal", 0.2 * (draw + effect)), ("GlorotNormal", 0 * draw)):
        runs.loc[runs["variant"] == name, "test_accuracy"] = 0.97 + points / 100
    return replace(results, runs=runs)


@pytest.mark.parametrize(
    ("effect", "expected", "seeds"),
    [(0.1, "supported", 787), (-0.1, "supported", 787), (1.0, "contradicted", 10),
     (0.3, "inconclusive", 90)],
)  # fmt: skip
def test_ranking_needs_many_seeds(many: Results, effect: float, expected: str, seeds: int) -> None:
    """At a tenth of a standard deviation 787 pairs are needed, at one of it ten (Cohen 1988)."""
    claim = claim_on(standing(many, effect), "ranking-needs-many-seeds")
    assert claim.verdict == expected
    assert claim.value == pytest.approx(effect)
    assert after(claim.note, "at the effect seen ") == pytest.approx(seeds, abs=1)


def with_luck(results: Results, early: float, late: float) -> Results:
    """Results in which He and Glorot share that much of a seed's luck in validation loss.

    In the first epoch and in the last: 1 makes them equal but for noise, 0 leaves them alone, -1
    opposes them.
    """
    generator = np.random.default_rng(1)
    epochs = results.epochs.copy()
    last = epochs["epoch"].max()
    for epoch, shared in ((1, early), (last, late)):
        luck = generator.normal(0, 0.002, len(SEEDS))
        for name, sign in (("GlorotNormal", 1.0), ("HeNormal", shared)):
            own = (epochs["epoch"] == epoch) & (epochs["variant"] == name)
            noise = generator.normal(0, 0.0005 + 0.002 * (1 - abs(sign)), len(SEEDS))
            epochs.loc[own, "val_loss"] = 0.5 + sign * luck + noise
    return replace(results, epochs=epochs)


@pytest.mark.parametrize(
    ("early", "expected"),
    [(1, "supported"), (0, "contradicted"), (-1, "contradicted"), (0.5, "inconclusive")],
)
def test_pairing_matters_early(many: Results, early: float, expected: str) -> None:
    """Supported where first losses share their seed's luck, contradicted where they do not."""
    assert verdict(with_luck(many, early, 0), "pairing-matters-early") == expected


@pytest.mark.parametrize(
    ("early", "late", "expected"),
    [(1, 0, "supported"), (0, 0, "inconclusive"), (0, 1, "contradicted")],
)
def test_pairing_fades(many: Results, early: float, late: float, expected: str) -> None:
    """Supported where only the start shares luck, contradicted where only the end does."""
    claim = claim_on(with_luck(many, early, late), "pairing-fades")
    assert claim.verdict == expected
    assert claim.low < claim.value < claim.high


@pytest.mark.parametrize(
    ("lag", "expected"),
    [(0.0, "supported"), (0.7, "contradicted"), (0.15, "inconclusive")],
)
def test_zeros_in_the_output_kernel(output: Results, lag: float, expected: str) -> None:
    """One rule for what is level: 0.15 points, after all epochs."""
    results = scored(output, **{"HeNormal": 0.0, "He, zero output": -lag})
    claim = claim_on(results, "zero-output-level")
    assert (claim.verdict, claim.n) == (expected, 40)
    assert claim.value == pytest.approx(-lag)
    assert values(claim.note) == pytest.approx([97.5, 97.5 - lag])
