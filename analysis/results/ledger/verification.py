"""A verification of published results: which runs were trained anew, where, and how they agreed."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal, NotRequired, get_args

from pydantic import Field
from typing_extensions import TypedDict

from analysis.errors import reading, sealed, whole
from analysis.errors.sealed import Digest
from analysis.plan import provenance

SCHEMA = 1
Tier = Literal["bits", "tolerance", "spread", "start", "inconsistent"]
TIERS: tuple[Tier, ...] = get_args(Tier)
"""How well a run agrees, the best first.

bits: in every published digit. tolerance: from beginning to end, but for rounding. spread: at its
beginning but for rounding, and its end is one of those that other seeds make likely. start: at its
beginning; too few other seeds tell of its end. inconsistent: none of these.
"""
Text = provenance.Text
Share = Annotated[float, Field(ge=0)]


class Checked(TypedDict):
    """A run that was trained anew, by its names, and the tier that it reached.

    `start` is how far apart the beginnings lie as a share of their bound, `end` how far the test
    accuracies in percentage points; null where that is not finite.
    """

    experiment: Text
    point: Annotated[int, Field(ge=0)]
    variant: Text
    seed: Annotated[int, Field(ge=0)]
    run_id: Digest
    tier: Tier
    start: Share | None
    end: Share | None
    why: NotRequired[Text]


class Verification(TypedDict):
    """What a verification found of the published results whose manifest has this digest."""

    schema: int
    manifest: Digest
    day: provenance.Day
    commit: Text | None
    local_changes: NotRequired[bool]
    environment: dict[Text, Text]
    seed: Annotated[int, Field(ge=0)]
    published: Annotated[int, Field(ge=1)]
    """So many runs are published."""
    runs: Annotated[list[Checked], Field(min_length=1)]
    faults: dict[Text, Text]
    """What is wrong with an experiment as a whole."""
    claims: dict[Text, list[Text]]
    """Verdicts that are others with the new runs: the published one and that of now."""
    tested: int
    consistent: bool
    sha256: str


def write(path: Path, found: Verification) -> None:
    """Write a verification, whole or not at all, with its digest made right. Raises WriteError."""
    whole.write(path, sealed.text(found, ordered=True))


def read(path: Path, manifest: str | None) -> Verification | None:
    """Return the verification of the published results whose manifest has a digest.

    None where there is none, or one of other results. Raises StoreError for one that is damaged,
    edited, or of another schema.
    """
    if not reading.exists(path):
        return None
    again = "; make verify writes it anew"
    other = f": another version of the project has written it{again}"
    verified = sealed.read(Verification, path, SCHEMA, ordered=True, more=again, other=other)
    return verified if verified["manifest"] == manifest else None


def counts(runs: Sequence[Checked]) -> dict[str, dict[Tier, int]]:
    """Return by experiment how many of its runs have reached each tier."""
    names = dict.fromkeys(run["experiment"] for run in runs)
    return {
        name: {
            tier: sum(run["experiment"] == name and run["tier"] == tier for run in runs)
            for tier in TIERS
        }
        for name in names
    }
