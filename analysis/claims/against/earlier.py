"""What the build before has left beside its pages, to compare this one with."""

from pathlib import Path
from typing import Any

from analysis.claims.against import account
from analysis.claims.against.account import Account
from analysis.errors import InputError, StudyError, reading
from analysis.study.file import build_study

FILE = "data/compare.json"
"""In a site: what is compared of its results, and of the last ones before that were others."""
FIGURES = "figures"
BEFORE = "figures/before"
"""In a site: the figures of its results, and those of the results before that were others."""


def read(site: Path) -> tuple[Account | None, Account | None]:
    """Return the accounts of the site's results and of those before; None for what is not there."""
    kept: Any = reading.state(site / FILE)
    if not isinstance(kept, dict):
        return None, None
    return _account(kept.get("now")), _account(kept.get("previous"))


def drawing(site: Path, name: str, *, last: bool) -> tuple[str, str] | None:
    """Return what a build has left of a figure: its drawing as SVG, and its rows as CSV.

    That of the `last` results is the site's own; of those before it has what differed from it. None
    for what is not there, or is damaged.
    """
    folder = site / (FIGURES if last else BEFORE)
    try:
        drawn, rows = (reading.text(folder / f"{name}.{kind}") for kind in ("svg", "csv"))
    except InputError:
        return None
    return (drawn, rows) if drawn.startswith("<svg") else None


def _account(kept: Any) -> Account | None:
    """Return the account that was kept; None for none, and for one whose study cannot be one."""
    found = account.from_json(kept)
    try:
        if found:
            build_study(dict(found.study), FILE)
    except StudyError:
        return None
    return found
