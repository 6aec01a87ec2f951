"""Claims on the base network before training, held to layers made to support or contradict them."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.results.frames import Results
from tests.made.results.claimed import claim_on, scaled, values, verdict, words
from tests.made.results.synthetic import BASE_VARIANTS, synthetic_results


def test_random_normal_is_he_by_arithmetic(base: Results) -> None:
    """0.05 / √(2/784) = 0.98995, then 0.4 and 0.28284; another stddev is no coincidence."""
    claim = claim_on(base, "random-normal-is-he-in-layer-1")
    assert claim.verdict == "supported"
    assert claim.value == pytest.approx(0.98995, abs=1e-5)
    assert words(claim.note) == "layer 1 {}, layer 2 {}, layer 3 {}"
    assert values(claim.note) == pytest.approx([0.98995, 0.4, 0.28284], abs=1e-5)
    wider = [dict(v) | ({"stddev": 0.1} if "stddev" in v else {}) for v in BASE_VARIANTS]
    other = synthetic_results(variants=wider)
    assert verdict(other, "random-normal-is-he-in-layer-1") == "contradicted"


def test_sampled_weights_follow_their_formula(base: Results) -> None:
    """Contradicted where one layer of one variant is drawn a tenth too wide."""
    name = "sampled-variance-follows-formula"
    assert verdict(base, name) == "supported"
    claim = claim_on(scaled(base, "kernel_sd", 1.1, variant="GlorotNormal", layer=2), name)
    assert claim.verdict == "contradicted"
    assert claim.value == pytest.approx(10, abs=1)
    assert "GlorotNormal, layer 2" in words(claim.note)
    edge = scaled(base, "kernel_sd", 1.05, variant="RandomNormal", layer=3)
    assert verdict(edge, name) == "inconclusive"


def test_single_kernels_may_miss_where_their_mean_does_not(base: Results) -> None:
    """Half of the seeds a tenth too wide, half a tenth too narrow: on average as the formula."""
    layers = base.layers.copy()
    layers["kernel_sd"] *= 1 + 0.1 * (2 * (layers["seed"] % 2) - 1)
    claim = claim_on(replace(base, layers=layers), "sampled-variance-follows-formula")
    assert claim.verdict in {"supported", "inconclusive"}
    assert abs(claim.value) < 2


def test_signal_follows_the_recursion(base: Results) -> None:
    """He keeps the mean square 0.12 of the inputs; Glorot's second layer has a third less."""
    found = claim_on(base, "signal-at-initialization")
    assert found.verdict == "supported"
    # 0.12 · ½ · 784 · 2/912, then · ½ · 128 · 2/192
    assert words(found.note).endswith(
        "RandomNormal {} (theory {}), {} (theory {}); GlorotNormal {} (theory {}), {} (theory {}); "
        "HeNormal {} (theory {}), {} (theory {})"
    )
    assert values(found.note)[5::2] == pytest.approx([0.1032, 0.0688, 0.12, 0.12], abs=1e-4)


@pytest.mark.parametrize(
    ("factor", "expected"), [(1.6, "contradicted"), (1.25, "inconclusive"), (0.5, "contradicted")]
)
def test_a_signal_off_the_recursion(base: Results, factor: float, expected: str) -> None:
    """One layer of one variant, too large or too small, decides."""
    off = scaled(base, "mean_square", factor, variant="GlorotNormal", layer=2, moment="initial")
    found = claim_on(off, "signal-at-initialization")
    assert (found.verdict, "GlorotNormal, layer 2" in words(found.note)) == (expected, True)


def test_gradients_at_initialization_are_ordered(base: Results) -> None:
    """The lesser ratio is told; a reversed order contradicts."""
    found = claim_on(base, "gradient-at-initialization")
    norms = base.layers.query("moment == 'initial' and layer == 1").pivot(
        index="seed", columns="variant", values="kernel_gradient_norm"
    )
    ratio = np.exp(np.log(norms["HeNormal"] / norms["GlorotNormal"]).mean())
    assert found.verdict == "supported"
    assert found.value == pytest.approx(ratio)
    small = scaled(base, "kernel_gradient_norm", 0.01, variant="HeNormal")
    assert claim_on(small, "gradient-at-initialization").verdict == "contradicted"
    layers = base.layers.copy()
    he, glorot = (layers["variant"] == name for name in ("HeNormal", "GlorotNormal"))
    other = layers.loc[glorot, "kernel_gradient_norm"].to_numpy(dtype=float)
    by_turns = other * np.where(layers["seed"][he].to_numpy(dtype=int) % 2, 1.5, 0.6)
    layers.loc[he, "kernel_gradient_norm"] = by_turns
    level = replace(base, layers=layers)
    assert claim_on(level, "gradient-at-initialization").verdict == "inconclusive"
