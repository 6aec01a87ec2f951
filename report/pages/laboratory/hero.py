"""The small laboratory of the first page: one deep network, and one slider for its deviation."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from analysis.study import initializers
from report.pages.laboratory.choices import FREE, START, Range

IMAGES = 8
"""Held-out images that its picture is measured on; the laboratory takes more."""
REACH = Range(0.02, 0.4, 0.005)
"""Of the deviation; the step is one of its decimal logarithm."""
GIVEN = 0.05
"""The deviation that has no rule behind it."""
NAMES = {"Glorot": "GlorotNormal", "He": "HeNormal"}
NETWORK: Mapping[str, Any] = {
    "initializer": FREE,
    "activation": "relu",
    "width": START["width"],
    "depth": START["depth"],
    "seed": START["seed"],
}


@dataclass(frozen=True)
class Hero:
    """What its template shows: the slider's attributes, its marks, and the data as JSON."""

    slider: str
    marks: tuple[tuple[str, str], ...]
    """What is written at a mark, and the deviation there."""
    address: str
    """Where the laboratory shows the same."""
    data: str
    depth: int
    images: int


def hero(batch: str, rules: Mapping[str, Any]) -> Hero:
    """Return what the template needs, from images as JSON and what the laboratory computes with."""
    width = int(NETWORK["width"])
    named = {
        name: initializers.standard_deviation(kind, {}, width, width) or 0.0
        for name, kind in NAMES.items()
    }
    marks = {f"Normal({GIVEN:g})": GIVEN, **named}
    first = named["Glorot"]
    known = {**rules, "hero": {"network": dict(NETWORK), "sd": first}}
    ends = f'min="{math.log10(REACH.low):.6g}" max="{math.log10(REACH.high):.6g}"'
    asked = {"initializer": FREE, "sd": f"{first:.4g}", **NETWORK}
    return Hero(
        slider=f'{ends} step="{REACH.step:g}"',
        marks=tuple((name, f"{sd:.6g}") for name, sd in marks.items()),
        address=f"laboratory.html#{urlencode(asked)}",
        data=_json(batch, known),
        depth=int(NETWORK["depth"]),
        images=IMAGES,
    )


def _json(batch: str, rules: Mapping[str, Any]) -> str:
    """Return the data of the script, which has no "<": it stands in an element of HTML."""
    text = f'{{"batch": {batch},\n"rules": {json.dumps(rules, separators=(",", ":"))}}}'
    return text.replace("<", "\\u003c")
