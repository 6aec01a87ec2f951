"""The project's own studies, by the names that the front door knows them by."""

from collections.abc import Sequence
from pathlib import Path

from analysis.study import file
from analysis.study.model import Study
from build import ROOT

TEN = {
    "base": 20, "dynamics": 2, "propagation": 5, "glorot": 5, "scale": 3,
    "depth": 5, "activation": 3, "symmetry": 8, "chaos": 2, "gain": 2,
}  # fmt: skip
"""Experiments that differ in every way in which a plan tells them apart, and seeds of each."""


def ten(*overrides: str) -> Study:
    """Return these experiments of the default study alone, with few seeds, counted from 0."""
    few = [f"experiments.{name}.seeds={seeds}" for name, seeds in TEN.items() if name != "base"]
    tables, source = file.read(ROOT / "study.toml", ["first_seed=0", *few, *overrides])
    experiments = tables["experiments"]
    own = {name: each for name, each in experiments.items() if name in TEN}
    return file.build_study({**tables, "experiments": own}, source)


def load_study(study: str | Path | None = None, overrides: Sequence[str] = ()) -> Study:
    """Return the study of a file, or that of a name, or the default one, with overrides."""
    typed = str(study) if study is not None else None
    return file.load_study(file.find(typed, ROOT / "study.toml", ROOT / "studies"), overrides)
