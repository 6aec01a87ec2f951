"""The results as data beside the pages, so that others can build on them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from report.words import verdicts

if TYPE_CHECKING:
    from analysis.claims.claim import Claim
    from analysis.claims.standing import Standing
    from analysis.results.frames import Results

FILES = {
    "runs.csv": "one row a run: settings, seed, final losses and accuracies, time",
    "epochs.csv": "one row a run and epoch: losses and accuracies",
    "curves.csv": "one row a run and stretch of an epoch: training loss",
    "layers.csv": "one row a run, moment and layer: statistics of weights, signals and gradients",
    "histograms.csv": "one row a run, moment, layer and quantity: shares by bin",
    "claims.json": "every claim with verdict, value, interval, method and runs",
}


def write_data(
    results: "Results",
    claims: Mapping[str, "Claim"],
    statements: Mapping[str, str],
    standings: Mapping[str, "Standing"],
    out: Path,
) -> None:
    """Write data/*.csv, data/claims.json and provenance.json into `out`.

    Numbers are written in full: reading them back gives the same values. Accuracies are fractions.
    """
    data = out / "data"
    data.mkdir(parents=True, exist_ok=True)
    for name in ("runs", "epochs", "curves", "layers", "histograms"):
        getattr(results, name).to_csv(data / f"{name}.csv", index=False, lineterminator="\n")
    (data / "claims.json").write_text(verdicts.as_json(claims, statements, standings), "utf-8")
    provenance = json.dumps(results.provenance, indent=2, sort_keys=True, ensure_ascii=False)
    (out / "provenance.json").write_text(provenance + "\n", "utf-8")
