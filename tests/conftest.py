"""Settings that all tests share, and TensorFlow for those that need it, started once."""

import importlib
import os
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
def network(compute: None) -> ModuleType:
    """Return analysis.training.network with TensorFlow started."""
    return importlib.import_module("analysis.training.network")


@pytest.fixture(scope="session")
def probes(compute: None) -> ModuleType:
    """Return analysis.training.probes with TensorFlow started."""
    return importlib.import_module("analysis.training.probes")
