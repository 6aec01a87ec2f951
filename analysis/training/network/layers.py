"""Keras model of an architecture, and the optimizer of a run."""

from dataclasses import dataclass
from functools import cached_property
from math import isqrt
from typing import Any

import keras

from analysis.plan.run import Architecture, Optimization
from analysis.training.network.compiled import Convolution, Dropout, Pooling

Tensor = Any
NORMALIZATIONS = {
    "layer": keras.layers.LayerNormalization,
    "batch": keras.layers.BatchNormalization,
}


@dataclass(frozen=True)
class Layer:
    """A layer with a kernel, and the tensors around it, by which one looks into the network.

    inputs: what it receives. sums: what its activation is given, normalized where the network is.
    activations: what that makes of them. outputs: these, or where the layer is residual its inputs
    with these on top; the pooling of a convolutional layer comes after.
    """

    weighted: Any
    """A Dense, or a Conv2D."""
    activation: Any
    inputs: Tensor
    sums: Tensor
    activations: Tensor
    outputs: Tensor


@dataclass(frozen=True)
class Network:
    """A Keras model from (batch, features) to (batch, classes) logits, and its layers in order."""

    model: keras.Model
    layers: tuple[Layer, ...]

    @property
    def weighted(self) -> list[Any]:
        """Return the Keras layers that have a kernel, first to last."""
        return [each.weighted for each in self.layers]

    @property
    def dropouts(self) -> list[Dropout]:
        """Return the Keras layers that leave activations out, first to last."""
        return [each for each in self.model.layers if isinstance(each, Dropout)]

    @cached_property
    def inside(self) -> keras.Model:
        """Return the model, on the same weights, that gives those four tensors of each layer."""
        tensors = [(e.inputs, e.sums, e.activations, e.outputs) for e in self.layers]
        return keras.Model(self.model.input, tensors)


def build(features: int, classes: int, asked: Architecture) -> Network:
    """Return a network from (batch, features) to (batch, classes) logits.

    Before convolutions, features are the pixels of a square image. The softmax is part of the loss,
    where it can be computed without overflow.
    """
    rows = keras.Input((features,))
    layers, h = _convolutions(rows, asked) if asked.convolution else ([], rows)
    for place, units in enumerate(asked.hidden, start=1):
        branch = asked.branch if asked.residual(place, h.shape[-1]) else None
        layers.append(hidden_layer(keras.layers.Dense(units), h, asked, branch))
        h = layers[-1].outputs
    last = keras.layers.Dense(classes)
    logits = last(h)
    layers.append(Layer(last, keras.activations.linear, h, logits, logits, logits))
    return Network(keras.Model(rows, logits), tuple(layers))


def _convolutions(rows: Tensor, asked: Architecture) -> tuple[list[Layer], Tensor]:
    """Return the convolutional layers on images in rows, and what they give, flat again."""
    side = isqrt(rows.shape[-1])
    h = keras.layers.Reshape((side, side, 1))(rows)
    layers = []
    for each in asked.convolution:
        layers.append(hidden_layer(Convolution(each.filters, each.size, padding="same"), h, asked))
        h = layers[-1].outputs
        h = Pooling(each.pool)(h) if each.pool > 1 else h
    return layers, keras.layers.Flatten()(h)


def hidden_layer(
    weighted: keras.Layer, inputs: Tensor, asked: Architecture, branch: float | None = None
) -> Layer:
    """Return a hidden layer; dropout follows its activation, inside of a residual branch."""
    sums = weighted(inputs)
    if asked.normalization != "none":
        sums = NORMALIZATIONS[asked.normalization]()(sums)
    activation = keras.activations.get(asked.activation)
    activations = keras.layers.Activation(activation)(sums)
    outputs = Dropout(asked.dropout)(activations) if asked.dropout else activations
    if branch is not None:
        outputs = keras.layers.Add()([inputs, keras.layers.Rescaling(branch)(outputs)])
    return Layer(weighted, activation, inputs, sums, activations, outputs)


def optimizer(steps: Optimization) -> keras.Optimizer:
    """Return a run's Keras optimizer."""
    parameters: dict[str, Any] = dict(steps.parameters)
    return getattr(keras.optimizers, steps.optimizer)(**parameters)
