"""Claims as a reader meets them: the verdict beside the statement, and all of them as data."""

import json
import math
from collections.abc import Mapping
from typing import Any

from analysis.claims.claim import Claim
from analysis.claims.standing import Standing
from analysis.errors import ReportError
from report.words.numbers import MINUS, SPACE, quantity

MARKS = {"supported": "✓", "not supported": "✗", "inconclusive": "?"}
PUBLIC = (
    "id",
    "question",
    "experiment",
    "kind",
    "statement",
    "verdict",
    "value",
    "low",
    "high",
    "unit",
    "n",
    "method",
    "margin",
    "note",
    "runs",
)


def evidence(claim: Claim) -> str:
    """Return value, interval, n, method and note of a claim in one line of text."""
    parts = []
    if math.isfinite(claim.value):
        parts.append(_with_unit(_shown(claim.value, claim), claim.unit))
    if math.isfinite(claim.low) and math.isfinite(claim.high) and claim.low != claim.high:
        parts.append(f"[{_shown(claim.low, claim)}, {_shown(claim.high, claim)}]")
    if claim.n:
        parts.append(f"n{SPACE}={SPACE}{claim.n}")
    parts.append(claim.method.rstrip("."))
    return "; ".join(filter(None, [", ".join(parts), further(claim).rstrip(".")]))


def further(claim: Claim) -> str:
    """Return the note of a claim as text; nothing where it has none."""
    return "".join(part if isinstance(part, str) else quantity(part) for part in claim.note)


def _shown(value: float, claim: Claim) -> str:
    """Return a number with as many digits as the interval around it deserves."""
    if claim.unit == "" and value == int(value) and abs(value) < 1e6:
        return str(int(value)).replace("-", MINUS)
    spread = abs(claim.high - claim.low) if math.isfinite(claim.high - claim.low) else 0.0
    scale = spread or abs(value)
    digits = 2 if scale == 0 else min(6, max(0, 2 - math.floor(math.log10(scale))))
    return f"{value:.{min(digits, 4)}f}".replace("-", MINUS)


def _with_unit(number: str, unit: str) -> str:
    return f"{number}{SPACE}{unit}" if unit else number


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
    lines = [f"{len(claims)} claim{'s' * (len(claims) > 1)}: {shown}."]
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


def as_json(
    claims: Mapping[str, Claim],
    statements: Mapping[str, str],
    standings: Mapping[str, Standing],
) -> str:
    """Return the claims as a JSON list; a statement that an answer gives replaces the declared one.

    A value that does not exist (no interval, no finite value, no published verdict) is null.
    `settings` is "published" where they are those of the published test, "changed" where they are
    others, and "unpublished" where there is no published test.
    """
    listed = []
    for claim in claims.values():
        known = vars(claim) | {"note": further(claim)}
        fields = {name: _jsonable(known[name]) for name in PUBLIC}
        fields["statement"] = statements.get(claim.id, claim.statement)
        fields["settings"] = standings[claim.id].settings
        fields["published_verdict"] = standings[claim.id].published_verdict
        listed.append(fields)
    return json.dumps(listed, indent=2, ensure_ascii=False) + "\n"


def _jsonable(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return list(value) if isinstance(value, tuple) else value
