"""Claims on depth, held to laws that support, contradict or leave them open."""

from collections.abc import Mapping

import pytest

from tests.made.results.claimed import found, jitter, words
from tests.made.results.synthetic import Law


def of_depth(table: Mapping[tuple[str, str, int], float], other: float = 0.11) -> Law:
    """Accuracies by optimizer, variant and depth."""
    return lambda key: (
        table.get((key["optimizer"], key["variant"], key["depth"]), other) + jitter(key)
    )


@pytest.mark.parametrize(
    ("he", "glorot", "expected"),
    [(0.4, 0.11, "supported"), (0.11, 0.11, "inconclusive"), (0.9, 0.5, "contradicted")],
)
def test_he_trains_where_xavier_stalls(he: float, glorot: float, expected: str) -> None:
    """He must be ahead, and Glorot must stall: a Glorot that trains contradicts."""
    table = {("SGD", "HeNormal", 30): he, ("SGD", "GlorotNormal", 30): glorot}
    claim = found("he-trains-where-xavier-stalls", of_depth(table))
    assert claim.verdict == expected
    assert len(claim.runs) == 10


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("optimizer-softens", ("Adam", "GlorotNormal", 30)),
        ("adam-is-not-enough", ("Adam", "HeNormal", 50)),
        ("he-alone-is-not-enough", ("SGD", "HeNormal", 10)),
    ],
)
def test_one_cell_decides(name: str, cell: tuple[str, str, int]) -> None:
    """Supported where this cell alone trains, contradicted where all cells are equally good."""
    assert found(name, of_depth({cell: 0.6})).verdict == "supported"
    assert found(name, lambda key: 0.6).verdict == "contradicted"


def test_without_its_depth_a_claim_says_so() -> None:
    """A sweep that has lost 30 layers leaves the claim open and names what is missing."""
    shallow = 'experiments.depth.sweep={"network.hidden"=["2 x 16", "10 x 16"]}'
    for name in ("he-trains-where-xavier-stalls", "adam-is-not-enough"):
        claim = found(name, lambda key: 0.5, shallow)
        assert (claim.verdict, claim.n, claim.runs) == ("inconclusive", 0, ())
        assert "no such runs" in words(claim.note)
