"""What the tests of the compute rooms share: a small data set."""

import pytest

from tests.analysis.training import small


@pytest.fixture(scope="session")
def small_mnist(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the name of an .npz of the first 2,000 training and 500 test images of MNIST."""
    return small.save(tmp_path_factory.mktemp("data") / "small.npz", small.first_rows())
