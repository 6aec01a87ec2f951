"""A preview of a small project, ended with the test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.made.sites.previewed import Preview, starting


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[str], Preview]]:
    """Give a function that starts a preview of a project with one answer."""
    yield from starting(tmp_path)
