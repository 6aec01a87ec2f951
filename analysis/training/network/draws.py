"""The initial weights of a run, and the seeds of all that is drawn for it."""

import math

import keras
import numpy as np
import numpy.typing as npt

from analysis.plan.run import RunInitializer, RunSettings
from analysis.study import initializers

Array = npt.NDArray[np.float32]
Shape = tuple[int, ...]

ORDER_STREAM, KERNEL_STREAM, BIAS_STREAM, DROPOUT_STREAM = 0, 1, 2, 3
"""Independent random streams of a seed: the order of the data, kernels, biases, and dropout."""


def layer_seed(seed: int, layer: int, stream: int = KERNEL_STREAM) -> int:
    """Return the seed of what is drawn for a layer (counted from 1): another for every one.

    Two layers that shared a seed would start from the same random numbers.
    """
    sequence = np.random.SeedSequence(seed, spawn_key=(stream, layer))
    return int(sequence.generate_state(1)[0])


def draw(initializer: RunInitializer, shape: Shape, seed: int) -> Array:
    """Return freshly drawn weights of a shape, by a Keras initializer with its own seed."""
    own_seed = {"seed": seed} if initializers.SCHEMES[initializer.name].random else {}
    make = getattr(keras.initializers, initializer.name)
    return np.asarray(make(**dict(initializer.parameters), **own_seed)(shape, dtype="float32"))


def fans(shape: Shape) -> tuple[int, int]:
    """Return fan_in and fan_out of a kernel, as Keras counts them.

    Shapes: (fan_in, fan_out) of a dense layer, (size, size, channels, filters) of a convolution.
    """
    *sides, received, given = shape
    return received * math.prod(sides), given * math.prod(sides)


def initial_kernels(settings: RunSettings, shapes: list[Shape]) -> list[Array]:
    """Return one kernel for each shape, drawn as the run's settings say.

    A seed is shared by the kernels of one initializer; another one of the output has its own.
    """
    schemes = [settings.kernel] * (len(shapes) - 1) + [settings.output_kernel]
    first = settings.kernel if settings.kernel_seed == "shared" else None
    return [
        draw(scheme, shape, layer_seed(settings.seed, 1 if scheme == first else layer))
        for layer, (scheme, shape) in enumerate(zip(schemes, shapes, strict=True), start=1)
    ]


def initial_biases(settings: RunSettings, shapes: list[Shape]) -> list[Array]:
    """Return one bias (units,) for each kernel shape, drawn as the run's settings say."""
    by_kernel = settings.bias_fans == "kernel"
    return [
        draw(
            _by_kernel(settings.bias, shape) if by_kernel else settings.bias,
            shape[-1:],
            layer_seed(settings.seed, layer, BIAS_STREAM),
        )
        for layer, shape in enumerate(shapes, start=1)
    ]


def dropout_seeds(settings: RunSettings, layers: int) -> list[int]:
    """Return the seed of dropout in each of so many layers."""
    places = range(1, layers + 1)
    return [layer_seed(settings.seed, place, DROPOUT_STREAM) for place in places]


def _by_kernel(bias: RunInitializer, shape: Shape) -> RunInitializer:
    """Return what draws a bias (n,) with the variance that its initializer gives the kernel.

    Keras takes both fans of a bias to be n, so the scale is divided by the kernel's and times n.
    """
    rule = initializers.scaling(bias.name, dict(bias.parameters))
    if rule is None:
        raise ValueError(f"{bias.name} is not scaled by fans")
    scale = shape[-1] * rule.variance(*fans(shape))
    parameters = (("distribution", rule.distribution), ("mode", "fan_in"), ("scale", scale))
    return RunInitializer("VarianceScaling", parameters)
