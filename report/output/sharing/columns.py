"""What each column of the tables of data is, for those who build on them: data/README.md."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from analysis.plan.result import FLAT, PROBE_ROWS
from analysis.results.frames import FIRST_STEPS, TABLES
from report.words.metrics import LEVELS

if TYPE_CHECKING:
    from analysis.results.frames import Results

FILE = "README.md"
KEYS = {
    "experiment": "name of the experiment, a table of the study",
    "variant": "name of what is compared in it",
    "seed": "seed of the run",
    "run_id": "identity of the network: SHA-256 over data, settings and version of the engine. A "
    "network that takes part in several experiments has it in each, cut to the epochs of each",
}
RUNS = {
    "point": "place in the sweep of the experiment, from 0; provenance.json has the study, and "
    "with it data set, share of the rows, batch size and all that is not swept",
    "depth": "dense hidden layers",
    "width": "units of the first of them",
    "activation": "activation function of the hidden layers",
    "optimizer": "optimizer",
    "learning_rate": "its learning rate",
    "status": "finished, or diverged: the loss of an epoch was not finite",
    "diverged_epoch": "that epoch, from 1",
    "epochs": "epochs that were trained; of a diverged run up to that one",
    "train_loss": "mean over the samples of the last epoch, each at the moment of its step (nats)",
    "train_accuracy": "the same of the accuracy (a fraction)",
    "val_loss": "on the held-out rows after the last epoch (nats)",
    "val_accuracy": "the same of the accuracy (a fraction); that of a diverged run is of no use",
    "test_loss": "on the test rows after the last epoch (nats); empty where a run diverged",
    "test_accuracy": "the same of the accuracy (a fraction). Where a method says that a diverged "
    "run counts as guessing, it is the reader who puts in the accuracy of guessing",
    "train_s": "seconds of training, evaluation and measuring on one worker",
    "compile_s": "seconds that it waited for compilation",
}
PROGRESS = "epochs done; 0 is before the first step"
MOMENT = "initial, during, or final"
LAYER = "layer with a kernel, from 1; the last is the output"
LAYERS = {
    "moment": MOMENT,
    "progress": PROGRESS,
    "layer": LAYER,
    "fan_in": "inputs of a unit",
    "fan_out": "units that an input feeds",
    "kernel_mean": "mean of the entries of the kernel",
    "kernel_sd": "their standard deviation",
    "kernel_max_abs": "the largest of them in size",
    "bias_max_abs": "the largest bias in size",
    "input_mean_square": "mean square of what the layer receives",
    "sum_mean_square": "mean square of the sums z, over rows and units",
    "mean_square": "mean square of what the layer puts out; in the last layer of the logits",
    "dead_share": "share of units that put out 0 for every row",
    "flat_share": f"share of all z at which the slope of the activation is below {FLAT}",
    "sum_gradient_sd": "standard deviation of the gradient of one row's loss with respect to z",
    "kernel_gradient_norm": "Euclidean norm of the gradient of the mean loss by the kernel",
    "kernel_gradient_sd": "standard deviation of its entries",
    "kernel_rank": "rank of the kernel, up to rounding",
    "distinct_units": "columns of the kernel that differ in any bit",
    "sum_correlation": "mean over pairs of rows of Σ z z′ / √(Σ z² Σ z′²)",
}
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "runs": RUNS,
    "epochs": {
        "epoch": "from 1; nothing is measured before the first",
        "loss": "training loss, a mean over the epoch while the weights change (nats)",
        "accuracy": "training accuracy, likewise (a fraction)",
        "val_loss": "on the held-out rows after the epoch (nats)",
        "val_accuracy": "likewise (a fraction)",
        "test_loss": "on the test rows after the epoch (nats)",
        "test_accuracy": "likewise (a fraction)",
        "train_s": "seconds of the epoch",
    },
    "curves": {"progress": "epochs done", "loss": "mean training loss since the row before (nats)"},
    "layers": LAYERS,
    "histograms": {
        "moment": MOMENT,
        "progress": PROGRESS,
        "layer": LAYER,
        "quantity": "what is counted: sums or activations, over rows and units",
        "low": "lower end of the first bin",
        "high": "upper end of the last bin",
        "shares": "share of each bin, all of equal width, from the first on",
    },
    "first_steps": {
        "step": f"from 1 to {FIRST_STEPS}",
        "loss": "mean training loss of its batch, before the step (nats)",
    },
}
SWEPT = "what is swept over, where it is; else empty"


def readme(results: "Results") -> str:
    """Return a list of all columns of the tables as Markdown."""
    return "\n".join(_lines(results)) + "\n"


def _lines(results: "Results") -> Iterator[str]:
    yield from (
        "# The data",
        "",
        "Every table is one of comma-separated values in UTF-8. Its rows begin with:",
        "",
    )
    yield from _listed(KEYS)
    yield from (
        "",
        "`experiment` and `run_id` together name a run. An empty cell was not measured. Accuracies "
        "are fractions here and percent in `claims.json`. Signals and gradients are those of the "
        f"first {PROBE_ROWS} held-out rows, the same in every run of a data set.",
    )
    for table in TABLES:
        own = [name for name in getattr(results, table).columns if name not in KEYS]
        yield from ("", f"## {table}.csv", "")
        yield from _listed({name: COLUMNS[table].get(name, SWEPT) for name in own})
    yield from (
        "",
        "## claims.json",
        "",
        "Every claim with its verdict. `margin`, `value`, `low` and `high` are in `unit`; `method` "
        "says how it was tested, `runs` on what. Intervals are of "
        f"{LEVELS['interval']}, and each claim is decided one-sided at {LEVELS['test']}. Steps to "
        "an accuracy are interpolated between the ends of epochs, and from the accuracy of "
        "guessing at step 0; a median of ratios is that of their logarithms; in a sign test a "
        "difference of exactly the margin counts against the claim.",
    )


def _listed(columns: Mapping[str, str]) -> Iterator[str]:
    for name, about in columns.items():
        yield f"- `{name}`: {about}"
