"""Claims on activations, held to laws of accuracy that support or contradict them."""

from collections.abc import Mapping

import pytest

from tests.made.results.claimed import RunKey, found, jitter, values, words
from tests.made.results.synthetic import Law


def of_activation(cells: Mapping[tuple[str, int, str], float | None], other: float) -> Law:
    """Accuracies by activation, depth and variant; None diverges."""

    def law(key: RunKey) -> float | None:
        score = cells.get((key["activation"], key["depth"], key["variant"]), other)
        return None if score is None else score + jitter(key)

    return law


@pytest.mark.parametrize(
    ("he", "expected"), [(0.9, "supported"), (0.84, "supported"), (0.7, "contradicted")]
)
def test_glorot_for_tanh(he: float, expected: str) -> None:
    """He ahead or level contradicts the rule of thumb; He far behind upholds it."""
    cells = {("tanh", 20, "HeNormal"): he, ("tanh", 20, "GlorotNormal"): 0.82}
    claim = found("glorot-for-tanh-is-not-about-accuracy", of_activation(cells, 0.5))
    assert claim.verdict == expected


def test_deep_relu_needs_he() -> None:
    """He far ahead of all supports; one other that keeps up contradicts."""
    cells: dict[tuple[str, int, str], float | None] = {("relu", 20, "HeNormal"): 0.8}
    assert found("deep-relu-needs-he", of_activation(cells, 0.1)).verdict == "supported"
    cells["relu", 20, "Orthogonal"] = 0.8
    assert found("deep-relu-needs-he", of_activation(cells, 0.1)).verdict == "contradicted"


def test_a_diverged_selu_network_counts_as_guessing() -> None:
    """He's divergence is the evidence, not a gap in it."""
    cells: dict[tuple[str, int, str], float | None] = {
        ("selu", 20, "HeNormal"): None,
        ("selu", 20, "LecunNormal"): 0.87,
    }
    claim = found("deep-selu-needs-lecun", of_activation(cells, 0.1))
    assert (claim.verdict, claim.n) == ("supported", 3)
    assert claim.value == pytest.approx(77, abs=2)
    told = "; diverged: HeNormal {}; {} diverged runs counted as guessing"
    assert words(claim.note).endswith(told)
    assert values(claim.note)[-2:] == [3, 3]


def test_a_selu_network_from_another_start_that_diverged_is_told_of() -> None:
    """Glorot's divergence changes no verdict and no value, and stands in the note."""
    cells: dict[tuple[str, int, str], float | None] = {
        ("selu", 20, "HeNormal"): None,
        ("selu", 20, "LecunNormal"): 0.87,
    }
    before = found("deep-selu-needs-lecun", of_activation(cells, 0.1))
    cells["selu", 20, "GlorotNormal"] = None
    after = found("deep-selu-needs-lecun", of_activation(cells, 0.1))
    assert (after.verdict, after.value, after.low) == (before.verdict, before.value, before.low)
    assert "diverged: GlorotNormal {}, HeNormal {}; " in words(after.note)
    assert values(after.note)[-3:] == [3, 3, 3]


@pytest.mark.parametrize(("best", "expected"), [(0.11, "supported"), (0.6, "contradicted")])
def test_deep_sigmoid(best: float, expected: str) -> None:
    """One initializer that learns contradicts."""
    cells = {("sigmoid", 20, "Orthogonal"): best}
    assert found("deep-sigmoid-stalls", of_activation(cells, 0.1)).verdict == expected


@pytest.mark.parametrize(("odd", "expected"), [(0.86, "supported"), (0.7, "contradicted")])
def test_shallow_choice(odd: float, expected: str) -> None:
    """One variant of one activation that falls far behind contradicts."""
    cells = {("tanh", 2, "LecunNormal"): odd}
    assert found("shallow-choice-is-small", of_activation(cells, 0.87)).verdict == expected
