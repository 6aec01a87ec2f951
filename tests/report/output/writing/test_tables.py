"""A table as HTML: what a cell is decides how it is written, never what it looks like."""

import re
from dataclasses import replace

import pytest

from report.output.writing.tables import (
    cell_html,
    is_wide,
    notes_html,
    on_a_phone,
    sieve,
    table_html,
)
from report.tables.results import final
from report.tables.table import (
    LEFT,
    RIGHT,
    Cell,
    Digest,
    Estimate,
    Number,
    Statement,
    Table,
    Text,
    Verdict,
    WithInterval,
)
from tests.made.results.synthetic import synthetic_results

LOOKS = "0123456789abcdef" * 2
SIGNED = (
    '<span class="verdict contradicted"><span class="mark" aria-hidden="true">×</span>'
    "\u00a0contradicted</span>"
)


@pytest.mark.parametrize(
    ("cell", "html"),
    [
        (Text("supported"), "supported"),
        (Text("contradicted"), "contradicted"),
        (Text("inconclusive"), "inconclusive"),
        (Text(LOOKS), LOOKS),
        (Text("1.0 ± 0.1"), "1.0 ± 0.1"),
        (Text('<b> & "c"'), '&lt;b&gt; &amp; "c"'),
        (Verdict("contradicted"), SIGNED),
        (Digest(LOOKS), f'<code class="digest">{LOOKS}</code>'),
        (Digest("af0c1e2"), '<code class="digest">af0c1e2</code>'),
        (
            WithInterval(97.56, 0.07, 2),
            '<span class="value">97.56 <span class="half">± 0.07</span></span>',
        ),
        (
            WithInterval(1.5, 0.5, 1, "(3 of 4 runs)"),
            '<span class="value">1.5 <span class="half">± 0.5</span></span> (3 of 4 runs)',
        ),
        (WithInterval(1.5, float("nan"), 1), '<span class="value">1.5</span>'),
        (Number(11.35, 2), "11.35"),
        (Estimate(1.5, 1.0, 2.0, "nats"), "1.50 [1.00, 2.00] nats"),
    ],
)
def test_a_cell_is_written_as_what_it_is(cell: Cell, html: str) -> None:
    """A variant may be called like a verdict, a digest or a number: its name stays a name."""
    assert cell_html(cell) == html


def test_a_statement_leads_to_its_claim_wherever_that_stands() -> None:
    """Its address is that of the claim it names; where there is none, it is words."""
    cell = Statement("A < B.", "level")
    assert cell_html(cell) == "A &lt; B."
    led = cell_html(cell, {"level": "q1.html#claim-level"}.__getitem__)
    assert led == '<a href="q1.html#claim-level">A &lt; B.</a>'


@pytest.mark.parametrize(
    ("verdicts", "choices"),
    [
        (["supported"] * 13 + ["inconclusive"], ["all (14)", "supported (13)", "inconclusive (1)"]),
        (["supported"] * 14, []),
        (["supported", "contradicted"], []),
    ],
)
def test_a_long_table_of_verdicts_may_be_sifted(verdicts: list[str], choices: list[str]) -> None:
    """By each verdict that it has, with their count; a short one, or one of a kind, may not."""
    table = Table(("V",), tuple((Verdict(each),) for each in verdicts), (LEFT,), ("",))
    html = sieve(table).replace("\u00a0", " ")
    assert re.findall(r"> ([^<]+)</label>", html) == choices
    assert html.count(" checked") == bool(choices)


def test_a_variant_may_be_called_like_a_verdict_or_a_digest() -> None:
    """Its name is the heading of its row, and nothing else is made of it."""
    names = ["supported", "inconclusive", LOOKS]
    variants = [{"name": name, "initializer": "HeNormal"} for name in names]
    results = synthetic_results(variants=variants, seeds=2, epochs=2)
    html = table_html(final(results, {}))
    assert re.findall(r'<th scope="row">(.*?)</th>', html) == names
    assert "verdict" not in html
    assert "digest" not in html


def test_a_table_has_units_and_headings() -> None:
    """The head names the units; the first cell of a row is its heading; notes stand below."""
    table = Table(
        columns=("Variant", "Loss"),
        rows=((Text("supported"), Number(0.12344, 4)), (Text("A<"), Number(2.0, 4))),
        align=(LEFT, RIGHT),
        units=("", "nats"),
        notes=("A & B.",),
    )
    assert table_html(table, "<caption>C</caption>") == (
        '<table class="normal"><caption>C</caption><thead><tr><th scope="col">Variant</th>'
        '<th scope="col" class="right">Loss <span class="unit">(nats)</span></th></tr></thead>'
        '\n<tbody>\n<tr><th scope="row">supported</th><td class="right">0.1234</td></tr>\n'
        '<tr><th scope="row">A&lt;</th><td class="right">2.0000</td></tr>\n</tbody></table>'
    )
    assert notes_html(table) == '<p class="note">A &amp; B.</p>'


@pytest.mark.parametrize(("columns", "wide"), [(6, False), (7, True)])
def test_a_table_of_more_than_six_columns_is_wide(columns: int, wide: bool) -> None:
    """Its class says so to the style."""
    table = Table(("A",) * columns, ((Text("a"),) * columns,), (LEFT,) * columns, ("",) * columns)
    assert is_wide(table) is wide
    assert table_html(table).startswith(f'<table class="{"wide" if wide else "normal"}">')


def words_of(*rows: tuple[str, ...]) -> Table:
    """A table of words under columns A, B, C and so on."""
    count = len(rows[0])
    cells = tuple(tuple(Text(each) for each in row) for row in rows)
    return Table(tuple("ABCDEFGH"[:count]), cells, (LEFT,) * count, ("",) * count)


@pytest.mark.parametrize(
    ("table", "kind"),
    [
        (words_of(("ten signs.",) * 4), ""),
        (words_of(("eleven_of_them",) * 4), "cards"),
        (words_of(("fourteen signs",) * 4), ""),
        (words_of(("eleven_of_them",) * 2), ""),
        (words_of(*[("twelve_signs",) * 4] * 2), "grouped"),
        (words_of(*[("twelve_signs",) * 3] * 2), ""),
        (words_of(*[("eleven_of_them",) * 4] * 2), "cards"),
        (words_of(*[("nine_sign",) * 5] * 2), "cards"),
    ],
)
def test_a_table_that_a_phone_has_no_room_for_is_shown_otherwise(table: Table, kind: str) -> None:
    """A line has 44 signs: longer ones are cards, or groups where that is enough."""
    assert on_a_phone(table) == kind


def test_the_cells_of_a_card_name_their_columns_and_those_of_a_group_say_that_they_go_on() -> None:
    """With the unit; the first cell is the name of the row, and stays where it is."""
    long = "x" * 30
    table = Table(("A", "B"), ((Text(long), Text(long)),), (LEFT, RIGHT), ("", "nats"))
    assert f'<td class="right" data-column="B (nats)">{long}</td>' in table_html(table)
    assert f'<th scope="row">{long}</th>' in table_html(table)
    group = words_of(*[("one", *("twelve_signs",) * 3), ("one_and_more", *("twelve_signs",) * 3)])
    again = table_html(replace(group, rows=(*group.rows, group.rows[1])))
    assert re.findall(r"<tr( class=\"again\")?><th scope=\"row\">(\w+)", again) == [
        ("", "one"),
        ("", "one_and_more"),
        (' class="again"', "one_and_more"),
    ]


def test_a_verdict_has_what_is_told_beside_it() -> None:
    """By its claim, after that of another verdict; below the table stands what is told of all."""
    table = Table(("A", "B"), ((Text("x"), Verdict("supported", "c")),), (LEFT, LEFT), ("", ""))
    told = table.beside({"c": "inconclusive"}, {"c": ("changed < after",)}, "None was.")
    html = table_html(told)
    assert html.index("published as inconclusive") < html.index("changed &lt; after")
    assert notes_html(told) == '<p class="note">None was.</p>'
    assert table.beside({}, {}, "") == table
    plain = Table(("A",), ((Text("x"),),), (LEFT,), ("",))
    assert plain.beside({}, {}, "None was.") == plain
