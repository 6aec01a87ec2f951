"""Claims on activations, held to laws of accuracy that support, contradict or leave them open."""

from collections.abc import Mapping

import pytest

from tests.made.results.claimed import RunKey, found, jitter, values, words
from tests.made.results.synthetic import Law

Cells = dict[tuple[str, int, str], float | None]


def of_activation(cells: Mapping[tuple[str, int, str], float | None], other: float) -> Law:
    """Accuracies by activation, depth and variant; None diverges."""

    def law(key: RunKey) -> float | None:
        score = cells.get((key["activation"], key["depth"], key["variant"]), other)
        return None if score is None else score + jitter(key)

    return law


@pytest.mark.parametrize(
    ("he", "expected"), [(0.9, "supported"), (0.82, "supported"), (0.7, "contradicted")]
)
def test_glorot_for_tanh(he: float, expected: str) -> None:
    """He ahead or level contradicts the rule of thumb; He far behind upholds it."""
    cells = {("tanh", 20, "HeNormal"): he, ("tanh", 20, "GlorotNormal"): 0.82}
    claim = found("glorot-for-tanh-is-not-about-accuracy", of_activation(cells, 0.5))
    assert claim.verdict == expected


def test_a_diverged_selu_network_counts_as_guessing() -> None:
    """He's divergence is the evidence, not a gap in it."""
    cells: Cells = {("selu", 20, "HeNormal"): None, ("selu", 20, "LecunNormal"): 0.87}
    claim = found("deep-selu-needs-lecun", of_activation(cells, 0.1))
    assert (claim.verdict, claim.n) == ("supported", 8)
    assert claim.value == pytest.approx(77, abs=2)
    told = "; diverged: HeNormal {}; {} diverged runs counted as guessing"
    assert words(claim.note).endswith(told)
    assert values(claim.note)[-2:] == [8, 8]


def test_a_selu_network_from_another_start_that_diverged_is_told_of() -> None:
    """Glorot's divergence changes no verdict and no value, and stands in the note."""
    cells: Cells = {("selu", 20, "HeNormal"): None, ("selu", 20, "LecunNormal"): 0.87}
    before = found("deep-selu-needs-lecun", of_activation(cells, 0.1))
    cells["selu", 20, "GlorotNormal"] = None
    after = found("deep-selu-needs-lecun", of_activation(cells, 0.1))
    assert (after.verdict, after.value, after.low) == (before.verdict, before.value, before.low)
    assert "diverged: GlorotNormal {}, HeNormal {}; " in words(after.note)
    assert values(after.note)[-3:] == [8, 8, 8]


@pytest.mark.parametrize(
    ("law", "expected"),
    [
        (of_activation({("sigmoid", 20, "Orthogonal"): 0.13}, 0.11), "supported"),
        (of_activation({("sigmoid", 20, "Orthogonal"): 0.6}, 0.11), "contradicted"),
        (lambda key: 0.6 if key["seed"] % 2 else 0.11, "inconclusive"),
    ],
)
def test_deep_sigmoid(law: Law, expected: str) -> None:
    """One initializer that learns contradicts; one that learns by turns leaves it open."""
    assert found("deep-sigmoid-slow", law).verdict == expected


@pytest.mark.parametrize(
    ("law", "expected"),
    [
        (of_activation({("tanh", 2, "LecunNormal"): 0.86}, 0.87), "supported"),
        (of_activation({("tanh", 2, "LecunNormal"): 0.7}, 0.87), "contradicted"),
        (of_activation({("sigmoid", 2, "LecunNormal"): 0.5}, 0.87), "supported"),
        (
            lambda key: 0.87 - 0.06 * (key["variant"] == "HeNormal") * (key["seed"] % 2),
            "inconclusive",
        ),
    ],
    ids=["near", "far", "the sigmoid alone", "by turns"],
)
def test_shallow_choice(law: Law, expected: str) -> None:
    """One variant of one activation that falls far behind contradicts; the sigmoid is left out."""
    assert found("shallow-choice-is-small", law).verdict == expected
