"""What is told of the test of a claim, to the letter."""

import math

import pytest

from analysis.claims.claim import Claim, Quantity
from report.words import verdicts
from report.words.numbers import SPACE
from tests.made.sites.desk import claim

EXACT = {"value": 11.35, "low": 11.35, "high": 11.35}
NONE = {"value": math.nan, "low": math.nan, "high": math.nan, "n": 0}


@pytest.mark.parametrize(
    ("tested", "text"),
    [
        (claim(), "−0.035 percentage points [−0.110, 0.040], margin 0.15, n = 20. Paired TOST"),
        (
            claim(**EXACT, unit="%", method="Compared.", n=3, margin=None),
            "11.35 %, n = 3. Compared",
        ),
        (
            claim(value=0.00953, low=0.00884, high=0.01022, unit="nats"),
            "0.00953 nats [0.00884, 0.01022], margin 0.15, n = 20. Paired TOST",
        ),
        (
            claim(**EXACT, unit="%", method="all compared; value: test accuracy", margin=None),
            "11.35 %, test accuracy, n = 20. All compared; value: test accuracy",
        ),
        (
            claim(value=5.7, low=3.1, high=9.4, unit="times", method="ratio; value: the weaker"),
            "5.70 times [3.10, 9.40], the weaker of two, margin 0.15, n = 20. "
            "Ratio; value: the weaker",
        ),
        (
            claim(value=0.99, low=0.99, high=0.99, unit="", method="arithmetic: a ratio", n=3),
            "0.99, a ratio, margin 0.15, n = 3. Arithmetic: a ratio",
        ),
        (claim(value=8.0, low=8.0, high=8.0, unit=""), "8, margin 0.15, n = 20. Paired TOST"),
        (
            claim(**NONE, note=("too few seeds: ", Quantity(2, "count"))),
            "Paired TOST. Too few seeds: 2",
        ),
        (
            claim(value=-0.001, low=-2.0, high=1.0, note=("p = ", Quantity(1.2e-05, "p"), ".")),
            "0.00 percentage points [−2.00, 1.00], margin 0.15, n = 20. Paired TOST. "
            "p = 1.2 × 10⁻⁵",
        ),
    ],
)
def test_evidence_is_value_interval_margin_seeds_method_and_note(tested: Claim, text: str) -> None:
    """In the digits that the interval deserves, a true minus, no minus before zero."""
    assert verdicts.evidence(tested).replace("\u00a0", " ") == text


@pytest.mark.parametrize(
    ("tested", "text"),
    [
        (claim(kind="exact", margin=None), "Refuted by a single exception."),
        (claim(kind="exact", margin=0.02), "Refuted by a single exception by more than 0.02."),
        (
            claim(seeds=8),
            "Refuted by an interval wholly beyond ±0.15 percentage points where it says within; "
            "open where one reaches across, or with fewer than 8 seeds.",
        ),
        (
            claim(kind="difference", margin=2.0, unit="times"),
            "Refuted by an interval wholly on the other side of a ratio of 2; open where one holds "
            "a ratio of 2.",
        ),
        (
            claim(kind="ordering", margin=0.0, unit="nats", seeds=8),
            "Refuted by an interval wholly on the other side of 0 nats; open where one holds "
            "0 nats, or with fewer than 8 seeds.",
        ),
    ],
)
def test_what_would_refute_a_claim_follows_from_its_kind_margin_and_unit(
    tested: Claim, text: str
) -> None:
    """An exception, an interval beyond a margin on both sides, or one beyond a bound."""
    assert verdicts.refutation(tested).replace(SPACE, " ") == text
