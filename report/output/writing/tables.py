"""A table as HTML, for the site and for paper."""

from collections.abc import Callable
from html import escape
from itertools import pairwise

from report.document.outline import Label
from report.output.writing import marks
from report.tables.table import Cell, Digest, Number, Statement, Table, Verdict, WithInterval
from report.words.numbers import SPACE
from report.words.verdicts import MARKS

LONG = 14
"""Rows from which a table may be split between two pages."""
Address = Callable[[str], str]
"""Gives where a claim stands, by its id, or ""."""
WIDE = 6
"""Columns above which a table is wide."""
BROAD = 5
"""Columns from which a table takes the room beside the text."""
PHONE = 44
"""Signs in a line of a table on a phone."""
GROUPED = 4
"""Columns of a table that a style sheet can show in groups."""
GAP = 1
"""Signs between two columns."""


def nowhere(_claim: str) -> str:
    """Return the address of a claim where none is known."""
    return ""


def is_wide(table: Table) -> bool:
    """Tell whether a table has too many columns for the width of the text."""
    return len(table.columns) > WIDE


def on_a_phone(table: Table) -> str:
    """Return how a table is shown on a narrow screen: "cards", "grouped", or "" for as it is.

    Where its columns ask for more than a line, its rows are cards. Where they would fit without
    the first, whose cells repeat, the first cell stands once above its rows.
    """
    widths = [_longest(table, place) + GAP for place in range(len(table.columns))]
    if sum(widths) <= PHONE:
        return ""
    names = [row[0].text for row in table.rows]
    repeats = any(name == before for before, name in pairwise(names))
    fits = len(widths) == GROUPED and sum(widths[1:]) <= PHONE
    return "grouped" if repeats and fits else "cards"


def _longest(table: Table, place: int) -> int:
    """Return the signs of what is longest in a column and cannot be broken."""
    words = [*table.columns[place].split(), f"({table.units[place]})"]
    for row in table.rows:
        cell = row[place]
        whole = isinstance(cell, Number | WithInterval)
        words += [cell.text] if whole else [] if isinstance(cell, Digest) else cell.text.split()
    return max(map(len, words))


def captioned(
    table: Table,
    name: str,
    label: Label,
    caption: str,
    address: Address = nowhere,
    above: str = "",
) -> str:
    """Return a table with its label, caption and notes, in a frame that scrolls.

    `address` says where a claim stands, by its id; `above` is HTML that goes before the frame.
    """
    head = (
        f'<caption><span class="caption"><span class="label">{label.text}.</span> '
        f"{caption}</span></caption>"
    )
    length = "short" if len(table.rows) < LONG else "long"
    length += " wide" if is_wide(table) else " broad" if len(table.columns) >= BROAD else ""
    length += f" {kind}" if (kind := on_a_phone(table)) else ""
    return (
        f'<div class="table {length}" id="{label.anchor}" data-name="{name}">'
        f'{above}<div class="scroll" role="region" tabindex="0" aria-label="{label.text}">'
        f"{table_html(table, head, address)}</div>{notes_html(table)}</div>"
    )


def sieve(table: Table) -> str:
    """Return radio buttons by which a style sheet shows the rows of one verdict.

    Nothing for a table that is short, or in which all have the same.
    """
    verdicts = [cell.text for row in table.rows for cell in row if isinstance(cell, Verdict)]
    found = [verdict for verdict in MARKS if verdict in verdicts]
    if len(table.rows) < LONG or len(found) < 2:
        return ""
    choices = {"all": len(table.rows)} | {each: verdicts.count(each) for each in found}
    buttons = "".join(
        f'<label><input type="radio" name="verdict" value="{name}"'
        f"{' checked' if name == 'all' else ''}> {name}{SPACE}({count})</label>"
        for name, count in choices.items()
    )
    return f'<fieldset class="sieve"><legend>Show by verdict</legend>{buttons}</fieldset>'


def table_html(table: Table, caption: str = "", address: Address = nowhere) -> str:
    """Return a table as HTML: caption, a head with units, rows whose first cell is their heading.

    `caption` is HTML that stands between the opening tag and the head.
    """
    classes = [f' class="{align}"' if align != "left" else "" for align in table.align]
    head = "".join(
        f'<th scope="col"{kind}>{escape(name)}{_unit(unit)}</th>'
        for name, unit, kind in zip(table.columns, table.units, classes, strict=True)
    )
    shown = on_a_phone(table)
    cells = [[cell_html(cell, address) for cell in row] for row in table.rows]
    own = _card(table, classes) if shown == "cards" else classes
    above = [None, *(row[0] for row in cells)] if shown == "grouped" else [None] * len(cells)
    rows = "".join(
        _row(row, own, again=row[0] == before) for row, before in zip(cells, above, strict=False)
    )
    kind = "wide" if is_wide(table) else "normal"
    head = f"<thead><tr>{head}</tr></thead>"
    return f'<table class="{kind}">{caption}{head}\n<tbody>\n{rows}</tbody></table>'


def notes_html(table: Table) -> str:
    """Return what stands below a table as HTML, a paragraph a note."""
    return "".join(f'<p class="note">{escape(note, quote=False)}</p>' for note in table.notes)


def cell_html(cell: Cell, address: Address = nowhere) -> str:
    """Return a cell: a digest may break anywhere, a number with its interval nowhere.

    A statement leads to its claim, where `address` has one for its id.
    """
    shown = escape(cell.text, quote=False)
    match cell:
        case Verdict():
            parts = [marks.flipped(f"published as {cell.published}")] if cell.published else []
            parts += [marks.told(each) for each in cell.notes]
            return " ".join([badge(cell.text), *parts])
        case Statement() if place := address(cell.claim):
            return f'<a href="{escape(place)}">{shown}</a>'
        case Digest():
            return f'<code class="digest">{shown}</code>'
        case WithInterval():
            mean, sign, half = escape(cell.number, quote=False).partition("±")
            interval = f'<span class="half">{sign}{half}</span>' if sign else ""
            number = f'<span class="value">{mean}{interval}</span>'
            return f"{number} {escape(cell.over, quote=False)}".rstrip()
    return shown


def badge(verdict: str) -> str:
    """Return a verdict in its colour, with a mark for those who do not see the colour."""
    return (
        f'<span class="verdict {verdict.replace(" ", "-")}">'
        f'<span class="mark" aria-hidden="true">{MARKS[verdict]}</span>{SPACE}{verdict}</span>'
    )


def _card(table: Table, classes: list[str]) -> list[str]:
    """Return the attributes of each column's cells where they say of which column they are."""
    heads = [
        escape(f"{name} ({unit})" if unit else name)
        for name, unit in zip(table.columns, table.units, strict=True)
    ]
    named = [f'{kind} data-column="{head}"' for kind, head in zip(classes, heads, strict=True)]
    return [classes[0], *named[1:]]


def _row(cells: list[str], attributes: list[str], *, again: bool) -> str:
    """Return a row, which says where its first cell is that of the row above it."""
    first, *others = cells
    told = ' class="again"' if again else ""
    return (
        f'<tr{told}><th scope="row"{attributes[0]}>{first}</th>'
        + "".join(f"<td{own}>{cell}</td>" for cell, own in zip(others, attributes[1:], strict=True))
        + "</tr>\n"
    )


def _unit(unit: str) -> str:
    return f' <span class="unit">({escape(unit)})</span>' if unit else ""
