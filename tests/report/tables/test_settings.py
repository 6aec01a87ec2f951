"""What was set, and what everything was made with, stands in a table as it is."""

from dataclasses import replace

from report.tables.settings import environment
from report.tables.table import Digest, Text
from tests.made.sites.drawn import base
from tests.report.tables.reading import cells


def test_settings_name_every_hyperparameter() -> None:
    """Widths from the measured layers, the optimizer as one would call it, seeds as a span."""
    rows = cells(base(), "settings")
    assert rows["Network"]["Value"] == "784 – 128 – 64 – 10 (softmax)"
    assert rows["Optimizer"]["Value"].startswith("Adam(learning_rate=0.001, ")
    assert rows["Data set"]["Value"] == "MNIST"
    assert rows["Hidden activation"]["Value"] == "ReLU"
    assert rows["Seeds"]["Value"] == "20 (0 … 19)"
    assert rows["Variant RandomNormal"]["Value"] == "RandomNormal(mean=0, stddev=0.05)"


def test_environment_lists_versions_and_digests_but_no_run() -> None:
    """What trained, what rendered, which data; run identities are left to the data files."""
    rows = cells(base(), "environment")
    assert rows["Trained with, TensorFlow"]["Value"] == "2.21.0"
    assert rows["Dataset, SHA-256"]["Value"] == "0" * 64
    assert not [item for item in rows if item.startswith(("Run", "Study"))]


def test_a_digest_is_known_by_its_name_not_by_its_look() -> None:
    """The SHA-256 of the data and a commit are digests; a machine called like one is not."""
    looks = "0123456789abcdef" * 2
    held = {"commit": looks, "trained_with": {"processor": looks, "cores": None}}
    table = environment(replace(base(), provenance=held), {})
    assert [row[1] for row in table.rows] == [Digest(looks), Text(looks), Text("–")]
