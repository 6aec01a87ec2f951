"""How sure the report is, in one place."""

import re
from pathlib import Path

from analysis.statistics import level
from build import ROOT

TYPED = re.compile(r"\b9\d(\.\d)? % (\w+ )?intervals?\b|TOST at \d|\blevel=0?\.\d|\bp\w* < 0?\.\d")


def test_all_levels_follow_from_one() -> None:
    """An interval at 95 % leaves 2.5 % on either side; the binary fractions are exact."""
    assert (level.LEVEL, level.ALPHA, level.SIDE, level.QUANTILE) == (0.95, 0.05, 0.025, 0.975)
    assert (level.AT_LEVEL, level.AT_SIDE) == ("95 %", "2.5 %")


def test_no_level_is_typed_anywhere_else() -> None:
    """Neither in a test, its words, an answer nor a page."""
    files = [
        each
        for folder in ("analysis", "report", "templates")
        for suffix in ("py", "md", "html")
        for each in (ROOT / folder).rglob(f"*.{suffix}")
        if each != Path(level.__file__)
    ]
    found = [str(each) for each in files if TYPED.search(each.read_text("utf-8"))]
    assert len(files) > 100
    assert found == []
