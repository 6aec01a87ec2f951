"""The whole ledger, as a build reads it: once before it trains, so that damage is told early."""

from dataclasses import dataclass

from analysis.results.ledger import lock, replication, verification
from analysis.results.ledger.lock import Lock
from analysis.results.ledger.replication import Replication
from analysis.results.ledger.verification import Verification
from analysis.results.places import Places
from analysis.results.published.manifest import Manifest


@dataclass(frozen=True)
class Kept:
    """All that stands in the ledger; `verified` is of the results that are published now."""

    locked: Lock
    replications: tuple[Replication, ...]
    verified: Verification | None


def read(places: Places, published: Manifest | None) -> Kept:
    """Return the ledger beside the published results of a manifest, if there are any.

    Raises StoreError where any of it is damaged, or does not belong to the rest.
    """
    locked = lock.read(places.lock)
    return Kept(
        locked,
        replication.read_all(places.replications, locked),
        verification.read(places.verification, published["sha256"] if published else None),
    )
