"""How claims stand to the published ones: what is published of them, and what has changed since."""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from analysis.claims.claim import Claim, Verdict
from analysis.plan import provenance
from analysis.results.frames import Results
from analysis.results.published import csvtext
from analysis.results.published.manifest import Manifest
from analysis.study.model import Study

APART = {
    "seeds", "measure", "moments", "curve_points", "keep_state", "title", "sweep", "points",
}  # fmt: skip
"""Parts of an experiment that are not its hyperparameters, or are told of point by point."""


@dataclass(frozen=True)
class Standing:
    """How a claim stands to the published one: were both tested under the same settings?"""

    settings: Literal["published", "changed", "unpublished"]
    published_verdict: Verdict | None = None

    def flipped(self, verdict: Verdict) -> bool:
        """Tell whether this verdict differs from the published one."""
        return self.published_verdict is not None and verdict != self.published_verdict


def standings(
    published: Manifest | None, results: Results, claims: Mapping[str, Claim]
) -> dict[str, Standing]:
    """Return how each claim stands to the published one of its id.

    Its settings are the same where its experiment's hyperparameters and seeds are, and its data.
    `published` is the manifest of the published results, if there is one.
    """
    return {claim.id: _standing(published, results, claim) for claim in claims.values()}


def _standing(published: Manifest | None, results: Results, claim: Claim) -> Standing:
    if published is None or claim.id not in published["claims"]:
        return Standing("unpublished")
    before = published["claims"][claim.id]
    data = _data(results.study.tables(), provenance.sizes(results.data), claim.experiment)
    same = claim.settings == before["settings"]
    same &= data == _data(published["study"], published["datasets"], claim.experiment)
    return Standing("published" if same else "changed", before["verdict"])


def _data(study: Mapping[str, Any], datasets: Mapping[str, Any], experiment: str) -> set[str]:
    """Return the digests of the data sets that an experiment uses; none for an unknown one."""
    tables = study["experiments"].get(experiment, {})
    values = [tables.get("dataset"), *tables.get("sweep", {}).get("dataset", [])]
    used = [value["name"] if isinstance(value, Mapping) else value for value in values]
    return {about["sha256"] for name, about in datasets.items() if name in used}


def entries(claims: Mapping[str, Claim]) -> dict[str, dict[str, Any]]:
    """Return what is published of each claim, by its id, as plain JSON values."""
    return {claim.id: _entry(claim) for claim in claims.values()}


def _entry(claim: Claim) -> dict[str, Any]:
    return {
        "experiment": claim.experiment,
        "settings": claim.settings,
        "verdict": claim.verdict,
        **{key: _rounded(getattr(claim, key)) for key in ("value", "low", "high")},
        "unit": claim.unit,
        "n": claim.n,
    }


def _rounded(number: float) -> float | None:
    return float(csvtext.number(number)) if math.isfinite(number) else None


def settings_digest(study: Study, experiment: str) -> str:
    """Return the digest of `settings_of` an experiment, which its claims carry."""
    text = json.dumps(settings_of(study, experiment), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def settings_of(study: Study, experiment: str) -> dict[str, Any]:
    """Return what can change an experiment's results, point by point, as plain JSON values.

    What is measured or kept beside, and titles, are no part of it. Empty where the study has no
    such experiment.
    """
    own = study.experiments.get(experiment)
    if own is None:
        return {}
    points = [point.settings.model_dump(mode="json") for point in own.points]
    return {
        "points": [{k: v for k, v in point.items() if k not in APART} for point in points],
        "seeds": [point["seeds"] for point in points],
    }
