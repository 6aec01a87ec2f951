"""What the template of the laboratory shows, and what its script is given."""

import base64
import json
import math
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.data import dataset, idx
from analysis.plan.result import FLAT, PROBE_ROWS
from analysis.results.cache import Cache, code_digest, digest
from report.document.document import Document
from report.document.outline import Label
from report.pages.laboratory.advice import Advice, advice
from report.pages.laboratory.choices import (
    INITIALIZERS,
    PRESETS,
    RANGES,
    Initializer,
    Preset,
)
from report.pages.laboratory.groups import groups_of, recipe
from report.pages.laboratory.hero import IMAGES as HERO_IMAGES
from report.pages.laboratory.hero import Hero, hero
from report.pages.laboratory.rules import FEW, NEAR, rules
from report.words import numbers as words

if TYPE_CHECKING:
    from analysis.results.frames import Results

PAGE = "laboratory"
IMAGES = 32
"""Held-out images that the browser computes with: the first of those that the report probes."""
TRAINED_ON = 3840
"""Images that a network is trained on in the browser: the first of the training rows, 60 batches
of 64. All would be 12 MB."""
VALIDATION_SPLIT = 0.2
"""Where the held-out images begin, as in the report's own study."""
SHARED = "(globalThis.laboratory ??= {})"
"""The object of the page's script."""
FIGURES = ("propagation", "gradients", "activations")
"""Figures of the report that show what the laboratory shows, for readers without JavaScript."""


@dataclass(frozen=True)
class Example:
    """A preset with the place in the report that it belongs to."""

    name: str
    setting: str
    address: str
    place: str


@dataclass(frozen=True)
class Laboratory:
    """What the page's template shows: the presets, and the data of its script as JSON.

    `scripts` are files of data beside the page, by name, that it loads when they are wanted.
    """

    examples: tuple[Example, ...]
    data: str
    figures: tuple[tuple[str, Label], ...]
    """Figures of the report by name, each with where it stands."""
    activations: Mapping[str, str]
    """The activations to choose from: by Keras name, what an option says."""
    advice: Mapping[str, Advice] = field(default_factory=dict)
    """What the guide recommends, by Keras name of an activation that it speaks of."""
    scripts: Mapping[str, str] = field(default_factory=dict)
    hero: Hero | None = None

    @property
    def initializers(self) -> tuple[Initializer, ...]:
        """Return the initializers to choose from."""
        return INITIALIZERS

    @property
    def sliders(self) -> Mapping[str, str]:
        """Return the attributes of each slider's element, by name: min, max and step."""
        ends = {name: (each.low, each.high) for name, each in RANGES.items()}
        ends["sd"] = (math.log10(RANGES["sd"].low), math.log10(RANGES["sd"].high))
        return {
            name: f'min="{low:.6g}" max="{high:.6g}" step="{RANGES[name].step:g}"'
            for name, (low, high) in ends.items()
        }

    @property
    def constants(self) -> Mapping[str, str]:
        """Return the numbers in the page's text."""
        about = dataset.describe("mnist")
        numbers = {
            "features": about.features,
            "classes": about.classes,
            "images": IMAGES,
            "few": FEW,
            "flat": FLAT,
            "depth": NEAR["depth"],
            "gain": NEAR["gain"],
        }
        return {name: words.exact(number) for name, number in numbers.items()} | {
            "probed": words.count(PROBE_ROWS),
            "trained": words.count(TRAINED_ON),
        }


def laboratory(results: "Results", document: Document, cache: Cache, made_by: str) -> Laboratory:
    """Return what the page needs; `made_by` is the digest of the code.

    Raises DataError where the project's MNIST is damaged. The JSON has no "<": it may stand in an
    element of HTML.
    """
    code = code_digest(Path(dataset.__file__), Path(idx.__file__), Path(__file__))
    recorded = dataset.describe("mnist").digest
    images = cache.text(digest("images", recorded, code), lambda: _json(batch()))
    few = cache.text(digest("few images", recorded, code), lambda: _json(batch(HERO_IMAGES)))
    shared = cache.text(digest("rules", made_by), lambda: _json(rules()))
    there = set(results.runs["experiment"].unique())
    parts = [results.of(name) for name in results.study.experiments if name in there]
    groups = _json([group for part in parts for group in _kept_groups(part, cache, made_by)])
    trained = _json(recipe(results.study.training))
    data = f'{{"batch": {images},\n"rules": {shared},\n"training": {trained}}}'
    seen = cache.text(digest("training images", recorded, code), lambda: _json(training_images()))
    return Laboratory(
        examples=tuple(_example(document, preset) for preset in PRESETS),
        data=data.replace("<", "\\u003c"),
        figures=tuple(
            (name, document.labels[f"fig:{name}"]) for name in FIGURES if name in document.figures
        ),
        activations=_options(json.loads(shared)),
        advice=advice(document),
        scripts={
            "runs.js": f"{SHARED}.groups = {groups};\n",
            "images.js": f"{SHARED}.deflated = {seen};\n",
        },
        hero=hero(few, json.loads(shared)),
    )


def _kept_groups(results: "Results", cache: Cache, made_by: str) -> list[dict[str, Any]]:
    key = digest("groups", results.digest, made_by)
    found: list[dict[str, Any]] = json.loads(cache.text(key, lambda: _json(groups_of(results))))
    return found


def _options(known: Mapping[str, Any]) -> dict[str, str]:
    """Return each activation with what its option says, from what `rules` returns."""
    beside = {"leaky_relu": f" (slope {known['leak']:g})"}
    return {name: text + beside.get(name, "") for name, text in known["activations"].items()}


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def _example(document: Document, preset: Preset) -> Example:
    """Name the first place of a preset that this report has: a study may lack a figure."""
    label = next(document.labels[each] for each in preset.shows if each in document.labels)
    return Example(preset.name, preset.setting, label.seen_from(PAGE), label.text)


def batch(images: int = IMAGES) -> dict[str, Any]:
    """Return the first held-out images of MNIST: pixels (images, features) as base64 and labels.

    It is always the project's MNIST, whatever a study trains on. Raises DataError.
    """
    data = dataset.load("mnist")
    start = data.description.validation_start(VALIDATION_SPLIT)
    pixels = data.x_train[start : start + images]
    return {
        "features": data.description.features,
        "classes": data.description.classes,
        "labels": [int(label) for label in data.y_train[start : start + images]],
        "pixels": base64.b64encode(pixels.tobytes()).decode("ascii"),
    }


def training_images() -> dict[str, Any]:
    """Return the first training images of MNIST: features, labels, and pixels (images, features).

    The pixels are bytes in DEFLATE without a header, as base64. Raises DataError.
    """
    data = dataset.load("mnist")
    squeeze = zlib.compressobj(zlib.Z_BEST_COMPRESSION, wbits=-zlib.MAX_WBITS)
    pixels = squeeze.compress(data.x_train[:TRAINED_ON].tobytes()) + squeeze.flush()
    return {
        "features": data.description.features,
        "labels": [int(label) for label in data.y_train[:TRAINED_ON]],
        "pixels": base64.b64encode(pixels).decode("ascii"),
    }
