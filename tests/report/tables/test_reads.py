"""Which experiments a table says that it shows: those, and no other, make it."""

import contextlib

import pytest

from analysis.claims.testing import declarations
from analysis.errors import ReportError
from report import tables
from tests.made.results.synthetic import without
from tests.made.sites.desk import claim
from tests.made.sites.drawn import whole

SHOWN = {name: tables.experiments(name) for name in tables.NAMES}
TESTED = {each.id: claim(id=each.id) for each in declarations()}


@pytest.mark.parametrize("name", [name for name, shown in SHOWN.items() if shown])
def test_a_table_is_made_of_the_experiments_that_it_declares(name: str) -> None:
    """All others may be missing; where one of its own is, it is another table, or none."""
    make, shown = tables.load(name), SHOWN[name] or ()
    others = [each for each in whole().study.experiments if each not in shown]
    made = make(whole(), TESTED)
    assert make(without(whole(), *others), TESTED) == made
    for each in shown:
        with contextlib.suppress(ReportError):
            assert make(without(whole(), each), TESTED) != made


def test_every_table_says_what_it_shows() -> None:
    """None stands for all experiments, or for none."""
    assert [name for name, shown in SHOWN.items() if shown is None] == [
        "costs", "environment", "claims", "gains",
    ]  # fmt: skip
