"""How claims stand: to the published ones, to how they were frozen, and to their replications."""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from analysis.claims.claim import Claim, Verdict
from analysis.plan import provenance
from analysis.results.frames import Results
from analysis.results.ledger.lock import Lock
from analysis.results.published import csvtext
from analysis.results.published.manifest import Manifest
from analysis.study.model import Study

APART = {
    "seeds", "measure", "moments", "curve_points", "keep_state", "title", "sweep", "points",
}  # fmt: skip
"""Parts of an experiment that are not its hyperparameters, or are told of point by point."""


Frozen = Literal["frozen", "unfrozen", "changed"]
"""Was a claim frozen before the runs that it rests on were trained, as it is declared now?

It was "frozen" then, or not ("unfrozen"), or it was "changed" after: it was frozen otherwise.
"""
WORST: tuple[Frozen, ...] = ("changed", "unfrozen", "frozen")


@dataclass(frozen=True)
class Repeat:
    """What a claim came to in one replication; what is not finite is NaN."""

    name: str
    processor: str
    verdict: Verdict
    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Standing:
    """How a claim stands to the published one: were both tested under the same settings?

    And whether it was frozen before the runs that it rests on.
    """

    settings: Literal["published", "changed", "unpublished"]
    published_verdict: Verdict | None = None
    frozen: Frozen = "unfrozen"
    replications: tuple[Repeat, ...] = ()
    """What replications of the same settings came to, that have tested the claim as it is now."""

    def flipped(self, verdict: Verdict) -> bool:
        """Tell whether this verdict differs from the published one."""
        return self.published_verdict is not None and verdict != self.published_verdict

    def same(self, verdict: Verdict) -> int:
        """Return how many replications reached this verdict."""
        return sum(each.verdict == verdict for each in self.replications)

    def left_open(self, verdict: Verdict) -> int:
        """Return how many replications decided nothing of what has this verdict here."""
        return 0 if verdict == "inconclusive" else self.same("inconclusive")

    def decided(self, verdict: Verdict) -> int:
        """Return how many replications decided what this verdict here leaves open."""
        own = len(self.replications)
        return own - self.same("inconclusive") if verdict == "inconclusive" else 0


def standings(
    published: Manifest | None, results: Results, claims: Mapping[str, Claim], locked: Lock
) -> dict[str, Standing]:
    """Return how each claim stands to the published one of its id, and to how it was frozen.

    Its settings are the same where its experiment's hyperparameters and seeds are, and its data.
    `published` is the manifest of the published results, if there is one. Runs that are published
    have been seen: to train them again makes no claim on them an earlier one.
    """
    traced = provenance.trained(results.provenance, results.study)
    tables, data = results.study.tables(), provenance.sizes(results.data)
    found = {}
    for claim in claims.values():
        stands = _standing(published, tables, data, claim)
        own = traced.get(claim.experiment)
        under = [own.freezes if own else None]
        if published is not None and stands.settings == "published":
            seen = published.get("trained_under", {}).get(claim.experiment)
            under.append(tuple(seen) if seen else None)
        states = [_frozen(claim, each, locked) for each in under]
        found[claim.id] = replace(stands, frozen=next(each for each in WORST if each in states))
    return found


def _standing(
    published: Manifest | None, study: Mapping[str, Any], datasets: Mapping[str, Any], claim: Claim
) -> Standing:
    if published is None or claim.id not in published["claims"]:
        return Standing("unpublished")
    before = published["claims"][claim.id]
    data = _data(study, datasets, claim.experiment)
    same = claim.settings == before["settings"]
    same &= data == _data(published["study"], published["datasets"], claim.experiment)
    return Standing("published" if same else "changed", before["verdict"])


def _frozen(claim: Claim, under: tuple[str, ...] | None, locked: Lock) -> Frozen:
    """Tell how a claim stands to the freezes that its runs were trained under.

    Where they name none, or one that the lock has not, they are from before the first freeze.
    """
    known = [locked.find(each) for each in under or ()]
    stood = [each for each in known if each is not None]
    early = not stood or len(stood) < len(known)
    first = [locked.freezes[0]] if early and locked.freezes else []
    if any(each["claims"].get(claim.id) != claim.declared for each in [*stood, *first]):
        return "changed"
    return "unfrozen" if early else "frozen"


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
