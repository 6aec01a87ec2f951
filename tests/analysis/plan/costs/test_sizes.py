"""How many weights, products and units a network has, counted by hand and by Keras."""

from dataclasses import replace
from types import ModuleType

from analysis.plan.costs import memory, sizes
from analysis.plan.costs.sizes import Size
from analysis.plan.run import Convolution
from tests.analysis.plan.test_planning import DATA, planned, quick

LAYERS = (Convolution(4, 3, 2), Convolution(6, 5, 3))


def test_sizes_by_hand() -> None:
    """784 → 28 × 28 × 4, pooled to 14, → 14 × 14 × 6, pooled to 4, → 96 numbers → 16 → 10."""
    (run, *_) = planned(quick("network.hidden=[16]"))
    settings = replace(run.settings, convolution=LAYERS)
    assert sizes.layers(settings, DATA) == [
        Size(36, 36 * 784, 4 * 784, 9 * 784),
        Size(600, 600 * 196, 6 * 196, 100 * 196),
        Size(96 * 16, 96 * 16, 16),
        Size(160, 160, 10),
    ]
    assert sizes.layers(run.settings, DATA) == [Size(784 * 16, 784 * 16, 16), Size(160, 160, 10)]


def test_weights_are_those_of_the_kernels(layers: ModuleType) -> None:
    """The network that is built has as many, biases aside."""
    (run, *_) = planned(quick("network.hidden=[16]"))
    settings = replace(run.settings, convolution=LAYERS)
    network = layers.build(784, 10, settings.architecture)
    built = [int(layer.kernel.value.numpy().size) for layer in network.weighted]
    assert [each.weights for each in sizes.layers(settings, DATA)] == built


def test_a_batch_of_images_takes_memory() -> None:
    """What convolutions give for a batch counts: 64 rows of 3,136 + 1,176 numbers, of 4 bytes."""
    (run, *_) = planned(quick("network.hidden=[16]"))
    convolved = replace(run, settings=replace(run.settings, convolution=LAYERS))
    weights, more = 36 + 600 + 96 * 16 - 784 * 16, 64 * (3136 + 1176)
    added = memory.run_bytes(convolved, DATA) - memory.run_bytes(run, DATA)
    assert added == 4 * (4 * weights + more)
