"""From an interval to a verdict."""

import numpy as np

from analysis.claims.deciding import above, joint, within


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
