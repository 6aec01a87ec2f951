"""Slugs, and the nearest known name."""

import difflib
import re
import unicodedata
from collections.abc import Collection


def slug(name: str) -> str:
    """A variant's name as an identifier: ASCII lower case, words joined by hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "variant"


def closest(name: str, known: Collection[str]) -> str:
    """Return " (did you mean X?)" for the known name nearest to `name`, or an empty string."""
    folded = {candidate.lower(): candidate for candidate in known}
    near = difflib.get_close_matches(name.lower(), folded, n=1, cutoff=0.6)
    return f" (did you mean {folded[near[0]]!r}?)" if near else ""
