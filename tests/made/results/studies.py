"""The project's own studies, by the names that the front door knows them by."""

from collections.abc import Sequence
from pathlib import Path

from analysis.study import file
from analysis.study.model import Study
from build import ROOT


def load_study(study: str | Path | None = None, overrides: Sequence[str] = ()) -> Study:
    """Return the study of a file, or that of a name, or the default one, with overrides."""
    typed = str(study) if study is not None else None
    return file.load_study(file.find(typed, ROOT / "study.toml", ROOT / "studies"), overrides)
