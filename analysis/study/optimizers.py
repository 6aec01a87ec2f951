"""Keras optimizers by name, with the parameters a study may set and the values those may take."""

from collections.abc import Mapping

from analysis.study.names import closest
from analysis.study.parameters import Parameter, Value, complete, flag, positive, share

OPTIMIZERS: Mapping[str, Mapping[str, Parameter]] = {
    "Adam": {
        "learning_rate": positive(0.001),
        "beta_1": share(0.9),
        "beta_2": share(0.999),
        "epsilon": positive(1e-7),
        "amsgrad": flag(),
    },
    "AdamW": {
        "learning_rate": positive(0.001),
        "weight_decay": Parameter(0.004, low=0),
        "beta_1": share(0.9),
        "beta_2": share(0.999),
        "epsilon": positive(1e-7),
        "amsgrad": flag(),
    },
    "Nadam": {
        "learning_rate": positive(0.001),
        "beta_1": share(0.9),
        "beta_2": share(0.999),
        "epsilon": positive(1e-7),
    },
    "RMSprop": {
        "learning_rate": positive(0.001),
        "rho": share(0.9),
        "momentum": share(0.0),
        "epsilon": positive(1e-7),
        "centered": flag(),
    },
    "SGD": {
        "learning_rate": positive(0.01),
        "momentum": share(0.0),
        "nesterov": flag(),
    },
}


def complete_parameters(optimizer: str, given: Mapping[str, object]) -> Mapping[str, Value]:
    """Return every parameter of a Keras optimizer: the given ones checked, the others as in Keras.

    Raises ValueError for an optimizer or a parameter that is not known, or a value out of range.
    """
    known = OPTIMIZERS.get(optimizer)
    if known is None:
        raise ValueError(
            f"no optimizer {optimizer!r}{closest(optimizer, OPTIMIZERS)}; "
            f"choose one of {', '.join(OPTIMIZERS)}"
        )
    return complete(optimizer, given, known)
