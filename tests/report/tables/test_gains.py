"""What an activation function asks of the variance: closed forms, and other quadrature."""

import math

import numpy as np
import pytest

from build import ROOT
from tests.made.sites.drawn import base
from tests.report.tables.reading import cells


@pytest.fixture(scope="module")
def gains() -> dict[str, dict[str, str]]:
    """The rows by their activation."""
    return cells(base(), "gains")


def test_relu_and_selu_have_their_known_gains(gains: dict[str, dict[str, str]]) -> None:
    """He's two and its leaky form, by algebra; SELU was built to keep one at one."""
    squared = {name: row["Squared gain"] for name, row in gains.items()}
    assert squared["ReLU"] == "2.00"
    assert squared["leaky ReLU"] == f"{2 / (1 + 0.2**2):.2f}"
    assert squared["SELU"] == "1.00"
    assert [gains[name]["Factor on the gradient"] for name in ("ReLU", "leaky ReLU")] == [
        "1.00", "1.00",
    ]  # fmt: skip


def test_others_are_integrals(gains: dict[str, dict[str, str]]) -> None:
    """Of φ² and of φ'², a difference quotient, over the normal density, by the trapezoidal rule."""
    z, step = np.linspace(-10, 10, 400_001, retstep=True)
    weight = np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi) * step
    gates = {"GELU": np.array([math.erf(each) for each in z / math.sqrt(2)]) / 2 + 0.5,
             "SiLU": 1 / (1 + np.exp(-z))}  # fmt: skip
    functions = {
        "tanh": np.tanh(z), "sigmoid": 1 / (1 + np.exp(-z)),
        **{name: z * gate for name, gate in gates.items()},
    }  # fmt: skip
    for name, value in functions.items():
        passed, slope = weight @ value**2, weight @ np.gradient(value, step) ** 2
        assert list(gains[name].values())[1:] == [
            f"{passed:.3f}", f"{1 / passed:.2f}", f"{passed**-0.5:.2f}", f"{slope / passed:.2f}",
        ]  # fmt: skip
    assert set(gains) == {"ReLU", "leaky ReLU", "SELU", *functions}


def test_the_guide_has_the_table_s_gain_of_tanh(gains: dict[str, dict[str, str]]) -> None:
    """It names it beside the critical variance, and says that the gradient's factor exceeds one."""
    guide = (ROOT / "report" / "answers" / "guide.md").read_text("utf-8")
    assert f"For tanh the rule asks for ${gains['tanh']['Squared gain']}$" in guide
    assert float(gains["tanh"]["Factor on the gradient"]) > 1


def test_the_guide_has_the_table_s_gains_of_gelu_and_silu(
    gains: dict[str, dict[str, str]],
) -> None:
    """And which share of each of them He's two is."""
    guide = (ROOT / "report" / "answers" / "guide.md").read_text("utf-8")
    gelu, silu = (gains[name]["Squared gain"] for name in ("GELU", "SiLU"))
    shares = [f"{2 / float(each):.2f}" for each in (gelu, silu)]
    told = (
        f"squared gains are ${gelu}$ and ${silu}$, of which $2$ is ${shares[0]}$ and ${shares[1]}$"
    )
    assert told in guide
