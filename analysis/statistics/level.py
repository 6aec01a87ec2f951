"""How sure every interval and test of the report is; light, for whoever only speaks of it."""

LEVEL = 0.95
"""Of every interval that is not one of equivalence."""
ALPHA = round(1 - LEVEL, 12)
"""How often a test may find what is not there."""
EQUIVALENCE = round(1 - 2 * ALPHA, 12)
"""Of the interval that two one-sided tests imply, each of them at ALPHA."""
QUANTILE = round((1 + LEVEL) / 2, 12)
"""The upper end of an interval at LEVEL, as a share of the distribution."""
AT_LEVEL, AT_ALPHA, AT_EQUIVALENCE = (
    f"{100 * level:.12g} %" for level in (LEVEL, ALPHA, EQUIVALENCE)
)
"""The same in words: "95 %", "5 %", "90 %"."""
