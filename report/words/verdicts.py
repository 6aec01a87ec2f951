"""Claims as a reader meets them: the verdict beside the statement, and all of them as data."""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from html import escape
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from analysis.errors import ReportError
from analysis.results.cache import Cache, digest
from report.words.numbers import SPACE, Measured, estimate, quantity, with_unit

if TYPE_CHECKING:
    from analysis.claims import Claim
    from analysis.results.frames import Results
    from analysis.results.published import Standing

MARKS = {"supported": "✓", "not supported": "✗", "inconclusive": "?"}


def evaluated(results: "Results", cache: Cache, evidence: str) -> dict[str, "Claim"]:
    """Return every claim by its id, tested once per set of results.

    `evidence` is the digest of the results and of the code that tests them.
    """

    def test() -> str:
        from analysis.claims import evaluate

        return json.dumps([asdict(claim) for claim in evaluate(results).values()])

    kept: list[dict[str, Any]] = json.loads(cache.text(digest("claims", evidence), test))
    # The class itself would bring SciPy with it, which takes longer than all of the rendering.
    claims = [SimpleNamespace(**{**fields, "runs": tuple(fields["runs"])}) for fields in kept]
    return {claim.id: cast("Claim", claim) for claim in claims}


def inline(
    claim: "Claim", statement: str, *, anchor: bool, standing: "Standing | None" = None
) -> str:
    """Return the statement and its verdict, value, interval, n and method, as inline HTML.

    With its `standing` it says whether it was tested again under other settings than the published
    ones, and marks a verdict that differs from the published one.
    """
    identity = f' id="claim-{escape(claim.id)}"' if anchor else ""
    n = len(claim.runs)
    runs = (
        f' <a class="runs" data-claim="{escape(claim.id)}" '
        f'data-experiment="{escape(claim.experiment)}">{n}{SPACE}run{"s" * (n != 1)}</a>'
        if n
        else ""
    )
    return (
        f'<span class="claim"{identity} data-claim="{escape(claim.id)}">{statement} '
        f"{badge(claim.verdict)}{_mark(claim, standing)} "
        f'<span class="evidence">({escape(evidence(claim), quote=False)})</span>{runs}</span>'
    )


def _mark(claim: "Claim", standing: "Standing | None") -> str:
    """Return what stands beside a verdict that is not, or not yet, a published one."""
    if standing is None or standing.settings == "unpublished":
        return ""
    flipped = standing.flipped(claim.verdict)
    if standing.settings == "published" and not flipped:
        return ""
    again = "re-tested at your settings" if standing.settings == "changed" else "tested anew"
    if not flipped:
        return f' <span class="retested">{again}</span>'
    before = f"published as {standing.published_verdict}"
    return f' <span class="retested flipped">{again}; {before}</span>'


def badge(verdict: str) -> str:
    """Return a verdict in its colour, with a mark for those who do not see the colour."""
    return (
        f'<span class="verdict {verdict.replace(" ", "-")}">'
        f'<span class="mark" aria-hidden="true">{MARKS[verdict]}</span>{SPACE}{verdict}</span>'
    )


def evidence(claim: "Claim") -> str:
    """Return value, interval, n, method and note of a claim in one line of text."""
    value, interval = estimate(claim.value, claim.low, claim.high, claim.unit)
    parts = [with_unit(value, claim.unit), interval] if math.isfinite(claim.value) else [interval]
    if claim.n:
        parts.append(f"n{SPACE}={SPACE}{claim.n}")
    parts.append(claim.method.rstrip("."))
    text = ", ".join(filter(None, parts))
    told = note(claim.note)
    return f"{text}; {told.rstrip('.')}" if told else text


def note(parts: Iterable[str | Measured]) -> str:
    """Return what a claim's test notes, words and quantities, as text."""
    return "".join(part if isinstance(part, str) else quantity(part) for part in parts)


def counts(claims: Mapping[str, "Claim"]) -> list[tuple[str, int]]:
    """Return how many claims have each verdict, in the order of the verdicts' names."""
    return [
        (verdict, sum(claim.verdict == verdict for claim in claims.values())) for verdict in MARKS
    ]


def summary(claims: Mapping[str, "Claim"], standings: Mapping[str, "Standing"]) -> list[str]:
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


def flipped(claims: Mapping[str, "Claim"], standings: Mapping[str, "Standing"]) -> list["Claim"]:
    """Return the claims whose verdict differs from the published one, in their order."""
    return [claim for claim in claims.values() if standings[claim.id].flipped(claim.verdict)]


def demand_support(claims: Mapping[str, "Claim"]) -> None:
    """Raise ReportError, listing them, where claims are not supported."""
    others = [claim for claim in claims.values() if claim.verdict != "supported"]
    if others:
        listed = "".join(
            f"\n  {claim.id}: {claim.verdict} ({evidence(claim)})" for claim in others
        ).replace(SPACE, " ")
        of = f"{len(others)} of {len(claims)} claims"
        raise ReportError(f"--strict: {of} are not supported by these results:{listed}")
