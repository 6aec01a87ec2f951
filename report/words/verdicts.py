"""Claims as a reader meets them: their evidence in a line, and how many have which verdict."""

import math
from collections.abc import Mapping

from analysis.claims.claim import Claim, Note
from analysis.claims.standing import Standing
from analysis.errors import ReportError
from report.words.counts import counted
from report.words.numbers import SPACE, estimate, quantity, with_unit

MARKS = {"supported": "✓", "not supported": "×", "inconclusive": "?"}


def evidence(claim: Claim) -> str:
    """Return value, interval, n, method and note of a claim in one line of text."""
    value, interval = estimate(claim.value, claim.low, claim.high, claim.unit)
    parts = [with_unit(value, claim.unit), interval] if math.isfinite(claim.value) else [interval]
    if claim.n:
        parts.append(f"n{SPACE}={SPACE}{claim.n}")
    parts.append(claim.method.rstrip("."))
    text = ", ".join(filter(None, parts))
    told = note(claim.note)
    return f"{text}; {told.rstrip('.')}" if told else text


def note(parts: Note) -> str:
    """Return what a claim's test notes, words and quantities, as text."""
    return "".join(part if isinstance(part, str) else quantity(part) for part in parts)


def counts(claims: Mapping[str, Claim]) -> list[tuple[str, int]]:
    """Return how many claims have each verdict, in the order of the verdicts' names."""
    return [
        (verdict, sum(claim.verdict == verdict for claim in claims.values())) for verdict in MARKS
    ]


def summary(claims: Mapping[str, Claim], standings: Mapping[str, Standing]) -> list[str]:
    """Return what the end of a build says: the count of verdicts, and those that have changed."""
    if not claims:
        return []
    shown = ", ".join(f"{count} {verdict}" for verdict, count in counts(claims))
    lines = [f"{counted(len(claims), 'claim')}: {shown}."]
    again = sum(standings[claim.id].settings == "changed" for claim in claims.values())
    if again:
        lines.append(f"{again} of them were re-tested at other settings than the published ones.")
    lines += [
        f"  {claim.id}: {standings[claim.id].published_verdict} (published) → {claim.verdict}"
        for claim in flipped(claims, standings)
    ]
    return lines


def flipped(claims: Mapping[str, Claim], standings: Mapping[str, Standing]) -> list[Claim]:
    """Return the claims whose verdict differs from the published one, in their order."""
    return [claim for claim in claims.values() if standings[claim.id].flipped(claim.verdict)]


def demand_support(claims: Mapping[str, Claim]) -> None:
    """Raise ReportError, listing them, where claims are not supported."""
    others = [claim for claim in claims.values() if claim.verdict != "supported"]
    if others:
        listed = "".join(
            f"\n  {claim.id}: {claim.verdict} ({evidence(claim)})" for claim in others
        ).replace(SPACE, " ")
        of = f"{len(others)} of {len(claims)} claims"
        raise ReportError(f"--strict: {of} are not supported by these results:{listed}")
