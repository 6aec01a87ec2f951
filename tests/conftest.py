"""Settings that all tests share, and TensorFlow for those that need it, started once."""

import importlib
import os
import signal
from types import ModuleType

import pytest
from hypothesis import settings

from analysis.training.surroundings import variables

# Examples are drawn the same way on every machine, so that a failure in CI is a failure here. No
# deadline: the first example of a test often pays for an import.
settings.register_profile("project", derandomize=True, deadline=None)
settings.load_profile("project")
# As in a build: what the shell around the tests holds changes none of them, but for what asks for
# more of them.
ASKED = {name: value for name, value in os.environ.items() if name == "KILLS"}
variables.replace(variables.of_build(os.environ) | ASKED)
# What a test starts ends by Ctrl-C as in a terminal, also where a shell without one has started the
# tests in the background, deaf to it.
signal.signal(signal.SIGINT, signal.default_int_handler)
SLOW_S = 900
"""So long a slow test may take on the busiest machine; what any other may, pyproject.toml says."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let files with slow tests come first, so that no process is left alone with one at the end.

    Processes take files in this order. A file's own tests stay in theirs.
    """
    slow = [item for item in items if item.get_closest_marker("slow")]
    for item in slow:
        if not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(SLOW_S))
    long = {item.path for item in slow}
    items.sort(key=lambda item: item.path not in long)


@pytest.fixture(scope="session")
def compute(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Import TensorFlow under a worker's environment, which is read once, at its start."""
    from analysis.training.surroundings import quiet

    folder = tmp_path_factory.mktemp("worker")
    with variables.replaced(variables.of_worker(os.environ, folder)), quiet.startup():
        importlib.import_module("analysis.training.trainer").start()


@pytest.fixture(scope="session")
def training(compute: None) -> ModuleType:
    """Return analysis.training.trainer with TensorFlow started."""
    return importlib.import_module("analysis.training.trainer")


@pytest.fixture(scope="session")
def layers(compute: None) -> ModuleType:
    """Return analysis.training.network.layers with TensorFlow started."""
    return importlib.import_module("analysis.training.network.layers")


@pytest.fixture(scope="session")
def draws(compute: None) -> ModuleType:
    """Return analysis.training.network.draws with TensorFlow started."""
    return importlib.import_module("analysis.training.network.draws")


@pytest.fixture(scope="session")
def probes(compute: None) -> ModuleType:
    """Return analysis.training.probes with TensorFlow started."""
    return importlib.import_module("analysis.training.probes")
