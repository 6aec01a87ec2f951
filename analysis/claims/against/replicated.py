"""Claims beside their replications: which of these are of the same claim and the same settings."""

import hashlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from analysis.claims.against.standing import Repeat, Standing, entries, settings_of
from analysis.claims.claim import Claim
from analysis.data.dataset import Description
from analysis.results.ledger.replication import Replication
from analysis.study.model import Study


@dataclass(frozen=True)
class Ledger:
    """The replications of these settings; and the names of others, each with what differs."""

    counted: tuple[Replication, ...] = ()
    aside: tuple[tuple[str, str], ...] = ()

    def repeats(self, claim: Claim) -> tuple[Repeat, ...]:
        """Return what a claim came to in each replication that has tested it as it is declared."""
        found = []
        for each in self.counted:
            own = each["claims"].get(claim.id)
            if own is not None and own["declared"] == claim.declared:
                value, low, high = (
                    math.nan if number is None else number
                    for number in (own["value"], own["low"], own["high"])
                )
                machine = processor(each)
                found.append(
                    Repeat(each["name"], machine, own["verdict"], value, low, high, own["n"])
                )
        return tuple(found)


def beside(
    standings: Mapping[str, Standing], claims: Mapping[str, Claim], known: Ledger
) -> dict[str, Standing]:
    """Return how each claim stands, with what it came to in the replications."""
    return {
        name: replace(each, replications=known.repeats(claims[name]))
        for name, each in standings.items()
        if name in claims
    }


def processor(replication: Replication) -> str:
    """Return the processor that a replication was trained on."""
    return replication["environment"].get("processor", "unknown processor")


def ledger(
    replications: Iterable[Replication], study: Study, data: Mapping[str, Description]
) -> Ledger:
    """Return which replications are of the settings of a study, and which are of others."""
    known = {name: settings(study, data, name) for name in study.experiments}
    counted, aside = list[Replication](), dict[str, str]()
    for each in replications:
        other = [name for name, digest in each["settings"].items() if known.get(name) != digest]
        if other:
            aside[each["name"]] = ", ".join(other)
        else:
            counted.append(each)
    return Ledger(tuple(counted), tuple(aside.items()))


def settings(study: Study, data: Mapping[str, Description], experiment: str) -> str:
    """Return the digest of an experiment's hyperparameters and data, whatever its seeds."""
    used = [point.settings.dataset.name for point in study.experiments[experiment].points]
    told = {
        "points": settings_of(study, experiment)["points"],
        "data": [data[name].digest for name in dict.fromkeys(used)],
    }
    text = json.dumps(told, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def outcomes(claims: Mapping[str, Claim], experiments: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return what a replication tells of the claims on some experiments, as plain JSON values."""
    own = {name: each for name, each in claims.items() if each.experiment in experiments}
    kept = entries(own)
    return {
        name: {
            **{key: value for key, value in kept[name].items() if key != "settings"},
            "declared": each.declared,
        }
        for name, each in own.items()
    }
