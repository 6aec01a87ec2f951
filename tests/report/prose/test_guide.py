"""The code that the guide shows: it runs, and draws and prints what the text says of it.

Keras is run in processes of its own: what has run an operation of TensorFlow may not be copied.
"""

import ast
import json
import re
import subprocess
import sys

import numpy as np
import pytest

from build import ROOT

GUIDE = (ROOT / "report" / "answers" / "guide.md").read_text("utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
KERAS = [block for block in BLOCKS if "keras" in block]
TORCH = [block for block in BLOCKS if "torch" in block]

LAYERS = """
import ast, json, sys
import keras
import numpy as np
keras.utils.set_random_seed(1)
lines, techniques = json.load(sys.stdin)
names, found = {}, []
for node in ast.parse(lines).body:
    if not isinstance(node, ast.Expr):
        exec(compile(ast.Module([node], []), "guide", "exec"), names)
        continue
    layer = eval(compile(ast.Expression(node.value), "guide", "eval"), names)
    layer.build((None, 9, 9, 400) if isinstance(layer, keras.layers.Conv2D) else (None, 400))
    kernel = np.array(layer.kernel) if hasattr(layer, "kernel") else np.array(layer.gamma)[:, None]
    found.append([type(layer).__name__, kernel.var() * kernel[..., 0].size, float(kernel.mean())])
names = {}
exec(techniques, names)
drawn = {name: float(np.var(kernel)) for name, kernel in names["kernels"].items()}
print(json.dumps([found, drawn], default=float))
"""
LOOK = """
import json, sys
import keras
import numpy as np
from examples.first_look import first_look
kernels, x, y = json.load(sys.stdin)
widths = [len(kernels[0]), *(len(kernel[0]) for kernel in kernels)]
model = keras.Sequential([
    keras.Input((widths[0],)),
    *(keras.layers.Dense(width, "relu") for width in widths[1:-1]),
    keras.layers.Dense(widths[-1]),
])
for layer, kernel in zip(model.layers, kernels, strict=True):
    layer.set_weights([np.array(kernel), np.zeros(len(kernel[0]))])
first_look(model, np.array(x), np.array(y))
"""
SCRIPT = """
import runpy, sys
import keras
from analysis.data import idx
arrays, _ = idx.load(idx.FOLDERS[idx.MNIST])
parts = [(arrays[f"x_{part}"], arrays[f"y_{part}"]) for part in ("train", "test")]
keras.datasets.mnist.load_data = lambda: parts
sys.argv[0] = "examples/four_initializers.py"
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def run(code: str, *words: str, given: object = None) -> str:
    """What a process prints that runs code in the project's folder, reading JSON."""
    done = subprocess.run(
        [sys.executable, "-c", code, *words], cwd=ROOT, input=json.dumps(given),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_lines_of_keras_draw_the_variances_of_the_formulas() -> None:
    """Each layer, with 400 inputs, has the fan_in · Var(W) that its rule says, and mean zero."""
    lines, techniques = KERAS
    found, drawn = json.loads(run(LAYERS, given=[lines, techniques]))
    glorot, last, stream = 2 * 400 / 464, 2 * 400 / 410, 400 * 0.02**2
    expected = [
        ("Dense", 2.0), ("Dense", 2 / 1.04), ("Dense", glorot), ("Dense", 1.0), ("Dense", 2.0),
        ("Dense", glorot), ("Conv2D", 2.0), ("Dense", 2.0), ("BatchNormalization", 0.0),
        ("BatchNormalization", 0.0), ("Dense", 0.0), ("Dense", stream), ("Dense", stream / 24),
        ("Dense", last),
    ]  # fmt: skip
    assert [kind for kind, _, _ in found] == [kind for kind, _ in expected]
    values = [value for _, value, _ in found]
    assert values == pytest.approx([value for _, value in expected], rel=0.08)
    gammas = [mean for kind, _, mean in found if kind == "BatchNormalization"]
    assert gammas == [1, 0]
    assert drawn == techniques_of(256, 128)


def test_numpy_draws_the_four_techniques() -> None:
    """Their variances are those of the formulas, with a row for each input."""
    (block,) = (each for each in BLOCKS if "numpy" in each)
    names: dict[str, dict[str, np.ndarray]] = {}
    exec(block, names)
    assert {kernel.shape for kernel in names["kernels"].values()} == {(256, 128)}
    assert {name: kernel.var() for name, kernel in names["kernels"].items()} == techniques_of(
        256, 128
    )


def techniques_of(fan_in: int, fan_out: int) -> dict[str, object]:
    """The variance of each technique, which 32,768 draws meet within a few percent."""
    variances = {"zero": 0, "random": 0.0025, "Glorot": 2 / (fan_in + fan_out), "He": 2 / fan_in}
    return {name: pytest.approx(value, rel=0.04) for name, value in variances.items()}


def test_lines_of_pytorch_are_python() -> None:
    """PyTorch is no package of the project: its lines are parsed, and run by hand."""
    assert len(TORCH) == 2
    assert all(ast.parse(block).body for block in TORCH)


def test_no_line_of_code_is_wider_than_the_text() -> None:
    """A block stands beside side notes, and must not need to scroll there."""
    lines = "".join(BLOCKS).splitlines()
    assert [line for line in lines if len(line) > 68] == []


def test_a_first_look_prints_what_numpy_finds() -> None:
    """Loss, mean squares, silent units and gradients of a small network, by the formulas."""
    rng = np.random.default_rng(3)
    kernels = [rng.normal(size=shape) for shape in ((5, 8), (8, 6), (6, 3))]
    kernels[0][:, :2] = -np.abs(kernels[0][:, :2])  # two units that no positive input reaches
    x, y = np.abs(rng.normal(size=(20, 5))), np.arange(20) % 3
    signals = [x]
    for kernel in kernels[:-1]:
        signals.append(np.maximum(signals[-1] @ kernel, 0))
    logits = signals[-1] @ kernels[-1]
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    error = (shares - np.eye(3)[y]) / len(x)
    sizes: list[float] = []
    for kernel, signal in zip(reversed(kernels), reversed(signals), strict=True):
        sizes.insert(0, float(np.linalg.norm(signal.T @ error)))
        error = (error @ kernel.T) * (signal > 0)
    given = [[kernel.tolist() for kernel in kernels], x.tolist(), y.tolist()]
    first, _, *rows = run(LOOK, given=given).splitlines()
    loss, floor = map(float, re.findall(r"\d+\.\d+", first))
    assert loss == pytest.approx(-np.log(shares[np.arange(20), y]).mean(), abs=6e-4)
    assert floor == pytest.approx(np.log(3), abs=6e-4)
    found = [[float(part) for part in row.replace("%", "").split()] for row in rows]
    shown = [*signals[1:], logits]
    silent = [100 * (signal <= 0).all(axis=0).mean() for signal in shown]
    assert found == [
        pytest.approx([place, np.square(signal).mean(), dead, size], rel=6e-3, abs=0.5e-9)
        for place, (signal, dead, size) in enumerate(
            zip(shown, np.round(silent), sizes, strict=True), start=1
        )
    ]
    assert found[0][2] >= 25


def test_the_script_prints_a_line_for_each_initializer() -> None:
    """On few rows: from zero it answers one class, and from the others the loss falls below."""
    printed = run(SCRIPT, "1", "1", "1000").splitlines()
    recorded = (ROOT / "examples" / "four_initializers.txt").read_text("utf-8").splitlines()
    assert printed[0].endswith("1 epochs, 1 seeds, 1000 rows")
    assert recorded[0].endswith("10 epochs, 3 seeds, 60000 rows")
    assert printed[1] == recorded[1]
    found, kept = ({line.split()[0]: line for line in part[2:]} for part in (printed, recorded))
    assert list(found) == list(kept) == ["zero", "random", "Glorot", "He"]
    losses = {name: float(line.split()[1]) for name, line in found.items()}
    assert losses["zero"] == pytest.approx(np.log(10), abs=0.02)
    assert max(losses[name] for name in ("random", "Glorot", "He")) < losses["zero"]
    shares = {"9.80", "11.35", "10.32", "10.10", "9.82", "8.92", "9.58", "10.28", "9.74", "10.09"}
    assert found["zero"].split()[2] in shares, "no share of one class of the test images"
    length = len((ROOT / "examples" / "four_initializers.py").read_text("utf-8").splitlines())
    assert length < 40
