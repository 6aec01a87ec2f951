"""From an interval to a verdict."""

import numpy as np

from analysis.claims.deciding import above, farthest, joint, within
from analysis.statistics.estimates import Estimate


def test_verdicts_by_interval() -> None:
    """Beyond the margin, short of it, or astride; and never from four seeds or no interval."""
    assert above(0.1, 0.2, 0.0, 20) == "supported"
    assert above(-0.2, -0.1, 0.0, 20) == "contradicted"
    assert above(-0.1, 0.2, 0.0, 20) == "inconclusive"
    assert above(0.1, 0.2, 0.0, 4) == "inconclusive"
    assert above(np.nan, np.nan, 0.0, 20) == "inconclusive"
    assert within(-0.1, 0.1, 0.15, 20) == "supported"
    assert within(0.2, 0.3, 0.15, 20) == "contradicted"
    assert within(0.1, 0.2, 0.15, 20) == "inconclusive"
    assert joint(["supported", "inconclusive"]) == "inconclusive"
    assert joint(["supported", "inconclusive", "contradicted"]) == "contradicted"
    assert joint([]) == "inconclusive"


def test_the_farthest_deviation_is_named_and_one_contradicted_contradicts() -> None:
    """Below zero counts as much as above; the verdict is that of all."""
    near, far = Estimate(20, 1.0, 0.5, 1.5), Estimate(20, -3.0, -3.5, -2.5)
    assert farthest({"near": near, "far": far}, 4.0) == ("supported", "far", far)
    assert farthest({"near": near, "far": far}, 2.0)[0] == "contradicted"
