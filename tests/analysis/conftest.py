"""What the tests of the compute rooms share: a worker's TensorFlow, and a small data set."""

import importlib
import os
from types import ModuleType

import pytest

from analysis.training.surroundings import quiet, variables
from tests.analysis.training import small


@pytest.fixture(scope="session")
def compute(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Import TensorFlow under a worker's environment, which is read once, at its start."""
    folder = tmp_path_factory.mktemp("worker")
    with variables.replaced(variables.of_worker(os.environ, folder)), quiet.startup():
        importlib.import_module("analysis.training.trainer").start()


@pytest.fixture(scope="session")
def training(compute: None) -> ModuleType:
    """Return analysis.training with TensorFlow started."""
    return importlib.import_module("analysis.training.trainer")


@pytest.fixture(scope="session")
def network(compute: None) -> ModuleType:
    """Return analysis.network with TensorFlow started."""
    return importlib.import_module("analysis.training.network")


@pytest.fixture(scope="session")
def small_mnist(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the name of an .npz of the first 2,000 training and 500 test images of MNIST."""
    return small.save(tmp_path_factory.mktemp("data") / "small.npz", small.first_rows())
