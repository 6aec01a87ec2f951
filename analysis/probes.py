"""Statistics of a network's weights, layer by layer."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from analysis.runresult import LayerStatistics

Array = npt.NDArray[np.float32]


def weight_statistics(
    moment: str, kernels: Sequence[Array], biases: Sequence[Array]
) -> tuple[LayerStatistics, ...]:
    """Return the statistics of each layer; kernels have shape (fan_in, fan_out), biases (fan_out,).

    Means and standard deviations (dividing by n) are taken in float64 over all entries of a kernel.
    """
    return tuple(
        LayerStatistics(
            moment=moment,
            layer=layer,
            fan_in=kernel.shape[0],
            fan_out=kernel.shape[1],
            kernel_mean=float(kernel.mean(dtype=np.float64)),
            kernel_sd=float(kernel.std(dtype=np.float64)),
            kernel_max_abs=float(np.abs(kernel).max()),
            bias_max_abs=float(np.abs(bias).max()),
        )
        for layer, (kernel, bias) in enumerate(zip(kernels, biases, strict=True), start=1)
    )
