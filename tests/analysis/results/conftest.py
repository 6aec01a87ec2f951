"""What the tests of the store share: runs to store, and a place for them."""

from pathlib import Path

import pytest

from analysis.plan import planning
from analysis.plan.run import Run
from tests.made.results import tiny


@pytest.fixture
def planned(tmp_path: Path) -> tuple[Run, ...]:
    """Return the runs of a study with sweeps that measures everything, each once."""
    folder = tmp_path / "study"
    folder.mkdir()
    return planning.pending(tiny.planned(tiny.write_study(folder, experiments=tiny.SWEEP))[1], ())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the path of a results file that does not exist yet, and neither does its folder."""
    return tmp_path / "results" / "runs.sqlite"
