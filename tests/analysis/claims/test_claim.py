"""A claim and the parts of its note: light to import, and whole in every part."""

import subprocess
import sys

import pytest

from analysis.claims.claim import Quantity, joined
from build import ROOT

HEAVY = {"scipy", "statsmodels", "pandas", "numpy", "tensorflow"}


def loaded(code: str) -> set[str]:
    """The heavy libraries that a process has loaded after `code`."""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint(*sys.modules)"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return HEAVY & set(done.stdout.split())


@pytest.mark.parametrize(
    ("modules", "heavy"),
    [
        ("analysis.claims.claim", set()),
        ("analysis.claims.testing, analysis.claims.against.standing", {"numpy", "pandas"}),
    ],
)
def test_claims_are_handed_on_without_scipy(modules: str, heavy: set[str]) -> None:
    """A claim needs no library at all; what tests it loads SciPy when a test must run."""
    assert loaded(f"import {modules}") == heavy


def test_notes_are_joined_where_there_is_something() -> None:
    """Separators stand between notes only, and quantities stay what they are."""
    three = Quantity(3, "count")
    assert joined("; ", [(), ("a ", three), (), ("b",)]) == ("a ", three, "; ", "b")
    assert joined(", ", []) == ()
