"""Claims on the base experiment, held to results that support, contradict or leave them open."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.results.frames import Results
from tests.made.results.claimed import after, claim_on, verdict, words
from tests.made.results.synthetic import synthetic_results


def scored(results: Results, **shift: float) -> Results:
    """The results with test accuracies of 97.5 %, noise of 0.1 points by seed, and `shift`."""
    runs = results.runs.copy()
    for name, points in shift.items():
        own = runs["variant"] == name
        noise = np.random.default_rng(len(name)).normal(0, 0.1, own.sum())
        runs.loc[own, "test_accuracy"] = (97.5 + noise - noise.mean() + points) / 100
    return replace(results, runs=runs)


def test_a_claim_carries_its_numbers_and_its_runs(base: Results) -> None:
    """He against Glorot: the mean difference, its interval around it, and the forty runs read."""
    claim = claim_on(base, "he-glorot-level")
    wide = base.runs.pivot(index="seed", columns="variant", values="test_accuracy") * 100
    assert claim.value == pytest.approx((wide["HeNormal"] - wide["GlorotNormal"]).mean())
    assert claim.low < claim.value < claim.high
    assert claim.n == 20
    assert set(claim.runs) == {
        f"{name}-{seed}" for name in ("HeNormal", "GlorotNormal") for seed in range(20)
    }


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


@pytest.mark.parametrize(
    ("lead", "expected"),
    [(0.0, "supported"), (0.15, "inconclusive"), (0.5, "contradicted"), (-0.5, "contradicted")],
)
def test_he_and_glorot_level(base: Results, lead: float, expected: str) -> None:
    """Level within 0.15 points, contradicted far beyond, open where the interval straddles it."""
    results = scored(base, HeNormal=lead, GlorotNormal=0.0)
    assert verdict(results, "he-glorot-level") == expected


@pytest.mark.parametrize(
    ("lead", "expected"),
    [(0.0, "supported"), (0.5, "contradicted")],
)
def test_no_winner(base: Results, lead: float, expected: str) -> None:
    """Supported where the best is level with the second, contradicted where it beats all others."""
    results = scored(base, HeNormal=lead, GlorotNormal=0.0, RandomNormal=0.0)
    assert verdict(results, "no-winner") == expected


def test_no_winner_though_one_loses(base: Results) -> None:
    """A variant far behind is a loser and makes no winner of the two in front."""
    results = scored(base, HeNormal=0.0, GlorotNormal=0.0, RandomNormal=-2.0)
    assert verdict(results, "no-winner") == "supported"


def test_no_winner_is_not_inferred_from_noise(base: Results) -> None:
    """Where seeds scatter so much that a lead could hide, no difference is not yet no winner."""
    runs = base.runs.copy()
    runs["test_accuracy"] = 0.9 + 0.02 * np.random.default_rng(0).normal(size=len(runs))
    assert verdict(replace(base, runs=runs), "no-winner") == "inconclusive"


def test_single_seed_ranking() -> None:
    """Contradicted only where one variant wins so often that nine in ten is below its interval."""
    results = synthetic_results(seeds=40)
    level = scored(results, HeNormal=0.0, GlorotNormal=0.0, RandomNormal=0.0)
    assert verdict(level, "single-seed-ranking") == "supported"
    ahead = scored(results, HeNormal=2.0, GlorotNormal=0.0, RandomNormal=0.0)
    claim = claim_on(ahead, "single-seed-ranking")
    assert (claim.verdict, claim.value) == ("contradicted", 100)
    assert after(claim.note, "HeNormal ") == 40
    assert "tie" not in words(claim.note)


def test_a_tied_seed_counts_for_each_that_won_it(base: Results) -> None:
    """Ties weigh against the claim: when all are equal, every variant wins every seed."""
    runs = base.runs.assign(test_accuracy=0.975)
    claim = claim_on(replace(base, runs=runs), "single-seed-ranking")
    assert claim.value == 100
    assert claim.verdict != "supported"


def test_early_speed_needs_every_gap(base: Results) -> None:
    """A reversed order contradicts; one gap of noise leaves it open though the others are clear."""
    assert verdict(base, "early-speed") == "supported"
    epochs = base.epochs.copy()
    he, glorot = epochs["variant"] == "HeNormal", epochs["variant"] == "GlorotNormal"
    epochs.loc[he, "loss"] += 0.5
    assert verdict(replace(base, epochs=epochs), "early-speed") == "contradicted"
    noise = np.random.default_rng(3).normal(0, 0.01, glorot.sum())
    epochs.loc[he, "loss"] = epochs.loc[glorot, "loss"].to_numpy() + noise - noise[::10].mean()
    assert verdict(replace(base, epochs=epochs), "early-speed") == "inconclusive"


def with_luck(results: Results, early: float, late: float) -> Results:
    """Results in which He and Glorot share that much of a seed's luck: first losses, last scores.

    1 makes them equal but for noise, 0 leaves them alone, -1 opposes them.
    """
    generator = np.random.default_rng(1)
    runs, epochs = results.runs.copy(), results.epochs.copy()
    first = epochs["epoch"] == 1
    for frame, column, part, shared in (
        (epochs, "loss", first, early),
        (runs, "test_accuracy", runs["seed"] >= 0, late),
    ):
        luck = generator.normal(0, 0.002, 20)
        for name, sign in (("GlorotNormal", 1.0), ("HeNormal", shared)):
            own = part & (frame["variant"] == name)
            noise = generator.normal(0, 0.0005 + 0.002 * (1 - abs(sign)), 20)
            frame.loc[own, column] = 0.5 + sign * luck + noise
    return replace(results, runs=runs, epochs=epochs)


@pytest.mark.parametrize(
    ("early", "expected"), [(1, "supported"), (0, "contradicted"), (-1, "contradicted")]
)
def test_pairing_matters_early(base: Results, early: float, expected: str) -> None:
    """Supported where first losses share their seed's luck, contradicted where they do not."""
    results = with_luck(base, early, 0)
    assert verdict(results, "pairing-matters-early") in {expected, "inconclusive"}
    assert (verdict(results, "pairing-matters-early") == "supported") == (early == 1)


@pytest.mark.parametrize(
    ("early", "late", "expected"),
    [(1, 0, "supported"), (0, 0, "inconclusive"), (0, 1, "contradicted")],
)
def test_pairing_fades(base: Results, early: float, late: float, expected: str) -> None:
    """Supported where only the start shares luck, contradicted where only the end does."""
    claim = claim_on(with_luck(base, early, late), "pairing-fades")
    assert claim.verdict == expected
    assert claim.low < claim.value < claim.high
