"""What the base experiment was set to, and what everything was made with."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from analysis.errors import visible
from analysis.results.frames import Results
from analysis.study.model import BASE
from report.tables.table import Cell, Digest, Table, Text, pairs
from report.words.counts import counted
from report.words.numbers import NONE
from report.words.settings import (
    TITLES,
    activation_name,
    beyond_dense,
    call,
    held_out,
    initializer,
    spelled,
)

if TYPE_CHECKING:
    from analysis.claims.claim import Claim

DIGESTS = {"sha256", "commit", "published_commit"}
"""Keys of the provenance under which a digest stands."""
LEFT_OUT = {
    "study", "run_ids", "guessing", "trained", "trained_on", "published_trained_on",
    "trained_under", "published_trained_under",
}  # fmt: skip
"""Keys of the provenance that are not tabulated: the study has a table of its own, identities are
in the machine-readable files, where and when what was trained stands on the first page, and under
which freeze of the claims in their table."""


WRITTEN = {
    **TITLES, "datasets": "Data", "sha256": "SHA-256", "numpy": "NumPy", "scipy": "SciPy",
    "tensorflow": "TensorFlow", "jinja2": "Jinja", "pandas": "pandas",
    "statsmodels": "statsmodels",
}  # fmt: skip
"""Keys of the provenance whose name in a table is not their words."""
READS = {"settings": (BASE,), "environment": None}
"""The experiments that each table shows; None: all, or none."""


def settings(results: Results, _: "Mapping[str, Claim]") -> Table:
    """Return the base experiment's hyperparameters, one a row, and its initializers as called."""
    study = results.study.experiments[BASE]
    training = study.training
    rows = [
        ("Data set", TITLES.get(study.dataset.name, study.dataset.name)),
        ("Seeds", f"{len(study.seeds)} ({_spans(study.seeds)})"),
        ("Network", _network(results)),
        ("Hidden activation", activation_name(study.network.activation)),
        *((label, text) for label, text in beyond_dense(study.network).items() if text),
        ("Optimizer", call(training.optimizer.name, training.optimizer.parameters)),
        ("Loss", training.loss),
        ("Batch size", counted(training.batch_size, "sample")),
        ("Epochs", str(training.epochs)),
        ("Validation split", held_out(training.validation_split)),
        *((f"Variant {variant.name}", initializer(variant)) for variant in study.variants),
    ]
    return pairs(("Setting", "Value"), [(name, Text(value)) for name, value in rows])


def _network(results: Results) -> str:
    """Widths from input to classes, as the measured layers have them; those behind convolutions."""
    layers = results.layers[results.layers["experiment"] == BASE]
    layers = layers.drop_duplicates("layer").sort_values("layer")
    if layers.empty:
        return " – ".join(str(units) for units in results.study.experiments[BASE].network.hidden)
    layers = layers.iloc[len(results.study.experiments[BASE].network.convolution) :]
    widths = [int(layers["fan_in"].iloc[0]), *(int(units) for units in layers["fan_out"])]
    return " – ".join(str(width) for width in widths) + " (softmax)"


def _spans(seeds: tuple[int, ...]) -> str:
    """Numbers with every unbroken ascending stretch of three or more as first … last."""
    stretches: list[list[int]] = []
    for seed in seeds:
        if stretches and seed == stretches[-1][-1] + 1:
            stretches[-1].append(seed)
        else:
            stretches.append([seed])
    parts = [
        f"{s[0]} … {s[-1]}" if len(s) > 2 else ", ".join(str(seed) for seed in s) for s in stretches
    ]
    return ", ".join(parts)


def environment(results: Results, _: "Mapping[str, Claim]") -> Table:
    """Return versions, machine and data digests as the provenance holds them, one a row."""
    kept = ((key, value) for key, value in results.provenance.items() if key not in LEFT_OUT)
    rows = [row for key, value in kept for row in _flat(_words(key), key, value)]
    return pairs(("Item", "Value"), rows)


def _flat(name: str, key: object, value: object) -> list[tuple[str, Cell]]:
    """Rows of a nested value, their names joined by commas, in the order given."""
    if isinstance(value, Mapping):
        inner = (
            (f"{name}, {visible(_words(each))}", each, item)
            for each, item in value.items()
            if each not in LEFT_OUT
        )
        return [row for part in inner for row in _flat(*part)]
    if isinstance(value, list | tuple):
        return [(name, Text(visible(", ".join(spelled(item) for item in value))))]
    if value is None:
        return [(name, Text(NONE))]
    if value is True:
        return [(name, Text("yes"))]
    text = visible(spelled(value))  # a processor or a version may call itself anything
    return [(name, Digest(text) if key in DIGESTS else Text(text))]


def _words(key: object) -> str:
    if key in WRITTEN:
        return WRITTEN[str(key)]
    text = str(key).replace("_", " ")
    return text[:1].upper() + text[1:] if text.islower() and "." not in text else text
