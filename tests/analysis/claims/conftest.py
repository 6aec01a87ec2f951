"""What the tests of claims share: the base study's results, and no waiting for a collector."""

import gc

import pytest

from analysis.results.frames import Results
from tests.made.results.synthetic import synthetic_results


@pytest.fixture(autouse=True)
def _no_collection(monkeypatch: pytest.MonkeyPatch) -> None:
    """Skip statsmodels' collection of garbage at each Holm adjustment: most of the time here."""
    monkeypatch.setattr(gc, "collect", lambda: 0)


@pytest.fixture(scope="session")
def base() -> Results:
    """Twenty seeds of the base study, He, Glorot and RandomNormal close together at the end."""
    return synthetic_results()
