"""What the script of the laboratory computes with, as data: the same rules as everywhere else."""

import math
from dataclasses import asdict
from typing import Any

from analysis.plan.result import FLAT
from analysis.study.initializers import TRUNCATED_SD
from report.pages.laboratory.choices import (
    ACTIVATIONS,
    FREE,
    INITIALIZERS,
    RANGES,
    START,
    UNCUT,
)
from report.words.numbers import PERCENT_DECIMALS
from report.words.settings import activation_name

NEAR = {"depth": 1.5, "gain": 2}
"""By which factor depth and σ_w² of a measured network may differ, to be shown beside another."""

FEW = 4
"""Images that are measured while a slider moves: a picture of them is there within a frame."""


def rules() -> dict[str, Any]:
    """Return what Python and the page's script have in common, ready for JSON.

    start, ranges (low, high, step), near (factors), few (images), decimals (of a percent), flat (a
    slope), initializers (by name: scale, mode and distribution of their rule, without scale and
    mode for the one that `free` names), activations (by name: as one writes it), truncated
    (standard deviation of a unit normal cut at ±2, and the share of a unit normal below −2), leak,
    selu (scale and alpha), and nodes (pairs of a point above zero and its weight in the average
    over a standard normal; those below mirror them).
    """
    from analysis.statistics import theory

    points, weights = theory.normal_nodes()
    upper = zip(points[theory.NODES :], weights[theory.NODES :], strict=True)
    return {
        "start": dict(START),
        "ranges": {name: [each.low, each.high, each.step] for name, each in RANGES.items()},
        "near": NEAR,
        "few": FEW,
        "decimals": {"percent": PERCENT_DECIMALS},
        "flat": FLAT,
        "initializers": {
            each.name: asdict(each.rule) if each.rule else {"distribution": UNCUT}
            for each in INITIALIZERS
        },
        "free": FREE,
        "activations": {name: activation_name(name) for name in ACTIVATIONS},
        "truncated": {"sd": TRUNCATED_SD, "below": math.erfc(math.sqrt(2)) / 2},
        "leak": theory.LEAK,
        "selu": {"scale": theory.SELU_SCALE, "alpha": theory.SELU_ALPHA},
        "nodes": [[float(point), float(weight)] for point, weight in upper],
    }
