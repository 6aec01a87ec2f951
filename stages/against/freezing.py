"""Freeze the claims as they are declared, so that all can see which of them was changed later."""

from datetime import UTC, datetime

from analysis.claims import testing
from analysis.errors import counted
from analysis.plan.origin import code
from analysis.results.ledger import lock
from analysis.results.places import Places


def freeze(places: Places) -> None:
    """Add the claims of today to the lock, and tell which have changed since the last freeze.

    Where none has, nothing is written. Raises StoreError and WriteError.
    """
    locked, path = lock.read(places.lock), places.lock
    now = testing.digests()
    before = locked.last["claims"] if locked.last else {}
    if locked.last and now == before:
        print(f"{path}: nothing has changed since the freeze of {locked.last['date']}.")
        return
    today = datetime.now(UTC).date().isoformat()
    lock.add(path, locked, lock.freeze(now, today, code(places.root)))
    print(f"{path}: {counted(len(now), 'claim')} frozen on {today}; commit this file.")
    parts = {
        "changed": [name for name in now if name in before and now[name] != before[name]],
        "new": [name for name in now if name not in before] if before else [],
        "gone": [name for name in before if name not in now],
    }
    for what, names in parts.items():
        if names:
            print(f"  {what}: {', '.join(names)}")
