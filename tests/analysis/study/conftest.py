"""What the tests of studies share."""

from pathlib import Path

import pytest

from tests.analysis.study.good import GOOD


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """Return the path of a study that is in order."""
    path = tmp_path / "good.toml"
    path.write_text(GOOD, encoding="utf-8")
    return path
