"""Claims that one network is ahead of another, or level with it, in the median seed."""

import pytest

from tests.made.results.claimed import RunKey, ahead, found, jitter, values, words
from tests.made.results.synthetic import Law

AHEAD = [
    ("optimizer-softens", "optimizer", "Adam"),
    ("adam-is-not-enough", "variant", "HeNormal"),
    ("fashion-deep", "variant", "HeNormal"),
    ("smaller-variance-behind", "variant", "HeNormal"),
    ("own-rate-does-not-level", "variant", "HeNormal"),
    ("glorot-for-tanh-is-not-about-accuracy", "variant", "HeNormal"),
    ("orthogonal-tanh", "variant", "Orthogonal"),
    ("deep-selu-needs-lecun", "variant", "LecunNormal"),
]
"""Each claim, with the column and the value that it says is ahead."""


@pytest.mark.parametrize(("name", "column", "better"), AHEAD)
def test_a_lead_supports_a_lag_contradicts_and_turns_leave_open(
    name: str, column: str, better: str
) -> None:
    """Thirty points ahead in every seed, behind in every seed, or by turns."""
    lead = found(name, ahead(column, better, 0.3))
    assert lead.verdict == "supported"
    assert lead.value == pytest.approx(30, abs=1)
    assert lead.n == 8
    assert lead.p == pytest.approx(1 / 256)
    assert found(name, ahead(column, better, -0.3)).verdict == "contradicted"
    open_ = found(name, ahead(column, better, 0.3, wavering=True))
    assert (open_.verdict, open_.n) == ("inconclusive", 8)


@pytest.mark.parametrize(("name", "column", "better"), AHEAD[1:5])
def test_a_lead_below_its_margin_contradicts(name: str, column: str, better: str) -> None:
    """Five points, in every seed, are not more than ten."""
    assert found(name, ahead(column, better, 0.05)).verdict == "contradicted"


def test_seven_seeds_of_eight_do_not_decide() -> None:
    """One network that does not train leaves the median open: 9/256 is more than 2.5 %."""
    law = ahead("variant", "HeNormal", 0.3)

    def lost(key: RunKey) -> float | None:
        return 0.1 if (key["variant"], key["seed"] % 8) == ("HeNormal", 3) else law(key)

    claim = found("adam-is-not-enough", lost)
    assert claim.verdict == "inconclusive"
    assert claim.p == pytest.approx(9 / 256)


@pytest.mark.parametrize("name", ["glorot-catches-up", "same-variance-level"])
def test_level_supports_apart_contradicts_and_turns_leave_open(name: str) -> None:
    """Within ten points in every seed, beyond them in every seed, or by turns."""
    level = found(name, ahead("variant", "HeNormal", 0.02))
    assert level.verdict == "supported"
    assert found(name, ahead("variant", "HeNormal", 0.3)).verdict == "contradicted"
    assert found(name, ahead("variant", "HeNormal", -0.3)).verdict == "contradicted"
    assert found(name, ahead("variant", "HeNormal", 0.3, wavering=True)).verdict == "inconclusive"


def of_variants(**scores: float) -> Law:
    """Accuracies by the name of a variant, a half where none is given."""
    return lambda key: scores.get(key["variant"], 0.5) + jitter(key)


@pytest.mark.parametrize("rival", ["GlorotNormal", "LecunNormal", "PyTorch"])
def test_one_rival_that_keeps_up_contradicts(rival: str) -> None:
    """He must be ahead of all three."""
    law = of_variants(HeNormal=0.9, **{rival: 0.9})
    assert found("smaller-variance-behind", law).verdict == "contradicted"


def test_one_of_its_variance_that_lags_contradicts() -> None:
    """HeUniform and Orthogonal must both be level with HeNormal."""
    law = of_variants(HeNormal=0.9, HeUniform=0.9)
    assert found("same-variance-level", law).verdict == "contradicted"


def test_an_orthogonal_of_another_variance_is_no_fair_rival() -> None:
    """At a gain of one the claim is open and says why."""
    claim = found(
        "same-variance-level",
        lambda key: 0.9,
        'experiments.fair.variants=[{name="HeNormal", initializer="HeNormal"}, '
        '{name="HeUniform", initializer="HeUniform"}, {name="O", initializer="Orthogonal"}]',
    )
    assert (claim.verdict, claim.note) == ("inconclusive", ("the gain of Orthogonal is not √2",))


def stacks(plain: float, paths: float, odd: float | None = None) -> Law:
    """He's lead in the plain stack, in all others, and in the one with skips alone."""

    def law(key: RunKey) -> float:
        bare = key["normalization"] == "none"
        skips = paths if odd is None else odd
        lead = (skips if key["residual"] else plain) if bare else paths
        return 0.5 + (lead if key["variant"] == "HeNormal" else 0) + jitter(key)

    return law


@pytest.mark.parametrize(
    ("law", "expected"),
    [
        (stacks(0.4, 0.0), "supported"),
        (stacks(0.4, 0.4), "contradicted"),
        (stacks(0.0, 0.0), "contradicted"),
        (stacks(0.4, 0.0, odd=0.3), "contradicted"),
        (lambda key: stacks(0.4, 0.3 * (key["seed"] % 2))(key), "inconclusive"),
    ],
)
def test_paths_make_it_matter_less(law: Law, expected: str) -> None:
    """He ahead in the plain stack alone; one other stack in which it is, is enough."""
    claim = found("paths-make-it-matter-less", law)
    assert claim.verdict == expected
    told = words(claim.note)
    assert told.count("median test accuracy") == 6
    assert "layer normalization and skips" in told


def test_each_initializer_has_the_rate_that_its_validation_prefers() -> None:
    """He at 0.1 and Glorot at 0.3, whatever their test accuracies at other rates."""
    best = {"HeNormal": 0.1, "GlorotNormal": 0.3}
    claim = found(
        "own-rate-does-not-level",
        lambda key: (
            (0.9 if key["learning_rate"] == best[key["variant"]] else 0.2)
            - (0.3 if key["variant"] == "GlorotNormal" else 0)
            + jitter(key)
        ),
        validated=True,
    )
    assert claim.verdict == "supported"
    assert claim.value == pytest.approx(30, abs=1)
    assert sorted(values(claim.note)[:2]) == [0.1, 0.3]
