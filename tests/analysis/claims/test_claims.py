"""Each claim is held to results made to support it, to refute it, and to leave it open."""

import gc
from collections.abc import Callable
from dataclasses import asdict, replace

import numpy as np
import pandas as pd
import pytest

from analysis.claims import SPECS, Claim, evaluate, model
from analysis.claims.model import above, joint, within
from analysis.results.frames import Results
from tests.made.synthetic import BASE_VARIANTS, synthetic_results

BASE = [spec for spec in SPECS if spec.experiment == "base"]
BY_SEEDS = {spec.id for spec in BASE if spec.kind != "exact"}
EXACT = {"zeros-never-learns", "constant-is-a-symmetry"}


@pytest.fixture(autouse=True)
def _no_collection(monkeypatch: pytest.MonkeyPatch) -> None:
    """Skip statsmodels' collection of garbage at each Holm adjustment: most of the time here."""
    monkeypatch.setattr(gc, "collect", lambda: 0)


@pytest.fixture(scope="module")
def base() -> Results:
    """Twenty seeds of the base study, He, Glorot and RandomNormal close together at the end."""
    return synthetic_results()


def scored(results: Results, **shift: float) -> Results:
    """The results with test accuracies of 97.5 %, noise of 0.1 points by seed, and `shift`."""
    runs = results.runs.copy()
    for name, points in shift.items():
        own = runs["variant"] == name
        noise = np.random.default_rng(len(name)).normal(0, 0.1, own.sum())
        runs.loc[own, "test_accuracy"] = (97.5 + noise - noise.mean() + points) / 100
    return replace(results, runs=runs)


def changed(results: Results, column: str, change: Callable[[pd.DataFrame], pd.Series]) -> Results:
    """The results with a column of their layers computed anew from the frame."""
    return replace(results, layers=results.layers.assign(**{column: change(results.layers)}))


def verdict(results: Results, name: str) -> str:
    """Verdict on one claim."""
    return evaluate(results)[name].verdict


def test_the_registry_declares_every_claim_once_and_whole() -> None:
    """Ids are unique, questions exist, and nothing of a test is left to be decided later."""
    assert len({spec.id for spec in SPECS}) == len(SPECS)
    for spec in SPECS:
        assert spec.question in {"Q1a", "Q1b", "Q1c", "Q2a", "Q2b", "Q2c", "Q2d", "Q3a", "Q3b"}
        assert spec.statement.endswith(".")
        assert spec.method
        assert (spec.margin is None) == (spec.id in EXACT)
        assert (spec.seeds < 5) <= (spec.experiment not in {"base", "depth"})


def test_a_claim_carries_its_numbers_and_its_runs(base: Results) -> None:
    """He against Glorot: the mean difference, its interval around it, and the forty runs read."""
    claim = evaluate(base)["he-glorot-level"]
    wide = base.runs.pivot(index="seed", columns="variant", values="test_accuracy") * 100
    assert claim.value == pytest.approx((wide["HeNormal"] - wide["GlorotNormal"]).mean())
    assert claim.low < claim.value < claim.high
    assert claim.n == 20
    assert set(claim.runs) == {
        f"{name}-{seed}" for name in ("HeNormal", "GlorotNormal") for seed in range(20)
    }


def test_zeros_supported_and_refuted_by_a_single_bit(base: Results) -> None:
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
        assert verdict(replace(base, layers=moved), "zeros-never-learns") == "not supported"


@pytest.mark.parametrize(
    ("lead", "expected"),
    [(0.0, "supported"), (0.15, "inconclusive"), (0.5, "not supported"), (-0.5, "not supported")],
)
def test_he_and_glorot_level(base: Results, lead: float, expected: str) -> None:
    """Level within 0.15 points, refuted far beyond, open where the interval straddles it."""
    results = scored(base, HeNormal=lead, GlorotNormal=0.0)
    assert verdict(results, "he-glorot-level") == expected


@pytest.mark.parametrize(
    ("lead", "expected"),
    [(0.0, "supported"), (0.5, "not supported")],
)
def test_no_winner(base: Results, lead: float, expected: str) -> None:
    """Supported where the best is level with the second, refuted where it beats all others."""
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
    """Refuted only where one variant wins so often that nine in ten is below its interval."""
    results = synthetic_results(seeds=40)
    level = scored(results, HeNormal=0.0, GlorotNormal=0.0, RandomNormal=0.0)
    assert verdict(level, "single-seed-ranking") == "supported"
    ahead = evaluate(scored(results, HeNormal=2.0, GlorotNormal=0.0, RandomNormal=0.0))
    claim = ahead["single-seed-ranking"]
    assert (claim.verdict, claim.value) == ("not supported", 100)
    assert "HeNormal 40" in claim.note
    assert "tie" not in claim.note


def test_a_tied_seed_counts_for_each_that_won_it(base: Results) -> None:
    """Ties weigh against the claim: when all are equal, every variant wins every seed."""
    runs = base.runs.assign(test_accuracy=0.975)
    claim = evaluate(replace(base, runs=runs))["single-seed-ranking"]
    assert claim.value == 100
    assert claim.verdict != "supported"


def test_early_speed_needs_every_gap(base: Results) -> None:
    """A reversed order refutes; one gap of noise leaves it open though the others are clear."""
    assert verdict(base, "early-speed") == "supported"
    epochs = base.epochs.copy()
    he, glorot = epochs["variant"] == "HeNormal", epochs["variant"] == "GlorotNormal"
    epochs.loc[he, "loss"] += 0.5
    assert verdict(replace(base, epochs=epochs), "early-speed") == "not supported"
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
    ("early", "expected"), [(1, "supported"), (0, "not supported"), (-1, "not supported")]
)
def test_pairing_matters_early(base: Results, early: float, expected: str) -> None:
    """Supported where first losses share their seed's luck, refuted where they do not."""
    results = with_luck(base, early, 0)
    assert verdict(results, "pairing-matters-early") in {expected, "inconclusive"}
    assert (verdict(results, "pairing-matters-early") == "supported") == (early == 1)


@pytest.mark.parametrize(
    ("early", "late", "expected"),
    [(1, 0, "supported"), (0, 0, "inconclusive"), (0, 1, "not supported")],
)
def test_pairing_fades(base: Results, early: float, late: float, expected: str) -> None:
    """Supported where only the start shares luck, refuted where only the end does."""
    claim = evaluate(with_luck(base, early, late))["pairing-fades"]
    assert claim.verdict == expected
    assert claim.low < claim.value < claim.high


def test_random_normal_is_he_by_arithmetic(base: Results) -> None:
    """0.05 / √(2/784) = 0.98995, then 0.4 and 0.28284; another stddev is no coincidence."""
    claim = evaluate(base)["random-normal-is-he-in-layer-1"]
    assert claim.verdict == "supported"
    assert claim.value == pytest.approx(0.98995, abs=1e-5)
    assert claim.note == "layer 1 0.990, layer 2 0.400, layer 3 0.283"
    wider = [dict(v) | ({"stddev": 0.1} if "stddev" in v else {}) for v in BASE_VARIANTS]
    other = synthetic_results(variants=wider)
    assert verdict(other, "random-normal-is-he-in-layer-1") == "not supported"


def test_sampled_weights_follow_their_formula(base: Results) -> None:
    """Refuted where one layer of one variant is drawn a tenth too wide."""
    name = "sampled-variance-follows-formula"
    assert verdict(base, name) == "supported"

    def widened(layers: pd.DataFrame) -> pd.Series:
        own = (layers["variant"] == "GlorotNormal") & (layers["layer"] == 2)
        return layers["kernel_sd"].where(~own, 1.1 * layers["kernel_sd"])

    claim = evaluate(changed(base, "kernel_sd", widened))[name]
    assert claim.verdict == "not supported"
    assert claim.value == pytest.approx(10, abs=1)
    assert "GlorotNormal, layer 2" in claim.note


@pytest.mark.parametrize("seeds", [1, 2, 4])
def test_too_few_seeds_decide_nothing(seeds: int) -> None:
    """Below five seeds no statistical claim is supported or refuted, however clear it looks."""
    claims = evaluate(synthetic_results(seeds=seeds, epochs=2))
    assert {claims[name].verdict for name in BY_SEEDS} == {"inconclusive"}
    assert all(claims[name].note.startswith(f"too few seeds: {seeds}") for name in BY_SEEDS)
    assert claims["zeros-never-learns"].verdict == "supported"


@pytest.mark.parametrize("missing", [str(variant["name"]) for variant in BASE_VARIANTS])
def test_a_missing_variant_leaves_its_claims_open(missing: str) -> None:
    """A study without the variant is told so, and no claim on it passes or crashes."""
    kept = [variant for variant in BASE_VARIANTS if variant["name"] != missing]
    open_claims = [
        claim
        for claim in evaluate(synthetic_results(variants=kept)).values()
        if claim.note == f"the study has no {missing} variant"
    ]
    assert open_claims
    for claim in open_claims:
        assert claim.verdict == "inconclusive"
        assert (claim.n, claim.runs) == (0, ())


def test_a_renamed_variant_is_known_by_its_initializer() -> None:
    """Claims follow what a variant is, not what it is called."""
    renamed = [dict(v) | {"name": f"my {v['name']}"} for v in BASE_VARIANTS]
    results = synthetic_results(variants=renamed)
    claims = {spec.id: model.tested(spec, results) for spec in BASE}
    assert not [claim.id for claim in claims.values() if "no " in claim.note]
    assert claims["zeros-never-learns"].verdict == "supported"


def test_another_experiment_alone_leaves_everything_open(base: Results) -> None:
    """Without results of the experiment a claim reads, it is inconclusive and names it."""
    frames = {
        name: getattr(base, name).assign(experiment="depth")
        for name in ("runs", "epochs", "layers")
    }
    for claim in evaluate(replace(base, **frames)).values():
        assert claim.verdict == "inconclusive"
        assert f"no results of the experiment '{claim.experiment}'" in claim.note
        assert (claim.n, claim.runs) == (0, ())


def test_diverged_runs_are_left_out_and_told_of() -> None:
    """Two lost runs of He: eighteen pairs remain, and the note says why."""
    lost = synthetic_results(diverged={("HeNormal", 3): 2, ("HeNormal", 7): 1})
    claim = evaluate(lost)["he-glorot-level"]
    assert claim.n == 18
    assert claim.note.endswith("2 diverged runs left out")


def test_nothing_left_of_a_variant_is_no_crash() -> None:
    """A study whose every run diverged at once still has a verdict for each claim."""
    every = {(str(v["name"]), seed): 1 for v in BASE_VARIANTS for seed in range(6)}
    claims = evaluate(synthetic_results(seeds=6, diverged=every))
    drawn = {"sampled-variance-follows-formula", "signal-at-initialization"}
    statistical = BY_SEEDS - drawn - {"gradient-at-initialization"}
    assert {claims[name].verdict for name in statistical} == {"inconclusive"}


def test_claims_do_not_depend_on_the_order_of_rows(base: Results) -> None:
    """Rows shuffled, the same numbers to the last bit."""

    def told(claims: dict[str, Claim]) -> str:
        return repr([asdict(claim) | {"runs": sorted(claim.runs)} for claim in claims.values()])

    frames = {
        name: getattr(base, name).sample(frac=1, random_state=5)
        for name in ("runs", "epochs", "layers")
    }
    assert told(evaluate(replace(base, **frames))) == told(evaluate(base))


def test_verdicts_by_interval() -> None:
    """Beyond the margin, short of it, or astride; and never from four seeds or no interval."""
    assert above(0.1, 0.2, 0.0, 20) == "supported"
    assert above(-0.2, -0.1, 0.0, 20) == "not supported"
    assert above(-0.1, 0.2, 0.0, 20) == "inconclusive"
    assert above(0.1, 0.2, 0.0, 4) == "inconclusive"
    assert above(np.nan, np.nan, 0.0, 20) == "inconclusive"
    assert within(-0.1, 0.1, 0.15, 20) == "supported"
    assert within(0.2, 0.3, 0.15, 20) == "not supported"
    assert within(0.1, 0.2, 0.15, 20) == "inconclusive"
    assert joint(["supported", "inconclusive"]) == "inconclusive"
    assert joint(["supported", "inconclusive", "not supported"]) == "not supported"
    assert joint([]) == "inconclusive"
