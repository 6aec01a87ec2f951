"""A project to release."""

from pathlib import Path

import pytest

from tests.project.release import repository


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a repository of which all holds that a release needs; it is the working folder."""
    folder = repository.made(tmp_path / "project")
    monkeypatch.chdir(folder)
    return folder
