"""One Firefox for all tests of a process."""

import os
from collections.abc import Iterator

import pytest

from tests.browser.firefox.session import Firefox, running
from tools import system


@pytest.fixture(scope="session")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """Firefox without a window; where there is none, CI fails and others skip."""
    program = system.find_firefox()
    if program is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(system.NEEDS_FIREFOX)
    with running(program, tmp_path_factory.mktemp("profile")) as firefox:
        yield firefox


@pytest.fixture
def firefox(started: Firefox) -> Iterator[Firefox]:
    """The same, with an ear for its pages.

    The test fails where one logged an error or a warning, threw one, broke its content policy, or
    did not get what it asked for.
    """
    started.problems.clear()
    yield started
    started.collect()
    if started.problems:
        pytest.fail("\n".join(["the pages went wrong:", *started.problems]), pytrace=False)
