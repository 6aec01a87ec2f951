"""The words of claims: their evidence, that they were re-tested, how many have which verdict."""

import math
import re
from collections.abc import Collection, Mapping
from typing import Any

from analysis.claims.against.standing import Standing
from analysis.claims.claim import Claim, Note, Quantity, Verdict
from analysis.claims.deciding import NEARLY_ALL
from analysis.errors import ReportError
from report.words.counts import counted
from report.words.numbers import (
    SPACE,
    estimate,
    exact,
    percent,
    quantity,
    ten_to,
    with_unit,
)

FAMILIES = {"finding": "finding", "verification": "verification"}
"""The families of claims, in their order, and what one of each is called."""
TINY = -99
"""The power of ten below which a p-value is told as such."""
MARKS = {"supported": "✓", "contradicted": "×", "inconclusive": "?"}
VALUE = re.compile(r"(?:\bvalue|^arithmetic): ([^;]+)")
"""What names the value in the words on how a claim is tested."""
WEAKEST = {"the weaker": "the weaker of two", "the weakest": "the weakest of several"}
CHANGED = "changed after its runs were trained"
"""Beside a claim that was declared, or declared otherwise, once its runs could be seen."""


def evidence(claim: Claim) -> str:
    """Return all that is known of a claim's test in one line of text."""
    return ". ".join([*filter(None, [", ".join(found(claim))]), *method(claim)])


def found(claim: Claim) -> list[str]:
    """Return value with interval, margin and n of a claim, as far as its test has them.

    Behind the value stands what it is of several, or of what, where its test names that.
    """
    value, interval = estimate(claim.value, claim.low, claim.high, claim.unit)
    parts = []
    if math.isfinite(claim.value):
        shown = " ".join(filter(None, [with_unit(value, claim.unit), interval]))
        parts.append(", ".join(filter(None, [shown, _named(claim)])))
        if claim.margin is not None:
            parts.append(f"margin{SPACE}{exact(claim.margin)}")
    if claim.n:
        parts.append(f"n{SPACE}={SPACE}{claim.n}")
    return parts


def _named(claim: Claim) -> str:
    """Return what the value of a claim is, in the words of its test; "" where it has none."""
    name = VALUE.search(claim.method)
    return WEAKEST.get(name[1], name[1]) if name else ""


def method(claim: Claim) -> list[str]:
    """Return method, strength and note of a claim, each a part of a sentence."""
    method, told = (_begun(each) for each in (claim.method, note(claim.note)))
    return [part.rstrip(".") for part in (method, strength(claim), told) if part]


def _begun(text: str) -> str:
    """Return a text as the beginning of a sentence; a sign, such as p, stays as it is."""
    return text[:1].upper() + text[1:] if text[1:2].isalpha() else text


def refutation(claim: Claim) -> str:
    """Return what would refute a claim, and what leaves it open, as sentences.

    As `analysis.claims.deciding` has it: by an interval that lies wholly where the claim says it
    does not.
    """
    if claim.kind == "exact":
        beyond = f" by more than {exact(claim.margin)}" if claim.margin else ""
        return f"Refuted by a single exception{beyond}."
    margin = exact(claim.margin or 0)
    bound = f"a ratio of {margin}" if claim.unit == "times" else with_unit(margin, claim.unit)
    few = f", or with fewer than {claim.seeds} seeds" if claim.seeds else ""
    if claim.kind == "equivalence":
        return (
            f"Refuted by an interval wholly beyond ±{bound} where it says within; "
            f"open where one reaches across{few}."
        )
    return (
        f"Refuted by an interval wholly on the other side of {bound}; "
        f"open where one holds {bound}{few}."
    )


def strength(claim: Claim) -> str:
    """Return p-value, place in the family and power of a claim, as far as it has them."""
    parts = [f"p{SPACE}{p_value(claim.p)}"] if math.isfinite(claim.p) else []
    if claim.holds is not None:
        held = "holds" if claim.holds else "does not hold"
        among = counted(claim.among, FAMILIES["finding"])
        parts.append(f"{held} among {among} (Holm: p{SPACE}{p_value(claim.p_holm)})")
    if claim.expects is not None and math.isfinite(claim.power):
        often = percent(100 * claim.power, 0)
        shown = f"in {percent(100 * claim.expects, 1)} of all seeds"
        effect = shown if claim.expects == NEARLY_ALL else exact(claim.expects)
        parts.append(f"power {often} at an effect {'' if effect == shown else 'of '}{effect}")
    return ", ".join(parts)


def p_value(p: float) -> str:
    """Return what a p-value equals, in two digits, as "= 0.031", or what it is below."""
    return f"={SPACE}{quantity(Quantity(p, 'p'))}" if p > 10.0**TINY else f"<{SPACE}{ten_to(TINY)}"


def note(parts: Note) -> str:
    """Return what a claim's test notes, words and quantities, as text."""
    return "".join(part if isinstance(part, str) else quantity(part) for part in parts)


def retested(standing: Standing, verdict: Verdict) -> str:
    """Return what is said beside a verdict that is not, or not yet, a published one; else nothing.

    For one of changed settings it is "re-tested at your settings", for another one than published
    "tested anew; published as supported".
    """
    flipped = standing.flipped(verdict)
    if standing.settings == "unpublished" or (standing.settings == "published" and not flipped):
        return ""
    again = "re-tested at your settings" if standing.settings == "changed" else "tested anew"
    return f"{again}; published as {standing.published_verdict}" if flipped else again


def frozen(standings: Mapping[str, Standing]) -> str:
    """Return in a sentence how many claims were frozen before the runs that they rest on.

    And how many were changed after, if any. Of no claims nothing is said.
    """
    states = [each.frozen for each in standings.values()]
    before, after = states.count("frozen"), states.count("changed")
    if not states:
        return ""
    some = {0: "No claim", len(states): "Every claim"}.get(before, f"{before} of {len(states)}")
    one = before in (0, 1, len(states))
    verb, rest = ("was", "it rests") if one else ("were", "they rest")
    told = f"{some} {verb} frozen before the runs on which {rest} were trained"
    return (
        f"{told}; {after} {'was' if after == 1 else 'were'} changed after." if after else f"{told}."
    )


def replicated(standing: Standing) -> str:
    """Return which verdicts replications came to, and on which processors; else nothing."""
    own = [each.verdict for each in standing.replications]
    if not own:
        return ""
    processors = dict.fromkeys(each.processor for each in standing.replications)
    counts = [f"{own.count(verdict)} {verdict}" for verdict in MARKS if verdict in own]
    told = f"{counted(len(own), 'replication')}: {', '.join(counts)}"
    return f"{told} ({', '.join(processors)})"


def weighed(claim: Claim, standing: Standing | None) -> str:
    """Return what a verdict is worth, in a few words; "" where nothing is known.

    That is whether a supported finding holds among all by Holm's method, and how many replications
    came to the same verdict: "holds among all 29; replicated 2 of 2".
    """
    parts = []
    if claim.holds is not None:
        parts.append(f"{'holds' if claim.holds else 'not'} among all {claim.among}")
    if standing and standing.replications:
        same, count = standing.same(claim.verdict), len(standing.replications)
        parts.append(f"replicated {same} of {count}")
    return "; ".join(parts)


def repeated(claims: Mapping[str, Claim], standings: Mapping[str, Standing]) -> dict[str, Any]:
    """Return what a sentence says of all replications: their count, processors and verdicts.

    `verdicts` are those that they reached, of which `same` are those of `claims`, `open` decide
    nothing, where `claims` do, and `decided` do, where `claims` do not.
    """
    known = [(claim, standings[name]) for name, claim in claims.items() if name in standings]
    own = [each for _, standing in known for each in standing.replications]
    return {
        "count": len({each.name for each in own}),
        "processors": [*dict.fromkeys(each.processor for each in own)],
        "verdicts": len(own),
        "same": sum(standing.same(claim.verdict) for claim, standing in known),
        "open": sum(standing.left_open(claim.verdict) for claim, standing in known),
        "decided": sum(standing.decided(claim.verdict) for claim, standing in known),
    }


def changed(claims: Mapping[str, Claim], standings: Mapping[str, Standing]) -> list[Claim]:
    """Return the claims that were changed after their runs were trained, in their order."""
    return [claim for claim in claims.values() if standings[claim.id].frozen == "changed"]


def counts(claims: Mapping[str, Claim]) -> list[tuple[str, list[tuple[str, int]]]]:
    """Return by family how many of its claims have each verdict: ("3 findings", [(verdict, 2), …]).

    Verdicts stand in the order of their names; a family without a claim is left out.
    """
    found = []
    for family, word in FAMILIES.items():
        own = [claim.verdict for claim in claims.values() if claim.family == family]
        if own:
            number = [(verdict, sum(each == verdict for each in own)) for verdict in MARKS]
            found.append((counted(len(own), word), number))
    return found


def told(claims: Mapping[str, Claim]) -> list[str]:
    """Return a sentence a family on the verdicts of its claims: "3 findings: 2 supported, …"."""
    return [
        f"{family}: {', '.join(f'{count} {verdict}' for verdict, count in each)}."
        for family, each in counts(claims)
    ]


def held(claims: Mapping[str, Claim]) -> str:
    """Return how many supported findings hold among all by Holm's method; "" for none tested."""
    own = [claim.holds for claim in claims.values() if claim.holds is not None]
    if not own:
        return ""
    hold = "holds" if own.count(True) == 1 else "hold"
    return (
        f"{own.count(True)} of the {len(own)} supported also {hold} when all findings are judged "
        "together, by Holm’s method."
    )


def summary(claims: Mapping[str, Claim], standings: Mapping[str, Standing]) -> list[str]:
    """Return what the end of a build says: the count of verdicts, and those that have changed."""
    if not claims:
        return []
    lines = told(claims)
    again = sum(standings[claim.id].settings == "changed" for claim in claims.values())
    if again:
        were = "was" if again == 1 else "were"
        lines.append(f"{again} of them {were} re-tested at other settings than the published ones.")
    lines += [
        f"  {claim.id}: {standings[claim.id].published_verdict} (published) → {claim.verdict}"
        for claim in flipped(claims, standings)
    ]
    lines += [f"  {claim.id}: {CHANGED}" for claim in changed(claims, standings)]
    return lines


def standing(claims: Mapping[str, Claim], standings: Mapping[str, Standing]) -> str:
    """Return in a sentence how the verdicts stand to the published ones; "" where none is known."""
    known = sum(standings[name].published_verdict is not None for name in claims)
    other = len(flipped(claims, standings))
    if not known:
        return ""
    if other:
        differ = "differs" if other == 1 else "differ"
        return f"{other} of {counted(known, 'verdict')} {differ} from the published."
    return f"{'All' if known > 1 else 'The'} {counted(known, 'verdict')} as published."


def flipped(claims: Mapping[str, Claim], standings: Mapping[str, Standing]) -> list[Claim]:
    """Return the claims whose verdict differs from the published one, in their order."""
    return [claim for claim in claims.values() if standings[claim.id].flipped(claim.verdict)]


def refuse_unanswered(claims: Mapping[str, Claim], answered: Collection[str]) -> None:
    """Raise ReportError, listing them, where claims are contradicted and not `answered`.

    Of such a claim the report has its statement, and nowhere a word of its own that it failed. What
    is inconclusive asserts nothing.
    """
    left = [
        claim
        for claim in claims.values()
        if claim.verdict == "contradicted" and claim.id not in answered
    ]
    if left:
        listed = "".join(f"\n  {claim.id}: {evidence(claim)}" for claim in left)
        are = "is" if len(left) == 1 else "are"
        raise ReportError(
            f"--strict: {counted(len(left), 'claim')} {are} contradicted, and no sentence says so; "
            f"{{% contradicted %}} in an answer has words for it:{listed.replace(SPACE, ' ')}"
        )
