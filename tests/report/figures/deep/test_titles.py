"""What figures without a verdict are called: by rows made here, whose finding is known."""

import pandas as pd
import pytest

from report import figures
from report.figures.draw import longform

GLOROT, HE = "GlorotNormal", "HeNormal"
ALIKE = "From GlorotNormal and HeNormal alike,"


def says(name: str, rows: pd.DataFrame) -> str:
    """What a figure says of its rows."""
    said = figures.load(name).says
    assert said
    return said(rows)


def medians(**networks: tuple[float, float]) -> pd.DataFrame:
    """Medians of Glorot and He by network; an underscore is a space."""
    return pd.DataFrame(
        [
            {"kind": longform.MEDIAN, "network": name.replace("_", " "), "variant": of, "value": v}
            for name, pair in networks.items()
            for of, v in zip((GLOROT, HE), pair, strict=True)
        ]
    )


@pytest.mark.parametrize(
    ("networks", "said"),
    [
        (
            {"plain": (10.0, 30.0), "batch_and_skips": (82.4, 83.9), "layer_and_skips": (86.0, 86)},
            f"{ALIKE} only normalization and skips together reach 82\u00a0%",
        ),
        (
            {"plain": (10.0, 30.0), "batch normalization": (60.0, 59.9)},
            f"{ALIKE} only batch normalization reaches 59\u00a0%",
        ),
        ({"plain": (10.0, 60.0), "batch normalization": (60.0, 59.0)}, ""),
        ({"plain": (10.0, 60.0)}, ""),
    ],
)
def test_networks_ahead_from_every_start(
    networks: dict[str, tuple[float, float]], said: str
) -> None:
    """They are named with the lowest of their medians, where a gap parts them from all others."""
    assert says("stacks", medians(**networks)) == said


def phases(values: dict[tuple[int, float], float], critical: float | None) -> pd.DataFrame:
    """Mean accuracies by depth and scale, and the critical variance."""
    cells = [
        {"kind": longform.MEAN, "quantity": "a", "depth": depth, "scale": scale, "value": value}
        for (depth, scale), value in values.items()
    ]
    edge = {"kind": longform.THEORY, "quantity": "Critical variance of a weight × fan_in"}
    return pd.DataFrame([*cells, *([{**edge, "value": critical}] if critical else [])])


@pytest.mark.parametrize("name", ["chaos", "gain"])
def test_depths_at_which_the_edge_is_best(name: str) -> None:
    """Those whose cell next to the edge is the highest as shown: a tie is none."""
    values = {
        (10, 1.0): 90.0, (10, 1.75): 88.0, (10, 3.0): 80.0,
        (20, 1.0): 88.4, (20, 1.75): 88.1, (20, 3.0): 80.0,
        (30, 1.0): 60.0, (30, 1.75): 85.0, (30, 3.0): 84.0,
        (40, 1.0): 18.0, (40, 1.75): 70.0, (40, 3.0): 10.0,
    }  # fmt: skip
    said = "At 30 and 40 layers accuracy is highest next to the critical variance"
    assert says(name, phases(values, 1.8)) == said
    assert says(name, phases(values, 0.9)) == (
        "At 10 layers accuracy is highest next to the critical variance"
    )
    assert says(name, phases(values, 3.1)) == ""
    assert says(name, phases(values, None)) == ""


def test_which_starts_leave_guessing() -> None:
    """Those whose mean loss falls by more than a twentieth; none are named where all do."""

    def courses(**ends: float) -> pd.DataFrame:
        return pd.DataFrame(
            [
                {"kind": longform.MEAN, "variant": of, "depth": 30, "progress": at, "value": v,
                 "n": 8}
                for of, end in ends.items()
                for at, v in ((0.5, 2.0), (0.05, 2.3), (1.0, end))
            ]
        )  # fmt: skip

    said = "In 30 hidden layers only HeNormal leaves guessing"
    assert says("thirty-layers", courses(GlorotNormal=2.29, HeNormal=1.8)) == said
    both = says("thirty-layers", courses(Zeros=2.3, Orthogonal=1.9, HeNormal=1.8))
    assert both == "In 30 hidden layers only Orthogonal and HeNormal leave guessing"
    assert says("thirty-layers", courses(GlorotNormal=2.19, HeNormal=2.187)) == ""
    assert says("thirty-layers", courses(GlorotNormal=1.9, HeNormal=1.8)) == ""


def test_from_which_starts_a_gradient_is_kept() -> None:
    """Those whose gradient in layer 1 is within tenfold of that in the last one."""

    def gradients(**first: float) -> pd.DataFrame:
        return pd.DataFrame(
            [
                {
                    "kind": longform.MEAN,
                    "activation": name,
                    "variant": of,
                    "layer": layer,
                    "value": v,
                }
                for name in ("relu", "tanh")
                for of, size in first.items()
                for layer, v in ((1, size), (50, 0.1))
            ]
        )

    said = "Back through ReLU layers the gradient keeps its size, to within tenfold, from {} alone"
    found = says("gradients", gradients(Zeros=0.0, GlorotNormal=1e-8, HeNormal=0.5))
    assert found == said.format("HeNormal")
    found = says("gradients", gradients(GlorotNormal=1.01, HeNormal=0.5, Orthogonal=0.011))
    assert found == said.format("HeNormal and Orthogonal")
    assert says("gradients", gradients(GlorotNormal=0.2, HeNormal=0.5)) == ""


def test_a_verdict_comes_before_what_rows_say() -> None:
    """A figure without a supported claim is called by its rows, and by what it shows without."""
    assert figures.title("chaos", {}, "Rows say so") == "Rows say so"
    assert figures.title("chaos", {}).startswith("Tanh networks over weight variance")
