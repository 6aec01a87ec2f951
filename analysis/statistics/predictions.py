"""What theory says of the networks of an experiment, in rows as they are measured."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.statistics import theory
from analysis.statistics.estimates import Floats
from analysis.study import initializers
from analysis.study.model import Variant
from analysis.study.network import Initializer, Network

RECURSION = ("sum_mean_square", "mean_square", "sum_gradient_sd")


def recursion(layers: pd.DataFrame, variants: Sequence[Variant], network: Network) -> pd.DataFrame:
    """One row an activation, variant and layer: what the closed-form recursions predict there.

    Columns sum_mean_square, mean_square and sum_gradient_sd, as in
    `plan.result.LayerStatistics`. `layers` are an experiment's at initialization, with the
    activation of their runs: the forward recursion starts from the mean square of their inputs, the
    backward one from the gradient at their logits. Left out are variants whose weights have no
    closed-form variance, or that have no signals. Of a network that is more than dense layers the
    recursions tell nothing.
    """
    found = []
    if network.beyond_dense:
        layers = layers.iloc[:0]
    by_name = {variant.name: variant for variant in variants}
    groups = layers.dropna(subset=list(RECURSION)).groupby(
        ["activation", "variant"], observed=True, sort=False
    )
    for (activation, name), own in groups:
        table = _predicted(own, by_name[str(name)], network, str(activation))
        if table is not None:
            found.append(table.assign(activation=str(activation), variant=str(name)))
    columns = ["activation", "variant", "layer", *RECURSION]
    return pd.concat(found)[columns] if found else pd.DataFrame(columns=columns)


def _predicted(
    own: pd.DataFrame, variant: Variant, network: Network, activation: str
) -> pd.DataFrame | None:
    """Both recursions for one variant, from means over its seeds at either end of the network."""
    means = own.groupby("layer")[["fan_in", "fan_out", "input_mean_square"]].mean()
    fans = [(int(a), int(b)) for a, b in means[["fan_in", "fan_out"]].to_numpy()]
    drawn = [variant.kernel(layer, len(fans)) for layer in range(1, len(fans) + 1)]
    variances = [_variance(each, *fan) for each, fan in zip(drawn, fans, strict=True)]
    shifts = [variant.bias_in(network).variance(*fan) for fan in fans]
    known = [value for value in variances if value is not None]
    shifted = [value for value in shifts if value is not None]
    if len(known) < len(variances) or len(shifted) < len(shifts):
        return None
    received = float(means["input_mean_square"].iloc[0])
    fan_ins, fan_outs = [a for a, _ in fans], [b for _, b in fans]
    sums, passed = theory.forward(fan_ins, known, received, activation, shifted)
    ends = own.loc[own["layer"] == own["layer"].max(), "sum_gradient_sd"]
    end = float(np.square(ends.to_numpy(dtype=float)).mean())
    gradients = theory.backward(fan_outs, known, sums, activation, end)
    columns = dict(zip(RECURSION, (sums, passed, np.sqrt(gradients)), strict=True))
    return pd.DataFrame({"layer": means.index, **columns})


def _variance(drawn: Initializer, fan_in: int, fan_out: int) -> float | None:
    return initializers.variance(drawn.initializer, drawn.parameters, fan_in, fan_out)


def typical(recursion: pd.DataFrame, layers: pd.DataFrame) -> pd.DataFrame:
    """The rows of ReLU networks of a recursion, `value` at its median over draws, not its mean.

    Of a log-normal quantity the median is e^(-v/2) of the mean, with v the variance of its
    logarithm: for the mean square of the sums of a layer that of the layers before, and 2/n for a
    mean of n squares of normal draws. First order in 1/n, for one image. `layers` have the units of
    each layer as `fan_out`.
    """
    widths = layers.groupby("layer")["fan_out"].first()
    scatter = {
        layer: theory.length_variance(widths[widths.index < layer].tolist()) + 2 / width
        for layer, width in widths.items()
    }
    own = recursion[recursion["activation"] == "relu"]
    return own.assign(value=own["value"] * np.exp(-own["layer"].map(scatter).astype(float) / 2))


def trainable_depths(
    gains: Sequence[float] | Floats, bias_variance: float, activation: str, scales: float
) -> pd.DataFrame:
    """One row a σ_w² of `gains`: `gain` and `depth`, the layers of so many depth scales ξ."""
    depths = [scales * theory.gradient_depth_scale(g, bias_variance, activation) for g in gains]
    return pd.DataFrame({"gain": list(gains), "depth": depths})
