"""How long something takes, as a person says it."""

from analysis.errors import counted

HOUR, DAY = 60, 24 * 60
"""In minutes."""


def in_words(total: float) -> str:
    """Return seconds as a person says them: "about 40 s", "about 3 min", "about 9 hours"."""
    minutes = total / 60
    if total < 90:
        return f"about {max(5, round(total / 5) * 5)} s"
    if minutes < 2 * HOUR:
        return f"about {max(2, round(minutes))} min"
    if minutes < 2 * DAY:
        return f"about {round(minutes / HOUR)} hours"
    return f"about {round(minutes / DAY):,} days"


def announcement(pending: int, planned: int, workers: int, seconds: float) -> str:
    """Return what is told before `pending` of the `planned` runs begin on `workers` workers."""
    share = f"{pending:,} of {counted(planned, 'run')}"
    return f"Training {share} on {counted(workers, 'worker')}: {in_words(seconds)}."
