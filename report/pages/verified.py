"""What is said of a verification of the published results: where, when, and how well they agree."""

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.plan import provenance
from analysis.results.ledger import verification
from analysis.results.ledger.verification import Tier, Verification
from report.words.counts import counted

REACHED: dict[Tier, str] = {
    "bits": "the same in every published digit",
    "tolerance": "the same but for rounding",
    "spread": "the same at the beginning, with an end among those of other seeds",
    "start": "the same at the beginning, with too few other seeds to judge the end",
    "inconsistent": "not explained by rounding or chance",
}
"""How a run agrees that has reached a tier."""
MACHINE = {
    "processor": "", "instructions": "", "system": "", "tensorflow": "TensorFlow ",
    "keras": "Keras ", "numpy": "NumPy ",
}  # fmt: skip
"""What is told of the environment, and what it is called there."""


@dataclass(frozen=True)
class Agreement:
    """How the runs of an experiment agree: how many there are, and how many how well, in words."""

    experiment: str
    runs: int
    reached: tuple[str, ...]


@dataclass(frozen=True)
class Verified:
    """A verification as a page tells of it; `flips` are claims with the verdicts before and now."""

    consistent: bool
    day: str
    commit: str
    machine: str
    runs: int
    published: int
    experiments: tuple[Agreement, ...]
    faults: tuple[str, ...]
    tested: int
    flips: tuple[tuple[str, str, str], ...]


def verified(found: Verification | None) -> Verified | None:
    """Return what a page tells of a verification; None where there is none."""
    if found is None:
        return None
    tallies = verification.counts(found["runs"]).items()
    return Verified(
        consistent=found["consistent"],
        day=found["day"],
        commit=(found["commit"] or "")[:12],
        machine=provenance.machine(found["environment"], MACHINE),
        runs=len(found["runs"]),
        published=found["published"],
        experiments=tuple(
            Agreement(name, sum(tally.values()), tuple(_words(tally))) for name, tally in tallies
        ),
        faults=tuple(f"{name}: {why}" for name, why in found["faults"].items()),
        tested=found["tested"],
        flips=tuple((name, before, now) for name, (before, now) in found["claims"].items()),
    )


def _words(tally: dict[Tier, int]) -> Sequence[str]:
    found = {tier: count for tier, count in tally.items() if count}
    return [
        REACHED[tier] if len(found) == 1 else f"{counted(count, 'run')} {REACHED[tier]}"
        for tier, count in found.items()
    ]
