"""What the report's guide recommends for an activation, as the laboratory says it."""

import re
from dataclasses import dataclass

from report.document.document import Document
from report.document.outline import Label
from report.pages.laboratory.choices import ACTIVATIONS
from report.words.settings import activation_name

GUIDE = "guide"
"""The section that recommends, and its table of situations."""
SITUATIONS = re.compile(r'<div class="situations">.*?</table>', re.S)
ROW = re.compile(r"<tr>\s*" + r"<td[^>]*>(.*?)</td>\s*" * 4 + "</tr>", re.S)


@dataclass(frozen=True)
class Advice:
    """A row of the guide's table, as HTML in which tokens stand for uses, and where it stands."""

    situation: str
    choice: str
    reason: str
    evidence: str
    label: Label


def advice(document: Document) -> dict[str, Advice]:
    """Return what the guide says of each activation of the laboratory that its table names.

    By Keras name; none where the report has no guide, or the guide no such table.
    """
    section = next((each for each in document.sections if each.name == GUIDE), None)
    table = SITUATIONS.search(section.html) if section else None
    if section is None or table is None:
        return {}
    label = Label(section.page, section.name, section.title)
    rows = {
        situation.casefold(): Advice(situation, choice, reason, evidence, label)
        for situation, choice, reason, evidence in ROW.findall(table[0])
    }
    names = {name: activation_name(name).casefold() for name in ACTIVATIONS}
    return {name: rows[known] for name, known in names.items() if known in rows}
