"""The results as data beside the pages, so that others can build on them."""

import functools
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.results.frames import TABLES
from analysis.results.published import csvtext
from report.output.sharing import columns
from report.prose.source.derived import Derived
from report.words import verdicts

if TYPE_CHECKING:
    from analysis.claims.against.standing import Repeat, Standing
    from analysis.claims.claim import Claim
    from analysis.results.frames import Results

FILES = {
    columns.FILE: "what each column of the tables is, and what to know before they are joined",
    "runs.csv": "one row a run: settings, seed, final losses and accuracies, time",
    "epochs.csv": "one row a run and epoch: losses and accuracies",
    "curves.csv": "one row a run and stretch of an epoch: training loss",
    "layers.csv": "one row a run, moment and layer: statistics of weights, signals and gradients",
    "histograms.csv": "one row a run, moment, layer and quantity: shares by bin",
    "first_steps.csv": "one row a run and step, of the first twenty: training loss",
    "compare.json": "verdicts, numbers of the answers and runs, now and in the last results before",
    "claims.json": "every claim with verdict, value, interval, method and runs",
}
PROVENANCE = "provenance.json"
WHENCE = "study, data digests, versions and run identities"
PUBLIC = (
    "id",
    "question",
    "experiment",
    "family",
    "kind",
    "statement",
    "verdict",
    "value",
    "low",
    "high",
    "unit",
    "n",
    "p",
    "p_holm",
    "holds",
    "among",
    "expects",
    "power",
    "method",
    "margin",
    "note",
    "runs",
)
"""What is published of a claim."""
FROZEN = {
    "frozen": "before its runs",
    "unfrozen": "not before its runs",
    "changed": "changed after its runs",
}


def write_data(
    results: "Results",
    claims: Mapping[str, "Claim"],
    statements: Mapping[str, str],
    standings: Mapping[str, "Standing"],
    out: Path,
    derived: Derived,
) -> None:
    """Write data/*.csv with their README, data/claims.json and provenance.json into `out`.

    Numbers are written in full: reading them back gives the same values. Accuracies are fractions.
    A table is written once and kept in `derived`. Raises StoreError for a text that a spreadsheet
    would run.
    """
    data = out / "data"
    data.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        csvtext.check(getattr(results, name), f"{name}.csv")
        make = functools.partial(results.csv, name)
        text = derived.text("csv", name, results.digest, make=make)
        (data / f"{name}.csv").write_text(text, "utf-8", newline="\n")
    (data / columns.FILE).write_text(columns.readme(results), "utf-8", newline="\n")
    (data / "claims.json").write_text(claims_json(claims, statements, standings), "utf-8")
    provenance = json.dumps(results.provenance, indent=2, sort_keys=True, ensure_ascii=False)
    (out / PROVENANCE).write_text(provenance + "\n", "utf-8")


def claims_json(
    claims: Mapping[str, "Claim"],
    statements: Mapping[str, str],
    standings: Mapping[str, "Standing"],
) -> str:
    """Return the claims as a JSON list; a statement that an answer gives replaces the declared one.

    A value that does not exist (no interval, no finite value, no published verdict) is null.
    `family` is "finding" or "verification"; `p` is one-sided, and `p_holm` is adjusted over the
    `among` findings tested; `holds` tells of a supported finding whether it is so among them.
    `settings` is "published" where they are those of the published test, "changed" where they are
    others, and "unpublished" where there is no published test. `frozen` is "before its runs",
    "not before its runs", or "changed after its runs". `replications` lists what the claim came to
    in each of them.
    """
    listed = []
    for claim in claims.values():
        fields = {name: _jsonable(getattr(claim, name)) for name in PUBLIC}
        fields["note"] = verdicts.note(claim.note)
        fields["statement"] = statements.get(claim.id, claim.statement)
        stands = standings[claim.id]
        fields["settings"] = stands.settings
        fields["published_verdict"] = stands.published_verdict
        fields["replications"] = [_plain(each) for each in stands.replications]
        fields["frozen"] = FROZEN[stands.frozen]
        listed.append(fields)
    return json.dumps(listed, indent=2, ensure_ascii=False) + "\n"


def _plain(repeat: "Repeat") -> dict[str, Any]:
    return {name: _jsonable(value) for name, value in vars(repeat).items()}


def _jsonable(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return list(value) if isinstance(value, tuple) else value
