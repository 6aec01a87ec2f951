"""Names and titles: what they may hold, their slugs, and the nearest known name."""

import difflib
import re
import unicodedata
from collections.abc import Collection

from analysis.errors import is_unseen, named

SIGNS = "( ) . , + - – = _"
"""What a variant's name may hold beside letters and digits of any script, and spaces."""
LONGEST = 40
FORMULA = ("=", "+", "-", "@")
"""What a spreadsheet takes a cell for a formula by."""


def readable(text: str) -> str:
    """Return a text that stands in one line, as it is; raise ValueError where a part is unseen.

    A text must have something to read: a letter or a digit.
    """
    for place, sign in enumerate(text, start=1):
        if is_unseen(sign):
            raise ValueError(f"must be text that can be seen; character {place} is {named(sign)}")
    if text and not any(sign.isalnum() for sign in text):
        raise ValueError("must have a letter or a digit")
    return text


def variant_name(name: str) -> str:
    """Return the name of a variant or a data set; raise ValueError saying what is allowed."""
    readable(name)
    allowed = f"a name must be 1 to {LONGEST} letters, digits, spaces and any of {SIGNS}"
    # An accent may be a character of its own: what counts is the letter that it makes.
    letters = unicodedata.normalize("NFC", name)
    other = next((each for each in letters if not (_is_letter(each) or each in SIGNS)), "")
    if other or not 1 <= len(letters) <= LONGEST:
        raise ValueError(allowed + (f"; {other!r} is none of them" if other else ""))
    if name.startswith(FORMULA):
        raise ValueError(
            "a name must not begin with one of = + -: a spreadsheet would take it for a formula"
        )
    return name


def _is_letter(sign: str) -> bool:
    """Tell whether a character is a letter, a digit, or a mark without which some are not whole."""
    return sign.isalnum() or unicodedata.category(sign).startswith("M")


def slug(name: str) -> str:
    """Return a name as an identifier: ASCII lower case, words joined by hyphens.

    Of a name that has no such letter or digit it is "variant".
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "variant"


def closest(name: str, known: Collection[str]) -> str:
    """Return " (did you mean X?)" for the known name nearest to `name`, or an empty string."""
    folded = {candidate.lower(): candidate for candidate in known}
    near = difflib.get_close_matches(name.lower(), folded, n=1, cutoff=0.6)
    return f" (did you mean {folded[near[0]]!r}?)" if near else ""
