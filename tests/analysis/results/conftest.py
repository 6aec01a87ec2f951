"""What the tests of the store share: runs to store, and a place for them."""

from pathlib import Path

import pytest

from analysis.plan import work
from analysis.plan.run import Run
from tests.made.results import tiny


@pytest.fixture
def planned(tmp_path: Path) -> tuple[Run, ...]:
    """Return the runs of a study with sweeps that measures everything, each once."""
    folder = tmp_path / "study"
    folder.mkdir()
    runs = tiny.planned(tiny.write_study(folder, experiments=tiny.SWEEP))[1]
    return tuple(task.run for task in work.tasks(runs, {}))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the path of a results file that does not exist yet, and neither does its folder."""
    return tmp_path / "results" / "runs.sqlite"
