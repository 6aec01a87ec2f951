"""How sure every interval of the report is; light, for whoever only speaks of it."""

# By hand it stands in the answers q3a.md and methods.md, and in templates/pages/code.html.
LEVEL = 0.95
AT_LEVEL = f"{100 * LEVEL:g} %"
"""The same in words, "95 %"."""
