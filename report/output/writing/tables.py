"""A table as HTML: a head with units, rows whose first cell is their heading, notes."""

import re
from html import escape

from report.document.outline import Label
from report.tables.rows import Table
from report.words.numbers import SPACE
from report.words.verdicts import MARKS

LONG = 14
"""Rows, head included, above which a table may be split between two pages."""
WIDE = 6
"""Columns above which a table is set in small type."""


def captioned(table: Table, name: str, label: Label, caption: str) -> str:
    """Return a table with its label and caption, in a frame that scrolls on a narrow screen."""
    head = (
        f'<caption><span class="caption"><span class="label">{label.text}.</span> '
        f"{caption}</span></caption>"
    )
    length = "long" if len(table.rows) + 1 > LONG else "short"
    length += " wide" if _kind(table) == "wide" else ""
    return (
        f'<div class="table {length}" id="{label.anchor}" data-name="{name}">'
        f'<div class="scroll" role="region" tabindex="0" aria-label="{label.text}">'
        f"{grid(table, head)}</div>{notes(table)}</div>"
    )


def grid(table: Table, caption: str = "") -> str:
    """Return head and rows of a table, below a caption if there is one."""
    classes = [f' class="{align}"' if align != "left" else "" for align in table.align]
    head = "".join(
        f'<th scope="col"{kind}>{escape(name)}{_unit(unit)}</th>'
        for name, unit, kind in zip(table.columns, table.units, classes, strict=True)
    )
    rows = "".join(
        f'<tr><th scope="row"{classes[0]}>{_cell(row[0])}</th>'
        + "".join(
            f"<td{kind}>{_cell(cell)}</td>" for cell, kind in zip(row[1:], classes[1:], strict=True)
        )
        + "</tr>\n"
        for row in table.rows
    )
    return (
        f'<table class="{_kind(table)}">{caption}<thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{rows}</tbody></table>"
    )


def notes(table: Table) -> str:
    """Return what stands below a table."""
    return "".join(f'<p class="note">{escape(note, quote=False)}</p>' for note in table.notes)


def badge(verdict: str) -> str:
    """Return a verdict in its colour, with a mark for those who do not see the colour."""
    return (
        f'<span class="verdict {verdict.replace(" ", "-")}">'
        f'<span class="mark" aria-hidden="true">{MARKS[verdict]}</span>{SPACE}{verdict}</span>'
    )


def _kind(table: Table) -> str:
    return "wide" if len(table.columns) > WIDE else "normal"


def _unit(unit: str) -> str:
    return f' <span class="unit">({escape(unit)})</span>' if unit else ""


def _cell(text: str) -> str:
    """Return a cell; a long digest may break anywhere, a number with its interval nowhere."""
    shown = escape(text, quote=False)
    if text in MARKS:
        return badge(text)
    if re.fullmatch(r"[0-9a-f]{32,}", text):
        return f'<code class="digest">{shown}</code>'
    if re.fullmatch(r"[−\d.,]+ ± [\d.,]+", text):
        return f'<span class="value">{shown}</span>'
    return shown
