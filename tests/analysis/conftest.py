"""What the tests of the compute rooms share: a worker's TensorFlow, and a small data set."""

import importlib
import os
from types import ModuleType
from unittest import mock

import pytest

from analysis.training import quiet, workers
from tests.analysis.training import small


@pytest.fixture(scope="session")
def compute() -> None:
    """Import TensorFlow under a worker's environment, which is read once, at its start."""
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
def small_mnist(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the name of an .npz of the first 2,000 training and 500 test images of MNIST."""
    return small.save(tmp_path_factory.mktemp("data") / "small.npz", small.first_rows())
