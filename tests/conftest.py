"""Settings that all tests share, and TensorFlow for those that need it, started once."""

import importlib
import os
from types import ModuleType
from unittest import mock

import pytest
from hypothesis import settings

# Examples are drawn the same way on every machine, so that a failure in CI is a failure here. No
# deadline: the first example of a test often pays for an import.
settings.register_profile("project", derandomize=True, deadline=None)
settings.load_profile("project")


@pytest.fixture(scope="session")
def compute() -> None:
    """Import TensorFlow under a worker's environment, which is read once, at its start."""
    from analysis.training import quiet, workers

    with mock.patch.dict(os.environ, workers.SINGLE_THREADED), quiet.startup():
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
