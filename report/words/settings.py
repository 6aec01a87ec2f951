"""What the runs of an experiment were set to, in words: what they share and where they differ."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from analysis.study import optimizers
from analysis.study.model import Experiment, Point, Settings, Variant
from analysis.study.network import Bias, Convolution, Network
from report.words.counts import counted
from report.words.numbers import code, exact

INITIALIZER = "Initializer"
TITLES = {"mnist": "MNIST", "fashion-mnist": "Fashion-MNIST"}
"""How data sets of the project are written; others are, as their study names them."""
AND_SKIPS = " and skips"
"""What the name of a stack with normalization and skip connections ends in."""
Words = Mapping[str, str]


def differing(experiment: Experiment, found: Sequence[tuple[Point, Variant]]) -> list[Words]:
    """Return for every run all that it was set to, under labels that are the same for all.

    What a sweep sets inside of a variant has a label of its own. The initializer is left out where
    its variant's name, with these, says which it is.
    """
    own = _swept_in_variants(experiment)
    known: dict[tuple[int, int], Words] = {}
    for point, variant in found:
        key = (id(point), id(variant))
        if key not in known:
            swept = {name: spelled(point.coordinates[name]) for name in own}
            known[key] = {**_words(point.settings), INITIALIZER: initializer(variant), **swept}
    words = _told([known[id(point), id(variant)] for point, variant in found])
    pairs = list(zip(found, words, strict=True))
    named = {(v.name, *(w[name] for name in own)) for (_, v), w in pairs}
    called = {(v.name, w[INITIALIZER], *(w[name] for name in own)) for (_, v), w in pairs}
    if len(named) == len(called):
        words = [{k: v for k, v in each.items() if k != INITIALIZER} for each in words]
    return words


def _told(words: list[Words]) -> list[Words]:
    """Return the words of runs without the labels under which none of them has any."""
    told = {label for each in words for label, text in each.items() if text}
    return [{label: text for label, text in each.items() if label in told} for each in words]


def _swept_in_variants(experiment: Experiment) -> list[str]:
    """Names of the coordinates that set a parameter of a variant."""
    keys = [key for key in experiment.sweep if key.startswith("variants.")]
    return [
        name
        for name in experiment.points[0].coordinates
        if any(name in (key, key.rpartition(".")[2]) for key in keys)
    ]


def _words(settings: Settings) -> dict[str, str]:
    training, network = settings.training, settings.network
    share = f", the first {spelled(100 * training.data_fraction)} % of its rows"
    called = TITLES.get(settings.dataset.name, settings.dataset.name)
    return {
        "Data": called + (share if training.data_fraction < 1 else ""),
        "Hidden layers": layers(network.hidden),
        "Activation": activation_name(network.activation),
        **beyond_dense(network),
        "Biases": _bias(network.bias),
        "Optimizer": _optimizer(training.optimizer.name, training.optimizer.parameters),
        "Learning rate": spelled(training.optimizer.parameters.get("learning_rate")),
        "Loss": training.loss,
        "Batch size": counted(training.batch_size, "sample"),
        "Epochs": str(training.epochs),
        "Validation split": held_out(training.validation_split),
        "Measured": _measured(settings),
    }


def beyond_dense(network: Network) -> dict[str, str]:
    """Return what a network is beyond dense layers, by its label; "" for what it is not."""
    factor = exact(network.factor) if network.factor is not None else ""
    return {
        "Convolutions": ", ".join(map(_convolution, network.convolution)),
        "Normalization": "" if network.normalization == "none" else network.normalization,
        "Residual branches": f"times {factor}" if factor else "",
        "Dropout": f"{spelled(100 * network.dropout)} %" if network.dropout else "",
        "Kernel seeds": "" if network.kernel_seed == "own" else "one for all kernels",
    }


def stack(normalization: str, residual: bool) -> str:
    """Return what a stack has beside its dense layers: "layer normalization and skips"."""
    normed = "" if normalization == "none" else f"{normalization} normalization"
    if residual:
        return normed + AND_SKIPS if normed else "skip connections"
    return normed or "plain"


def _convolution(layer: Convolution) -> str:
    pooled = f", pooled by {layer.pool}" if layer.pool > 1 else ""
    return f"{counted(layer.filters, 'filter')} of {layer.size} × {layer.size}{pooled}"


def _bias(bias: Bias) -> str:
    by = ", by the fans of the kernel" if bias.fans == "kernel" else ""
    return call(bias.initializer, bias.parameters) + by


def held_out(share: float) -> str:
    """Return which rows are held out for validation, given their share as a fraction."""
    return f"the last {spelled(100 * share)} % of the rows"


def layers(hidden: Sequence[int]) -> str:
    """Return the widths of hidden layers, a stack of equal ones as "30 × 128"."""
    stacks = [(len(list(same)), width) for width, same in groupby(hidden)]
    return ", ".join(f"{count} × {width}" if count > 1 else str(width) for count, width in stacks)


def initializer(variant: Variant) -> str:
    """Return the initializers of a variant as one would call them."""
    text = call(variant.initializer, variant.parameters)
    if variant.output is not None:
        text += f", output {call(variant.output.initializer, variant.output.parameters)}"
    return f"{text}, biases {_bias(variant.bias)}" if variant.bias else text


def _optimizer(name: str, parameters: Mapping[str, object]) -> str:
    """The optimizer with what is set apart from its defaults and its learning rate."""
    defaults = optimizers.complete_parameters(name, {})
    set_apart = {
        key: each
        for key, each in parameters.items()
        if key != "learning_rate" and each != defaults.get(key)
    }
    return call(name, set_apart) if set_apart else name


def _measured(settings: Settings) -> str:
    parts = [", ".join(settings.measure) or "losses and accuracies"]
    if settings.moments:
        parts.append("also at epochs " + ", ".join(spelled(each) for each in settings.moments))
    if settings.curve_points:
        parts.append(f"training loss at {counted(settings.curve_points, 'point')} an epoch")
    return "; ".join(parts)


def call(name: str, parameters: Mapping[str, object]) -> str:
    """Return a class and its parameters as one would write the call, without what is not set."""
    given = (f"{key}={_typed(each)}" for key, each in parameters.items() if each is not None)
    return f"{name}({', '.join(given)})"


def _typed(value: object) -> str:
    return code(value) if isinstance(value, float) else str(value)


def spelled(value: object) -> str:
    """Return a setting as text: a float in as few digits as it needs."""
    return exact(value) if isinstance(value, float) else str(value)


def activation_name(activation: str) -> str:
    """Return an activation, given by its name in Keras, as one writes it in a sentence."""
    return _ACTIVATIONS.get(activation, activation)


_ACTIVATIONS = {
    "relu": "ReLU", "leaky_relu": "leaky ReLU", "tanh": "tanh", "sigmoid": "sigmoid",
    "selu": "SELU", "elu": "ELU", "gelu": "GELU", "silu": "SiLU",
}  # fmt: skip
"""Those whose name in a sentence is another."""
