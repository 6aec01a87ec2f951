"""How sure every interval and test of the report is; light, for whoever only speaks of it."""

LEVEL = 0.95
"""Of every interval."""
ALPHA = round(1 - LEVEL, 12)
"""How often a two-sided test may find what is not there."""
SIDE = round((1 - LEVEL) / 2, 12)
"""How often a one-sided test may, and every claim is one: an interval at LEVEL beyond a margin."""
QUANTILE = round((1 + LEVEL) / 2, 12)
"""The upper end of an interval at LEVEL, as a share of the distribution."""
AT_LEVEL, AT_SIDE = (f"{100 * level:.12g} %" for level in (LEVEL, SIDE))
"""The same in words: "95 %", "2.5 %"."""
