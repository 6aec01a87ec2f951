"""Names as identifiers, for anchors and addresses."""

import re
import unicodedata


def slug(name: str) -> str:
    """A variant's name as an identifier: ASCII lower case, words joined by hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "variant"
