"""The same work as a PyTorch user would write it: whole tensors in memory, batches by index."""

import importlib
import itertools
import math
import time
from collections.abc import Callable
from typing import Any

from benchmarks import work
from benchmarks.work import HIDDEN, SEED, VARIANTS, Epochs, Measurement, Work

LEARNING_RATE, EPSILON = 0.001, 1e-7


def initialize(torch: Any, kernel: Any, variant: str) -> None:
    """Draw one kernel, (units out, units in), as Keras does: two kinds are cut off at 2 sd."""
    init, (fan_out, fan_in) = torch.nn.init, kernel.shape

    def cut_off(variance: float) -> None:
        sd = math.sqrt(variance) / work.LEFT_BY_CUT
        init.trunc_normal_(kernel, std=sd, a=-2 * sd, b=2 * sd)

    draw: dict[str, Callable[[], object]] = {
        "Zeros": lambda: init.zeros_(kernel),
        "RandomNormal": lambda: init.normal_(kernel, std=0.05),
        "GlorotNormal": lambda: cut_off(2 / (fan_in + fan_out)),
        "HeNormal": lambda: cut_off(2 / fan_in),
    }
    draw[variant]()


def network(torch: Any, variant: str, features: int, classes: int) -> Any:
    """Return the notebook's network, giving logits."""
    units, layers = (features, *HIDDEN, classes), []
    for fan_in, fan_out in itertools.pairwise(units):
        dense = torch.nn.Linear(fan_in, fan_out)
        initialize(torch, dense.weight, variant)
        torch.nn.init.zeros_(dense.bias)
        layers += [dense, torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


def train(given: Work) -> Measurement:
    """Return the measurement of training every variant, one after the other."""
    torch = importlib.import_module("torch")
    torch.manual_seed(SEED)
    split = work.split(given)
    x, x_val = torch.from_numpy(split.x), torch.from_numpy(split.x_val)
    y, y_val = (torch.from_numpy(each).long() for each in (split.y, split.y_val))
    epochs, accuracy, started = Epochs(), {}, time.perf_counter()
    for variant in VARIANTS:
        name = variant["name"]
        model = network(torch, name, x.shape[1], int(y.max()) + 1)
        optimizer = torch.optim.Adam(model.parameters(), LEARNING_RATE, eps=EPSILON)
        epochs.variant()
        for _ in range(given.epochs):
            with epochs.epoch():
                one_epoch(torch, model, optimizer, x, y, given.batch)
            accuracy[name] = validate(torch, model, x_val, y_val)
    seconds = time.perf_counter() - started
    return epochs.measured(given.steps(), seconds, accuracy, f"PyTorch {torch.__version__}")


def one_epoch(torch: Any, model: Any, optimizer: Any, x: Any, y: Any, batch: int) -> float:
    """Train on every row once, in a random order; return the mean loss."""
    total = torch.zeros(())
    for rows in torch.randperm(len(y)).split(batch):
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(x[rows]), y[rows])
        loss.backward()
        optimizer.step()
        total += loss.detach() * len(rows)
    return float(total) / len(y)


def validate(torch: Any, model: Any, x: Any, y: Any) -> float:
    """Return the accuracy over all rows."""
    with torch.no_grad():
        return float((model(x).argmax(1) == y).float().mean())


if __name__ == "__main__":
    work.tell(train(work.from_arguments(("train",))[1]))
