"""What the figures of signals and gradients show, in words and numbers."""

import pandas as pd

from analysis.results import select
from analysis.results.frames import Results
from analysis.statistics import comparisons, summaries
from report.figures.descriptions import over
from report.words.settings import NAMES

GLOROT = (
    ("rms", "Activations", "rms"),
    ("sum_gradient_sd", "Gradient", "sd"),
    ("kernel_gradient_sd", "Weight gradient", "sd"),
)
"""What the panels of Glorot and Bengio's network show: column, name, and measure of its size."""


def predicted(results: Results, experiment: str) -> pd.DataFrame:
    """Return the recursions of an experiment at initialization; see `summaries.recursion`."""
    layers = select.layers(results, experiment, "sum_mean_square")
    network = results.study.experiments[experiment].network
    return summaries.recursion(layers, select.variants(results, experiment), network)


def vanished(results: Results, experiment: str, value: str) -> list[str]:
    """Return a sentence on each variant of which a log axis shows nothing, or not everything."""
    layers = select.hidden(select.layers(results, experiment, value))
    sentences = []
    for name, own in layers.groupby("variant", observed=True):
        zero = own[own[value] == 0]
        where = select.values(zero, "activation")
        if len(zero) == len(own):
            sentences.append(f"{name}: exactly 0 in every hidden layer, not on a log axis.")
        elif len(zero):
            words = " and ".join(NAMES.get(each, each) for each in where)
            sentences.append(f"{name}, {words}: 0 in some layers, below the smallest float32.")
    return sentences


def propagation(results: Results) -> str:
    """Return the alternative text of the signal's mean square by layer."""
    return _by_activation(results, "sum_mean_square", "Mean square of the weighted sums")


def gradients(results: Results) -> str:
    """Return the alternative text of the gradient's spread by layer."""
    return _by_activation(results, "sum_gradient_sd", "Standard deviation of the gradient")


def _by_activation(results: Results, value: str, what: str) -> str:
    layers = select.hidden(select.layers(results, "propagation", value))
    closed = predicted(results, "propagation")
    text = [
        f"{what} by layer of networks with {layers['layer'].max()} hidden layers before training, "
        f"on log axes, {over(layers['seed'].nunique())}, beside the closed form."
    ]
    for activation, own in layers.groupby("activation", sort=False):
        theory = closed[closed["activation"] == activation]
        name = NAMES.get(str(activation), str(activation))
        text.append(f"{name}: {_courses(own, theory, value)}.")
    return " ".join([*text, *vanished(results, "propagation", value)])


def _courses(own: pd.DataFrame, closed: pd.DataFrame, value: str) -> str:
    """From the first to the last layer, of each variant that is not zero there."""
    table = comparisons.summary(own, value, ["variant", "layer"])
    parts = []
    for name, rows in table[table["mean"] > 0].groupby("variant", observed=True):
        first, last = rows.iloc[0], rows.iloc[-1]
        theory = closed.loc[closed["variant"] == name].set_index("layer")[value]
        formula = f" (closed form {theory[last['layer']]:.2g})" if len(theory) else ""
        parts.append(
            f"{name} {first['mean']:.2g} in layer {first['layer']}, "
            f"{last['mean']:.2g} in layer {last['layer']}{formula}"
        )
    return "; ".join(parts) if parts else "zero everywhere"


def glorot(results: Results) -> str:
    """Return the alternative text of Glorot and Bengio's network at initialization."""
    layers = select.hidden(select.layers(results, "glorot", "mean_square"))
    layers = layers.assign(rms=layers["mean_square"] ** 0.5)
    width = layers["width"].iloc[0]
    text = [
        f"Three line charts by layer of a network with {layers['layer'].max()} hidden layers of "
        f"{width} units before training, on log axes, {over(layers['seed'].nunique())}."
    ]
    for value, what, measure in GLOROT:
        table = comparisons.summary(layers, value, ["variant", "layer"])
        parts = [
            f"{name} from {rows['mean'].iloc[0]:.2g} to {rows['mean'].iloc[-1]:.2g}"
            for name, rows in table.groupby("variant", observed=True)
        ]
        text.append(f"{what}, {measure}: {', '.join(parts)}.")
    return " ".join(text)
