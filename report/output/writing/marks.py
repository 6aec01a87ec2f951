"""Marks at a claim and at the head of its section: another verdict, another form of the claim."""

from html import escape

from analysis.claims.against.standing import Standing
from analysis.claims.claim import Claim
from report.document.document import Document
from report.document.outline import Section
from report.prose.uses import ClaimUse, Use
from report.words import verdicts
from report.words.counts import counted


def at_claim(claim: Claim, standing: Standing | None, address: str) -> str:
    """Return what stands beside a verdict that is not, or not yet, a published one, if anything.

    That of another verdict leads to `address`, if there is one. A claim that was changed after its
    runs were trained is marked as such.
    """
    if standing is None:
        return ""
    changed = f" {flipped(verdicts.CHANGED)}" if standing.frozen == "changed" else ""
    words = verdicts.retested(standing, claim.verdict)
    if not words:
        return changed
    mark = flipped(words, address) if standing.flipped(claim.verdict) else told(words)
    return f" {mark}{changed}"


def told(words: str) -> str:
    """Return words as a quiet mark beside a verdict."""
    return f'<span class="retested">{escape(words, quote=False)}</span>'


def flipped(words: str, address: str = "") -> str:
    """Return words as the mark of another verdict than the published one."""
    text = escape(words, quote=False)
    inner = f'<a href="{escape(address)}">{text}</a>' if address else text
    return f'<span class="retested flipped">{inner}</span>'


def under_heading(html: str, section: Section, document: Document, address: str) -> str:
    """Return the HTML of a section in which its title is followed by how many verdicts differ."""
    count = sum(_flips(each) for each in document.uses.throughout(section.html))
    if not count:
        return html
    differ = "differs" if count == 1 else "differ"
    words = f"{counted(count, 'verdict')} here {differ} from the published results"
    return html.replace("</h2>", f'</h2>\n<p class="differs">{flipped(words, address)}</p>', 1)


def _flips(use: Use) -> bool:
    """Tell whether it is a claim, for the first time, with another verdict than the published."""
    if not isinstance(use, ClaimUse) or not use.first or use.standing is None:
        return False
    return use.standing.flipped(use.claim.verdict)
